"""The monthly run (月度工作): import, screen, renewals, and a worklist for every manager; and closing what is on it."""

from desk.months.counting import counts_by_institution
from desk.months.items import close_work_item
from desk.months.running import Source, run_month

__all__ = [
    "Source",
    "close_work_item",
    "counts_by_institution",
    "run_month",
]
