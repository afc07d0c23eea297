"""The rows already written, found again by their keys, and what more is known of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet

from accounts_app.demo.logins import email_of
from accounts_app.demo.portfolio import Profile
from accounts_app.demo.reveal import RowT
from accounts_app.demo.staff import colleagues
from accounts_app.models import AccountKey, Colleague, Contact, Feed, User, ValueItem
from accounts_app.models.feed import Fact

FactT = TypeVar("FactT", bound=Fact)


@dataclass(frozen=True)
class Register:
    """Primary keys by simulated keys; what people have deleted since is missing, and its events are left out."""

    feeds: dict[str, int]
    accounts: dict[int, int]
    users: dict[str, int]
    colleagues: dict[str, int]
    value_items: dict[str, int]


def read_register(portfolio: list[Profile]) -> Register:
    feeds = dict(Feed.objects.values_list("name", "pk"))
    by_key = dict(AccountKey.objects.filter(feed=feeds["crm"]).values_list("key", "account_id"))
    by_email = dict(User.objects.values_list("email", "pk"))
    return Register(
        feeds=feeds,
        accounts={profile.number: by_key[profile.key] for profile in portfolio if profile.key in by_key},
        users={plan.name: by_email[email_of(plan.name)] for plan in colleagues() if email_of(plan.name) in by_email},
        colleagues=dict(Colleague.objects.filter(feed=feeds["crm"]).values_list("external_key", "pk")),
        value_items=dict(ValueItem.objects.values_list("title", "pk")),
    )


def contacts_by_key(keys: Iterable[str | None], register: Register) -> dict[str, int]:
    """Contacts by their simulated keys; those nobody wrote, or somebody removed since, are missing."""
    found = Contact.objects.filter(feed=register.feeds["crm"], external_key__in={key for key in keys if key})
    return dict(found.values_list("external_key", "pk"))


def bring_up_to_date(
    facts: "QuerySet[FactT]", changed: Iterable[RowT], values: Callable[[RowT], dict[str, object]]
) -> list[FactT]:
    """Write what became known since of those of `facts` that changed, and return them."""
    later = {row.key: row for row in changed}
    found = list(facts.filter(external_key__in=later))
    names: list[str] = []
    for fact in found:
        said = values(later[fact.external_key])
        names = list(said)
        for name, value in said.items():
            setattr(fact, name, value)
    if found:
        facts.bulk_update(found, names)
    return found
