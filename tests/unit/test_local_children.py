"""Children of the supervisor: their log, their end, and that nothing outlives a killed supervisor."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from config.local import tether
from config.local.children import Child, Log

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
# A supervisor that is killed in the next moment: it tells the pids of its child and its grandchild.
SUPERVISOR = """
import sys, time
from config.local.children import Child, Log
child = Child(name="child", command=[sys.executable, "-c", "import time; time.sleep(60)"], log=Log(), env={})
child.start()
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def make_child() -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def make(code: str, **options: object) -> Child:
        command = [sys.executable, "-c", code]
        child = Child(name="child", command=command, log=Log(), env={}, **options)  # type: ignore[arg-type]
        made.append(child)
        child.start()
        return child

    yield make
    for child in made:
        child.kill()
        child.reap()


def until(condition: Callable[[], bool], *, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def alive(pid: int) -> bool:
    """Whether the process still runs; one that waits to be collected by its parent does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.strip()[:1] not in {"", "Z"}


def test_lines_carry_the_name_and_everyday_ones_stay_in_the_tail(
    make_child: Callable[..., Child], capfd: pytest.CaptureFixture[str]
) -> None:
    child = make_child("print('LOG: usual'); print('FATAL: odd')", mute=re.compile("LOG:"))
    child.reap()
    assert capfd.readouterr().out == "child    | FATAL: odd\n"
    assert list(child.tail) == ["LOG: usual", "FATAL: odd"]
    assert child.returncode == 0


def test_child_that_listens_stops_with_its_signal(make_child: Callable[..., Child]) -> None:
    child = make_child("import time; print('up', flush=True); time.sleep(60)")
    assert until(lambda: "up" in child.tail)
    child.stop()
    assert child.returncode == -signal.SIGTERM


def test_child_that_does_not_listen_is_killed_after_its_patience(make_child: Callable[..., Child]) -> None:
    child = make_child(STUBBORN, patience=0.3)
    assert until(lambda: "up" in child.tail)
    child.stop()
    assert child.returncode == -signal.SIGKILL


def test_kill_takes_grandchildren_too(make_child: Callable[..., Child]) -> None:
    child = make_child(
        "import subprocess, sys\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(inner.pid, flush=True)\n"
        "inner.wait()"
    )
    assert until(lambda: len(child.tail) == 1)
    grandchild = int(child.tail[0])
    child.kill()
    assert until(lambda: not alive(grandchild))


@pytest.mark.skipif(not tether.HAS_PDEATHSIG, reason="the kernel ties children to their parent on Linux only")
def test_child_dies_with_a_killed_supervisor() -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    with supervisor.stdout as lines:
        pid = int(lines.readline())
    assert alive(pid)
    supervisor.kill()
    supervisor.wait()
    assert until(lambda: not alive(pid))


def test_guard_ends_the_child_of_a_killed_supervisor(make_child: Callable[..., Child]) -> None:
    child = make_child("import time; time.sleep(60)")
    code = (
        "import os, signal, sys, time\n"
        "from config.local.tether import Guard\n"
        "guard = Guard(int(sys.argv[1]), signal.SIGTERM)\n"
        "print('guarding', flush=True)\n"
        "time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code, str(child.pid)], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    with supervisor.stdout as lines:
        assert lines.readline() == "guarding\n"
    assert child.running
    supervisor.kill()
    supervisor.wait()
    assert until(lambda: not child.running)


def test_released_guard_leaves_the_child_alone(make_child: Callable[..., Child]) -> None:
    child = make_child("import time; time.sleep(60)")
    guard = tether.Guard(child.pid, signal.SIGTERM)
    guard.release()
    assert child.running


def test_child_is_not_in_the_group_that_ctrl_c_reaches(make_child: Callable[..., Child]) -> None:
    child = make_child("import time; time.sleep(60)")
    assert os.getpgid(child.pid) == child.pid != os.getpgrp()
