"""Time and memory of a nightly run by a real worker, beside an ADBC read of the same facts in the same run.

    python -m benchmarks.nightly_run [--accounts 2000] [--orders 250]

Starts a throw-away PostgreSQL and Valkey unless DATABASE_URL and REDIS_URL name others, and works in a database of its
own. Target (issue 2): 2,000 accounts with 500,000 orders in under 60 s on two cores, each worker process under 512 MB.
"""

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import django
import psutil

# The servers start when these settings are read, and models can be imported only then.
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection  # noqa: E402

from accounts_app.models import Order  # noqa: E402
from signals.facts import read_facts  # noqa: E402
from signals.models import Run  # noqa: E402
from signals.services import runs  # noqa: E402
from tests.integration.signals.conftest import give_past  # noqa: E402
from tests.integration.signals.portfolio import DAY, make_portfolio  # noqa: E402
from tests.worker import CeleryWorker  # noqa: E402

SECONDS, BYTES = 60.0, 512e6
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 1800.0


@dataclass(frozen=True)
class Result:
    """What one run took: wall-clock seconds, the read beside it, and the largest worker process."""

    orders: int
    run_seconds: float
    read_seconds: float
    peak_bytes: int

    @property
    def within_target(self) -> bool:
        return self.run_seconds < SECONDS and self.peak_bytes < BYTES


def measure(accounts: int, orders: int) -> Result:
    """Make the portfolio, let one worker with two processes do the whole run, and read the same facts once."""
    ids = make_portfolio(accounts=accounts, orders=orders, contacts=40)
    give_past(ids)  # else the filling of the history would begin beside it
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    begun = time.perf_counter()
    read_facts(ids)
    read_seconds = time.perf_counter() - begun
    worker = CeleryWorker(log=Path(tempfile.mkdtemp()) / "worker.log", concurrency=2)
    worker.start()
    try:
        begun = time.perf_counter()
        peak = watch(runs.request_explicit(DAY).pk, worker.pid)
        return Result(Order.objects.count(), time.perf_counter() - begun, read_seconds, peak)
    finally:
        worker.kill()


def watch(run_id: int, worker: int) -> int:
    """Wait for the end of the run; return the most resident bytes any one process of the worker had."""
    peak, deadline = 0, time.monotonic() + PATIENCE_SECONDS
    while Run.objects.unfinished().filter(pk=run_id).exists():
        if time.monotonic() > deadline:
            raise TimeoutError("the run did not end")
        peak = max(peak, *(process.memory_info().rss for process in family(worker)))
        time.sleep(POLL_SECONDS)
    if Run.objects.get(pk=run_id).state != Run.State.DONE:
        raise RuntimeError("the run is incomplete")
    return peak


def family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=2000)
    parser.add_argument("--orders", type=int, default=250, help="about that many for each account")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    result = measure(options.accounts, options.orders)
    today = dt.datetime.now(dt.UTC).date()
    print(f"nightly run, {today}: {options.accounts} accounts, {result.orders} orders, {os.cpu_count()} cores")
    print(f"  run        {result.run_seconds:6.1f} s   (target {SECONDS:.0f} s)")
    ratio = result.run_seconds / result.read_seconds
    print(f"  ADBC read  {result.read_seconds:6.1f} s   the run takes {ratio:.1f} times that")
    print(f"  largest worker process {result.peak_bytes / 1e6:.0f} MB   (target {BYTES / 1e6:.0f} MB)")
    return 0 if result.within_target else 1


if __name__ == "__main__":
    sys.exit(main())
