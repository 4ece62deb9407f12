"""Bring what NCBI holds into the library of a review; every requested id ends somewhere."""

from __future__ import annotations

from ..entrez.ncbi import BATCH
from .deliver import ABSENT, Delivered, deliver
from .into import fetch_into
from .ledger import wanted
from .report import FetchReport
from .searches import SearchReport, search_into

__all__ = [
    "ABSENT",
    "BATCH",
    "Delivered",
    "FetchReport",
    "SearchReport",
    "deliver",
    "fetch_into",
    "search_into",
    "wanted",
]
