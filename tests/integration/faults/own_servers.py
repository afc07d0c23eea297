"""A PostgreSQL and a Valkey as `manage.py up` starts them, for tests that kill them: the neighbours keep theirs."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from celery import Celery
from django.db import connection
from django.test import override_settings

from config.celery import app
from config.local import postgres, valkey
from config.local.binaries import find_postgres
from config.local.children import Child, Log
from config.local.identity import server_user
from config.local.state import StateFolder
from tests.servers import folder_for_servers
from tests.worker import environment_of_test_database

START_SECONDS = 60.0


@dataclass
class OwnServers:
    database: Child
    database_url: str
    queue: Child
    queue_url: str

    def kill_queue(self) -> None:
        """Kill -9, then a start at the same place."""
        start_anew(self.queue, signal.SIGKILL, self._queue_answers)

    def restart_database(self) -> None:
        """What `pg_ctl restart -m immediate` does: every session is cut off, what was not committed is gone."""
        connection.close()
        start_anew(self.database, signal.SIGQUIT, self._database_answers)

    def _queue_answers(self) -> bool:
        try:
            with closing(redis.Redis.from_url(self.queue_url)) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def _database_answers(self) -> bool:
        try:
            psycopg.connect(self.database_url).close()
        except psycopg.OperationalError:
            return False
        return True


def start_anew(server: Child, how: signal.Signals, answers: Callable[[], bool]) -> None:
    before = server.pid
    server.signal(how)
    server.reap()
    assert not answers()
    server.start()
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        assert server.running, "\n".join(server.tail)
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert server.pid != before


@contextmanager
def started() -> Iterator[OwnServers]:
    log, user = Log(quiet=True), server_user()
    with ExitStack() as stack:
        folder = StateFolder(stack.enter_context(folder_for_servers()), user).path
        database, database_url = postgres.start(folder, secret=folder / "database_password", log=log, user=user)
        stack.callback(database.stop)
        queue, queue_url = valkey.start(folder, log=log, user=user)
        stack.callback(queue.stop)
        copy_test_database(database_url)
        yield OwnServers(database, database_url, queue, queue_url)


def copy_test_database(url: str) -> None:
    """Quicker than all migrations, and the rows every installation begins with come along."""
    programs = find_postgres(server_user()).folder
    source = environment_of_test_database()["DATABASE_URL"]
    dump = subprocess.run([programs / "pg_dump", "--no-owner", source], stdout=subprocess.PIPE, check=True)
    said = ("--quiet", "--no-psqlrc", "--output", os.devnull, "--set", "ON_ERROR_STOP=1", url)
    load = [str(programs / "psql"), *said]
    subprocess.run(load, input=dump.stdout, check=True)


@contextmanager
def redirected(servers: OwnServers) -> Iterator[None]:
    """Let Django and Celery, here and in child processes, work on these servers, over a pool as in production."""
    parts = urlsplit(servers.database_url)
    place = {"HOST": parts.hostname, "PORT": parts.port, "USER": parts.username, "PASSWORD": parts.password}
    with pytest.MonkeyPatch.context() as patch, override_settings(CELERY_BROKER_URL=servers.queue_url):
        connection.close()
        for name, value in {**place, "NAME": parts.path.removeprefix("/")}.items():
            patch.setitem(connection.settings_dict, name, value)
        for name, value in (("DATABASE_URL", servers.database_url), ("REDIS_URL", servers.queue_url)):
            patch.setenv(name, value)
        patch.setenv("VIGIL_DATABASE_POOL", "1")
        with Celery("own servers") as sender:  # makes itself the current one
            sender.config_from_object("django.conf:settings", namespace="CELERY")
            try:
                yield
            finally:
                app.set_current()
                connection.close()
