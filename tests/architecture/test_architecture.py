"""What docs/architecture.md says of the code, as tests: directions, sizes, first sentences, names."""

from __future__ import annotations

import ast
import importlib
import inspect
import logging
import pkgutil
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest
from importlinter.cli import lint_imports
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.models import Model

from models import MODULES
from models.database import config, database
from tests.schema.walking import root

ROOT = Path(__file__).parents[2]
ROOMS = ("api", "schema", "desk", "authz", "models")
BESIDE = ("tests", "examples", "bench")
LONGEST, LONGEST_TEST = 300, 400
OF_THE_DOOR = {"signIn", "signOut"}
"""Mutations before or after there is a desk: they make and end sessions and are no acts."""
WITHOUT_TABLE = {"inbox", "sessions"}
"""Nouns of the graph that are no table's: the session is a row of `people`, and signing in belongs to the edge; the inbox
is what of many tables waits for one person."""


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def modules(room: str) -> Iterator[ModuleType]:
    package = importlib.import_module(room)
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{room}."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def nouns() -> set[str]:
    """One for each module of tables."""
    return {module.removeprefix("models.") for module in MODULES}


def noun(module: str) -> str:
    """`desk.people.grants` is of the noun `people`."""
    return module.split(".")[1]


@pytest.fixture
def loggers() -> Iterator[None]:
    """import-linter sets up logging for a process of its own, which silences every logger that this one has."""
    known = [it for it in logging.root.manager.loggerDict.values() if isinstance(it, logging.Logger)]
    silent = [it.disabled for it in known]
    yield
    for logger, disabled in zip(known, silent, strict=True):
        logger.disabled = disabled


@pytest.mark.usefixtures("loggers")
def test_imports_go_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    """The contracts, with what to do instead, are in pyproject.toml."""
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert broken == 0, capsys.readouterr().out


@pytest.mark.parametrize("folder", [*ROOMS, *BESIDE])
def test_every_module_opens_with_a_sentence(folder: str) -> None:
    silent = []
    for path in files(folder):
        text = path.read_text(encoding="utf-8")
        first = (ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0].strip()
        if text and not first.endswith((".", ":", "`", "?")):
            silent.append(path)
    assert names(silent) == []


def test_files_are_short() -> None:
    long = []
    for path in files(*ROOMS, *BESIDE):
        most = LONGEST_TEST if path.is_relative_to(ROOT / "tests") else LONGEST
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > most:
            long.append(f"{path.relative_to(ROOT)}: {lines} lines, at most {most}")
    assert long == [], "a noun that grows becomes a folder of the same name with verbs inside"


def test_nothing_is_put_off() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files(*ROOMS, *BESIDE)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"\b(TODO|FIXME|HACK)\b", line)
    ]
    assert found == []


def test_no_installed_distribution_has_a_name_of_ours() -> None:
    """`schema` and `authz` exist on PyPI; an installed one would be imported instead of ours, or beside it."""
    assert {name: who for name, who in packages_distributions().items() if name in ROOMS} == {}
    for room in ROOMS:
        assert {Path(path) for path in importlib.import_module(room).__path__} == {ROOT / room}


def models() -> list[type[Model]]:
    found: dict[type[Model], None] = {}
    for module in MODULES:
        for thing in vars(importlib.import_module(module)).values():
            if isinstance(thing, type) and issubclass(thing, Model) and thing.__module__ == module:
                found[thing] = None
    return list(found)


def test_a_model_says_what_it_is() -> None:
    """Its docstring becomes the table's comment, in which Tortoise cannot write a semicolon."""
    assert len(models()) >= 30
    assert [model.__name__ for model in models() if not (model.__doc__ or "").strip()] == []
    assert [model.__name__ for model in models() if ";" in (model.__doc__ or "")] == []


async def test_the_migrations_are_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'any.sqlite3'}"
    async with database(url) as context:
        assert context.apps is not None
        changes = await MigrationAutodetector(context.apps, config(url)["apps"]).changes()
    assert [writer.as_string() for writer in changes] == []


def test_the_graph_offers_the_nouns_of_the_tables() -> None:
    offered = {
        noun(module.__name__) for module in modules("schema") if "." in module.__name__ and offers(module)
    }
    assert offered - nouns() == WITHOUT_TABLE


def offers(module: ModuleType) -> bool:
    return any(
        getattr(vars(module).get(name), "__module__", "") == module.__name__ for name in ("Query", "Mutation")
    )


def acts() -> set[tuple[str, str]]:
    """The noun and the name of every act."""
    return {
        (noun(function.__module__), function.act)
        for module in modules("desk")
        for function in vars(module).values()
        if inspect.isfunction(function) and hasattr(function, "act")
    }


def test_acts_are_kept_under_the_nouns_of_the_tables() -> None:
    assert len(acts()) >= 10
    assert {act for act in acts() if act[0] not in nouns()} == set()


def test_an_act_has_one_name() -> None:
    """What an act is called in the trail is its name in the graph."""
    known = {act for _, act in acts()}
    assert set(root("Mutation")) - known == OF_THE_DOOR
