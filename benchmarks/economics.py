"""The time of the pages about economics and contracts over HTTP on the real server.

    python -m benchmarks.economics [--accounts 500] [--orders 120]

Starts a throw-away PostgreSQL and Valkey unless DATABASE_URL and REDIS_URL name others and works in a database of its
own; standings are written as a night would, without judging. Target (issue 6): 500 accounts and 12 quarters within
150 ms for 95 of 100 answers, one reader who sees all accounts. With 10,000 accounts the pages are to stay usable.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time

from benchmarks.cadence import judge_all, measured
from benchmarks.portfolio import Reader, p95, served  # first: it sets up Django

# isort: split
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts_app.models import Account, Contract, Feed, Order, Role, User
from benchmarks.grown import Size, grow
from cadence.models import RevenueMonth
from cadence.services.quarters import refresh_quarters
from tests.integration.signals.portfolio import DAY

P95_MS = 150.0
DAYS = 12 * 91
PAGES = (
    "/economics/",
    "/economics/concentration/",
    "/economics/concentration/curve/",
    "/economics/changes/",
    "/contracts/",
    "/contracts/?view=months",
)


def make(accounts: int, orders: int) -> User:
    grow(Size(accounts, orders=orders, interactions=1, incidents=1, days=DAYS))
    judge_all()
    feed = Feed.objects.get(name="vigil")
    Contract.objects.bulk_create(
        [
            Contract(
                account=account,
                feed=feed,
                external_key=f"k{n}",
                number=f"K-{n}",
                starts_on=DAY - dt.timedelta(days=300),
                ends_on=DAY + dt.timedelta(days=n * 7 % 700),
                notice_days=(0, 30, 90)[n % 3],
                no_cause=n % 11 == 0,
                auto_renews=n % 2 == 0,
                renewal_months=12 if n % 2 == 0 else None,
                annual_value=1000 + n,
                reporting_annual_value=1000 + n,
                currency="EUR",
            )
            for n, account in enumerate(Account.objects.order_by("pk").iterator())
        ],
        batch_size=1000,
    )
    return User.objects.create(email="reader@example.com", name="Reader", role=Role.ADMINISTRATOR)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=500)
    parser.add_argument("--orders", type=int, default=120, help="of each account")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    user = make(options.accounts, options.orders)
    begun = time.perf_counter()
    while refresh_quarters():
        pass
    seconds = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(user)
    print(f"economics: {Account.objects.count()} accounts, {Order.objects.count()} orders, {os.cpu_count()} cores")
    print(f"  quarters and months counted in {seconds:.1f} s, {RevenueMonth.objects.count()} months")
    worst = 0.0
    with served() as port:
        reader = Reader(port, client.cookies[settings.SESSION_COOKIE_NAME].value)
        reader.wait_until_served()
        for address in PAGES:
            times = measured(reader, address)
            worst = max(worst, p95(times))
            said = f"p95 {p95(times):.1f} ms, median {statistics.median(times):.1f} ms"
            print(f"  {address}: {said}   (target {P95_MS:g})")
    return 0 if worst < P95_MS else 1


if __name__ == "__main__":
    sys.exit(main())
