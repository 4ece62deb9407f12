"""What changed since the last refresh, and what it means for the review."""

from .demo import refresh_demo
from .report import Change, Kind, Pool, Report
from .run import last_report, refresh
from .save import save

__all__ = ["Change", "Kind", "Pool", "Report", "last_report", "refresh", "refresh_demo", "save"]
