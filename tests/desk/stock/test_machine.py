"""Whatever people try with cards, in any order: conservation, one holder, two signatures, on both databases (Notice 4)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from authz import Policy
from tests.conftest import need
from tests.copies import Place, on_postgres, on_sqlite
from tests.databases import Postgres
from tests.desk.stock.machine import Movements
from tests.desk.stock.machine_lives import Lives

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "30"))
SETTINGS = settings(
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def drive(place: Place, examples: int, of: type[Movements] = Movements) -> None:
    machine = type("OfThisPlace", (of,), {"place": place})
    run_state_machine_as_test(machine, settings=settings(SETTINGS, max_examples=examples))


@pytest.mark.measure("N4d", "N4f", "N4k")
def test_no_card_moves_but_by_two_signatures_on_sqlite(
    policy: Policy, sqlite_template: Path, tmp_path: Path
) -> None:
    with on_sqlite(policy, sqlite_template, tmp_path) as place:
        drive(place, EXAMPLES)
        for kind in ("RECEIPT", "ALLOCATE_OUT", "ALLOCATE_IN"):
            assert place.tally[kind] > 0, place.tally


@pytest.mark.postgres
@pytest.mark.measure("N4d", "N4f", "N4k")
def test_no_card_moves_but_by_two_signatures_on_postgres(policy: Policy, postgres: Postgres | None) -> None:
    with on_postgres(policy, need(postgres)) as place:
        drive(place, max(1, EXAMPLES // 6))


@pytest.mark.measure("N4d", "N4f", "N4i", "N4k")
def test_nor_when_they_are_counted_destroyed_or_a_customers_on_sqlite(
    policy: Policy, sqlite_template: Path, tmp_path: Path
) -> None:
    with on_sqlite(policy, sqlite_template, tmp_path) as place:
        drive(place, max(1, EXAMPLES // 2), Lives)
        for kind in ("ISSUE", "HANDED OUT"):
            assert place.tally[kind] > 0, place.tally


@pytest.mark.postgres
@pytest.mark.measure("N4d", "N4f", "N4i", "N4k")
def test_nor_when_they_are_counted_destroyed_or_a_customers_on_postgres(
    policy: Policy, postgres: Postgres | None
) -> None:
    with on_postgres(policy, need(postgres)) as place:
        drive(place, max(1, EXAMPLES // 10), Lives)
