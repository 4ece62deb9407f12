"""Ask NCBI politely, and check that the answer is an answer."""

from __future__ import annotations

from .ids import Conversion, Rejected, normalise
from .ncbi import Batch, Ncbi, Source, connect
from .search import DatabaseInfo, SearchNote, SearchResult, Slice
from .settings import Settings, load_settings
from .transport import Answer, Transport
from .verdict import Judgement, Reply, Verdict, judge

__all__ = [
    "Answer",
    "Batch",
    "Conversion",
    "DatabaseInfo",
    "Judgement",
    "Ncbi",
    "Rejected",
    "Reply",
    "SearchNote",
    "SearchResult",
    "Settings",
    "Slice",
    "Source",
    "Transport",
    "Verdict",
    "connect",
    "judge",
    "load_settings",
    "normalise",
]
