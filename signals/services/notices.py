"""What a run says of the portfolio as a whole: orders missing, owners who log nothing."""

import datetime as dt
from collections import Counter
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Count

from accounts_app.models import QuietPeriod
from signals.compute.portfolio_guard import WEEKS_OF_A_YEAR, judge_week
from signals.models import Reading, Run

Notice = dict[str, Any]
ORDERS_MISSING, OWNER_SILENT = "orders_missing", "owner_silent"

WEEKS = WEEKS_OF_A_YEAR + 2
DAYS_OF_WEEK = 7
# A week with more closed days than this tells nothing of the orders.
MOST_QUIET_DAYS = 2

# Weeks count back from the day to which each feed is complete; a late feed is said by itself and left out here.
ORDER_DAYS = """
    SELECT (LEAST(%(as_of)s, COALESCE(k.complete_to, %(as_of)s)) - o.ordered_on) / 7 AS weeks_ago,
           COUNT(DISTINCT (o.account_id, o.ordered_on))
    FROM accounts_app_order o LEFT JOIN accounts_app_feedkind k ON k.feed_id = o.feed_id AND k.source = 'orders'
    WHERE o.amount > 0 AND o.known_on <= %(as_of)s
      AND (k.complete_to IS NULL OR k.complete_to >= %(as_of)s - 2 * k.expected_days)
      AND o.ordered_on <= LEAST(%(as_of)s, COALESCE(k.complete_to, %(as_of)s))
      AND o.ordered_on > %(as_of)s - %(span)s
    GROUP BY 1"""


def of_run(run: Run) -> list[Notice]:
    """Everything to be said of this run, the gravest first."""
    return [*orders_missing(run.business_date), *_silent_owners(run)]


def orders_missing(as_of: dt.date) -> list[Notice]:
    """Whether so few orders came in from all accounts together that data must be missing; then nothing alarms."""
    order_days = _order_days(as_of)
    verdict = judge_week(order_days, _quiet_weeks(as_of, len(order_days)))
    figures = {"seen": verdict.seen, "expected": verdict.expected, "until": as_of.isoformat()}
    return [{"kind": ORDERS_MISSING, **figures}] if verdict.missing else []


def _order_days(as_of: dt.date) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Order days of all accounts together by week, the oldest first, without the weeks before the first order."""
    with connection.cursor() as cursor:
        cursor.execute(ORDER_DAYS, {"as_of": as_of, "span": WEEKS * DAYS_OF_WEEK})
        counts = {int(week): int(count) for week, count in cursor.fetchall() if week < WEEKS}
    oldest = max(counts, default=0)
    return np.array([counts.get(week, 0) for week in range(oldest, -1, -1)], dtype=np.int64)


def _quiet_weeks(as_of: dt.date, count: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    closed = {
        period.from_day + dt.timedelta(days=n)
        for period in QuietPeriod.objects.filter(account=None, country="", known_on__lte=as_of)
        for n in range((period.until_day - period.from_day).days + 1)
    }
    days = Counter((as_of - day).days // DAYS_OF_WEEK for day in closed)
    return np.array([days[week] > MOST_QUIET_DAYS for week in range(count - 1, -1, -1)])


def _silent_owners(run: Run) -> list[Notice]:
    """One notice for the leader in place of an alert for each account of somebody who logs nothing."""
    silent = Reading.objects.filter(signal="silence", as_of=run.business_date, details__reason=OWNER_SILENT)
    counted = silent.values("details__owner_id", "details__owner_last_logged_on").annotate(accounts=Count("pk"))
    return [
        {
            "kind": OWNER_SILENT,
            "owner_id": int(row["details__owner_id"]),
            "since": row["details__owner_last_logged_on"],
            "accounts": row["accounts"],
        }
        for row in counted.order_by("details__owner_id")
    ]
