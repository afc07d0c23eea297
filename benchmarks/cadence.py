"""Counting quarters for a whole portfolio, and the time of the pages about the cadence over HTTP on the real server.

    python -m benchmarks.cadence [--accounts 10000] [--interactions 100]

Starts a throw-away PostgreSQL and Valkey unless DATABASE_URL and REDIS_URL name others and works in a database of its
own; standings are written as a night would, without judging. Targets (issue 5): 10,000 accounts, 1 million
interactions: Today and Cadence within 100 ms for 95 of 100 answers, one reader who sees all accounts.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Callable

from benchmarks.portfolio import Reader, p95, served  # first: it sets up Django

# isort: split
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts_app.models import Account, Colleague, Company, Feed, Interaction, Role, User
from benchmarks.grown import Size, grow
from cadence.models import ContactQuarter
from cadence.services.quarters import refresh_quarters
from signals.models import Band, Standing
from tests.factories.judgement import finished_run
from tests.integration.signals.portfolio import DAY

P95_MS = 100.0
TIMES, WARM = 60, 5
PAGES = ("/today/?whose=all", "/cadence/?whose=all", "/cadence/?whose=all&show=review", "/cadence/capacity/")


def judge_all() -> None:
    """A standing each, the due day after the last proactive contact; bands and money spread over all."""
    run = finished_run(DAY)
    bands = (Band.AT_RISK, Band.DRIFTING, Band.UNKNOWN, Band.HEALTHY)
    Standing.objects.bulk_create(
        [
            Standing(
                account=account,
                run=run,
                ticket=run.ticket,
                as_of=DAY,
                band=bands[n % 4],
                band_rank=n % 4,
                risk=80 - 20 * (n % 4),
                probability=0.8 - 0.2 * (n % 4),
                due_on=DAY + dt.timedelta(days=n % 60 - 30),
                latest_on=DAY + dt.timedelta(days=n % 60 - 15),
                last_contact_on=DAY - dt.timedelta(days=n % 60),
                revenue_12m=n * 17 % 100_000,
            )
            for n, account in enumerate(Account.objects.order_by("pk").iterator())
        ],
        batch_size=1000,
    )


def make(accounts: int, interactions: int) -> User:
    grow(Size(accounts, orders=1, interactions=interactions, incidents=1, days=4 * 365))
    judge_all()
    own = Feed.objects.get(name="vigil")
    for user in User.objects.filter(role=Role.ACCOUNT_MANAGER):
        Colleague.objects.create(
            feed=own, external_key=f"c{user.pk}", known_on=DAY, name=user.name, user=user, hours_a_week=30
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return User.objects.create(email="reader@example.com", name="Reader", role=Role.ADMINISTRATOR)


def measured(reader: Reader, address: str, before: Callable[[], None] = lambda: None) -> list[float]:
    """Milliseconds of each answer, with something done before each of them."""
    times = []
    for _time in range(TIMES + WARM):
        before()
        times.append(reader.get(address)[0])
    return times[WARM:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--interactions", type=int, default=100, help="of each account")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    user = make(options.accounts, options.interactions)
    begun = time.perf_counter()
    counted = 0
    while more := refresh_quarters():
        counted += more
    seconds = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cadence_contactquarter")
    client = Client()
    client.force_login(user)
    today, rows = Company.the().day_of(timezone.now()), ContactQuarter.objects.count()
    print(f"cadence, {today}: {Interaction.objects.count()} interactions, {os.cpu_count()} cores")
    print(f"  quarters of {counted} accounts counted in {seconds:.1f} s, {rows} rows")
    worst = 0.0
    with served() as port:
        reader = Reader(port, client.cookies[settings.SESSION_COOKIE_NAME].value)
        reader.wait_until_served()
        for address in PAGES:
            times = measured(reader, address)
            worst = max(worst, p95(times))
            print(
                f"  {address}: p95 {p95(times):.1f} ms, median {statistics.median(times):.1f} ms   (target {P95_MS:g})"
            )
    return 0 if worst < P95_MS else 1


if __name__ == "__main__":
    sys.exit(main())
