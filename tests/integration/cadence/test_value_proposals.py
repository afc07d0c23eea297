import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest

from accounts_app.models import Account, OrderLine, ValueItem
from cadence.services.value_proposals import proposal_lists, proposals
from tests.factories import AccountFactory, InitiativeFactory, InteractionFactory, OrderFactory, ValueItemFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 15)


def told(account: Account) -> list[tuple[str, str]]:
    found = proposal_lists([account], today=TODAY, most=9)[account.pk]
    return [(one.item.title, one.reason) for one in found]


def buys(account: Account, group: str, day: dt.date, amount: int = 100) -> None:
    order = OrderFactory(account=account, ordered_on=day, amount=Decimal(amount))
    OrderLine.objects.create(order=order, position=1, product_code="X", product_group=group, amount=amount)


def bring(account: Account, item: ValueItem, day: dt.date, **fields: Any) -> None:
    InteractionFactory(account=account, value_item=item, happened_on=day, **fields)


def test_proposals_say_why_in_a_few_words() -> None:
    account = AccountFactory(industry="Food")
    InitiativeFactory(account=account, title="Cut downtime", topic="maintenance")
    buys(account, "Pumps", TODAY - dt.timedelta(364))
    ValueItemFactory(title="Plain")
    ValueItemFactory(title="Hygiene", industries=["Food"], products=["Pumps"])
    ValueItemFactory(title="Wear", industries=["Food"], topic="Maintenance")

    assert told(account) == [
        ("Wear", "fits their initiative “Cut downtime”, for Food, not brought yet"),
        ("Hygiene", "for Food, for the Pumps they buy, not brought yet"),
        ("Plain", "not brought yet"),
    ]


def test_expired_items_ended_initiatives_old_orders_and_credits_count_no_more() -> None:
    account = AccountFactory()
    InitiativeFactory(
        account=account, topic="energy", ended_on=TODAY, ended_known_on=TODAY, outcome="reached", heard_on=TODAY
    )
    buys(account, "Pumps", TODAY - dt.timedelta(365))
    buys(account, "Seals", TODAY, amount=-5)
    ValueItemFactory(title="Expired", valid_until=TODAY - dt.timedelta(1))
    ValueItemFactory(title="Last day", valid_until=TODAY, topic="energy")
    ValueItemFactory(title="Pumps", products=["Pumps"])
    ValueItemFactory(title="Seals", products=["Seals"])

    assert told(account) == [("Last day", "not brought yet")]


def test_attempts_and_voided_contacts_brought_nothing() -> None:
    account, item = AccountFactory(), ValueItemFactory(title="One")
    bring(account, item, TODAY, state="attempted")
    bring(account, item, TODAY, state="voided", void_reason="Typed twice.")

    assert told(account) == [("One", "not brought yet")]


def test_what_was_brought_planned_or_refused_is_left_out() -> None:
    account, other = AccountFactory(), AccountFactory()
    lately, planned, refused, neighbour, again = (
        ValueItemFactory(title=title) for title in ("Lately", "Planned", "Refused", "Neighbour", "Once more")
    )
    bring(account, lately, TODAY - dt.timedelta(364))
    bring(account, again, TODAY - dt.timedelta(400))
    bring(account, refused, TODAY - dt.timedelta(900), reaction="not_useful")
    bring(other, neighbour, TODAY)
    InteractionFactory(
        account=account, state="planned", planned_on=TODAY, happened_on=None, happened_known_on=None, value_item=planned
    )

    assert told(account) == [("Neighbour", "not brought yet"), ("Once more", "last brought 13 months ago")]


def test_accounts_without_anything_that_suits_get_none() -> None:
    account = AccountFactory(industry="")
    assert proposals([account], today=TODAY) == {account.pk: None}

    ValueItemFactory(industries=["Food"])
    assert proposals([account], today=TODAY) == {account.pk: None}
    assert proposals([], today=TODAY) == {}


@pytest.mark.parametrize("count", [1, 12])
def test_the_queries_do_not_grow_with_the_accounts(
    count: int, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    item = ValueItemFactory(products=["Pumps"])
    accounts = [AccountFactory() for _ in range(count)]
    for account in accounts:
        buys(account, "Pumps", TODAY)
        InitiativeFactory(account=account)
        bring(account, item, dt.date(2020, 1, 6), reaction="useful")

    with django_assert_num_queries(4):
        found = proposals(accounts, today=TODAY)

    assert {one and one.item for one in found.values()} == {item}
