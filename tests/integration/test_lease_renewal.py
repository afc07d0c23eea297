"""The thread behind every lease: what goes wrong once is tried again, over a connection of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

import psycopg
import pytest
from django.db import InterfaceError, connection

from accounts_app.services.lease_renewal import LeaseRenewal

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 30


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@contextmanager
def renewed(renew: object) -> Iterator[None]:
    renewal = LeaseRenewal(renew, every=0.01, of="a test")  # type: ignore[arg-type]
    try:
        yield
    finally:
        renewal.end()


def test_a_connection_that_breaks_is_opened_anew() -> None:
    seen: Queue[int] = Queue()
    with renewed(lambda: seen.put(backend())), connection.cursor() as cursor:
        first = seen.get(timeout=SECONDS)
        assert first != backend()
        cursor.execute("SELECT pg_terminate_backend(%s)", [first])
        while seen.get(timeout=SECONDS) == first:
            pass
    assert backend() != first


@pytest.mark.parametrize("error", [InterfaceError, psycopg.OperationalError, KeyError])
def test_no_failure_ends_it(error: type[Exception], caplog: pytest.LogCaptureFixture) -> None:
    """Those of Django, of the driver beneath it (which refuses to cancel a statement), and any other."""
    went_on: Queue[int] = Queue()
    failures = [error("away")]

    def renew() -> None:
        if failures:
            raise failures.pop()
        went_on.put(1)

    with renewed(renew):
        went_on.get(timeout=SECONDS)
    assert [line.startswith("The lease of a test was not renewed") for line in caplog.messages] == [True]


def test_once_ended_nothing_is_renewed_and_its_connection_is_closed() -> None:
    used, seen = set[object](), Queue[int]()

    def renew() -> None:
        seen.put(backend())
        used.add(connection.connection.pgconn)

    with renewed(renew):
        seen.get(timeout=SECONDS)
        seen.get(timeout=SECONDS)
    last = seen.qsize()
    assert [one.status for one in used] == [psycopg.pq.ConnStatus.BAD]  # type: ignore[attr-defined]
    assert seen.qsize() == last
