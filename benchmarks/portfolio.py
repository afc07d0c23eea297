"""Time of the portfolio over HTTP on the real server, beside an empty page of the same size from the same server.

    python -m benchmarks.portfolio [--accounts 10000] [--seconds 60]

Starts a throw-away PostgreSQL and Valkey unless DATABASE_URL and REDIS_URL name others, works in a database of its own,
judges a portfolio whose accounts have few facts (pages read stored results), and starts the web server as
`manage.py up` does. Targets (issue 4): 50 rows out of 10,000 accounts, one client: at most 30 times the empty page;
20 readers, each asking every 2 s: 95 of 100 answers within 150 ms. The readers are 20 administrators, who see all
accounts and were here before the night, each at another moment. While nobody writes, what was read for one of them is
kept for all, what changed since the own visit for each; so both are measured also while somebody saves.
"""

import argparse
import datetime as dt
import http.client
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import django

# The servers start when these settings are read, and models can be imported only then. The web server reads the
# settings of production, with the same key, so that it knows the reader's session.
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ.setdefault("VIGIL_SECRET_KEY", "of this benchmark alone, fifty characters and a few more")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts_app.models import Account, Role, User  # noqa: E402
from benchmarks.grown import Size, grow  # noqa: E402
from benchmarks.nights import night  # noqa: E402
from config.local.tether import die_with_parent  # noqa: E402
from signals.models import PortfolioVisit  # noqa: E402
from tests.integration.signals.conftest import give_past  # noqa: E402
from tests.integration.signals.portfolio import DAY  # noqa: E402
from tests.worker import CeleryWorker, environment_of_test_database  # noqa: E402

TIMES_EMPTY, P95_MS = 30.0, 150.0
READERS, EVERY_SECONDS = 20, 2.0
ONE_BY_ONE = 60
SAVED_EVERY_SECONDS = 5.0
PATIENCE_SECONDS = 60.0
PORTFOLIO, EMPTY_PAGE = "/", "/keys/"


def make_portfolio_judged(accounts: int) -> list[User]:
    """Few facts an account, all of them judged by a worker, and people who see all accounts and were here before."""
    give_past(grow(Size(accounts, orders=24, interactions=12, incidents=3, days=400)))
    worker = CeleryWorker(log=Path(tempfile.mkdtemp()) / "worker.log", concurrency=2)
    worker.start()
    before = timezone.now()
    try:
        night(DAY, worker)
    finally:
        worker.kill()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    known = {"role": Role.ADMINISTRATOR}
    readers = User.objects.bulk_create(
        User(email=f"reader{n}@example.com", name=f"Reader {n}", **known) for n in range(READERS)
    )
    PortfolioVisit.objects.bulk_create(
        PortfolioVisit(user=reader, seen_at=timezone.now(), since_at=before - dt.timedelta(milliseconds=n))
        for n, reader in enumerate(readers)
    )
    return readers


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def save_something() -> None:
    """As somebody's change of an account does: one row, with its entry in the audit trail."""
    Account.objects.filter(pk=Account.objects.values("pk")[:1]).update(industry=f"of {time.monotonic_ns()}")


