"""What the supervisor does when a child dies, and in which order it stops them."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from config.local.children import Child, Log
from config.local.errors import LocalServersError, ServerDiedError
from config.local.supervisor import SIGNALS, StopRequested, Supervisor

SLEEP = "import time; time.sleep(60)"


def child(name: str, code: str) -> Child:
    return Child(name=name, command=[sys.executable, "-c", code], log=Log(quiet=True), env={})


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    made = Supervisor(Log())
    made.listen()
    yield made
    made.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def ctrl_c_when(condition: Callable[[], bool]) -> Iterator[None]:
    """Press Ctrl-C as soon as `condition` holds, and in any case before the test's time is up."""

    def press() -> None:
        deadline = time.monotonic() + 60
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_dead_program_is_started_again(supervisor: Supervisor) -> None:
    worker = child("worker", "import time; print('started', flush=True); time.sleep(60)")
    supervisor.start(worker)
    first = worker.pid
    while not worker.tail:
        time.sleep(0.02)
    worker.kill()
    with ctrl_c_when(lambda: len(worker.tail) == 2):
        supervisor.watch()
    assert list(worker.tail) == ["started", "started"]
    assert worker.running
    assert worker.pid != first


def test_program_that_keeps_dying_ends_it_all(supervisor: Supervisor) -> None:
    supervisor.start(child("worker", "raise SystemExit(7)"))
    with pytest.raises(LocalServersError, match=r"worker ended 4 times within a minute \(7\)"):
        supervisor.watch()


def test_dead_server_ends_it_with_its_last_lines(supervisor: Supervisor) -> None:
    server = child("database", "print('PANIC: disk full'); raise SystemExit(1)")
    server.start()
    supervisor.servers.append(server)
    supervisor.start(child("worker", SLEEP))
    with pytest.raises(ServerDiedError, match=r"(?s)database ended by itself \(1\).*PANIC: disk full"):
        supervisor.watch()


def test_ctrl_c_while_something_prepares_stops_that(supervisor: Supervisor) -> None:
    preparing = child("prepare", SLEEP)
    with ctrl_c_when(lambda: preparing.running), pytest.raises(StopRequested):
        supervisor.run_to_end(preparing)
    assert not preparing.running


def test_exit_code_of_what_prepares_is_handed_on(supervisor: Supervisor) -> None:
    assert supervisor.run_to_end(child("prepare", "raise SystemExit(3)")) == 3


def test_stop_goes_from_the_last_started_to_the_servers(
    supervisor: Supervisor, capfd: pytest.CaptureFixture[str]
) -> None:
    server = child("database", SLEEP)
    server.start()
    supervisor.servers.append(server)
    for name in ("web", "worker", "beat"):
        supervisor.start(child(name, SLEEP))
    supervisor.stop()
    stopped = [line.split()[-1] for line in capfd.readouterr().out.splitlines()]
    assert stopped == ["beat", "worker", "web", "database"]


def test_second_ctrl_c_kills_what_does_not_end(supervisor: Supervisor) -> None:
    stubborn = child(
        "worker", f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); {SLEEP}"
    )
    stubborn.patience = 60
    supervisor.start(stubborn)
    while not stubborn.tail:
        time.sleep(0.02)
    with ctrl_c_when(lambda: True):
        supervisor.watch()
    began = time.monotonic()
    with ctrl_c_when(lambda: time.monotonic() > began + 0.5):
        supervisor.stop()
    assert time.monotonic() - began < stubborn.patience / 2
    assert stubborn.returncode == -signal.SIGKILL


def test_page_that_never_answers_is_reported(supervisor: Supervisor) -> None:
    with pytest.raises(LocalServersError, match="did not answer within 0 s"):
        supervisor.wait_for("http://127.0.0.1:9/", seconds=0)
