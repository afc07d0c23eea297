"""Writes the value library, and what the customers want to achieve."""

import datetime as dt

from accounts_app.demo.register import Register, bring_up_to_date, contacts_by_key
from accounts_app.demo.value_library import LIBRARY, Item, last_day
from accounts_app.demo.values import InitiativeRow
from accounts_app.models import OWN_FEED, Initiative, User, ValueItem


def write_library(anchor: dt.date, users: dict[str, User]) -> None:
    """Write the items, each with the person who looks after it."""
    ValueItem.objects.bulk_create(_row(item, anchor, users) for item in LIBRARY)


def _row(item: Item, anchor: dt.date, users: dict[str, User]) -> ValueItem:
    return ValueItem(
        title=item.title,
        kind=item.kind,
        topic=item.topic,
        summary=item.summary,
        industries=list(item.industries),
        products=list(item.products),
        owner=users.get(item.owner),
        valid_until=last_day(item, anchor),
        checked_on=anchor - dt.timedelta(days=item.days_old),
    )


def write_initiatives(new: list[InitiativeRow], changed: list[InitiativeRow], register: Register) -> None:
    """Write initiatives; one that a person has ended in Vigil since stays as it is."""
    feed = register.feeds[OWN_FEED]
    contacts = contacts_by_key((row.sponsor for row in new), register)
    Initiative.objects.bulk_create(
        Initiative(
            feed_id=feed,
            external_key=row.key,
            known_on=row.known_on,
            account_id=register.accounts[row.account],
            title=row.title,
            topic=row.topic,
            metric=row.metric,
            target=row.target,
            sponsor_id=contacts.get(row.sponsor or ""),
            heard_on=row.heard_on,
            target_on=row.target_on,
            **_ending(row),
        )
        for row in new
        if row.account in register.accounts
    )
    bring_up_to_date(Initiative.objects.open().filter(feed=feed), changed, _ending)


def _ending(row: InitiativeRow) -> dict[str, object]:
    return {"ended_on": row.ended_on, "ended_known_on": row.ended_on, "outcome": row.outcome}
