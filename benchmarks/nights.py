"""Time of a full night, of one after little changed and of one over a longer past, beside a read of the same facts.

    python -m benchmarks.nights                    2,000 accounts with a million orders, about 5 minutes
    python -m benchmarks.nights --accounts 10000   the size of the target, about half an hour

Starts a throw-away PostgreSQL and Valkey unless DATABASE_URL and REDIS_URL name others, and works in a database of its
own. A worker with two processes does every night. Targets (issue 4), over 10,000 accounts with 5 million orders, a
million interactions and 500,000 incidents: a full night, nothing packed yet, at most 10 times an ADBC read of the same
facts, under 2 minutes, each process under 1 GB; a night after 1 % of the accounts changed at most 0.6 of it, reading at
most 5 % of the rows; a night over twice the history, nothing changed, at most 1.2 times as long; cost by accounts (a
fifth of them to twice as many) with an exponent of at most 1.1.
"""

import argparse
import datetime as dt
import math
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import django

# The servers start when these settings are read, and models can be imported only then.
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection  # noqa: E402

from benchmarks.grown import Size, grow  # noqa: E402
from benchmarks.nightly_run import watch  # noqa: E402
from signals.facts import read_tables  # noqa: E402
from signals.services import runs  # noqa: E402
from tests.integration.signals.conftest import give_past  # noqa: E402
from tests.integration.signals.portfolio import DAY  # noqa: E402
from tests.worker import CeleryWorker  # noqa: E402

FULL_SIZE = 10_000
READS, SECONDS, BYTES = 10.0, 120.0, 1e9
CHANGED, CHANGED_ROWS, CHANGED_TIME = 0.01, 0.05, 0.6
LONGER, LONGER_TIME, EXPONENT = 2, 1.2, 1.1
# The counters of a connection reach the statistics when it ends.
SETTLING_SECONDS = 2.0
FACTS = (
    "order", "orderline", "interaction", "interaction_contacts", "interaction_colleagues", "contact", "link",
    "incident", "incidentpause", "inquiry", "changeevent", "surveyanswer", "contract", "ownership",
)  # fmt: skip


@dataclass(frozen=True)
class Night:
    """Wall-clock seconds, the rows of the fact tables it touched, the most resident bytes of one process."""

    seconds: float
    rows: int
    peak: int


@dataclass(frozen=True)
class Nights:
    """What was measured of one portfolio."""

    rows: int
    read_seconds: float
    full: Night
    changed: Night
    unchanged: Night


def measure(size: Size, worker: CeleryWorker) -> Nights:
    """Make the portfolio anew and let the worker judge it on three days."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_app_account, signals_run CASCADE")
    begun = time.perf_counter()
    ids = grow(size)
    print(f"{size.accounts} accounts over {size.days} days made in {time.perf_counter() - begun:.0f} s", flush=True)
    give_past(ids)  # else the filling of the history would begin beside it
    read_seconds = read_all(ids)
    full = night(DAY, worker)
    unchanged = night(DAY + dt.timedelta(days=1), worker)
    change(ids[:: round(1 / CHANGED)])
    changed = night(DAY + dt.timedelta(days=2), worker)
    return Nights(rows_of_facts(), read_seconds, full, changed, unchanged)


def read_all(ids: list[int]) -> float:
    """Read once, to have the pages in memory, and measure the second time."""
    for _time in range(2):
        begun = time.perf_counter()
        for begin in range(0, len(ids), 1000):
            read_tables(ids[begin : begin + 1000])
        seconds = time.perf_counter() - begun
    return seconds


def change(ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_app_order SET reporting_amount = reporting_amount + 1 WHERE account_id = ANY(%s)", [ids]
        )


def night(day: dt.date, worker: CeleryWorker) -> Night:
    rows, begun = rows_touched(), time.perf_counter()
    peak = watch(runs.request_explicit(day).pk, worker.pid)
    seconds = time.perf_counter() - begun
    return Night(seconds, rows_touched() - rows, peak)


def rows_touched() -> int:
    time.sleep(SETTLING_SECONDS)
    return _of_facts("seq_tup_read + COALESCE(idx_tup_fetch, 0)")


def rows_of_facts() -> int:
    return _of_facts("n_live_tup")


def _of_facts(figure: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        names = [f"accounts_app_{name}" for name in FACTS]
        cursor.execute(f"SELECT sum({figure}) FROM pg_stat_user_tables WHERE relname = ANY(%s)", [names])
        return int(cursor.fetchone()[0])


def exponent(sizes: dict[int, float]) -> float:
    """Slope of time over accounts, both by their logarithms, from the smallest to the largest."""
    small, large = min(sizes), max(sizes)
    return math.log(sizes[large] / sizes[small]) / math.log(large / small)


def told(name: str, value: float, target: float, unit: str, *, applies: bool = True) -> bool:
    remark = "" if value <= target else "   MISSED" if applies else "   (counts at full size)"
    print(f"  {name:58} {value:8.2f} {unit:2}  target {target:g}{remark}")
    return value <= target or not applies


def told_of_nights(found: Nights, accounts: int) -> list[bool]:
    full, changed = found.full, found.changed
    print(f"{found.rows} rows of facts; read in {found.read_seconds:.1f} s")
    seconds = {"full": full, "unchanged": found.unchanged, "1 % changed": changed}
    print("  nights: " + ", ".join(f"{name} {each.seconds:.1f} s" for name, each in seconds.items()))
    at_size = accounts >= FULL_SIZE
    peak = max(full.peak, changed.peak, found.unchanged.peak)
    return [
        told("full night in reads of the same facts", full.seconds / found.read_seconds, READS, "x"),
        told("full night", full.seconds, SECONDS, "s", applies=at_size),
        told("largest process of the worker", peak / 1e6, BYTES / 1e6, "MB"),
        told("rows read after 1 % of the accounts changed", changed.rows / found.rows, CHANGED_ROWS, ""),
        told("night after 1 % changed, in full nights", changed.seconds / full.seconds, CHANGED_TIME, ""),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=2000)
    parser.add_argument("--only-nights", action="store_true", help="leave out the longer past and the other sizes")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    worker = CeleryWorker(log=Path(tempfile.mkdtemp()) / "worker.log", concurrency=2)
    worker.start()
    try:
        return 0 if all(measured(Size(options.accounts), worker, only_nights=options.only_nights)) else 1
    finally:
        worker.kill()


def measured(size: Size, worker: CeleryWorker, *, only_nights: bool) -> list[bool]:
    print(f"nights, {dt.datetime.now(dt.UTC).date()}: {size.accounts} accounts, {os.cpu_count()} cores", flush=True)
    found = measure(size, worker)
    met = told_of_nights(found, size.accounts)
    if only_nights:
        return met
    longer = measure(size.lengthened(LONGER), worker)
    met.append(
        told(
            "unchanged night over twice the history",
            longer.unchanged.seconds / found.unchanged.seconds,
            LONGER_TIME,
            "x",
        )
    )
    sizes = {n: measure(size.with_accounts(n), worker).full.seconds for n in (size.accounts // 5, size.accounts * 2)}
    return [*met, told("exponent of a full night by accounts", exponent(sizes), EXPONENT, "")]


if __name__ == "__main__":
    sys.exit(main())
