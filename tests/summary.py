"""The last lines of a test run: decisions compared, tests on outside data and on PostgreSQL, how to enable the skipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

RecordProperty = Callable[[str, object], None]
"""pytest's fixture `record_property`: it travels with the report, so that several processes can be added up."""

REASONS = (
    ("PostgreSQL", "set TEST_POSTGRES_URL, start a server on 127.0.0.1:5432, or put its binaries on PATH"),
    ("outside data", "set GUIBIN_SHARED to the directory that holds it"),
)

COUNTED = ("allows", "decisions", "divergences", "rounds", "attempts")


@contextmanager
def counted(record_property: RecordProperty, tally: Counter[str]) -> Iterator[None]:
    """Adds a conformance test to the line `N decisions, 0 divergences`, whether it passes or not.

    The test counts in `tally["decisions"]` what was really compared, and `allows` among it. A divergence is an
    AssertionError, and the first one ends the test.
    """
    divergences = 0
    try:
        yield
    except (AssertionError, BaseExceptionGroup):
        divergences = 1
        raise
    finally:
        record_property("decisions", tally["decisions"])
        record_property("allows", tally["allows"])
        record_property("divergences", divergences)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Counted from the reports, so that it is right under pytest-xdist too."""
    ran = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if report.when == "call"
    ]
    total: Counter[str] = Counter()
    for report in ran:
        total.update({name: value for name, value in report.user_properties if name in COUNTED})
    if total["decisions"]:
        terminalreporter.write_line(
            f"{total['decisions']:,} decisions, {total['divergences']} divergences"
            f" ({total['allows'] / total['decisions']:.0%} allows)."
        )
    if total["rounds"]:
        terminalreporter.write_line(
            f"{total['rounds']:,} rounds of two worker processes, {total['attempts']:,} attempts."
        )
    data = sum("shared" in report.keywords for report in ran)
    postgres = sum("postgres" in report.keywords or _on_postgres(report.nodeid) for report in ran)
    terminalreporter.write_line(f"{data} test(s) ran on outside data, {postgres} on PostgreSQL.")
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    for name, remedy in REASONS:
        count = sum(name in reason for reason in skipped)
        if count:
            terminalreporter.write_line(
                f"{count} test(s) skipped for want of {name}. To enable them: {remedy}."
            )


def _on_postgres(nodeid: str) -> bool:
    """Whether one of the parameters of a test is the word itself."""
    return "postgres" in nodeid.partition("[")[2].rstrip("]").split("-")
