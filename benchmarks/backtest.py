"""Time of a backtest by a real worker, beside one ADBC read of the same facts in the same run.

    python -m benchmarks.backtest [--accounts 500] [--weeks 104]

All signals, refitted every 13 weeks, over made accounts with 500 orders, 100 interactions and 50 incidents each. Starts
a throw-away PostgreSQL and Valkey unless DATABASE_URL and REDIS_URL name others, and works in a database of its own.
Target (issue 4): 104 weeks over 500 accounts in under 3 minutes on two cores.
"""

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from pathlib import Path

import django

# The servers start when these settings are read, and models can be imported only then.
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection  # noqa: E402

from benchmarks.grown import Size, grow  # noqa: E402
from benchmarks.nightly_run import watch  # noqa: E402
from signals.facts import read_facts  # noqa: E402
from signals.models import BacktestFigures, BacktestResult  # noqa: E402
from signals.services import backtest, backtest_figures  # noqa: E402
from tests.integration.signals.portfolio import DAY  # noqa: E402
from tests.worker import CeleryWorker  # noqa: E402

SECONDS = 180.0


def replayed(weeks: int) -> tuple[BacktestResult, float, int]:
    """Let one worker with two processes do it; the result, how long it took, and the largest process in bytes."""
    worker = CeleryWorker(log=Path(tempfile.mkdtemp()) / "worker.log", concurrency=2)
    worker.start()
    try:
        begun = time.perf_counter()
        span = backtest.Span(DAY - dt.timedelta(weeks=weeks - 1), DAY, backtest.WEEK)
        result = backtest.request(span, by=None, today=DAY)
        peak = watch(result.run_id, worker.pid)
        return result, time.perf_counter() - begun, peak
    finally:
        worker.kill()


def added_up(result: BacktestResult, ids: list[int]) -> float:
    """Seconds to add up all accounts, as for the first reader who sees this set of them."""
    BacktestFigures.objects.filter(result=result).delete()
    begun = time.perf_counter()
    backtest_figures.keep(result, ids)
    return time.perf_counter() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=500)
    parser.add_argument("--weeks", type=int, default=104)
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    ids = grow(Size(options.accounts))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    begun = time.perf_counter()
    facts = read_facts(ids)
    read = time.perf_counter() - begun
    result, seconds, peak = replayed(options.weeks)
    print(f"backtest, {dt.datetime.now(dt.UTC).date()}: {options.accounts} accounts, {len(facts.orders)} orders, "
          f"{options.weeks} weeks, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print(f"  backtest   {seconds:6.1f} s   (target {SECONDS:.0f} s)")
    print(f"  ADBC read  {read:6.2f} s   the backtest takes {seconds / read:.0f} times that")
    print(f"  adding up  {added_up(result, ids):6.2f} s   for the first reader of a set of accounts")
    print(f"  largest worker process {peak / 1e6:.0f} MB")
    return 0 if seconds < SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
