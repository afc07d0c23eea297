"""A real Celery worker in a process of its own, on the database and the queue of the running tests."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from config.celery import app
from config.local.tether import die_with_parent

READY_SECONDS = 60.0
POLL_SECONDS = 0.05


def environment_of_test_database() -> dict[str, str]:
    """Return the environment in which a child process works on the test database, not on the one beside it."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = str(connection.settings_dict["NAME"])
    return {**os.environ, "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}


class CeleryWorker:
    """`beat`: it rings the bells of the schedule as well."""

    def __init__(self, *, log: Path, concurrency: int = 2, beat: bool = False) -> None:
        self.log = log
        self.name = f"test-{uuid.uuid4().hex[:8]}@local"
        self._concurrency = concurrency
        self._beat = ["--beat", "--schedule", str(log.with_suffix(".schedule"))] if beat else []
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and return when it takes tasks."""
        command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "config", "worker", "-n", self.name]
        command += [
            "--concurrency",
            str(self._concurrency),
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
            *self._beat,
        ]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                env=environment_of_test_database(),
                cwd=Path(__file__).resolve().parent.parent,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509  nothing of a killed session may go on working
            )
        self._wait_until_ready()

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the worker was not started")
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it and its pool as `kill -9` does, in the middle of whatever it works on."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self, *, patience: float = 30.0) -> None:
        """Let it finish what it works on, then end it."""
        if self.running:
            os.kill(self.pid, signal.SIGTERM)
        if self._process is not None:
            self._process.wait(patience)

    @staticmethod
    def forget_messages(broker: str) -> None:
        """Empty the queues, so that no test works off what another one sent."""
        with app.connection_for_write(broker) as link:
            for queue in app.amqp.queues.values():
                queue.bind(link.default_channel).declare()
                queue.bind(link.default_channel).purge()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            text = self.log.read_text(errors="replace")
            if f"{self.name} ready." in text:
                return
            if not self.running:
                break
            time.sleep(POLL_SECONDS)
        self.kill()
        raise RuntimeError("the Celery worker did not become ready:\n" + self.log.read_text(errors="replace"))
