"""A throw-away PostgreSQL and Valkey for one test session, in a folder of their own, on ports of their own.

`DATABASE_URL` and `REDIS_URL` override them. What is started is told to child processes through these same variables.
Of several test processes each has a pair of its own: they would empty each other's queues.
"""

import atexit
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.local import postgres, valkey
from config.local.children import Child, Log
from config.local.errors import AlreadyRunningError
from config.local.identity import server_user
from config.local.state import StateFolder

PREFIX = "vigil-tests-"
# The test process that started the pair: another one does not take it for one that was named, its own children do.
OURS = "VIGIL_TEST_PAIR"
ABANDONED_SECONDS = 3600.0


def start_pair() -> None:
    """Start what the environment does not name; everything ends and goes with this process."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "the only one")
    if os.environ.get(OURS, process) != process:
        del os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        return
    _remove_abandoned()
    if not {"DATABASE_URL", "REDIS_URL"} & os.environ.keys():
        os.environ[OURS] = process
    state = StateFolder(Path(tempfile.mkdtemp(prefix=PREFIX)), server_user())
    state.hold()
    os.environ["VIGIL_STATE_DIR"] = str(state.path)
    children: list[Child] = []
    atexit.register(_end, os.getpid(), state.path, children)
    log = Log(quiet=True)
    if "DATABASE_URL" not in os.environ:
        child, os.environ["DATABASE_URL"] = postgres.start(
            state.data,
            secret=state.path / "database_password",
            log=log,
            user=state.user,
            lock=state.lock,
            durable=False,
        )
        children.append(child)
    if "REDIS_URL" not in os.environ:
        child, os.environ["REDIS_URL"] = valkey.start(
            state.data, log=log, user=state.user, lock=state.lock, durable=False
        )
        children.append(child)


@contextmanager
def folder_for_servers() -> Iterator[Path]:
    """A folder the servers' user can come to; pytest's own is closed to others by every session that starts."""
    path = Path(tempfile.mkdtemp(prefix=PREFIX))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _end(owner: int, folder: Path, children: list[Child]) -> None:
    if os.getpid() != owner:  # a fork of the session that ends normally
        return
    for child in children:
        child.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned() -> None:
    """Remove what killed sessions left; their servers ended with them (config/local/tether.py)."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, AlreadyRunningError):  # another user's, or in use
            if time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
                StateFolder(folder, None).hold(patience=0)
                shutil.rmtree(folder)
