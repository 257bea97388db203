"""The last lines of a test run: how many tests ran on outside data and on PostgreSQL, and how to enable the skipped."""

from __future__ import annotations

from typing import Any

REASONS = (
    ("PostgreSQL", "set TEST_POSTGRES_URL, start a server on 127.0.0.1:5432, or put its binaries on PATH"),
    ("outside data", "set GUIBIN_SHARED to the directory that holds it"),
)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Counted from the reports, so that it is right under pytest-xdist too."""
    ran = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if report.when == "call"
    ]
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
