"""Which value items suit which accounts: the rows behind `value_ranking`, in as many queries for one as for many."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts_app.models import Account, Initiative, Interaction, ValueItem
from accounts_app.value_ranking import Brought, Fit, Offer, Taker, rank

# What an account buys is what its latest orders within a year name. Order by order, each by its index: left to the
# planner, all lines of all accounts are read for a page of fifty.
BUYS_WITHIN, LATEST_ORDERS = dt.timedelta(days=365), 20
BOUGHT = """
    SELECT DISTINCT latest.account_id, line.product_group
    FROM unnest(%(accounts)s::bigint[]) AS account
    CROSS JOIN LATERAL (
        SELECT id, account_id FROM accounts_app_order
        WHERE account_id = account AND ordered_on > %(after)s AND ordered_on <= %(today)s AND amount > 0
        ORDER BY ordered_on DESC LIMIT %(orders)s
    ) AS latest
    CROSS JOIN LATERAL (
        SELECT product_group FROM accounts_app_orderline WHERE order_id = latest.id AND product_group <> '' OFFSET 0
    ) AS line
"""


@dataclass(frozen=True)
class Suitable:
    item: ValueItem
    fit: Fit


def suitable_items(accounts: Sequence[Account], *, today: dt.date) -> dict[int, list[Suitable]]:
    """The items that may be proposed for each account, the best first."""
    items = {item.pk: item for item in ValueItem.objects.valid_on(today)}
    if not items:
        return {account.pk: [] for account in accounts}
    offers = [_offer(item) for item in items.values()]
    takers = _takers(accounts, today)
    return {
        account.pk: [Suitable(items[fit.key], fit) for fit in rank(offers, takers[account.pk], today)]
        for account in accounts
    }


def _offer(item: ValueItem) -> Offer:
    return Offer(
        key=item.pk,
        title=item.title,
        topic=item.topic,
        industries=frozenset(item.industries),
        products=frozenset(item.products),
        checked_on=item.checked_on,
    )


def _takers(accounts: Sequence[Account], today: dt.date) -> dict[int, Taker]:
    pks = [account.pk for account in accounts]
    products, initiatives = _products(pks, today), _initiatives(pks)
    brought, planned = _brought(pks)
    return {
        account.pk: Taker(
            industry=account.industry,
            products=frozenset(products[account.pk]),
            initiatives=tuple(initiatives[account.pk]),
            brought=tuple(brought[account.pk]),
            planned=frozenset(planned[account.pk]),
        )
        for account in accounts
    }


def _products(pks: list[int], today: dt.date) -> dict[int, list[str]]:
    after = today - BUYS_WITHIN
    with connection.cursor() as cursor:
        cursor.execute(BOUGHT, {"accounts": pks, "after": after, "today": today, "orders": LATEST_ORDERS})
        return _grouped(cursor.fetchall())


def _initiatives(pks: list[int]) -> dict[int, list[tuple[str, str]]]:
    rows = Initiative.objects.open().filter(account__in=pks).values_list("account", "title", "topic")
    return _grouped((account, (title, topic)) for account, title, topic in rows)


def _brought(pks: list[int]) -> tuple[dict[int, list[Brought]], dict[int, list[int]]]:
    """What was brought, and what is planned to be; an attempt brought nothing."""
    states = (Interaction.State.DONE, Interaction.State.PLANNED)
    rows = list(
        Interaction.objects.filter(account__in=pks, value_item__isnull=False, state__in=states)
        .order_by()
        .values_list("account", "value_item", "happened_on", "value_item__topic", "reaction")
    )
    brought = [
        (account, Brought(key=key, on=day, topic=topic, reaction=reaction))
        for account, key, day, topic, reaction in rows
        if day
    ]
    return _grouped(brought), _grouped((account, key) for account, key, day, *_rest in rows if not day)


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for account, value in pairs:
        grouped[account].append(value)
    return grouped
