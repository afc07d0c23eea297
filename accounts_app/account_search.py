"""Finds an account by what somebody types in a hurry: two letters, a slip of the finger, a customer number."""

from collections.abc import Callable

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Concat

from accounts_app.models import Account, AccountKey, User
from accounts_app.models.account import AccountQuerySet, SortName
from accounts_app.models.incident import accounts_served_by
from accounts_app.scope import mine

MOST = 8
LONGEST = 100
# Below this, what is alike is chance: two swapped letters in a name of six keep more in common.
LIKE_ENOUGH = 0.3

# For what somebody may choose which accounts: an incident of any account is logged by operations as well.
CHOICES: dict[str, Callable[[User], AccountQuerySet]] = {
    "contact": Account.objects.editable_by,
    "incident": accounts_served_by,
}


def choosable_accounts(user: User, what: str) -> AccountQuerySet:
    """The accounts for which `user` may log a "contact" or an "incident"."""
    return CHOICES[what](user)


def find_accounts(accounts: AccountQuerySet, text: str, *, user: User, most: int = MOST) -> list[Account]:
    """Own accounts first; by likeness only where nothing is named so, or two letters would find half the portfolio."""
    text = text.replace("\0", "").strip()[:LONGEST]
    own_first = Case(When(mine(user), then=0), default=1)
    rows = accounts.current().select_related("tier", "owner").annotate(foreign=own_first)
    if not text:
        return list(rows.order_by("foreign", "sort_name", "pk")[:most])
    return list(_named(rows, text)[:most]) or list(_alike(rows, text)[:most])


def _named(rows: AccountQuerySet, text: str) -> AccountQuerySet:
    """Names that begin so, then names with a word that begins so, then names that hold it, and the account's number."""
    letters = SortName(Value(text))
    numbered = Q(pk__in=AccountKey.objects.filter(key=text).values("account"))
    begins = When(Q(sort_name__startswith=letters) | numbered, then=0)
    word_begins = When(sort_name__contains=Concat(Value(" "), letters), then=1)
    found = rows.filter(Q(sort_name__contains=letters) | numbered)
    return found.order_by("foreign", Case(begins, word_begins, default=2), "sort_name", "pk")


def _alike(rows: AccountQuerySet, text: str) -> AccountQuerySet:
    likeness = TrigramWordSimilarity(SortName(Value(text)), "sort_name")  # type: ignore[arg-type]
    alike = rows.annotate(likeness=likeness)
    return alike.filter(likeness__gte=LIKE_ENOUGH).order_by("foreign", "-likeness", "sort_name", "pk")
