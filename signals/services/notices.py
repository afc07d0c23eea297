"""What a run says of the portfolio as a whole: orders missing, owners who log nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.db.models import Count

from accounts_app.models import Account, Feed, FeedKind, QuietPeriod
from signals.compute.base import lookup
from signals.compute.portfolio_guard import WEEKS_OF_A_YEAR, judge_week
from signals.fact_blocks import kept_orders
from signals.models import Reading, Run

Notice = dict[str, Any]
Counts = npt.NDArray[np.int64]
ORDERS_MISSING, OWNER_SILENT = "orders_missing", "owner_silent"

WEEKS = WEEKS_OF_A_YEAR + 2
DAYS_OF_WEEK = 7
# A week with more closed days than this tells nothing of the orders.
MOST_QUIET_DAYS = 2


def of_run(run: Run) -> list[Notice]:
    """Everything to be said of this run, the gravest first."""
    [missing] = orders_missing([run.business_date])
    return [*missing, *_silent_owners(run)]


def orders_missing(days: Sequence[dt.date]) -> list[list[Notice]]:
    """Of each day whether so few orders came in from all accounts together that data must be missing.

    Then nothing alarms. The orders are gone through once, however many days are asked about.
    """
    return [_missing(day, counts) for day, counts in zip(days, _order_days(days), strict=True)]


def _missing(as_of: dt.date, order_days: Counts) -> list[Notice]:
    verdict = judge_week(order_days, _quiet_weeks(as_of, len(order_days)))
    figures = {"seen": verdict.seen, "expected": verdict.expected, "until": as_of.isoformat()}
    return [{"kind": ORDERS_MISSING, **figures}] if verdict.missing else []


def _order_days(days: Sequence[dt.date]) -> list[Counts]:
    """Order days of all accounts together by week, the oldest first, without the weeks before the first order."""
    accounts = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    feeds = [_complete_to(day) for day in days]
    counts = [np.zeros(WEEKS, dtype=np.int64) for _day in days]
    for orders in kept_orders(accounts):
        for n, day in enumerate(days):
            counts[n] += _weeks(orders, feeds[n], day)
    return [counted[int(counted.nonzero()[0].max(initial=0)) :: -1] for counted in counts]


def _complete_to(as_of: dt.date) -> pd.Series:
    """The day to which each feed's orders are known; without the late ones, of which another notice tells."""
    kinds = FeedKind.objects.filter(source="orders").values_list("feed", "complete_to", "expected_days")
    days = {
        feed: pd.Timestamp(min(complete_to or as_of, as_of))
        for feed, complete_to, expected in kinds
        if complete_to is None or complete_to >= as_of - 2 * dt.timedelta(days=expected)
    }
    unknown = set(Feed.objects.values_list("pk", flat=True)) - {feed for feed, *_rest in kinds}
    return pd.Series(days | dict.fromkeys(unknown, pd.Timestamp(as_of)), dtype="datetime64[s]")


def _weeks(orders: pd.DataFrame, feeds: pd.Series, as_of: dt.date) -> Counts:
    """Order days by the number of weeks before the day to which the feed is complete."""
    day = pd.Timestamp(as_of)
    recent = orders[orders["day"] > day - pd.Timedelta(days=WEEKS * DAYS_OF_WEEK)]
    until = lookup(feeds, recent["feed_id"])
    seen = recent[(recent["amount"] > 0) & (recent["known_on"] <= day) & (recent["day"] <= until)]
    weeks = ((until.loc[seen.index] - seen["day"]).dt.days // DAYS_OF_WEEK).to_numpy()
    days = pd.DataFrame({"account_id": seen["account_id"], "day": seen["day"], "week": weeks}).drop_duplicates()
    return np.bincount(days["week"], minlength=WEEKS)[:WEEKS].astype(np.int64)


def _quiet_weeks(as_of: dt.date, count: int) -> npt.NDArray[np.bool_]:
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
