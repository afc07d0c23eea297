"""Who may see which rows: the one place that decides, for every page, fragment, export and job.

An account manager sees the accounts owned or deputised, and those of the own teams; a sales leader and a read-only
user those of the teams given; operations and administrators every account. Operations see accounts, contacts and
incidents only: of every other kind of row they see none.
"""

from typing import TYPE_CHECKING, ClassVar, Self, TypeAlias, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts_app.models import User

Viewer: TypeAlias = "User | AnonymousUser"
Row = TypeVar("Row", bound=models.Model)

ROLES_OF_ALL_ACCOUNTS = frozenset({"administrator", "operations"})
ROLES_OF_OWN_ACCOUNTS = frozenset({"account_manager"})


def account_filter(user: Viewer, path: str = "") -> Q:
    """The condition on an account (reached over `path`, such as ``account__``) under which `user` may see it."""
    role = getattr(user, "role", None)
    if not user.is_authenticated or not user.is_active or role is None:
        return Q(pk__in=[])
    if role in ROLES_OF_ALL_ACCOUNTS:
        return Q()
    teams = Q(**{f"{path}team__in": user.teams.values("pk")})
    return (mine(user, path) | teams) if role in ROLES_OF_OWN_ACCOUNTS else teams


def mine(user: Viewer, path: str = "") -> Q:
    """The accounts a user answers for, as owner or deputy."""
    return Q(**{f"{path}owner": user.pk}) | Q(**{f"{path}deputy": user.pk})


class ScopedQuerySet(models.QuerySet[Row]):
    """Rows that belong to an account: each model names the way to it (`account_path`) once."""

    account_path: ClassVar[str] = "account__"
    seen_by_operations: ClassVar[bool] = False

    def visible_to(self, user: Viewer) -> Self:
        if getattr(user, "role", None) == "operations" and not self.seen_by_operations:
            return self.none()
        return self.filter(account_filter(user, self.account_path))
