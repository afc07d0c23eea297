"""A throw-away PostgreSQL and Valkey for one test session, in a folder of their own, on ports of their own.

`DATABASE_URL` and `REDIS_URL` override them. What is started is told to child processes through these same variables.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.local import postgres, valkey
from config.local.children import Child, Log
from config.local.identity import server_user
from config.local.state import StateFolder

PREFIX = "vigil-tests-"


def start_pair() -> None:
    """Start what the environment does not name; everything ends and goes with this process."""
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    state = StateFolder(folder, server_user())
    log = Log(quiet=True)
    if "DATABASE_URL" not in os.environ:
        child, os.environ["DATABASE_URL"] = postgres.start(
            state.data, secret=folder / "database_password", log=log, user=state.user, durable=False
        )
        _stop_at_exit(child)
    if "REDIS_URL" not in os.environ:
        child, os.environ["REDIS_URL"] = valkey.start(state.data, log=log, user=state.user, durable=False)
        _stop_at_exit(child)
    os.environ.setdefault("VIGIL_STATE_DIR", str(folder))


def _stop_at_exit(child: Child) -> None:
    # A killed session stops them all the same (config/local/tether.py). Only this process may: a fork of it must not.
    owner = os.getpid()
    atexit.register(lambda: child.stop() if os.getpid() == owner else None)
