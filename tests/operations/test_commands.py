"""The command line as a whole: help for everything, migrate, keys, administrators, and how errors are told."""

from __future__ import annotations

import json
import re
import sqlite3

import click
import pytest

from api.__main__ import COMMANDS, main
from examples.demo.cast import CARD_STAFF, CAST
from models.database import database
from models.institutions import House
from models.people import Credential, Staff
from models.trail import AccessRecord
from tests.cast import person
from tests.conftest import NOW
from tests.operations.cli import cli, ok, refused

SECRET = "lantern-in-the-rain-9\n"
ADMIN = ("--number", "A1", "--name", "安", "--identity-kind", "OTHER", "--identity-number", "ID-1", "--role")


def commands(group: click.Group, name: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        assert command is not None
        found[f"{name} {word}".strip()] = command
        if isinstance(command, click.Group):
            found |= commands(command, f"{name} {word}".strip())
    return found


def test_every_command_and_option_says_what_it_is() -> None:
    everything = commands(main)
    assert COMMANDS.keys() <= everything.keys()
    silent = [name for name, command in everything.items() if not command.help]
    for name, command in everything.items():
        for option in command.params:
            if isinstance(option, click.Option) and not (option.help or option.type.name == "choice"):
                silent.append(f"{name} {option.opts[0]}")
    assert silent == []


def test_every_act_names_its_person() -> None:
    nameless = {
        "create-admin", "demo", "import", "keys new", "keys rotate-info", "matrix", "migrate", "schema", "serve",
        "set-password",
    }  # fmt: skip
    without = {
        name
        for name, command in commands(main).items()
        if not isinstance(command, click.Group)
        and not any(it.required for it in command.params if it.name == "staff")
    }
    assert without == nameless


async def test_migrate_twice(empty: str) -> None:
    first = await ok(empty, "migrate")
    assert "Applied 0001_initial" in first
    assert "is in force" in first
    assert await ok(empty, "migrate") == "Nothing to do: tables and policy are of this release.\n"
    async with database(empty):
        records = await AccessRecord.filter(operation="migrate").values_list("decision", "staff_id")
    assert records == [("ALLOW", None)]


@pytest.mark.parametrize(
    "arguments",
    [("keys", "rotate-info"), ("screen", "--as-of", "2026-10-31", "--standard", "M", "--as", "A1")],
)
async def test_nothing_works_before_migrate(empty: str, arguments: tuple[str, ...]) -> None:
    assert "python -m api migrate" in await refused(empty, "NOT_MIGRATED", *arguments)


async def test_a_newer_database_is_left_alone(empty: str) -> None:
    await ok(empty, "migrate")
    async with database(empty) as context:
        await context.db().execute_query(
            "UPDATE tortoise_migrations SET name = '9999_later' WHERE name = '0002_guards'"
        )
    await refused(empty, "NEWER_DATABASE", "keys", "rotate-info")


async def test_another_policy_is_adopted_by_migrate_alone(empty: str) -> None:
    await ok(empty, "migrate")
    async with database(empty):
        await House.all().update(policy_version="another")
    await refused(empty, "OTHER_POLICY", "keys", "rotate-info")
    assert "is in force" in await ok(empty, "migrate")
    await ok(empty, "keys", "rotate-info")


async def test_the_first_administrators(empty: str) -> None:
    await ok(empty, "migrate")
    said = await ok(empty, "create-admin", *ADMIN, "sys_admin", stdin=SECRET)
    assert said == "A1 is sys_admin and may sign in.\n"
    second = ("create-admin", *ADMIN, "sys_admin")
    await refused(empty, "ALREADY_FOUNDED", *second, stdin=SECRET)
    same = ("create-admin", "--number", "A2", *ADMIN[2:], "sec_admin")
    await refused(empty, "SECURITY_WITH_BUSINESS", *same, stdin=SECRET)
    weak = ("create-admin", "--number", "A3", *ADMIN[2:-2], "ID-3", "--role", "sec_admin")
    await refused(empty, "COMMON_PASSWORD", *weak, stdin="password\n")


async def test_keys_new_makes_different_keys_each_time(nowhere: str) -> None:
    first, second = [json.loads(await ok(nowhere, "keys", "new", "--id", 7)) for _ in range(2)]
    assert (first["current"], list(first["encryption"])) == (7, ["7"])
    assert first["encryption"] != second["encryption"]
    assert first["index"] != second["index"]


async def test_rotate_info_counts_what_each_key_holds(demo: str) -> None:
    said = await ok(demo, "keys", "rotate-info")
    key, values, loaded, used = said.splitlines()[1].split()
    assert (key, loaded, used) == ("1", "yes", "yes")
    assert int(values.replace(",", "")) > 200
    assert "keys new --id 2" in said


async def test_a_second_demo_changes_nothing(demo: str) -> None:
    said = await ok(demo, "demo")
    assert "S100001" in said
    assert "qingtong-demo" in said
    assert await ok(demo, "demo", "--if-empty") == said


async def test_the_demo_is_for_an_empty_house_only(empty: str) -> None:
    await ok(empty, "migrate")
    await ok(empty, "create-admin", *ADMIN, "sys_admin", stdin=SECRET)
    await refused(empty, "NOT_EMPTY", "demo")
    assert await ok(empty, "demo", "--if-empty") == "A bank is loaded; the demo is not.\n"


async def test_a_demo_of_an_earlier_release_is_left_as_it_is(empty: str) -> None:
    """It has the old cast and nobody who keeps cards: they cannot be brought in beside those who hold their posts."""
    await ok(empty, "migrate")
    await ok(empty, "create-admin", "--number", "D000001", *ADMIN[2:], "sys_admin", stdin=SECRET)
    async with database(empty):
        for member in CAST:
            who = await person(member.number)
            staff = await Staff.create(number=member.number, name=member.name, person=who)
            await Credential.create(staff=staff, password_hash="x", changed_at=NOW)
    said = await ok(empty, "demo", "--if-empty")
    assert "of an earlier release" in said
    assert (CAST[0].number in said, CARD_STAFF[0].number in said) == (True, False)
    async with database(empty):
        assert await Staff.all().count() == len(CAST) + 1


async def test_passwords_of_a_development_machine(demo: str) -> None:
    assert "S100015" in await ok(demo, "set-password", "S100015", stdin=SECRET)
    await refused(demo, "BAD_USER_INPUT", "set-password", "S999", stdin=SECRET)


@pytest.mark.parametrize("command", [("demo",), ("set-password", "S100001")])
async def test_production_has_no_demo_and_no_password_by_one(demo: str, command: tuple[str, ...]) -> None:
    if demo.startswith("sqlite"):
        assert "Production needs postgres" in (await cli(demo, *command, GUIBIN_ENV="production")).err
        return
    how = {"GUIBIN_ENV": "production", "GUIBIN_TRUSTED_PROXIES": "127.0.0.1", "stdin": SECRET}
    await refused(demo, "FORBIDDEN", *command, **how)


async def test_the_schema_is_printed(nowhere: str) -> None:
    assert "type Customer implements Node" in await ok(nowhere, "schema")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"GUIBIN_PROT": "1"}, "GUIBIN_PROT is not a setting"),
        ({"GUIBIN_PORT": "x"}, "GUIBIN_PORT cannot be used"),
        ({"GUIBIN_KEYS": "{}"}, "GUIBIN_KEYS: this is not a set of keys"),
    ],
)
async def test_a_wrong_environment_is_a_usage_error(
    nowhere: str, environment: dict[str, str], said: str
) -> None:
    done = await cli(nowhere, "migrate", **environment)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(said)


