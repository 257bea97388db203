"""Quantitative standards (量化标准): their versions, screening by them, and what a correction would change."""

from desk.standards.counts import OwnerCount, borderline_customers, counts_by_owner
from desk.standards.evaluating import Progress
from desk.standards.flips import Flip, flipped_decisions, flips_after
from desk.standards.rates import NoRate
from desk.standards.screening import NothingToEvaluate, evaluate_one, run_screening, screen
from desk.standards.streams import FigureTooLarge
from desk.standards.versions import (
    NoStandard,
    approve_standard,
    draft_standard,
    return_standard,
    standard_in_force,
    submit_standard,
)

__all__ = [
    "FigureTooLarge",
    "Flip",
    "NoRate",
    "NoStandard",
    "NothingToEvaluate",
    "OwnerCount",
    "Progress",
    "approve_standard",
    "borderline_customers",
    "counts_by_owner",
    "draft_standard",
    "evaluate_one",
    "flipped_decisions",
    "flips_after",
    "return_standard",
    "run_screening",
    "screen",
    "standard_in_force",
    "submit_standard",
]
