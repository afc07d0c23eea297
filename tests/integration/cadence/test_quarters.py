"""Days promised and kept: against days worked by hand, and against a count in plain Python over random contacts."""

import datetime as dt
import random
from typing import Any

import pytest
import time_machine

from accounts_app.models import OWN_FEED, Account, Feed, Interaction, Ownership, User
from cadence.models import ContactQuarter
from cadence.quarter_days import quarter_of, quarters_until
from cadence.services.quarters import count_quarters, refresh_quarters
from signals.models import Standing
from tests.factories import AccountFactory, ColleagueFactory, ContactFactory, InteractionFactory, UserFactory
from tests.factories.judgement import judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
DAY = dt.timedelta(days=1)


def promised(ideal: int, longest: int, **fields: Any) -> Account:
    return AccountFactory(own_ideal_days=ideal, own_max_days=longest, own_interval_reason="agreed", **fields)


def met(
    account: Account, day: dt.date, purpose: str = "proactive", initiator: str = "us", **fields: Any
) -> Interaction:
    values = {"happened_on": day, "happened_known_on": day, "known_on": day, "purpose": purpose, "initiator": initiator}
    return InteractionFactory(account=account, **(values | {"state": "done"} | fields))


def days(account: Account, begins_on: dt.date) -> tuple[int, int]:
    row = ContactQuarter.objects.get(account=account, begins_on=begins_on)
    return row.days_promised, row.days_kept


@pytest.mark.parametrize(
    ("day", "begins_on"),
    [
        (dt.date(2024, 2, 29), dt.date(2024, 1, 1)),
        (dt.date(2026, 3, 31), dt.date(2026, 1, 1)),
        (dt.date(2026, 4, 1), dt.date(2026, 4, 1)),
        (dt.date(2026, 12, 31), dt.date(2026, 10, 1)),
    ],
)
def test_a_day_belongs_to_its_quarter(day: dt.date, begins_on: dt.date) -> None:
    assert quarter_of(day) == begins_on


def test_eight_quarters_go_back_over_two_new_years() -> None:
    found = quarters_until(dt.date(2026, 6, 30))
    assert (found[0], found[-1], len(found)) == (dt.date(2026, 4, 1), dt.date(2024, 7, 1), 8)


def test_the_longest_interval_is_kept_on_its_last_day_and_broken_on_the_next() -> None:
    account = promised(10, 20)
    met(account, dt.date(2026, 4, 1))
    count_quarters([account.pk], today=dt.date(2026, 4, 21))
    assert days(account, dt.date(2026, 4, 1)) == (21, 21)
    count_quarters([account.pk], today=dt.date(2026, 4, 22))
    assert days(account, dt.date(2026, 4, 1)) == (22, 21)


def test_a_contact_before_the_quarter_reaches_into_it() -> None:
    account = promised(30, 60)
    met(account, dt.date(2026, 3, 20))
    count_quarters([account.pk], today=dt.date(2026, 6, 30))
    # From 20 March 60 days later is 19 May: 12 days of March, then 30 of April and 19 of May, of 91.
    assert days(account, dt.date(2026, 1, 1)) == (12, 12)
    assert days(account, dt.date(2026, 4, 1)) == (91, 49)
    assert days(account, dt.date(2025, 10, 1)) == (0, 0)


def test_a_leap_day_is_a_day_more() -> None:
    account = promised(30, 200)
    met(account, dt.date(2023, 12, 31))
    count_quarters([account.pk], today=dt.date(2024, 3, 31))
    assert days(account, dt.date(2024, 1, 1)) == (91, 91)
    row = ContactQuarter.objects.get(account=account, begins_on=dt.date(2024, 1, 1))
    assert row.promised == pytest.approx(91 / 30)


def test_orders_incidents_and_their_calls_keep_nothing() -> None:
    account = promised(5, 10)
    met(account, dt.date(2026, 4, 1))
    for n in range(2, 30):
        met(account, dt.date(2026, 4, n), purpose="order")
        met(account, dt.date(2026, 4, n), initiator="them")
    met(account, dt.date(2026, 4, 15), state="attempted")
    count_quarters([account.pk], today=dt.date(2026, 4, 30))
    assert days(account, dt.date(2026, 4, 1)) == (30, 11)
    row = ContactQuarter.objects.get(account=account, begins_on=dt.date(2026, 4, 1))
    assert (row.contacts, row.proactive, row.purposes) == (57, 1, {"proactive": 29, "order": 28})


def test_the_first_contact_of_any_kind_begins_the_promise() -> None:
    """As the signal counts: the silence before the records is held against nobody."""
    account = promised(5, 10)
    met(account, dt.date(2026, 4, 11), purpose="order")
    count_quarters([account.pk], today=dt.date(2026, 4, 30))
    assert days(account, dt.date(2026, 4, 1)) == (20, 11)


def test_nothing_is_promised_without_a_contact_on_record_or_to_a_former_customer() -> None:
    silent, former = promised(5, 10), promised(5, 10, status="former")
    met(former, dt.date(2026, 4, 1))
    count_quarters(None, today=dt.date(2026, 4, 30))
    assert days(silent, dt.date(2026, 4, 1)) == days(former, dt.date(2026, 4, 1)) == (0, 0)