@pytest.mark.parametrize(
    "arguments",
    [
        ("import",),
        ("import", "."),
        ("screen",),
        ("screen", "--as-of", "yesterday", "--standard", "M", "--as", "A1"),
        ("people", "suspend", "S1", "--reason", "x", "--from", "2026-01-01T10:00:00", "--as", "A1"),
        ("people", "execute", "--as", "A1"),
        ("people", "execute", "not-an-id", "--as", "A1"),
        ("nothing",),
        ("backup",),
    ],
)
async def test_used_wrongly(nowhere: str, arguments: tuple[str, ...]) -> None:
    done = await cli(nowhere, *arguments)
    assert (done.code, done.out) == (2, "")


async def test_no_server_is_told_plainly() -> None:
    done = await cli("postgres://nobody:hush-hush@127.0.0.1:1/none", "keys", "rotate-info")
    assert done.code == 1
    assert "GUIBIN_DATABASE_URL" in done.err
    assert "hush-hush" not in done.err


async def test_a_fault_of_ours_is_an_incident_and_nothing_else(demo_file, tmp_path) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(demo_file.read_bytes())
    with sqlite3.connect(broken) as connection:
        connection.execute("ALTER TABLE standard RENAME TO standard_canary")
    done = await cli(f"sqlite://{broken}", "standard", "list", "--as", "S100013")
    assert (done.code, done.out) == (3, "")
    line, sentence = done.err.splitlines()
    incident = re.search(r"Quote incident (\w{12})", sentence)
    assert incident is not None
    assert json.loads(line)["incident"] == incident[1]
    assert "no such table" not in done.err
    assert "canary" not in done.err


async def test_a_person_who_may_not_work_does_nothing(demo: str) -> None:
    await ok(demo, "people", "suspend", "S100013", "--reason", "inquiry", "--as", "D000002")
    await refused(demo, "UNAUTHENTICATED", "standard", "list", "--as", "S100013")
    await refused(demo, "BAD_USER_INPUT", "standard", "list", "--as", "S999999")
