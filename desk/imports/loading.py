"""The import job: files in their order, each in one transaction, written whole or not at all (decisions.md 15)."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from uuid import UUID, uuid4

from tortoise.transactions import in_transaction

from authz import Action, Kind
from desk.desk import Desk
from desk.errors import Forbidden
from desk.imports.accounts import load_account_holders, load_accounts
from desk.imports.columns import FileKind
from desk.imports.customers import load_customers
from desk.imports.decoding import Contents
from desk.imports.figures import SHAPES, load_figures
from desk.imports.files import FILES, kind_of
from desk.imports.indicators import load_indicator_figures
from desk.imports.job import Corrections, File, Job, Progress, no_progress
from desk.imports.loans import load_loans
from desk.imports.managers import load_manager_assignments
from desk.imports.people import load_staff, load_supervision_lines
from desk.imports.places import load_institutions
from desk.imports.profiles import Profile, fitting
from desk.imports.reference import load_exchange_rates, load_holidays
from desk.imports.refusals import Fault, FileRefused
from desk.imports.report import FileReport, Report
from desk.imports.roles import load_assignments
from desk.imports.runs import at_work, finish_run, open_run
from desk.imports.scanning import kind_or_refuse, scan
from desk.imports.sheets import open_sheet
from desk.imports.store import Collision, Store
from desk.imports.tables import SUFFIXES
from desk.trail import ALLOW, Entry
from models.imports import ImportFile
from models.vocabulary import ImportState

OPERATION = "import"
_LOCK = 0x6775_6963  # any number, the same for every importer
_READ = tuple(filter(None, SUFFIXES))
_REFERRED_TO = ("institutions", "staff", "customers", "accounts")
_LOADERS: dict[str, Callable[[File], Awaitable[None]]] = {
    "institutions": load_institutions,
    "staff": load_staff,
    "assignments": load_assignments,
    "supervision_lines": load_supervision_lines,
    "customers": load_customers,
    "manager_assignments": load_manager_assignments,
    "accounts": load_accounts,
    "account_holders": load_account_holders,
    "loans": load_loans,
    "indicator_figures": load_indicator_figures,
    "exchange_rates": load_exchange_rates,
    "holidays": load_holidays,
}

Reading = tuple[Path, Profile | None]
"""A file as one of ours, or as a profile reads it."""

Flips = Callable[[Corrections], Awaitable[list[str]]]
"""Names the decisions that corrected figures would turn."""


class _Undo(Exception):
    """Nothing of this file, or of this dry run, may stay."""


async def run_import(
    desk: Desk,
    paths: Iterable[Path],
    *,
    dry_run: bool = False,
    encoding: str | None = None,
    profiles: Sequence[Profile] = (),
    progress: Progress = no_progress,
    flips: Flips | None = None,
) -> Report:
    """Import files and folders, in the order of their kinds. For whoever may import; else Forbidden, and recorded.

    Faults are in the report, never raised. Nothing of a file with a fault is written; the others are. A file that
    was imported before, byte for byte, is left alone, so a run that was broken off is resumed by running it again.
    With `dry_run` everything is done and undone. A file that `profiles` fit is read once with each of them.
    """
    if not desk.may_somewhere(Action.IMPORT, Kind.IMPORT):
        await desk.refuse("import_run", Forbidden.code, operation=OPERATION)
        raise Forbidden("Only the system administrator imports. Ask him, or have the role proposed.")
    files = in_order(paths, profiles)
    report = Report(dry_run=dry_run)
    job = Job(desk.now, desk.today, desk.staff_id, desk.actor.person_id, encoding, progress)
    async with at_work(desk.now):
        run_id = await desk.look_again(lambda: _start(desk, job, files, dry_run))
        if dry_run:
            try:
                async with in_transaction():
                    await open_run(run_id, job.staff_id, job.now)
                    await _run(job, run_id, files, report, flips)
                    raise _Undo
            except _Undo:
                return report
        await _run(job, run_id, files, report, flips)
        await finish_run(run_id, desk.now, ok=report.ok)
    return report


def in_order(paths: Iterable[Path], profiles: Sequence[Profile] = ()) -> list[Reading]:
    """The files to load, those of folders included, in the order of their kinds and then of their names."""
    rank = {kind.name: place for place, kind in enumerate(FILES)}
    readings: list[Reading] = []
    for path in files_of(paths):
        found = fitting(profiles, path)
        readings += [(path, profile) for profile in found] if found else [(path, None)]
    return sorted(readings, key=lambda reading: (_rank(rank, _kind(*reading)), reading[0].name))


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those of the folders named that may be imported, each once."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(entry for entry in path.iterdir() if entry.is_file())
            files += [
                entry
                for entry in inside
                if entry.suffix.lower() in _READ and not entry.name.startswith((".", "~$"))
            ]
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def _kind(path: Path, profile: Profile | None) -> FileKind | None:
    return profile.kind if profile else kind_of(path.name)


def _rank(rank: dict[str, int], kind: FileKind | None) -> int:
    return len(rank) if kind is None else rank[kind.name]


async def _start(desk: Desk, job: Job, files: list[Reading], dry_run: bool) -> UUID:
    """The run and its record in the trail, before anything is written: a run that dies has left its record."""
    run_id = uuid4()
    async with in_transaction():
        await desk.must_be_fresh()
        if not dry_run:
            await open_run(run_id, job.staff_id, job.now)
        kinds = sorted({kind.name for reading in files if (kind := _kind(*reading))})
        await desk.record(
            Entry(
                OPERATION,
                ALLOW,
                "import_run",
                object_id=run_id,
                more={"files": len(files), "kinds": kinds, "dry_run": dry_run},
            )
        )
    return run_id


async def _run(job: Job, run_id: UUID, files: list[Reading], report: Report, flips: Flips | None) -> None:
    for path, profile in files:
        about = FileReport(path.name, headers=profile.shown if profile else {})
        report.files.append(about)
        await _file(job, run_id, path, profile, about, dry_run=report.dry_run)
    if flips is not None and (job.corrections.customers or job.corrections.rates):
        report.flips = await flips(job.corrections)


async def _file(
    job: Job, run_id: UUID, path: Path, profile: Profile | None, report: FileReport, *, dry_run: bool
) -> None:
    kind, contents = None, Contents("", "", 0)
    corrections, staffed = copy.deepcopy(job.corrections), set(job.newly_staffed)
    try:
        kind = kind_or_refuse(path, profile)
        report.kind = kind.name
        with open_sheet(path, kind, job.encoding, profile=profile) as sheet:
            contents = sheet.contents
            report.encoding = contents.encoding
        async with in_transaction():
            store = Store()
            await store.lock(_LOCK)
            digest = _digest(contents, profile)
            if await _came_before(kind, digest, contents.encoding, report):
                return
            file = File(job, path, kind, report, uuid4(), contents, store, profile)
            await _load(file)
            await _keep(run_id, file.id, kind.name, digest, report, job, ImportState.DONE)
        report.state = "CHECKED" if dry_run else "DONE"
        return
    except FileRefused as refused:
        report.refuse(refused)
    except OSError as broken:
        report.fault(
            Fault("UNREADABLE", f"The file cannot be read: {broken.strerror}.", "Check its name and rights.")
        )
    except Collision:
        report.fault(
            Fault("CHANGED_MEANWHILE", "Somebody wrote the same rows meanwhile.", "Run the import again.")
        )
    except _Undo:
        pass
    job.corrections, job.newly_staffed = corrections, staffed
    report.state = "REFUSED"
    report.undo()
    if kind is not None:
        _promise(job, path, kind, contents, profile)
        if not dry_run:
            digest = _digest(contents, profile)
            await _keep(run_id, uuid4(), kind.name, digest, report, job, ImportState.REFUSED)


async def _load(file: File) -> None:
    if file.kind.name in SHAPES:
        await load_figures(file)
    else:
        for _ in scan(
            file.path, file.report, encoding=file.job.encoding, today=file.job.today, profile=file.profile
        ):
            pass
        try:
            await _LOADERS[file.kind.name](file)
        except FileRefused:
            # The scan has met the same and reported it.
            raise _Undo from None
    for kind in sorted(file.waits_for):
        file.fault(
            0,
            "",
            "WAITS_FOR_ANOTHER",
            f"Rows refer to a {kind} file of this run that was refused.",
            f"Correct the {kind} file first. This file was checked as far as possible.",
        )
    if not file.writing:
        raise _Undo


def _digest(contents: Contents, profile: Profile | None) -> str:
    """What makes a file the same as before: its bytes, and the profile that says what they mean."""
    if profile is None or not contents.digest:
        return contents.digest
    return hashlib.sha256(f"{contents.digest} {profile.digest}".encode()).hexdigest()


async def _came_before(kind: FileKind, digest: str, encoding: str, report: FileReport) -> bool:
    before = await ImportFile.filter(
        digest=digest, encoding=encoding, state=ImportState.DONE.value, kind=kind.name
    ).first()
    if before is None:
        return False
    report.state = "UNCHANGED"
    report.rows_read = report.unchanged = before.rows_read
    report.notes.append(f"Imported before as {before.name}, byte for byte. Nothing was changed.")
    return True


async def _keep(
    run_id: UUID, file_id: UUID, kind: str, digest: str, report: FileReport, job: Job, state: ImportState
) -> None:
    await ImportFile.create(
        id=file_id,
        run_id=run_id,
        kind=kind,
        name=report.name[-200:],
        digest=digest,
        encoding=report.encoding,
        state=state,
        rows_read=report.rows_read,
        rows_new=report.new,
        rows_unchanged=report.unchanged,
        rows_corrected=report.corrected,
        errors=report.errors,
        finished_at=job.now,
    )


def _promise(job: Job, path: Path, kind: FileKind, contents: Contents, profile: Profile | None) -> None:
    """Remember the keys of a refused file, so that what refers to them is not blamed for its faults."""
    if kind.name not in _REFERRED_TO:
        return
    place = kind.header.index(kind.key[0])
    promised = job.promised.setdefault(kind.name, set())
    try:
        known = contents if contents.digest else None
        with open_sheet(path, kind, job.encoding, known=known, profile=profile) as sheet:
            for block in sheet.blocks():
                promised.update(hash(text.strip()) for text in block.columns[place])
    except (FileRefused, OSError):
        # What could be read counts; the refusal itself is in the report already.
        return
