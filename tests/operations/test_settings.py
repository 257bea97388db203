"""Settings and keys: what is allowed is said, what production must not run with is refused, and no value is told."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from api.keys import KeysError, generate, load_keys, new_keys
from api.settings import DEFAULT_KEYS_FILE, PREFIX, TESTS_ONLY, VARIABLES, Settings, SettingsError

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "GUIBIN_ENV": "production",
    "GUIBIN_DATABASE_URL": "postgres://app:pass-word@db:5432/guibin",
    "GUIBIN_KEYS": json.dumps(new_keys()),
    "GUIBIN_TRUSTED_PROXIES": "172.30.0.1",
}


def faults(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        Settings.read(environ)
    return refused.value.faults


def test_an_empty_environment_is_a_development_machine() -> None:
    settings = Settings.read({"PATH": "/bin", "GUIBIN_PORT": "", "GUIBIN_SHARED": "../shared"})
    assert (settings.production, settings.sqlite, settings.host, settings.port) == (
        False,
        True,
        "127.0.0.1",
        8000,
    )
    assert (settings.workers, settings.session_idle.total_seconds(), settings.deadline) == (1, 900, 30.0)


def test_production_with_all_it_needs() -> None:
    settings = Settings.read(PRODUCTION)
    assert settings.production
    assert not settings.sqlite
    assert len(load_keys(settings).encryption) == 1


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("GUIBIN_PORT", "http", "a whole number from 1 to 65535"),
        ("GUIBIN_PORT", "70000", "a whole number from 1 to 65535"),
        ("GUIBIN_PORT", "８０００", "a whole number from 1 to 65535"),
        ("GUIBIN_WORKERS", "0", "a whole number from 1 to 64"),
        ("GUIBIN_ENV", "prod", "one of development, production"),
        ("GUIBIN_DATABASE_URL", "mysql://root:s3cret@db/x", "sqlite://PATH or postgres://"),
        ("GUIBIN_DATABASE_URL", "sqlite://", "sqlite://PATH or postgres://"),
        ("GUIBIN_HOST", "example", "an address"),
        ("GUIBIN_TRUSTED_PROXIES", "10.0.0.0/33", "addresses or networks"),
        ("GUIBIN_DEADLINE", "0", "a whole number from 1 to 600"),
        ("GUIBIN_SESSION_IDLE", "1.5", "a whole number from 1 to 240"),
        ("GUIBIN_LOG_LEVEL", "trace", "one of debug, info, warning"),
    ],
)
def test_a_bad_value_names_the_variable_and_what_is_allowed(name: str, value: str, allowed: str) -> None:
    (fault,) = faults({name: value})
    assert fault.startswith(f"{name} cannot be used. It must be {allowed}")
    assert "s3cret" not in fault


def test_every_fault_is_told_at_once() -> None:
    found = faults({"GUIBIN_PROT": "1", "GUIBIN_PORT": "x", "GUIBIN_ENV": "y"})
    assert [fault.split()[0] for fault in found] == ["GUIBIN_PROT", "GUIBIN_ENV", "GUIBIN_PORT"]
    assert "GUIBIN_PORT" in found[0]


def test_a_session_is_not_idle_longer_than_it_lives() -> None:
    (fault,) = faults({"GUIBIN_SESSION_IDLE": "60", "GUIBIN_SESSION_ABSOLUTE": "30"})
    assert fault.startswith("GUIBIN_SESSION_IDLE is longer")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"GUIBIN_DATABASE_URL": "sqlite://var/x"}, "GUIBIN_DATABASE_URL"),
        ({"GUIBIN_DATABASE_URL": ""}, "GUIBIN_DATABASE_URL"),
        ({"GUIBIN_KEYS": ""}, "GUIBIN_KEYS"),
        ({"GUIBIN_TRUSTED_PROXIES": ""}, "GUIBIN_TRUSTED_PROXIES"),
        ({"GUIBIN_LOG_LEVEL": "debug"}, "GUIBIN_LOG_LEVEL"),
        ({"PYTHONASYNCIODEBUG": "1"}, "Python"),
    ],
    ids=["sqlite", "sqlite by default", "no keys", "no proxy", "debug logs", "asyncio debug"],
)
def test_production_refuses(change: dict[str, str], named: str) -> None:
    (fault,) = faults(PRODUCTION | change)
    assert fault.startswith(named)


def test_secrets_are_never_shown() -> None:
    assert "pass-word" not in repr(Settings.read(PRODUCTION))
    assert "encryption" not in repr(Settings.read(PRODUCTION))


def test_the_example_documents_every_setting_and_its_default() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^#?(GUIBIN_\w+)=(.*)$", text, flags=re.MULTILINE))
    assert shown.keys() == {variable.name for variable in VARIABLES} | TESTS_ONLY
    assert {name: value for name, value in shown.items() if name not in TESTS_ONLY} == {
        variable.name: variable.default for variable in VARIABLES
    }
    assert all(name.startswith(PREFIX) for name in shown)


def test_demo_keys_are_made_once_for_their_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / DEFAULT_KEYS_FILE
    first = load_keys(Settings.read({}))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    text = path.read_bytes()
    generate(path)
    assert path.read_bytes() == text
    assert load_keys(Settings.read({})).index == first.index
    assert list(path.parent.iterdir()) == [path]
    production = PRODUCTION | {"GUIBIN_KEYS": "", "GUIBIN_KEYS_FILE": str(DEFAULT_KEYS_FILE)}
    with pytest.raises(KeysError, match="generated for development"):
        load_keys(Settings.read(production))


def test_a_keys_file_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(new_keys()), encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(KeysError, match="everybody may read"):
        load_keys(Settings.read({"GUIBIN_KEYS_FILE": str(path)}))
    path.chmod(0o640)
    assert load_keys(Settings.read({"GUIBIN_KEYS_FILE": str(path)})).current == 1


def test_a_named_keys_file_is_never_generated(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    with pytest.raises(KeysError, match="cannot be read"):
        load_keys(Settings.read({"GUIBIN_KEYS_FILE": str(path)}))
    assert not path.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "null",
        '{"current": 1, "encryption": {"1": "AAAA"}, "index": "AAAA"}',
        '{"current": 2, "encryption": {}, "index": ""}',
        '{"current": 1, "encryption": {"0": "AAAA"}, "index": "AAAA"}',
        '{"current": 1, "encryption": {"1": "not base64 secret"}, "index": "x"}',
    ],
)
def test_what_is_no_set_of_keys_is_refused_without_being_told(text: str) -> None:
    with pytest.raises(KeysError) as refused:
        load_keys(Settings.read({"GUIBIN_KEYS": text or " x "}))
    assert str(refused.value).startswith("GUIBIN_KEYS:")
    assert "secret" not in str(refused.value)
