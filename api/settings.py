"""Settings: read once from the environment, checked as a whole, and never changed afterwards."""

from __future__ import annotations

import datetime as dt
import ipaddress
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from models.database import DEFAULT_URL

PREFIX = "GUIBIN_"
TESTS_ONLY = frozenset({"GUIBIN_SHARED"})
"""Read by the tests, not by the product; known here so that it is not taken for a typing error."""
DEFAULT_KEYS_FILE = Path("var/keys/demo.json")


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class SettingsError(Exception):
    """Settings that cannot be used: each line names a variable, what is wrong, and what is allowed. Never its value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class _Bad(Exception):
    """What a variable must be instead."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment. `.env.example` says the same (a test compares them)."""

    field: str
    default: str
    read: Callable[[str], Any]
    about: str

    @property
    def name(self) -> str:
        return PREFIX + self.field.upper()


@dataclass(frozen=True, slots=True)
class Settings:
    """What this process runs with. `keys` holds secrets, so a Settings is never printed or logged."""

    env: Environment
    database_url: str
    pool: int
    app_role: str
    keys: str
    keys_file: Path
    host: str
    port: int
    workers: int
    trusted_proxies: str
    deadline: float
    session_idle: dt.timedelta
    session_absolute: dt.timedelta
    log_level: str

    @property
    def production(self) -> bool:
        return self.env is Environment.PRODUCTION

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite://")

    def __repr__(self) -> str:
        return f"Settings(env={self.env.value})"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of an environment. SettingsError lists every fault at once; an empty variable is as if unset."""
        known = {variable.name: variable for variable in VARIABLES}
        faults = [
            f"{name} is not a setting of Guibin. Remove it, or correct its name: {', '.join(sorted(known))}."
            for name in sorted(environ)
            if name.startswith(PREFIX) and name not in known and name not in TESTS_ONLY
        ]
        found: dict[str, Any] = {}
        for variable in VARIABLES:
            try:
                found[variable.field] = variable.read(environ.get(variable.name, "") or variable.default)
            except _Bad as bad:
                faults.append(f"{variable.name} cannot be used. It must be {bad}.")
        if faults:
            raise SettingsError(faults)
        found["keys_file"] = found["keys_file"] or DEFAULT_KEYS_FILE
        settings = cls(**found)
        faults = _contradictions(settings)
        if settings.production:
            faults += _unsafe(settings, bool(environ.get("GUIBIN_KEYS_FILE")), environ)
        if faults:
            raise SettingsError(faults)
        return settings


def _contradictions(settings: Settings) -> list[str]:
    faults = []
    if settings.session_idle > settings.session_absolute:
        faults.append(
            "GUIBIN_SESSION_IDLE is longer than GUIBIN_SESSION_ABSOLUTE. It must be at most as long."
        )
    if settings.sqlite and settings.workers > 1 and settings.production:
        faults.append("GUIBIN_WORKERS is more than 1. Several workers need PostgreSQL.")
    return faults


def _unsafe(settings: Settings, keys_file_given: bool, environ: Mapping[str, str]) -> list[str]:
    """What production refuses. Generated keys are refused when they are read (api/keys.py)."""
    faults = []
    if settings.sqlite:
        faults.append("GUIBIN_DATABASE_URL names SQLite. Production needs postgres://USER@HOST/DATABASE.")
    if not settings.keys and not keys_file_given:
        faults.append(
            "GUIBIN_KEYS and GUIBIN_KEYS_FILE are both unset. Production needs keys of its own: python -m api keys new."
        )
    if not settings.trusted_proxies:
        faults.append(
            "GUIBIN_TRUSTED_PROXIES is unset. Production stands behind a proxy that speaks TLS; name its addresses."
        )
    if settings.log_level == "debug":
        faults.append("GUIBIN_LOG_LEVEL is debug. Production allows info or warning.")
    if sys.flags.dev_mode or environ.get("PYTHONASYNCIODEBUG"):
        faults.append(
            "Python runs in its development mode. Start production without -X dev and PYTHONASYNCIODEBUG."
        )
    return faults


def _text(value: str) -> str:
    return value.strip()


def _url(value: str) -> str:
    if value.startswith("sqlite://") and len(value) > len("sqlite://"):
        return value
    if value.startswith(("postgres://", "postgresql://")):
        return value.replace("postgresql://", "postgres://", 1)
    raise _Bad("sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE")


def _environment(value: str) -> Environment:
    try:
        return Environment(value)
    except ValueError:
        raise _Bad(f"one of {', '.join(it.value for it in Environment)}") from None


def _path(value: str) -> Path | None:
    return Path(value) if value else None


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if value.isascii() and value.isdigit() and lowest <= int(value[:9]) <= highest:
            return int(value)
        raise _Bad(f"a whole number from {lowest} to {highest}")

    return read


def _minutes(lowest: int, highest: int) -> Callable[[str], dt.timedelta]:
    whole = _whole(lowest, highest)
    return lambda value: dt.timedelta(minutes=whole(value))


def _seconds(value: str) -> float:
    return float(_whole(1, 600)(value))


def _host(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        if value == "localhost":
            return value
        raise _Bad("an address such as 127.0.0.1 or 0.0.0.0, or localhost") from None


def _networks(value: str) -> str:
    names = [name.strip() for name in value.split(",") if name.strip()]
    try:
        return ",".join(str(ipaddress.ip_network(name)) if "/" in name else _host(name) for name in names)
    except (ValueError, _Bad):
        raise _Bad("addresses or networks separated by commas, such as 10.0.0.5,172.30.0.0/24") from None


def _level(value: str) -> str:
    if value in ("debug", "info", "warning"):
        return value
    raise _Bad("one of debug, info, warning")


VARIABLES = (
    Variable(
        "env", "development", _environment, "development or production; production refuses weak settings"
    ),
    Variable(
        "database_url",
        DEFAULT_URL,
        _url,
        "sqlite://PATH (one process) or postgres://USER:PASSWORD@HOST:PORT/DATABASE; migrate as the owner role",
    ),
    Variable("pool", "10", _whole(1, 100), "most PostgreSQL connections of one worker"),
    Variable(
        "app_role", "", _text, "PostgreSQL role of the workers; `migrate` gives it its rights, not more"
    ),
    Variable("keys", "", _text, "the keys themselves: the JSON that `python -m api keys new` prints"),
    Variable(
        "keys_file",
        "",
        _path,
        f"a file with that JSON, readable by its owner only; unset: {DEFAULT_KEYS_FILE}, generated for development",
    ),
    Variable("host", "127.0.0.1", _host, "address to listen on"),
    Variable("port", "8000", _whole(1, 65535), "port to listen on"),
    Variable("workers", "1", _whole(1, 64), "processes; more than one needs PostgreSQL"),
    Variable(
        "trusted_proxies",
        "",
        _networks,
        "addresses or networks of the TLS proxy, whose X-Forwarded-For is believed; unset: nobody's",
    ),
    Variable("deadline", "30", _seconds, "seconds that one request may take, 1 to 600"),
    Variable(
        "session_idle", "15", _minutes(1, 240), "minutes without a request after which a session is over"
    ),
    Variable("session_absolute", "480", _minutes(5, 1440), "minutes after which a session is over anyhow"),
    Variable("log_level", "info", _level, "debug, info or warning"),
)
