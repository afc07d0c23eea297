"""Rows become frames: the same frame whichever way they are read, and only what the signals may count."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from accounts_app.models import (
    Account,
    AccountKey,
    Colleague,
    Company,
    Contact,
    Feed,
    FeedKind,
    Incident,
    IncidentPause,
    Interaction,
    Order,
    Ownership,
    QuietPeriod,
    Tier,
    User,
)
from signals import facts
from signals.compute.columns import COLUMNS, day_number
from signals.compute.open_time import open_time
from signals.compute.owners import owners_on
from signals.facts import read_facts
from tests.factories import ContactFactory, IncidentFactory, LinkFactory
from tests.integration.signals.portfolio import DAY, make_company, make_portfolio

EARLIER = DAY - dt.timedelta(days=30)


@pytest.fixture
def account(db: None) -> Account:
    (pk,) = make_portfolio(accounts=1, orders=0, contacts=0)
    return Account.objects.get(pk=pk)


def add_order(account: Account, feed: Feed, key: str, day: dt.date = DAY, amount: str = "10.00") -> Order:
    return Order.objects.create(
        account=account,
        feed=feed,
        external_key=key,
        number=key,
        ordered_on=day,
        known_on=day,
        amount=amount,
        currency="EUR",
        reporting_amount=amount,
    )


def add_interaction(account: Account, key: str, **values: object) -> Interaction:
    given = {"happened_on": DAY, "happened_known_on": DAY, "known_on": DAY} | values
    return Interaction.objects.create(account=account, feed=Feed.objects.get(name="erp"), external_key=key, **given)


def test_both_ways_of_reading_give_the_same_frames(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = make_portfolio(accounts=12, orders=20, contacts=5)
    Contact.objects.filter(account=ids[0], left_on=None).update(name="Zoë “Z” Müller", since=EARLIER)
    in_rows = read_facts(ids)
    monkeypatch.setattr(facts, "BULK_ACCOUNTS", 1)
    in_columns = read_facts(ids)
    assert len(in_columns.orders) > 100
    for name in COLUMNS:
        pd.testing.assert_frame_equal(getattr(in_rows, name), getattr(in_columns, name))


@pytest.mark.parametrize("bulk", [1, 1000])
def test_no_rows_still_give_every_column(transactional_db: None, monkeypatch: pytest.MonkeyPatch, bulk: int) -> None:
    make_company()
    monkeypatch.setattr(facts, "BULK_ACCOUNTS", bulk)
    account = Account.objects.create(name="Bare", tier_id=_tier())
    read = read_facts([account.pk])
    assert read.accounts.index.tolist() == [account.pk]
    assert read.orders.empty
    assert read.freshness.empty


def _tier() -> int:
    make_company()
    return int(Tier.objects.values_list("pk", flat=True)[0])


def test_money_keeps_its_cents_and_its_sign(account: Account) -> None:
    erp = Feed.objects.get(name="erp")
    add_order(account, erp, "a", amount="1234567.89")
    add_order(account, erp, "b", amount="-0.01")
    assert read_facts([account.pk]).orders["amount"].tolist() == [1234567.89, -0.01]


def test_only_done_interactions_count_from_the_day_they_were_known(account: Account) -> None:
    add_interaction(account, "planned", state="planned", planned_on=DAY, happened_on=None, happened_known_on=None)
    add_interaction(account, "attempted", state="attempted")
    add_interaction(account, "done", state="done", happened_on=EARLIER, known_on=EARLIER, happened_known_on=DAY)
    met = read_facts([account.pk]).interactions
    assert met["day"].tolist() == [pd.Timestamp(EARLIER)]
    assert met["known_on"].tolist() == [pd.Timestamp(DAY)]


def test_attendance_has_a_row_for_each_contact_and_colleague(account: Account) -> None:
    erp = Feed.objects.get(name="erp")
    interaction = add_interaction(account, "met")
    contacts = list(account.contacts.order_by("pk")[:2])
    interaction.contacts.set(contacts)
    assert read_facts([account.pk]).attendance["colleague_id"].isna().tolist() == [True, True]
    colleagues = [Colleague.objects.create(feed=erp, external_key=name, name=name) for name in ("A", "B")]
    interaction.colleagues.set(colleagues)
    rows = read_facts([account.pk]).attendance
    assert list(zip(rows["contact_id"], rows["colleague_id"], strict=True)) == [
        (contact.pk, colleague.pk) for contact in contacts for colleague in colleagues
    ]


def test_an_accounts_own_interval_goes_before_its_tiers(account: Account) -> None:
    assert read_facts([account.pk]).accounts.loc[account.pk, "ideal_days"] == account.tier.ideal_days
    Account.objects.filter(pk=account.pk).update(own_ideal_days=7, own_max_days=9, own_interval_reason="asked for")
    own = read_facts([account.pk]).accounts.loc[account.pk]
    assert (own["ideal_days"], own["max_days"]) == (7, 9)


def test_a_feed_concerns_accounts_it_names_or_has_rows_of(account: Account) -> None:
    """A feed's rows may name accounts by another feed's keys: then only its rows tell that it concerns them."""
    shop, tickets = Feed.objects.create(name="shop"), Feed.objects.create(name="tickets")
    for feed, source in ((shop, "orders"), (tickets, "orders"), (tickets, "contacts")):
        FeedKind.objects.create(feed=feed, source=source, complete_to=EARLIER)
    assert "orders" not in set(read_facts([account.pk]).freshness["source"])
    add_order(account, shop, "by rows")
    AccountKey.objects.create(feed=tickets, key="K1", account=account)
    fresh = read_facts([account.pk]).freshness
    assert sorted(fresh.loc[fresh["complete_to"] == pd.Timestamp(EARLIER), "source"]) == [
        "contacts",
        "orders",
        "orders",
    ]


def test_quiet_periods_of_the_company_and_the_account_are_read_and_of_no_other(account: Account) -> None:
    other = Account.objects.create(name="Other", tier=account.tier)
    erp = Feed.objects.get(name="erp")
    for key, of in (("company", None), ("own", account), ("foreign", other)):
        QuietPeriod.objects.create(feed=erp, external_key=key, account=of, from_day=EARLIER, until_day=DAY, reason=key)
    assert sorted(read_facts([account.pk]).quiet["reason"]) == ["company", "own"]


def test_an_incident_counts_on_the_companys_day_not_on_utcs(account: Account) -> None:
    Company.objects.update(time_zone="Pacific/Auckland")
    late = dt.datetime.combine(EARLIER, dt.time(20), tzinfo=dt.UTC)
    Incident.objects.create(
        account=account,
        feed=Feed.objects.get(name="erp"),
        external_key="i",
        number="1",
        title="t",
        kind="delivery",
        severity="minor",
        opened_at=late,
        known_on=EARLIER,
    )
    assert read_facts([account.pk]).incidents["day"].tolist() == [pd.Timestamp(EARLIER + dt.timedelta(days=1))]


class TestOwnersOn:
    """Who answered for the account on a day, by what was known that day."""

    @pytest.fixture
    def users(self, db: None) -> list[User]:
        return [User.objects.create(email=f"{name}@example.com", name=name) for name in ("old", "new")]

    def owner(self, account: Account, day: dt.date) -> float:
        facts = read_facts([account.pk])
        now = replace(facts, accounts=facts.accounts.assign(owner_id=99.0))
        return float(owners_on(now, day).loc[account.pk])

    def record(self, account: Account, user: User, key: str, **days: object) -> None:
        feed = Feed.objects.get(name="erp")
        Ownership.objects.create(account=account, user=user, feed=feed, external_key=key, **days)

    def test_without_a_record_it_is_who_does_now(self, account: Account) -> None:
        assert self.owner(account, DAY) == 99

    def test_a_change_counts_from_the_day_it_was_known(self, account: Account, users: list[User]) -> None:
        change, learnt = DAY - dt.timedelta(days=20), DAY - dt.timedelta(days=10)
        self.record(account, users[0], "1", from_day=dt.date(2020, 1, 1), until_day=change, until_known_on=learnt)
        self.record(account, users[1], "2", from_day=change, known_on=learnt)
        assert self.owner(account, learnt - dt.timedelta(days=1)) == users[0].pk
        assert self.owner(account, learnt) == users[1].pk

    def test_after_an_end_without_successor_nobody_does(self, account: Account, users: list[User]) -> None:
        self.record(account, users[0], "1", from_day=dt.date(2020, 1, 1), until_day=EARLIER, until_known_on=EARLIER)
        assert self.owner(account, EARLIER - dt.timedelta(days=1)) == users[0].pk
        assert pd.isna(self.owner(account, EARLIER))


def test_incidents_are_read_with_the_clock_of_their_pages(account: Account) -> None:
    """Open time less pauses, the same to the second as `Incident.with_clock`, also across a change of the clocks."""
    Company.objects.update(time_zone="Europe/Berlin")
    opened = dt.datetime(2026, 3, 27, 9, 30, tzinfo=dt.UTC)
    incident = IncidentFactory(
        account=account,
        opened_at=opened,
        resolved_at=opened + dt.timedelta(days=4, hours=5),
        resolved_known_on=dt.date(2026, 4, 1),
        known_on=dt.date(2026, 3, 27),
    )
    IncidentPause.objects.create(
        incident=incident,
        from_at=opened + dt.timedelta(hours=20),
        until_at=opened + dt.timedelta(hours=44),
        reason="waits for the customer",
    )
    read = read_facts([account.pk]).until(dt.date(2026, 5, 1))
    assert read.incidents["day"].tolist() == [pd.Timestamp("2026-03-27")]
    today = float(day_number(dt.date(2026, 5, 1)))
    (row,) = open_time(read.incidents, read.pauses, today - 180, today, today).itertuples()
    clock = Incident.objects.with_clock(dt.datetime(2026, 5, 1, tzinfo=dt.UTC)).get()
    assert row.days == pytest.approx(vars(clock)["running"] / dt.timedelta(days=1), abs=1e-9)
    assert row.closed == 1


def test_links_and_announced_leavings_are_read(account: Account) -> None:
    contact = ContactFactory(account=account, leaving_on=DAY, leaving_known_on=EARLIER)
    link = LinkFactory(contact=contact, known_on=EARLIER, strength=3)
    read = read_facts([account.pk])
    assert read.links[["contact_id", "colleague_id", "strength"]].to_numpy().tolist() == [
        [contact.pk, link.colleague_id, 3]
    ]
    assert read.colleagues["colleague_id"].tolist() == [link.colleague_id]
    told = read.contacts.set_index("contact_id").loc[contact.pk]
    assert (told["leaving_on"], told["leaving_known_on"]) == (pd.Timestamp(DAY), pd.Timestamp(EARLIER))
