"""The committed schema.graphql is what the graph offers."""

from __future__ import annotations

from pathlib import Path

from schema import schema
from tests.accepting import accept

SDL = Path(__file__).parents[2] / "schema.graphql"


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    accept(SDL, schema.as_str() + "\n")
