"""The rows already written, found again by their keys."""

from dataclasses import dataclass

from accounts_app.demo.logins import email_of
from accounts_app.demo.portfolio import Profile
from accounts_app.demo.staff import colleagues
from accounts_app.models import AccountKey, Colleague, Feed, User, ValueItem


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
