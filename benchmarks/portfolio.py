"""Time of the portfolio over HTTP on the real server, beside an empty page of the same size from the same server.

    python -m benchmarks.portfolio [--accounts 10000] [--seconds 30]

Starts a throw-away PostgreSQL and Valkey unless DATABASE_URL and REDIS_URL name others, works in a database of its own,
judges a portfolio whose accounts have few facts (pages read stored results), and starts the web server as
`manage.py up` does. Targets (issue 4): 50 rows out of 10,000 accounts, one client: at most 30 times the empty page;
20 readers, each asking every 2 s: 95 of 100 answers within 150 ms. Every reader sees all accounts.
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

from accounts_app.models import Role, User  # noqa: E402
from benchmarks.grown import Size, grow  # noqa: E402
from benchmarks.nights import night  # noqa: E402
from config.local.tether import die_with_parent  # noqa: E402
from tests.integration.signals.conftest import give_past  # noqa: E402
from tests.integration.signals.portfolio import DAY  # noqa: E402
from tests.worker import CeleryWorker, environment_of_test_database  # noqa: E402

TIMES_EMPTY, P95_MS = 30.0, 150.0
READERS, EVERY_SECONDS = 20, 2.0
ONE_BY_ONE = 60
PATIENCE_SECONDS = 60.0
PORTFOLIO, EMPTY_PAGE = "/", "/keys/"


def make_portfolio_judged(accounts: int) -> User:
    """Few facts an account, all of them judged by a worker, and somebody who sees all accounts."""
    give_past(grow(Size(accounts, orders=24, interactions=12, incidents=3, days=400)))
    worker = CeleryWorker(log=Path(tempfile.mkdtemp()) / "worker.log", concurrency=2)
    worker.start()
    try:
        night(DAY, worker)
    finally:
        worker.kill()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return User.objects.create(email="reader@example.com", name="Reader", role=Role.ADMINISTRATOR)


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
    command += ["--log-level", "warning", "--no-control-socket"]
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


def one_client(reader: Reader, length: int) -> tuple[list[float], list[float]]:
    """The two in turns, so that a busy moment of the machine meets both; the first few bring all into memory."""
    pairs = [
        (reader.get(PORTFOLIO)[0], reader.get(EMPTY_PAGE, padded_to=length)[0]) for _time in range(ONE_BY_ONE + 10)
    ][10:]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def many_readers(port: int, session: str, seconds: float) -> list[float]:
    """Each asks every two seconds, beginning at a moment of its own."""
    dice = random.Random(7)
    starts = [dice.uniform(0, EVERY_SECONDS) for _reader in range(READERS)]

    def ask(start: float) -> list[float]:
        reader, begun, times = Reader(port, session), time.monotonic() + start, []
        for turn in range(round(seconds / EVERY_SECONDS)):
            time.sleep(max(0.0, begun + turn * EVERY_SECONDS - time.monotonic()))
            times.append(reader.get(PORTFOLIO)[0])
        return times

    with ThreadPoolExecutor(READERS) as pool:
        return [one for times in pool.map(ask, starts) for one in times]


def p95(values: list[float]) -> float:
    return sorted(values)[round(0.95 * (len(values) - 1))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long the 20 readers ask")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    client = Client()
    client.force_login(make_portfolio_judged(options.accounts))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    with served() as port:
        length = Reader(port, session).wait_until_served()
        alone, empty = one_client(Reader(port, session), length)
        times = many_readers(port, session, options.seconds)
    ratio = statistics.median(alone) / statistics.median(empty)
    cores, today = os.cpu_count(), dt.datetime.now(dt.UTC).date()
    print(f"portfolio, {today}: {options.accounts} accounts, {length} bytes, {cores} cores")
    print(f"  one client: median {statistics.median(alone):.1f} ms, {ratio:.1f} empty pages   (target {TIMES_EMPTY:g})")
    print(f"  empty page of the same size: median {statistics.median(empty):.1f} ms")
    told = f"p95 {p95(times):.1f} ms, median {statistics.median(times):.1f} ms"
    print(f"  {READERS} readers: {told}   (target {P95_MS:g} ms)")
    return 0 if ratio <= TIMES_EMPTY and p95(times) < P95_MS else 1


if __name__ == "__main__":
    sys.exit(main())
