"""Containers: docker-compose.yml and Dockerfile say what operations rest on, and every service gets its own secrets only."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.settings import VARIABLES, Settings
from tests.api.house import KEYS

ROOT = Path(__file__).parents[2]
SECRETS = {
    "POSTGRES_PASSWORD": "admin-secret",
    "OWNER_PASSWORD": "owner-secret",
    "APP_PASSWORD": "app-secret",
    "GUIBIN_KEYS": KEYS,
}


def filled(value: Any) -> Any:
    """Compose's own ${NAME:-default} and ${NAME:?message}, with the secrets filled in."""
    if isinstance(value, dict):
        return {name: filled(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner) for inner in value]
    if not isinstance(value, str):
        return value
    return re.sub(
        r"\$\{(\w+):([-?])([^}]*)\}",
        lambda it: SECRETS[it[1]] if it[2] == "?" else SECRETS.get(it[1], it[3]),
        value,
    )


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return filled(compose)["services"]


@pytest.mark.parametrize(("service", "role"), [("migrate", "guibin_owner"), ("app", "guibin_app")])
def test_the_settings_of_a_service_are_good(services: dict[str, Any], service: str, role: str) -> None:
    environment = services[service]["environment"]
    assert set(environment) <= {variable.name for variable in VARIABLES}
    settings = Settings.read(environment)
    assert settings.production
    assert settings.database_url.startswith(f"postgres://{role}:")
    assert settings.database_url.endswith("@postgres:5432/guibin")


def test_workers_and_migration_have_roles_of_their_own(services: dict[str, Any]) -> None:
    assert services["migrate"]["environment"]["GUIBIN_APP_ROLE"] == "guibin_app"
    assert services["app"]["environment"]["GUIBIN_WORKERS"] == "2"
    wanted = {"postgres": "service_healthy", "migrate": "service_completed_successfully"}
    assert {name: it["condition"] for name, it in services["app"]["depends_on"].items()} == wanted
    assert services["migrate"]["restart"] == "no"


@pytest.mark.parametrize(
    ("service", "known"),
    [
        ("postgres", {"POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD"}),
        ("migrate", {"OWNER_PASSWORD", "GUIBIN_KEYS"}),
        ("app", {"APP_PASSWORD", "GUIBIN_KEYS"}),
    ],
    ids=["the database", "the migration", "the workers"],
)
def test_no_service_is_given_another_ones_secret(
    services: dict[str, Any], service: str, known: set[str]
) -> None:
    assert "env_file" not in services[service]
    text = str(services[service])
    assert {name for name, value in SECRETS.items() if value in text} == known


def test_what_runs_has_few_rights_and_is_watched(services: dict[str, Any]) -> None:
    for name in ("migrate", "app"):
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["read_only"] is True
    assert services["app"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in services["postgres"]
    assert "pg_isready" in services["postgres"]["healthcheck"]["test"]
    assert services["postgres"]["image"] == "postgres:17"


def test_the_image_is_locked_and_not_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert set(bases) == {"python:3.11-slim-trixie"}
    assert any("--require-hashes -r requirements.lock" in line for line in lines)
    assert "USER guibin" in lines
    assert "WORKDIR /app" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    assert copied == {"requirements.lock", "api", "schema", "desk", "authz", "models", "migrations"}


PIN = r"[a-z0-9.-]+(?:\[[a-z0-9,-]+\])?==\S+"
"""A pin with its extras: pip takes one that is asked for with an extra for another requirement."""


def test_the_locks_name_a_hash_for_everything_and_no_place() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(rf"{PIN} ", block), block
            assert "--hash=sha256:" in block, block
    product, everything = (
        set(re.findall(rf"^{PIN}", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert product
    assert product <= everything


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    said = set(re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE))
    wanted = {
        "help", "setup", "run", "test", "check", "lint", "accept", "migration", "bench", "clean", "conformance",
    }  # fmt: skip
    assert wanted <= said
    phony = {name for line in re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE) for name in line.split()}
    assert phony == said
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(name in shown for name in wanted)
