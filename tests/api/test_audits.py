"""GraphQL over HTTP by its own audits: every MUST and SHOULD, and of the MAY all but the three that need GET."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.logs import AccessLog
from tests.api.audits import AUDIT, DECLINED, failures, run_audits, serve
from tests.api.small_graph import Client


@pytest.mark.parametrize("production", [False, True], ids=["development", "production"])
def test_every_audit_passes_save_the_three_that_need_get(production):
    with serve(AccessLog(Client(production=production, may_introspect=True).app)) as address:
        results = run_audits(f"{address}/graphql")
    assert len(results) >= 60
    assert failures(results) == []
    assert {id_ for id_, result in results.items() if result["status"] != "ok"} == DECLINED
    assert all(results[id_]["answer"] == 405 for id_ in DECLINED)


def test_a_callers_headers_go_with_each_audit():
    with serve(Client(production=True, may_introspect=True).app) as address:
        results = run_audits(f"{address}/graphql", {"cookie": "__Host-session=x"})
    assert results["4655"]["status"] == "error"
    assert results["4655"]["answer"] == 403


def test_the_lock_file_pins_every_package_and_names_no_registry():
    lock = json.loads(Path(AUDIT / "package-lock.json").read_text())
    packages = [package for path, package in lock["packages"].items() if path]
    assert {"graphql", "graphql-http"} == {path.rpartition("/")[2] for path in lock["packages"] if path}
    assert all("integrity" in package and "resolved" not in package for package in packages)
    assert "://" not in json.dumps(lock)
