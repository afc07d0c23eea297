"""Starts servers, then the programs on them; restarts a program that dies, ends when a server does, stops in order."""

import signal
import time
import urllib.error
import urllib.request
from collections import defaultdict
from types import FrameType

from config.local.children import Child, Log
from config.local.errors import LocalServersError, ServerDiedError

RESTARTS_PER_MINUTE = 3
TICK_SECONDS = 0.2
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):  # noqa: N818  not an error: the person pressed Ctrl-C
    """Somebody asked for the end while something was still starting."""


class Supervisor:
    """Holds the children in the order they were started; to be used from the main thread (config/local/tether.py)."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.servers: list[Child] = []
        self.programs: list[Child] = []
        self._stop_requests = 0
        self._deaths: defaultdict[str, list[float]] = defaultdict(list)

    def listen(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def start(self, program: Child) -> None:
        self._raise_if_stopping()
        program.start()
        self.programs.append(program)

    def run_to_end(self, program: Child) -> int:
        """Run a program that is meant to end (migrate, load the demo) and return its exit code."""
        self._raise_if_stopping()
        program.start()
        try:
            while program.running:
                self._tick()
        finally:
            program.stop()
        return program.returncode or 0

    def wait_for(self, url: str, *, seconds: float) -> None:
        """Return when `url` answers at all; a refusal of the request is an answer too."""
        deadline = time.monotonic() + seconds
        while not _answers(url):
            self._tick()
            self._look_after_programs()
            if time.monotonic() > deadline:
                raise LocalServersError(f"{url} did not answer within {seconds:.0f} s; the lines above say why.")

    def watch(self) -> None:
        """Keep everything running until somebody asks for the end, which returns normally."""
        try:
            while True:
                self._tick()
                self._look_after_programs()
        except StopRequested:
            return

    def stop(self) -> None:
        """Stop the programs, last started first, then the servers. A second Ctrl-C kills what is left."""
        for child in [*reversed(self.programs), *reversed(self.servers)]:
            if child.running:
                self.log.write("vigil", f"stopping {child.name}")
            child.stop()

    def _tick(self) -> None:
        time.sleep(TICK_SECONDS)
        self._raise_if_stopping()
        for server in self.servers:
            if not server.running:
                server.reap()
                tail = "\n".join(server.tail)
                raise ServerDiedError(
                    f"The {server.name} ended by itself ({server.returncode}). Its last lines:\n{tail}"
                )

    def _raise_if_stopping(self) -> None:
        if self._stop_requests:
            raise StopRequested

    def _look_after_programs(self) -> None:
        for program in self.programs:
            if not program.running:
                self._restart(program)

    def _restart(self, program: Child) -> None:
        now = time.monotonic()
        deaths = self._deaths[program.name]
        deaths[:] = [*(moment for moment in deaths if now - moment < 60), now]  # a minute
        code = program.returncode
        program.stop()
        if len(deaths) > RESTARTS_PER_MINUTE:
            raise LocalServersError(f"{program.name} ended {len(deaths)} times within a minute ({code}); giving up.")
        self.log.write("vigil", f"{program.name} ended by itself ({code}), starting it again")
        program.start()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_requests += 1
        if self._stop_requests > 1:
            for child in [*self.programs, *self.servers]:
                if child.running:
                    child.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own http address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
