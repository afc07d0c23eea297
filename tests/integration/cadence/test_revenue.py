"""What accounts ordered by month, and between any two days."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Order
from cadence.models import RevenueMonth
from cadence.services.quarters import refresh_quarters
from cadence.services.revenue import count_months, known_from, revenue_between
from signals.models import Standing
from tests.factories import AccountFactory, FeedFactory, OrderFactory
from tests.factories.judgement import judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]


def ordered(account: Account, day: dt.date, amount: int, feed: str = "erp") -> Order:
    made: Order = OrderFactory(
        account=account, ordered_on=day, amount=Decimal(amount), feed=FeedFactory(name=feed, title=feed)
    )
    return made


def months(account: Account) -> list[tuple[object, ...]]:
    rows = RevenueMonth.objects.filter(account=account).order_by("begins_on")
    return list(rows.values_list("begins_on", "revenue", "orders"))


def test_a_month_holds_its_first_and_its_last_day_and_credit_notes() -> None:
    account = AccountFactory()
    for day, amount in ((dt.date(2024, 2, 1), 100), (dt.date(2024, 2, 29), 10), (dt.date(2024, 3, 1), 1)):
        ordered(account, day, amount)
    ordered(account, dt.date(2024, 3, 31), -5)
    count_months([account.pk])
    assert months(account) == [(dt.date(2024, 2, 1), 110, 2), (dt.date(2024, 3, 1), -4, 2)]


def test_counted_twice_the_rows_are_the_same_and_what_is_gone_goes() -> None:
    account, other = AccountFactory(), AccountFactory()
    gone = ordered(account, dt.date(2026, 1, 5), 100)
    corrected = ordered(account, dt.date(2026, 2, 5), 100)
    ordered(other, dt.date(2026, 1, 5), 7)
    count_months([account.pk, other.pk])
    first = list(RevenueMonth.objects.order_by("pk").values())
    count_months([account.pk, other.pk])
    assert list(RevenueMonth.objects.order_by("pk").values()) == first
    gone.delete()
    Order.objects.filter(pk=corrected.pk).update(reporting_amount=Decimal("99.50"))
    count_months([account.pk])
    assert months(account) == [(dt.date(2026, 2, 1), Decimal("99.50"), 1)]
    assert months(other) == [(dt.date(2026, 1, 1), 7, 1)]


def test_a_late_order_is_counted_after_the_next_judgement() -> None:
    account = AccountFactory()
    ordered(account, dt.date(2026, 5, 5), 100)
    judged(account)
    assert refresh_quarters() == 1
    ordered(account, dt.date(2023, 5, 5), 40)  # late by years: as far back as orders go
    assert refresh_quarters() == 0
    Standing.objects.filter(account=account).update(computed_at=dt.datetime(2026, 6, 30, 9, tzinfo=dt.UTC))
    assert refresh_quarters() == 1
    assert months(account) == [(dt.date(2023, 5, 1), 40, 1), (dt.date(2026, 5, 1), 100, 1)]


SPANS = [
    (dt.date(2025, 6, 15), dt.date(2026, 6, 15)),
    (dt.date(2025, 6, 1), dt.date(2026, 6, 1)),
    (dt.date(2026, 3, 5), dt.date(2026, 3, 20)),
    (dt.date(2026, 3, 1), dt.date(2026, 3, 20)),
    (dt.date(2026, 3, 5), dt.date(2026, 4, 1)),
    (dt.date(2025, 12, 31), dt.date(2026, 1, 2)),
    (dt.date(2026, 3, 5), dt.date(2026, 3, 5)),
]


@pytest.mark.parametrize(("begin", "end"), SPANS)
def test_between_two_days_every_order_counts_once(begin: dt.date, end: dt.date) -> None:
    """A power of two a day: the sum says which days were counted, and none twice."""
    account = AccountFactory()
    days = {day + dt.timedelta(days=shift) for span in SPANS for day in span for shift in (-1, 0, 1)} | {
        dt.date(2026, 1, 31),
        dt.date(2025, 12, 1),
    }
    worth = {day: 2**n for n, day in enumerate(sorted(days))}
    for day, amount in worth.items():
        ordered(account, day, amount)
    count_months([account.pk])
    expected = sum(amount for day, amount in worth.items() if begin <= day < end)
    assert revenue_between([account.pk], begin, end).get(account.pk, 0) == expected


def test_the_sum_is_one_query_whatever_the_number_of_accounts() -> None:
    accounts = [AccountFactory() for _number in range(3)]
    for account in accounts:
        ordered(account, dt.date(2026, 5, 5), 10)
    count_months([one.pk for one in accounts])
    with CaptureQueriesContext(connection) as seen:
        found = revenue_between([one.pk for one in accounts], dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    assert len(seen) == 1
    assert found == {one.pk: Decimal(10) for one in accounts}
    assert revenue_between(Account.objects.filter(pk=accounts[0].pk), dt.date(2026, 1, 1), dt.date(2027, 1, 1)) == {
        accounts[0].pk: 10
    }


def test_before_the_first_order_of_its_feed_an_account_is_unknown() -> None:
    """Two companies merged: the second feed begins two years later, and says nothing of the time before."""
    first, merged, both, silent = (AccountFactory() for _number in range(4))
    ordered(first, dt.date(2023, 1, 10), 1, "erp")
    ordered(merged, dt.date(2025, 9, 1), 1, "second")
    ordered(both, dt.date(2025, 4, 1), 1, "second")
    ordered(both, dt.date(2026, 4, 1), 1, "erp")
    everybody = [first.pk, merged.pk, both.pk, silent.pk]
    begin = dt.date(2025, 7, 1)
    assert known_from(everybody, begin) == {}
    count_months(everybody)
    beginning, second = dt.date(2023, 1, 1), dt.date(2025, 4, 1)
    assert known_from(everybody, begin) == {
        first.pk: beginning,
        merged.pk: second,
        both.pk: beginning,
        silent.pk: beginning,
    }


@pytest.mark.parametrize(
    ("begin", "since"),
    [
        (dt.date(2024, 3, 1), dt.date(2024, 3, 12)),  # eleven days of the sum are unknown
        (dt.date(2024, 3, 4), dt.date(2024, 3, 12)),
        (dt.date(2024, 3, 5), dt.date(2024, 3, 1)),  # a week without an order is none without a feed
        (dt.date(2024, 3, 31), dt.date(2024, 3, 1)),
        (dt.date(2024, 4, 1), dt.date(2024, 3, 1)),
    ],
)
def test_in_the_first_month_of_a_feed_its_first_order_tells(begin: dt.date, since: dt.date) -> None:
    account, other = AccountFactory(), AccountFactory()
    ordered(account, dt.date(2024, 3, 20), 1)
    ordered(other, dt.date(2024, 3, 12), 1)
    ordered(account, dt.date(2024, 3, 2), 1, "second")
    count_months([account.pk, other.pk])
    assert known_from([other.pk], begin) == {other.pk: since}


def test_a_month_that_does_not_begin_on_its_first_is_refused() -> None:
    values = {"account": AccountFactory(), "feed": FeedFactory(), "revenue": 1}
    RevenueMonth.objects.create(begins_on=dt.date(2026, 1, 1), orders=1, **values)
    for wrong in ({"begins_on": dt.date(2026, 2, 2), "orders": 1}, {"begins_on": dt.date(2026, 2, 1), "orders": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RevenueMonth.objects.create(**(values | wrong))
