"""A snapshot of a review to cite: table, codebook, flow diagram, search appendix, methods, references and hashes.

>>> import tempfile
>>> from pathlib import Path
>>> snapshot = freeze(to=Path(tempfile.mkdtemp(), "snapshot"), date="2999-12-31")  # of the bundled review
>>> sorted(path.name for path in snapshot.path.iterdir())  # doctest: +ELLIPSIS
['CITATION.cff', 'README.md', 'SHA256SUMS', 'methods.md', 'references', 'search', 'snapshot.json', 'table']
>>> verify(snapshot.path).ok
True
"""

from __future__ import annotations

from .snapshot import Snapshot, freeze
from .sums import Verified, verify

__all__ = ["Snapshot", "Verified", "freeze", "verify"]