@contextmanager
def served() -> Iterator[int]:
    """Run the web server of `manage.py up` on a free port, on the database of this benchmark."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    env = {**environment_of_test_database(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    env.pop("VIGIL_DATABASE_POOL", None)
    command = [sys.executable, "-m", "gunicorn", "benchmarks.padded_server", "--bind", f"127.0.0.1:{port}"]
    command += ["--preload", "--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    command += ["--keep-alive", "130", "--log-level", "warning", "--no-control-socket"]
    process = subprocess.Popen(command, env=env, preexec_fn=die_with_parent(signal.SIGTERM))  # noqa: PLW1509  one thread so far
    try:
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


class Reader:
    """One browser: a connection that stays open, and a session."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self._headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}

    def get(self, address: str, padded_to: int = 0) -> tuple[float, int]:
        """Milliseconds until the whole answer is there, and its length."""
        begun = time.perf_counter()
        self._connection.request("GET", address, headers={**self._headers, "X-Padded-To": str(padded_to)})
        answer = self._connection.getresponse()
        length = len(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
        return (time.perf_counter() - begun) * 1000, length

    def wait_until_served(self) -> int:
        """Length of the portfolio, once the server answers."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.get(PORTFOLIO)[1]
            except ConnectionError:
                if time.monotonic() > deadline:
                    raise
                self._connection.close()
                time.sleep(0.2)


def one_client(reader: Reader, length: int) -> tuple[list[float], list[float], list[float]]:
    """The portfolio as it was, the portfolio after a save, and the empty page.

    They take turns, so that a busy moment of the machine meets all; the first few bring all into memory.
    """
    rounds = []
    for _time in range(ONE_BY_ONE + 10):
        save_something()
        anew, again = reader.get(PORTFOLIO)[0], reader.get(PORTFOLIO)[0]
        rounds.append((again, anew, reader.get(EMPTY_PAGE, padded_to=length)[0]))
    same, changed, empty = zip(*rounds[10:], strict=True)
    return list(same), list(changed), list(empty)


def many_readers(readers: list[Reader], seconds: float) -> list[float]:
    """Each asks every two seconds, beginning at a moment of its own."""
    dice = random.Random(7)
    starts = [dice.uniform(0, EVERY_SECONDS) for _reader in readers]

    def ask(reader: Reader, start: float) -> list[float]:
        begun, times = time.monotonic() + start, list[float]()
        for turn in range(round(seconds / EVERY_SECONDS)):
            time.sleep(max(0.0, begun + turn * EVERY_SECONDS - time.monotonic()))
            times.append(reader.get(PORTFOLIO)[0])
        return times

    with ThreadPoolExecutor(len(readers)) as pool:
        return [one for times in pool.map(ask, readers, starts) for one in times]


@contextmanager
def somebody_saving() -> Iterator[None]:
    """Save something every few seconds meanwhile."""
    over = threading.Event()

    def save() -> None:
        while not over.wait(SAVED_EVERY_SECONDS):
            save_something()
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(save)
        try:
            yield
        finally:
            over.set()
            work.result()


def p95(values: list[float]) -> float:
    return sorted(values)[round(0.95 * (len(values) - 1))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the 20 readers ask")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    sessions = [session_of(user) for user in make_portfolio_judged(options.accounts)]
    with served() as port:
        length = Reader(port, sessions[0]).wait_until_served()
        same, changed, empty = one_client(Reader(port, sessions[0]), length)
        readers = [Reader(port, session) for session in sessions]
        many_readers(readers, EVERY_SECONDS)  # each connection finds its process, and each reader is no stranger there
        quiet = many_readers(readers, options.seconds)
        with somebody_saving():
            busy = many_readers(readers, options.seconds)
    return report(options.accounts, length, (same, changed, empty), (quiet, busy))


def report(accounts: int, length: int, alone: tuple[list[float], ...], many: tuple[list[float], list[float]]) -> int:
    same, changed, empty = (statistics.median(times) for times in alone)
    cores, today = os.cpu_count(), dt.datetime.now(dt.UTC).date()
    print(f"portfolio, {today}: {accounts} accounts, {length} bytes, {cores} cores")
    print(f"  one client, nothing written since: median {same:.1f} ms, {same / empty:.1f} empty pages")
    told = f"median {changed:.1f} ms, {changed / empty:.1f} empty pages"
    print(f"  one client, after a save: {told}   (target {TIMES_EMPTY:g})")
    print(f"  empty page of the same size: median {empty:.1f} ms")
    for words, times in zip(("nobody writes", f"a save every {SAVED_EVERY_SECONDS:g} s"), many, strict=True):
        figures = f"p95 {p95(times):.1f} ms, median {statistics.median(times):.1f} ms"
        print(f"  {READERS} readers, {words}: {figures}   (target {P95_MS:g} ms)")
    return 0 if changed / empty <= TIMES_EMPTY and max(map(p95, many)) < P95_MS else 1


if __name__ == "__main__":
    sys.exit(main())
