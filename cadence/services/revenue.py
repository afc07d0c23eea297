"""What accounts ordered between two days, added up from the months that are counted and the orders at both ends."""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.db.models import Min, OuterRef, QuerySet, Subquery

from accounts_app.models import Account, Feed, FeedKind, FeedSource, Order
from cadence.models import RevenueMonth

DECEMBER: Final = 12
DAY: Final = dt.timedelta(days=1)
# A list of orders from a day on need not have one on that day: holidays and weekends pass.
BEGINS_WITHIN: Final = dt.timedelta(days=7)

# Written only where something is another than it was: every night every account is counted.
COUNT: Final = """
WITH counted AS (
    SELECT account_id, feed_id, date_trunc('month', ordered_on)::date AS begins_on,
           SUM(reporting_amount) AS revenue, COUNT(*) AS orders
    FROM accounts_app_order WHERE account_id = ANY(%(ids)s) GROUP BY 1, 2, 3
), gone AS (
    DELETE FROM cadence_revenuemonth m WHERE m.account_id = ANY(%(ids)s) AND NOT EXISTS (
        SELECT FROM counted c
        WHERE c.account_id = m.account_id AND c.feed_id = m.feed_id AND c.begins_on = m.begins_on)
)
INSERT INTO cadence_revenuemonth AS m (account_id, feed_id, begins_on, revenue, orders)
SELECT account_id, feed_id, begins_on, revenue, orders FROM counted ORDER BY 1, 3, 2
ON CONFLICT (account_id, begins_on, feed_id) DO UPDATE SET revenue = EXCLUDED.revenue, orders = EXCLUDED.orders
WHERE (m.revenue, m.orders) IS DISTINCT FROM (EXCLUDED.revenue, EXCLUDED.orders)"""

# An arm for whole months, one for the days before and one for those after them; each is a walk along one index.
BETWEEN: Final = """
SELECT account_id, SUM(amount) FROM (
    SELECT account_id, revenue AS amount FROM cadence_revenuemonth
    WHERE account_id = ANY(%(ids)s) AND begins_on >= %(first)s AND begins_on < %(last)s
    UNION ALL
    SELECT account_id, reporting_amount FROM accounts_app_order
    WHERE account_id = ANY(%(ids)s) AND ordered_on >= %(from_day)s AND ordered_on < %(head_until)s
    UNION ALL
    SELECT account_id, reporting_amount FROM accounts_app_order
    WHERE account_id = ANY(%(ids)s) AND ordered_on >= %(tail_from)s AND ordered_on < %(until_day)s
) AS parts GROUP BY 1"""


def count_months(account_ids: Sequence[int]) -> None:
    """Count these accounts anew, for as far back as their orders go; done twice, the rows are the same."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"ids": list(account_ids)})


def revenue_between(
    accounts: Collection[int] | QuerySet[Account], from_day: dt.date, until_day: dt.date
) -> dict[int, Decimal]:
    """Revenue by account from a day on and before another, in the reporting currency.

    Accounts without an order in between are left out; whether theirs is nothing or unknown, `known_from` tells. Credit
    notes count against it, so that a sum may lie below zero.
    """
    ids = list(accounts.values_list("pk", flat=True)) if isinstance(accounts, QuerySet) else list(accounts)
    first, last = _next_first(from_day), until_day.replace(day=1)
    values: dict[str, Any] = {
        "ids": ids,
        "from_day": from_day,
        "first": first,
        "last": last,
        "head_until": min(first, until_day),
        "tail_from": max(last, first),
        "until_day": until_day,
    }
    with connection.cursor() as cursor:
        cursor.execute(BETWEEN, values)
        return dict(cursor.fetchall())


def known_from(accounts: Collection[int], begin: dt.date) -> dict[int, dt.date]:
    """From when on it is known what each account ordered, for sums from a day on: before, no order says nothing.

    That is the first month in which the feed that brings its orders brought any at all, for whomever; of an account
    that never ordered, the first month of any feed. Where that is the month of the day, its first order tells whether
    the feed was there then. Nothing where no order is on record.
    """
    first = RevenueMonth.objects.filter(feed=OuterRef("pk")).order_by("begins_on").values("begins_on")[:1]
    by_feed = dict(Feed.objects.annotate(first=Subquery(first)).exclude(first=None).values_list("pk", "first"))
    if not by_feed:
        return {}
    for feed, month in by_feed.items():
        if month == begin.replace(day=1):
            by_feed[feed] = _begins(feed, month, begin)
    found = dict.fromkeys(accounts, min(by_feed.values()))
    if len(by_feed) == 1:
        return found
    rows = RevenueMonth.objects.order_by().filter(account__in=list(accounts)).values_list("account", "feed").distinct()
    known: dict[int, dt.date] = {}
    for account, feed in rows:
        known[account] = min(known.get(account, by_feed[feed]), by_feed[feed])
    return found | known


def _begins(feed: int, month: dt.date, begin: dt.date) -> dt.date:
    """The first of the month where the feed brought an order by the day or soon after it, else the day it did."""
    accounts = RevenueMonth.objects.filter(feed=feed, begins_on=month).order_by().values("account")
    of_month = {"ordered_on__gte": month, "ordered_on__lt": _next_first(month + DAY)}
    found = Order.objects.filter(feed=feed, account__in=accounts, **of_month).aggregate(day=Min("ordered_on"))
    day: dt.date | None = found["day"]
    return day if day and day > begin + BEGINS_WITHIN else month


def late_since(accounts: Collection[int], today: dt.date) -> dict[int, dt.date]:
    """Accounts some of whose orders come through a feed that is late, with the day to which it is complete.

    What they ordered after that day is not known, so that a year which ends today cannot be told. A feed that never
    said how far it is complete is not late, as for the signals.
    """
    kinds = FeedKind.objects.filter(source=FeedSource.ORDERS, used=True)
    late = {kind.feed_id: kind.complete_to for kind in kinds if kind.complete_to and kind.is_stale(today)}
    if not late:
        return {}
    rows = RevenueMonth.objects.order_by().filter(account__in=list(accounts), feed__in=late)
    found: dict[int, dt.date] = {}
    for account, feed in rows.values_list("account", "feed").distinct():
        found[account] = min(found.get(account, late[feed]), late[feed])
    return found


def _next_first(day: dt.date) -> dt.date:
    """The first of a month on or after a day."""
    if day.day == 1:
        return day
    return dt.date(day.year + day.month // DECEMBER, day.month % DECEMBER + 1, 1)
