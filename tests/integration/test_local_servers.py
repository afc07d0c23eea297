"""The embedded servers themselves: what survives a kill -9, and what is refused."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
import redis

from config.local import postgres, valkey
from config.local.children import Child, Log
from config.local.errors import LocalServersError
from config.local.identity import server_user
from config.local.state import StateFolder
from tests.servers import folder_for_servers


class Started(NamedTuple):
    child: Child
    url: str


@pytest.fixture
def folder() -> Iterator[Path]:
    with folder_for_servers() as path:
        yield StateFolder(path, server_user()).path


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[[], Started]]:
    children: list[Child] = []

    def start() -> Started:
        child, url = postgres.start(folder, secret=folder / "password", log=Log(quiet=True), user=server_user())
        children.append(child)
        return Started(child, url)

    yield start
    for child in children:
        child.stop()


def killed(child: Child) -> None:
    os.kill(child.pid, signal.SIGKILL)
    child.reap()


def test_committed_rows_survive_a_kill(start: Callable[[], Started]) -> None:
    first = start()
    with psycopg.connect(first.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    killed(first.child)
    with psycopg.connect(start().url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_pid_file_that_names_a_stranger_does_not_keep_it_from_starting(
    start: Callable[[], Started], folder: Path
) -> None:
    first = start()
    first.child.stop()
    cluster = next(folder.glob("postgres-*"))
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster}\n0\n1\n\n127.0.0.1\n0 0\nready\n")
    with psycopg.connect(start().url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_wrong_password_is_refused_and_only_the_own_machine_is_listened_to(start: Callable[[], Started]) -> None:
    url = start().url
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace("vigil:", "vigil:not-", 1))
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)


def test_letters_beyond_ascii_have_their_capitals(start: Callable[[], Started]) -> None:
    with psycopg.connect(start().url) as connection:
        assert connection.execute("SELECT upper('jäger'), lower('ÄRGER')").fetchone() == ("JÄGER", "ärger")


def test_environment_of_the_shell_does_not_redirect_it(
    start: Callable[[], Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGPORT", "1")
    assert start().child.running


def test_data_of_another_version_are_not_passed_over_in_silence(start: Callable[[], Started], folder: Path) -> None:
    (folder / "postgres-12").mkdir()
    with pytest.raises(LocalServersError, match=r"postgres-12.*dump"):
        start()


def test_half_made_cluster_leaves_nothing_behind(
    start: Callable[[], Started], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(postgres, "OWNER", "pg_reserved")  # initdb refuses names that begin with pg_
        with pytest.raises(LocalServersError, match="initdb failed"):
            start()
    assert [path.name for path in folder.iterdir()] == ["password"]
    assert start().child.running


def test_valkey_asks_for_its_password_and_keeps_queues_under_pressure(folder: Path) -> None:
    child, url = valkey.start(folder, log=Log(quiet=True), user=server_user())
    try:
        with contextlib.closing(redis.Redis.from_url(url)) as client:
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "volatile-lru"}
            assert client.config_get("appendonly") == {"appendonly": "yes"}
        stranger = url.split("@", 1)[1]
        without_password = contextlib.closing(redis.Redis.from_url(f"redis://{stranger}"))
        with without_password as client, pytest.raises(redis.AuthenticationError):
            client.ping()
        assert (folder / "valkey" / "valkey.conf").stat().st_mode & 0o777 == 0o600
    finally:
        child.stop()


def test_valkey_keeps_what_was_queued_over_a_kill(folder: Path) -> None:
    for expected in (1, 2):
        child, url = valkey.start(folder, log=Log(quiet=True), user=server_user())
        with contextlib.closing(redis.Redis.from_url(url)) as client:
            assert client.rpush("queue", "message") == expected
            # appendfsync is everysec, but written to the file at once: that is what a kill of the process leaves.
        killed(child)


def test_lost_password_is_told_and_leaves_no_server_running(start: Callable[[], Started], folder: Path) -> None:
    start().child.stop()
    (folder / "password").unlink()
    with pytest.raises(LocalServersError, match="password authentication failed"):
        start()
    assert not (next(folder.glob("postgres-*")) / "postmaster.pid").exists()
