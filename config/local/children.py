"""One child process of the supervisor: started tethered, its lines prefixed, stopped politely and then not."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.local.identity import ServerUser
from config.local.tether import HAS_PDEATHSIG, Guard, die_with_parent

TAIL_LINES = 30


class Log:
    """One readable log of all children: whole lines, each under the name of who wrote it."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._lock = threading.Lock()
        self._quiet = quiet

    def write(self, name: str, line: str) -> None:
        if self._quiet:
            return
        with self._lock, contextlib.suppress(OSError):  # the terminal may be gone
            sys.stdout.write(f"{name:<8} | {line}\n")
            sys.stdout.flush()


@dataclass
class Child:
    """A program to run. `abandon` is the signal it gets from the system when the supervisor was killed."""

    name: str
    command: Sequence[str]
    log: Log
    env: Mapping[str, str]
    stop_with: signal.Signals = signal.SIGTERM
    abandon: signal.Signals = signal.SIGTERM
    patience: float = 10.0  # seconds from the request to stop until it is killed
    user: ServerUser | None = None
    cwd: Path | None = None
    keep_open: tuple[int, ...] = ()  # descriptors it inherits: the lock of the state folder
    mute: re.Pattern[str] | None = None  # everyday lines, kept for the tail and not shown
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL_LINES))
    _process: subprocess.Popen[str] | None = None
    _reader: threading.Thread | None = None
    _guard: Guard | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=dict(self.env),
            cwd=self.cwd,
            pass_fds=self.keep_open,
            # Ctrl-C at the terminal must reach the supervisor only: it stops the others in order.
            start_new_session=True,
            user=self.user.uid if self.user else None,
            group=self.user.gid if self.user else None,
            extra_groups=[] if self.user else None,
            preexec_fn=die_with_parent(self.abandon),  # noqa: PLW1509  a child does nothing else before its program
        )
        if not HAS_PDEATHSIG:
            self._guard = Guard(self._process.pid, self.abandon)
        self._reader = threading.Thread(target=self._read, args=(self._process,), name=f"log-{self.name}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs, and before it was started."""
        return self._process.poll() if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it and its own children at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, wait `patience` seconds, then kill what is left of it."""
        if self._process is None:
            return
        if self.running:
            self.signal(self.stop_with)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self.patience)
        self.kill()
        self.reap()

    def reap(self) -> None:
        """Collect an ended child: its last lines, its pipe, its guard."""
        if self._process is None:
            return
        self._process.wait()
        if self._reader is not None:
            self._reader.join(timeout=2)
        if self._guard is not None:
            self._guard.release()
            self._guard = None

    def _read(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for raw in lines:
                line = raw.rstrip()
                self.tail.append(line)
                if self.mute is None or not self.mute.match(line):
                    self.log.write(self.name, line)
