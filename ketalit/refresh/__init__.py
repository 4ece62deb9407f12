"""What changed since the last refresh, and what it means for the review."""

from .demo import refresh_demo
from .report import Change, Kind, Pool, Report
from .run import last_report, refresh, reports, unfinished_since
from .save import check_target, save

__all__ = [
    "Change",
    "Kind",
    "Pool",
    "Report",
    "check_target",
    "last_report",
    "refresh",
    "refresh_demo",
    "reports",
    "save",
    "unfinished_since",
]
