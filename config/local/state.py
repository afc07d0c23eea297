"""The state folder: what the servers keep, the lock that makes a second start harmless, and where they listen."""

import contextlib
import fcntl
import json
import os
import secrets
import socket
import time
from pathlib import Path

from config.local.binaries import REACHABLE_ROOT
from config.local.errors import AlreadyRunningError, LocalServersError
from config.local.identity import ServerUser, give, may_enter

SERVICES = "services.json"
LOCK = "lock"
PLACE = "place_of_data"
CLUSTERS = "postgres-*"
POLL_SECONDS = 0.1


def write_private(path: Path, text: str, user: ServerUser | None = None) -> None:
    """Write a file that only its owner can read, at no moment half of it."""
    side = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(side, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    give(side, user)
    side.replace(path)


def kept_secret(path: Path) -> str:
    """Return the secret of this file, drawn at the first call."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24))
    return path.read_text().strip()


class StateFolder:
    """`.vigil`, held by one supervisor at a time."""

    def __init__(self, path: Path, user: ServerUser | None) -> None:
        path.mkdir(parents=True, exist_ok=True)
        # Others may pass through to what is theirs (the servers' user to its data), and list nothing.
        path.chmod(0o711)
        self.path = path.resolve()
        self.user = user
        self.lock = -1

    @property
    def data(self) -> Path:
        """Where the servers keep their files: here, or under /var/lib where their user cannot come here.

        What was decided at the first start holds: a folder on the way that is closed or opened later must not
        make the next start find nothing and begin anew elsewhere.
        """
        reachable = may_enter(self.path, self.user)
        if any(self.path.glob(CLUSTERS)):
            if not reachable and self.user:
                raise LocalServersError(
                    f"The data are in {self.path}, where the user {self.user.name}, who runs the servers, no longer "
                    "comes: let others pass again (chmod o+x) through every folder on the way."
                )
            return self.path
        if reachable and not (self.path / PLACE).exists():
            return self.path
        # Named by a word drawn here, not by the path: without this folder nothing leads to old data by accident.
        elsewhere = REACHABLE_ROOT / f"{self.path.parent.name}-{kept_secret(self.path / PLACE)[:8]}"
        elsewhere.mkdir(parents=True, exist_ok=True)
        return elsewhere

    def hold(self, *, patience: float = 15.0) -> None:
        """Take the lock; the servers inherit it, so it stays taken until the last of them has gone.

        After a kill -9 of the supervisor the servers need a moment to shut down: hence `patience`.
        """
        lock = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + patience
        while not _locked(lock):
            if self._supervisor_lives() or time.monotonic() > deadline:
                os.close(lock)
                raise AlreadyRunningError(self._says_where())
            time.sleep(POLL_SECONDS)
        os.ftruncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        self.lock = lock

    def let_go(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            (self.path / SERVICES).unlink()
        if self.lock >= 0:
            os.ftruncate(self.lock, 0)
            os.close(self.lock)
            self.lock = -1

    def announce(self, services: dict[str, str]) -> None:
        """Tell other terminals (`manage.py shell`) where the servers listen."""
        write_private(self.path / SERVICES, json.dumps(services, indent=1))

    def _supervisor_lives(self) -> bool:
        try:
            os.kill(int((self.path / LOCK).read_text()), 0)
        except (ValueError, OSError):
            return False
        return True

    def _says_where(self) -> str:
        try:
            web = json.loads((self.path / SERVICES).read_text()).get("WEB", "")
        except (OSError, ValueError):
            web = ""
        where = f"It listens on {web}." if web else "It is still starting or stopping."
        return f"Vigil already runs from {self.path.parent}. {where} Stop it with Ctrl-C in its terminal."


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def free_port(wanted: int = 0, *, tries: int = 1) -> int:
    """Return the first free port of 127.0.0.1 from `wanted` on; 0 lets the system choose."""
    for port in range(wanted, wanted + tries):
        with socket.socket() as probe:
            # As servers do: a port in TIME_WAIT after a restart counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise LocalServersError(f"No free port from {wanted} to {wanted + tries - 1}: choose another with --port.")
