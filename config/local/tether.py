"""Ties a child to its supervisor: when that is killed, by whatever signal, its children go too.

On Linux the kernel does it (PR_SET_PDEATHSIG, which holds for the thread that started the child: start children from
the main thread). Elsewhere a small guard process waits for the end of a pipe that only the supervisor holds open.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
HAS_PDEATHSIG = sys.platform == "linux"
# Loaded before any fork: between fork and exec nothing may be imported.
_LIBC = ctypes.CDLL(None, use_errno=True) if HAS_PDEATHSIG else None


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a new child runs before its program, or None where the system has no such call."""
    if _LIBC is None:
        return None
    libc, supervisor = _LIBC, os.getpid()

    def ask_kernel() -> None:
        # Runs after the switch of user, which would clear the request again.
        libc.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != supervisor:  # it died between fork and here
            os._exit(1)

    return ask_kernel


class Guard:
    """Sends `number` to the process group of `pid` once this process is gone, unless released before."""

    def __init__(self, pid: int, number: signal.Signals) -> None:
        command = [sys.executable, "-S", __file__, str(pid), str(int(number))]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, start_new_session=True, cwd=Path(__file__).anchor
        )

    def release(self) -> None:
        self._process.communicate(b"released")


def _wait_and_signal(pid: int, number: int) -> None:
    if not sys.stdin.buffer.read():
        os.killpg(pid, number)


if __name__ == "__main__":
    _wait_and_signal(int(sys.argv[1]), int(sys.argv[2]))
