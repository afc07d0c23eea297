"""Valkey as a direct child: the doorbell of the workers. It keeps a log of its own, but nothing here must survive."""

import os
import re
import secrets
import signal
import time
from pathlib import Path

import redis

from config.local.binaries import find_valkey
from config.local.children import Child, Log
from config.local.errors import LocalServersError, ServerDiedError
from config.local.identity import ServerUser, give
from config.local.state import free_port, write_private

NAME = "queue"
START_SECONDS = 30.0
POLL_SECONDS = 0.03

# Queues carry no time to live, so under memory pressure only what may be forgotten goes (volatile-lru).
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
daemonize no
loglevel warning
save ""
appendonly {appendonly}
maxmemory 256mb
maxmemory-policy volatile-lru
"""


def start(
    folder: Path, *, log: Log, user: ServerUser | None, lock: int = -1, durable: bool = True
) -> tuple[Child, str]:
    """Start the server of `folder`; return the child and its address. The password is a new one each time."""
    program = find_valkey(user)
    home = folder / "valkey"
    home.mkdir(mode=0o700, exist_ok=True)
    give(home, user)
    port, password = free_port(), secrets.token_urlsafe(24)
    settings = home / "valkey.conf"
    appendonly = "yes" if durable else "no"
    text = CONFIGURATION.format(port=port, password=password, folder=home, appendonly=appendonly)
    write_private(settings, text, user)
    child = Child(
        name=NAME,
        command=[program, str(settings)],
        log=log,
        env=os.environ,
        stop_with=signal.SIGTERM,
        abandon=signal.SIGTERM,
        user=user,
        cwd=home,
        mute=re.compile(r"\d+:"),
        keep_open=(lock,) if lock >= 0 else (),
    )
    child.start()
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    try:
        _wait(child, url)
    except BaseException:
        child.stop()
        raise
    return child, url


def _wait(child: Child, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not child.running:
            child.reap()
            raise ServerDiedError("Valkey did not start:\n" + "\n".join(child.tail))
        if _answers(url):
            return
        time.sleep(POLL_SECONDS)
    raise LocalServersError(f"Valkey did not answer within {START_SECONDS:.0f} s:\n" + "\n".join(child.tail))


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url)
    try:
        return bool(client.ping())
    except redis.ConnectionError:  # also while it reads its log back in (BusyLoadingError)
        return False
    finally:
        client.close()
