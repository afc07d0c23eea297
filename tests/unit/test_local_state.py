"""The state folder of the embedded servers: its secrets, its lock, where data go that their user could not reach."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.local import state as state_module
from config.local.errors import AlreadyRunningError, LocalServersError
from config.local.identity import ServerUser, may_enter
from config.local.state import StateFolder, free_port, kept_secret, write_private

STRANGER = ServerUser(name="stranger", uid=54321, gid=54321)


def test_secret_is_drawn_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "password"
    first = kept_secret(path)
    assert len(first) >= 24
    assert kept_secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600


def test_private_file_replaces_a_readable_one(tmp_path: Path) -> None:
    path = tmp_path / "services.json"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_second_start_is_refused_and_told_the_address(tmp_path: Path) -> None:
    first = StateFolder(tmp_path / "state", None)
    first.hold()
    first.announce({"WEB": "http://127.0.0.1:8123/"})
    with pytest.raises(AlreadyRunningError, match=r"listens on http://127\.0\.0\.1:8123/"):
        StateFolder(tmp_path / "state", None).hold()
    first.let_go()
    StateFolder(tmp_path / "state", None).hold(patience=0)


def test_lock_of_servers_that_outlive_a_killed_supervisor_is_waited_for(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    first = StateFolder(tmp_path / "state", None)
    first.hold()
    # What a kill -9 leaves: the number of a dead supervisor, and a server that still holds the lock.
    (first.path / "lock").write_text(str(dead.pid))
    server = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[first.lock])
    os.close(first.lock)
    with pytest.raises(AlreadyRunningError, match="still starting or stopping"):
        StateFolder(tmp_path / "state", None).hold(patience=0.3)
    server.communicate(b"\n")
    StateFolder(tmp_path / "state", None).hold(patience=0)


def test_end_takes_the_addresses_away(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state", None)
    folder.hold()
    folder.announce({"DATABASE_URL": "postgresql://x"})
    assert json.loads((folder.path / "services.json").read_text()) == {"DATABASE_URL": "postgresql://x"}
    folder.let_go()
    assert not (folder.path / "services.json").exists()


@pytest.mark.parametrize(("mode", "expected"), [(0o700, False), (0o711, True), (0o755, True), (0o770, False)])
def test_stranger_enters_only_where_every_folder_lets_others_pass(tmp_path: Path, mode: int, expected: bool) -> None:
    inner = tmp_path / "home" / "project"
    inner.mkdir(parents=True)
    open_all_above(tmp_path)
    inner.parent.chmod(mode)
    inner.chmod(0o755)
    assert may_enter(inner, STRANGER) is expected
    assert may_enter(inner, None)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project, open to others; what they cannot reach goes to the folder "reachable"."""
    monkeypatch.setattr(state_module, "REACHABLE_ROOT", tmp_path / "reachable")
    open_all_above(tmp_path)
    path = tmp_path / "home"
    path.mkdir()
    path.chmod(0o755)
    return path


def test_data_go_elsewhere_when_their_user_cannot_come_here(home: Path, tmp_path: Path) -> None:
    home.chmod(0o700)
    folder = StateFolder(home / "vigil" / ".vigil", STRANGER)
    assert folder.data.parent == tmp_path / "reachable"
    assert folder.data == StateFolder(home / "vigil" / ".vigil", STRANGER).data
    assert folder.data != StateFolder(home / "other" / ".vigil", STRANGER).data


def test_data_that_went_elsewhere_are_found_there_when_the_way_is_opened(home: Path) -> None:
    home.chmod(0o700)
    before = StateFolder(home / ".vigil", STRANGER).data
    home.chmod(0o711)
    assert StateFolder(home / ".vigil", STRANGER).data == before


def test_data_whose_way_was_closed_are_not_passed_over_for_an_empty_place(home: Path) -> None:
    folder = StateFolder(home / ".vigil", STRANGER)
    (folder.data / "postgres-18").mkdir()
    home.chmod(0o700)
    with pytest.raises(LocalServersError, match=r"stranger.*chmod o\+x"):
        _ = folder.data
    home.chmod(0o711)
    assert folder.data == folder.path


def test_taken_port_is_passed_over_unless_asked_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < free_port(port, tries=20) < port + 20
        with pytest.raises(LocalServersError, match="--port"):
            free_port(port)


def open_all_above(folder: Path) -> None:
    """Pytest's own folders are closed to others; the rule under test looks at all of them."""
    for above in (folder, *folder.parents):
        if above.stat().st_uid == os.geteuid() and not above.stat().st_mode & 0o001:
            above.chmod(above.stat().st_mode | 0o001)
