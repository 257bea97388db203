"""The collector of a worker, after uvicorn has made its app."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.api.house import KEYS
from tests.operations.servers import ROOT

LOOK = """
import gc, weakref
import api.app
made = api.app.from_environment()
tracked = len(gc.get_objects())
print(gc.get_freeze_count() > 100_000, tracked < gc.get_freeze_count() / 10, gc.get_threshold()[0])

class Left:
    pass

left = Left()
left.itself = left
gone = weakref.ref(left)
del left
gc.collect()
print(gone() is None)
"""


def test_a_worker_keeps_what_it_loaded_out_of_the_collectors_sight_and_frees_what_requests_leave(tmp_path):
    env = os.environ | {"GUIBIN_DATABASE_URL": f"sqlite://{tmp_path / 'bank.sqlite3'}", "GUIBIN_KEYS": KEYS}
    told = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["True", "True", "10000", "True"]
