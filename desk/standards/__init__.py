"""Quantitative standards (量化标准): their versions, screening by them, and what a correction would change."""

from desk.standards.counts import borderline_customers, counts_by_owner
from desk.standards.flips import Flip, flipped_decisions, flips_after
from desk.standards.screening import evaluate_one, run_screening, screen
from desk.standards.versions import (
    approve_standard,
    draft_standard,
    return_standard,
    standard_in_force,
    submit_standard,
)

__all__ = [
    "Flip",
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
