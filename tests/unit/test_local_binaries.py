"""Where the servers' programs are found, and what is said when there are none."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from config.local import binaries
from config.local.errors import MissingBinaryError
from config.local.identity import ServerUser

STRANGER = ServerUser(name="stranger", uid=54321, gid=54321)


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))


def test_wheels_bring_both_servers() -> None:
    found = binaries.find_postgres(None)
    assert found.major >= 18
    assert Path(found.initdb).exists()
    assert Path(binaries.find_valkey(None)).exists()


@pytest.mark.usefixtures("nothing_installed")
def test_missing_postgres_names_the_variable() -> None:
    with pytest.raises(MissingBinaryError, match="DATABASE_URL"):
        binaries.find_postgres(None)


@pytest.mark.usefixtures("nothing_installed")
def test_missing_valkey_names_the_variable() -> None:
    with pytest.raises(MissingBinaryError, match="REDIS_URL"):
        binaries.find_valkey(None)


def test_system_redis_serves_without_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/redis-server" if name == "redis-server" else None)
    assert binaries.find_valkey(None) == "/usr/bin/redis-server"


def test_unreachable_programs_are_copied_once_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "REACHABLE_ROOT", tmp_path / "reachable")
    monkeypatch.setattr(binaries, "may_enter", lambda folder, user: False)
    found = binaries.find_postgres(STRANGER)
    assert tmp_path in Path(found.postgres).parents
    assert found.major >= 18  # it ran from there, with the libraries it brought
    before = Path(found.postgres).stat().st_ino
    assert Path(binaries.find_postgres(STRANGER).postgres).stat().st_ino == before
    copies = list((tmp_path / "reachable" / "programs").iterdir())
    assert [copy.name.split("-")[0] for copy in copies] == ["embedded"]
