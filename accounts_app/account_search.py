"""Finds an account by what somebody types in a hurry: two letters, a slip of the finger, a customer number."""

from collections.abc import Callable

from accounts_app.models import Account, User
from accounts_app.models.account import AccountQuerySet
from accounts_app.models.incident import accounts_served_by
from accounts_app.search import names
from accounts_app.search.wording import Wording

MOST = 8

# For what somebody may choose which accounts: an incident of any account is logged by operations as well.
CHOICES: dict[str, Callable[[User], AccountQuerySet]] = {
    "contact": Account.objects.editable_by,
    "incident": accounts_served_by,
    # Asked about before it is changed by anybody: whatever the reader sees.
    "capacity": Account.objects.visible_to,
}


def choosable_accounts(user: User, what: str) -> AccountQuerySet:
    """The accounts for which `user` may log a "contact" or an "incident", or ask who could take them over."""
    return CHOICES[what](user)


def find_accounts(accounts: AccountQuerySet, text: str, *, user: User, most: int = MOST) -> list[Account]:
    """As the search finds them (search/names.py), but own accounts first, and no former ones."""
    wording, rows = Wording.of(text), accounts.current().select_related("tier", "owner")
    if not wording.text:
        return list(names.with_foreign(rows, user).order_by("foreign", "sort_name", "pk")[:most])
    named = names.accounts_named(rows, wording, user).order_by("foreign", "rank", "sort_name", "pk")
    order = ("foreign", "-likeness", "sort_name", "pk")
    return list(named[:most]) or names.alike(names.with_foreign(rows, user), wording, order, most)
