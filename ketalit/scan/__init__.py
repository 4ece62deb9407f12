"""Read whole PubMed files, one or all 1,300 of them, straight to Parquet.

One file of PubMed is one piece of work: it is read, filtered and written by itself, on this machine or on a Dask
cluster, and marked as done when all of it is written. What counts now, after revisions and withdrawals, is put
together at the end from what every file said, so that the order in which pieces are finished changes nothing.
"""

from __future__ import annotations

from .run import ScanReport, scan
from .wanted import Wanted, wanted_by

__all__ = ["ScanReport", "Wanted", "scan", "wanted_by"]
