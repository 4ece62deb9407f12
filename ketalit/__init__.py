"""ketalit: find, read, tabulate and teach the evidence on ketamine for chronic pain.

The public names; nothing is loaded before it is used.

>>> import ketalit
>>> review = ketalit.load_review()
>>> ketalit.evidence_table(review).frame.index.name
'study'
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import figures as figures
    from . import models as models
    from . import pooling as pooling
    from .checks import check_review
    from .citations import find_citations
    from .entrez import connect
    from .errors import IncompleteError, InputError, KetalitError, NcbiError, OfflineError
    from .extraction import ReviewPanel
    from .fetch import fetch_into, search_into
    from .models import drip_to_dorsal_horn
    from .page import open_page
    from .reading import read_record
    from .reading.notebook import MarkedText, findings_frame
    from .records.files import read_file
    from .refresh import refresh_demo
    from .review import load_review, new_review
    from .table import evidence_table, fill_rates

__version__ = "0.1.0"

_HOME = {
    "IncompleteError": "errors",
    "InputError": "errors",
    "KetalitError": "errors",
    "MarkedText": "reading.notebook",
    "NcbiError": "errors",
    "OfflineError": "errors",
    "ReviewPanel": "extraction",
    "check_review": "checks",
    "drip_to_dorsal_horn": "models",
    "evidence_table": "table",
    "fill_rates": "table",
    "fetch_into": "fetch",
    "findings_frame": "reading.notebook",
    "find_citations": "citations",
    "load_review": "review",
    "connect": "entrez",
    "new_review": "review",
    "open_page": "page",
    "read_file": "records.files",
    "read_record": "reading",
    "refresh_demo": "refresh",
    "search_into": "fetch",
}

_ROOMS = ("figures", "models", "pooling")  # those that a notebook takes from

__all__ = [
    "IncompleteError",
    "InputError",
    "KetalitError",
    "MarkedText",
    "NcbiError",
    "OfflineError",
    "ReviewPanel",
    "check_review",
    "connect",
    "drip_to_dorsal_horn",
    "evidence_table",
    "fetch_into",
    "fill_rates",
    "find_citations",
    "findings_frame",
    "load_review",
    "new_review",
    "open_page",
    "read_file",
    "read_record",
    "refresh_demo",
    "search_into",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name not in _HOME:  # name and obj let Python say which name is near
        raise AttributeError(f"module 'ketalit' has no attribute '{name}'", name=name, obj=sys.modules[__name__])
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*__all__, *_ROOMS, *(name for name in globals() if name.startswith("__"))])
