"""Look up at NCBI what a library lacks. Nothing is kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from ..citations import Citation
from ..entrez import Ncbi
from ..errors import OfflineError
from ..fetch import fetch_into
from ..review import load_review, new_review
from ..telling import Say, silent
from .model import Library
from .resolver import LookUp
from .same_work import names_of


def look_up_at(source: Ncbi, citations: Iterable[Citation], library: Library, *, say: Say = silent) -> LookUp:
    """What `resolve` asks for identifiers that a library lacks: all of them fetched at once, as `fetch_into` does.

    Raises:
        OfflineError: a network was needed and there is none.
    """
    known = {name for record in library.records.values() for name in names_of(record)}
    wanted = [str(name) for one in citations if not known & set(map(str, one.identifiers)) for name in one.identifiers]
    if not wanted:
        return lambda _: None
    with tempfile.TemporaryDirectory(prefix="ketalit-") as parent:
        folder = new_review(Path(parent, "looked-up"), empty=True)
        report = fetch_into(folder, wanted, source, say=say)
        if report.offline:
            raise OfflineError("NCBI cannot be reached", next_step="Without --look-up the review alone is searched")
        found = load_review(folder)
    return lambda name: found.records.get(found.names.get(str(name), ""))
