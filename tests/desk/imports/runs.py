"""Running the import in tests, and reading its report."""

from desk.imports.loading import run_import


async def imported(desk, *paths, **options):
    report = await run_import(desk, paths, **options)
    assert report.errors == 0, report.as_text()
    return report


def codes(report):
    return [(it.file, it.row, it.column, it.code) for file in report.files for it in file.troubles]


def states(report):
    return {file.kind: file.state for file in report.files}
