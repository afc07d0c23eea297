"""`manage.py up` as a person meets it: one installation from its first start to its last Ctrl-C."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.local.children import Log
from config.local.servers import start_servers
from config.local.state import StateFolder, free_port
from config.local.supervisor import Supervisor
from tests.servers import folder_for_servers

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 240.0


class Installation:
    """`manage.py up` in a state folder of its own, as from a fresh shell."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.with_name("log")
        given = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
        own = {name: value for name, value in os.environ.items() if name not in given and not name.startswith("VIGIL_")}
        self.env = {**own, "VIGIL_STATE_DIR": str(folder)}
        self.process: subprocess.Popen[bytes] | None = None

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, env=self.env, cwd=PROJECT, capture_output=True, text=True, check=False)

    def start(self) -> str:
        """Start it and return the address it prints when it is ready."""
        command = [sys.executable, "manage.py", "up", "--no-demo", "--port", str(free_port())]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=self.env, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        return self.says(r"Vigil is ready: (http://127\.0\.0\.1:\d+/)")

    def says(self, pattern: str) -> str:
        """Wait for a line of its log and return what the pattern picks from it."""
        until(lambda: re.search(pattern, self.log.read_text()) is not None or self.ended)
        found = re.findall(pattern, self.log.read_text())
        assert found, self.log.read_text()
        return str(found[0])

    @property
    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def everybody(self) -> dict[int, str]:
        """All descendants of the supervisor, with their command lines, whole however narrow the terminal is."""
        assert self.process is not None
        listing = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(None, 2) for line in listing.splitlines()]
        family: dict[int, str] = {}
        wanted = {self.process.pid}
        while wanted:
            found = {int(row[0]): row[2] for row in rows if int(row[1]) in wanted and row[2] != "<defunct>"}
            family |= found
            wanted = set(found)
        return family


def until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def running(pids: set[int]) -> set[int]:
    listing = subprocess.run(["ps", "-eo", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listing.splitlines()]
    return pids & {int(pid) for pid, state in rows if not state.startswith("Z")}


@pytest.fixture
def installation() -> Iterator[Installation]:
    with folder_for_servers() as folder:
        made = Installation(folder / "state")
        yield made
        if made.process is not None and not made.ended:
            made.end(signal.SIGKILL)


@pytest.mark.timeout(600)
def test_installation_lives_through_kills_and_leaves_nothing_behind(installation: Installation) -> None:
    web = installation.start()
    with urllib.request.urlopen(web, timeout=20) as page:
        assert page.status == 200
        assert page.url.endswith("/account/login/?next=/")

    # Another terminal finds the database, and a second start is told where the first one listens.
    assert json.loads((installation.folder / "services.json").read_text())["WEB"] == web
    assert installation.manage("migrate", "--check").returncode == 0
    second = installation.manage("up", "--no-demo")
    assert second.returncode == 1
    assert f"listens on {web}" in second.stderr

    # A worker that is killed comes back. (PostgreSQL has processes called "io worker" as well.)
    worker = next(pid for pid, command in installation.everybody().items() if " worker --queues long " in command)
    os.killpg(worker, signal.SIGKILL)
    installation.says(r"long ended by itself \(-9\), starting it again")

    # Killed itself, it takes everybody along; the next start finds the same data.
    assert installation.manage("shell", "-c", MAKE_TEAM).returncode == 0
    family = set(installation.everybody())
    assert len(family) > 6
    installation.end(signal.SIGKILL)
    assert until(lambda: not running(family)), running(family)
    installation.start()
    assert installation.manage("shell", "-c", COUNT_TEAMS).stdout.strip().endswith("teams: 1")

    # Ctrl-C ends everything in order.
    family = set(installation.everybody())
    assert installation.end(signal.SIGINT) == 0
    assert not running(family)
    assert not (installation.folder / "services.json").exists()
    stopped = re.findall(r"stopping (\w+)", installation.log.read_text())
    assert stopped == ["beat", "quick", "long", "web", "queue", "database"]


MAKE_TEAM = "from accounts_app.models import Team; Team.objects.create(name='North')"
COUNT_TEAMS = "from accounts_app.models import Team; print('teams:', Team.objects.count())"


def test_servers_that_the_environment_names_are_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://vigil@db.example/vigil")
    monkeypatch.setenv("REDIS_URL", "redis://queue.example/0")
    supervisor = Supervisor(Log(quiet=True))
    assert start_servers(supervisor, StateFolder(tmp_path, None)) == {}
    assert supervisor.servers == []
