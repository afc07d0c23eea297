"""A night from packed facts gives what one from all rows gives, whatever was written since and whoever wrote it."""

import datetime as dt
from collections.abc import Callable, Collection

import pandas as pd
import pytest
from django.db import connection
from pandas.testing import assert_frame_equal

from accounts_app.models import (
    Account,
    Company,
    Contact,
    Feed,
    Incident,
    IncidentPause,
    Interaction,
    Link,
    Order,
    OrderLine,
)
from signals import fact_blocks
from signals.compute.columns import COLUMNS
from signals.fact_blocks import kept_facts, portfolio_facts, refresh
from signals.facts import read_facts, read_tables
from signals.models import FactBlock, FactChange, FactPart, Run
from signals.services.checksum import run_checksum
from tests.factories import ContactFactory, IncidentFactory, LinkFactory
from tests.integration.signals.portfolio import DAY

Assess = Callable[..., Run]


def check(ids: list[int]) -> None:
    """Table by table the same rows in the same order with the same dtypes."""
    kept, read = kept_facts(ids), read_facts(ids)
    for name in COLUMNS:
        assert_frame_equal(getattr(kept, name), getattr(read, name), obj=name)


@pytest.fixture
def packed(portfolio: list[int], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Blocks of four ids, all filled."""
    monkeypatch.setattr(fact_blocks, "RANGE", 4)
    for account in Account.objects.all():
        LinkFactory(contact=ContactFactory(account=account), strength=2)
        IncidentFactory(account=account)
    refresh(portfolio)
    assert FactChange.objects.count() == 0
    return portfolio


def test_packed_facts_are_those_of_the_rows(packed: list[int]) -> None:
    check(packed)
    check(packed[1:3])
    assert kept_facts([]).accounts.empty


def test_what_holds_is_not_read_again(packed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    reading = read_tables

    def watched(ids: list[int], names: Collection[str]) -> object:
        asked.extend(ids)
        return reading(ids, names)

    monkeypatch.setattr(fact_blocks, "read_tables", watched)
    Order.objects.filter(account=packed[2]).first().delete()  # type: ignore[union-attr]
    kept_facts(packed)
    assert asked == [packed[2]]


def test_the_portfolio_s_changed_accounts_are_read_at_once(packed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    for account in (packed[1], packed[-1]):
        Order.objects.filter(account=account).first().delete()  # type: ignore[union-attr]
    read = read_facts(packed)
    asked: list[list[int]] = []

    def watched(ids: list[int], *names: Collection[str]) -> object:
        asked.append(ids)
        return read_tables(ids, *names)

    monkeypatch.setattr(fact_blocks, "AT_ONCE", 3)
    monkeypatch.setattr(fact_blocks, "read_tables", watched)
    found = portfolio_facts(packed)
    assert asked == [[packed[1], packed[-1]]]
    for name in COLUMNS:
        assert_frame_equal(getattr(found, name), getattr(read, name), obj=name)


WRITES: dict[str, Callable[[Account, Account], object]] = {
    "an order is deleted": lambda one, other: one.orders.all()[0].delete(),
    "orders change in one statement": lambda one, other: one.orders.update(reporting_amount=7),
    "orders move to another account": lambda one, other: one.orders.update(account=other),
    "a line is added": lambda one, other: OrderLine.objects.create(
        order=one.orders.all()[0], position=1, product_code="a", product_group="g", amount=3
    ),
    "a contact leaves": lambda one, other: Contact.objects.filter(account=one).update(left_on=DAY, left_known_on=DAY),
    "an interaction is declared void": lambda one, other: Interaction.objects.filter(account=one).update(
        state="voided", void_reason="twice"
    ),
    "somebody attended": lambda one, other: Interaction.objects.filter(account=one)[0].contacts.add(
        Contact.objects.filter(account=one)[0]
    ),
    "a link grows stronger": lambda one, other: Link.objects.filter(contact__account=one).update(strength=3),
    "an incident pauses": lambda one, other: IncidentPause.objects.create(
        incident=Incident.objects.get(account=one), from_at=Incident.objects.get(account=one).opened_at, reason="waits"
    ),
    "an incident is deleted": lambda one, other: Incident.objects.filter(account=one).delete(),
    "the account moves abroad": lambda one, other: Account.objects.filter(pk=one.pk).update(country="AT"),
    "the account goes with all it had": lambda one, other: Account.objects.filter(pk=one.pk).delete(),
    "the clocks of the company change": lambda one, other: Company.objects.update(time_zone="Pacific/Auckland"),
    "orders come by plain SQL": lambda one, other: connection.cursor().execute(
        "INSERT INTO accounts_app_order (account_id, feed_id, external_key, number, ordered_on, known_on, amount,"
        " currency, reporting_amount) SELECT %s, %s, n, n, %s, %s, n, 'EUR', n FROM generate_series(1, 3) AS n",
        [one.pk, Feed.objects.get(name="erp").pk, DAY, DAY],
    ),
}


@pytest.mark.parametrize("what", WRITES)
def test_what_was_written_since_is_seen(packed: list[int], what: str) -> None:
    one, other = Account.objects.filter(pk__in=(packed[0], packed[-1])).order_by("pk")
    before = read_facts(packed)
    WRITES[what](one, other)
    ids = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    changed = read_facts(ids)
    assert any(not getattr(before, name).equals(getattr(changed, name)) for name in COLUMNS)
    check(ids)
    refresh(ids)
    check(ids)


def test_an_account_that_came_since_is_seen(packed: list[int]) -> None:
    tier = Account.objects.all()[0].tier
    came = Account.objects.create(name="New", tier=tier)
    ContactFactory(account=came)
    ids = [*packed, came.pk]
    refresh(packed)  # its note must outlive a refreshing that does not know it
    check(ids)
    refresh(ids)
    check(ids)


def test_a_note_made_while_a_block_is_written_stays(packed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account.objects.get(pk=packed[0])
    account.orders.all()[0].delete()
    reading = read_tables

    def and_then_written(ids: list[int], *names: Collection[str]) -> dict[str, pd.DataFrame]:
        tables = reading(ids, *names)
        account.orders.all()[0].delete()
        return tables

    monkeypatch.setattr(fact_blocks, "read_tables", and_then_written)
    refresh(packed)
    monkeypatch.undo()
    check(packed)


def test_of_two_who_write_a_block_at_once_only_one_does(packed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account.objects.get(pk=packed[0])
    account.orders.all()[0].delete()
    reading = read_tables

    def overtaken(ids: list[int], *names: Collection[str]) -> dict[str, pd.DataFrame]:
        tables = reading(ids, *names)
        monkeypatch.setattr(fact_blocks, "read_tables", reading)
        account.orders.all()[0].delete()
        refresh(packed)
        return tables

    monkeypatch.setattr(fact_blocks, "read_tables", overtaken)
    refresh(packed)
    check(packed)


@pytest.mark.parametrize("lost", [FactPart, FactBlock])
def test_a_lost_cache_is_read_anew(packed: list[int], lost: type[FactPart] | type[FactBlock]) -> None:
    lost.objects.all().delete()
    check(packed)


def test_an_emptied_table_leaves_nothing_to_be_trusted(packed: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE accounts_app_incidentpause, accounts_app_incident CASCADE")
    check(packed)
    refresh(packed)
    assert FactChange.objects.count() == 0
    assert FactBlock.objects.filter(version=1).count() == FactBlock.objects.count() > 0
    check(packed)


def test_what_is_learnt_from_is_the_same_in_a_portfolio_smaller_than_the_sample(packed: list[int]) -> None:
    whole, read = portfolio_facts(packed), read_facts(packed)
    for name in COLUMNS:
        assert_frame_equal(getattr(whole, name), getattr(read, name), obj=name)


def test_a_night_from_blocks_is_one_from_rows(packed: list[int], assess: Assess) -> None:
    assess()
    from_blocks = run_checksum(DAY)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE signals_factblock, signals_factpart")
    assess(DAY - dt.timedelta(days=1))
    FactBlock.objects.all().delete()
    assess()
    assert run_checksum(DAY) == from_blocks != ""