def test_whoever_owned_the_account_at_the_end_of_the_quarter_answers_for_it() -> None:
    before, now = UserFactory(name="Before"), UserFactory(name="Now")
    account = promised(5, 10, owner=now)
    feed = Feed.objects.get(name=OWN_FEED)
    spans: list[tuple[User, dt.date, dt.date | None]] = [
        (before, dt.date(2025, 8, 1), dt.date(2026, 4, 1)),
        (now, dt.date(2026, 4, 1), None),
    ]
    for n, (user, begin, end) in enumerate(spans):
        values = {"user": user, "from_day": begin, "until_day": end, "until_known_on": end, "known_on": begin}
        Ownership.objects.create(account=account, feed=feed, external_key=f"o{n}", **values)
    count_quarters([account.pk], today=dt.date(2026, 6, 30))
    owners = dict(ContactQuarter.objects.filter(account=account).values_list("begins_on", "owner__name"))
    assert owners[dt.date(2026, 1, 1)] == "Before"  # on 31 March, the day before the change
    assert owners[dt.date(2026, 4, 1)] == "Now"
    assert owners[dt.date(2025, 4, 1)] == "Now"  # before any record: who answers now


def test_levels_reviews_and_executives_are_told_as_they_stood() -> None:
    account = promised(30, 60)
    chief = ColleagueFactory(level="executive")
    director = ContactFactory(account=account, level="executive")
    review = met(account, dt.date(2025, 6, 30), purpose="review")
    review.contacts.add(director)
    review.colleagues.add(chief)
    count_quarters([account.pk], today=dt.date(2026, 6, 29))
    rows = {row.begins_on: row for row in ContactQuarter.objects.filter(account=account)}
    now, then = rows[dt.date(2026, 4, 1)], rows[dt.date(2025, 4, 1)]
    assert (now.levels_in_year, now.review_on, now.executive_on) == (
        ["executive"],
        review.happened_on,
        review.happened_on,
    )
    assert then.levels_in_year == ["executive"]
    assert (rows[dt.date(2025, 1, 1)].review_on, rows[dt.date(2025, 1, 1)].first_on) == (None, None)
    count_quarters([account.pk], today=dt.date(2026, 6, 30))  # a year later to the day
    assert ContactQuarter.objects.get(account=account, begins_on=dt.date(2026, 4, 1)).levels_in_year == []


def by_hand(contacts: list[tuple[dt.date, bool]], longest: int, begins_on: dt.date, today: dt.date) -> tuple[int, int]:
    """Each day by itself, the slow way."""
    first = min((day for day, _is_proactive in contacts), default=None)
    end = min(today, quarter_of(begins_on + 95 * DAY) - DAY)
    total = kept = 0
    day = begins_on
    while first is not None and day <= end:
        if day >= first:
            last = max((one for one, is_proactive in contacts if is_proactive and one <= day), default=first)
            total, kept = total + 1, kept + ((day - last).days <= longest)
        day += DAY
    return total, kept


def test_the_statement_agrees_with_a_count_of_every_day() -> None:
    dice, today, expected = random.Random(5), dt.date(2026, 5, 17), {}
    for _number in range(6):
        longest = dice.choice((1, 14, 45, 200))
        account = promised(1, longest)
        start = today - dt.timedelta(days=dice.randrange(20, 900))
        span = (today - start).days
        contacts = [(start + dt.timedelta(days=dice.randrange(span)), dice.random() < 0.4) for _n in range(12)]
        for day, is_proactive in contacts:
            met(account, day, purpose="review" if is_proactive else "incident")
        for begins_on in quarters_until(today):
            expected[account.pk, begins_on] = by_hand(contacts, longest, begins_on, today)
    count_quarters(None, today=today)
    rows = ContactQuarter.objects.values_list("account_id", "begins_on", "days_promised", "days_kept")
    assert {(key, begins_on): (total, kept) for key, begins_on, total, kept in rows} == expected


def test_counted_twice_the_rows_are_the_same_and_a_taken_back_contact_goes() -> None:
    account = promised(10, 20)
    contact = met(account, dt.date(2026, 4, 1))
    count_quarters([account.pk], today=dt.date(2026, 6, 30))
    first = list(ContactQuarter.objects.order_by("pk").values())
    count_quarters([account.pk], today=dt.date(2026, 6, 30))
    assert list(ContactQuarter.objects.order_by("pk").values()) == first
    contact.delete()
    count_quarters([account.pk], today=dt.date(2026, 6, 30))
    row = ContactQuarter.objects.get(account=account, begins_on=dt.date(2026, 4, 1))
    assert (row.days_promised, row.contacts, row.purposes, row.first_on) == (0, 0, {}, None)


@pytest.fixture
def three_judged() -> list[Account]:
    accounts = [promised(10, 20) for _number in range(3)]
    for account in accounts:
        judged(account)
    return accounts


def test_only_who_was_judged_since_is_counted_again(three_judged: list[Account]) -> None:
    assert (refresh_quarters(), refresh_quarters()) == (3, 0)
    met(three_judged[1], dt.date(2026, 6, 1))
    moment = dt.datetime(2026, 6, 30, 9, tzinfo=dt.UTC)
    Standing.objects.filter(account=three_judged[1]).update(computed_at=moment)
    assert refresh_quarters() == 1
    assert days(three_judged[1], dt.date(2026, 4, 1)) == (30, 21)


def test_a_new_quarter_is_begun_without_a_new_judgement(three_judged: list[Account]) -> None:
    refresh_quarters()
    with time_machine.travel(dt.datetime(2026, 7, 1, 0, 5, tzinfo=dt.UTC), tick=False):
        assert refresh_quarters() == 3
    assert ContactQuarter.objects.filter(begins_on=dt.date(2026, 7, 1)).count() == 3
