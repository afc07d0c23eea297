"""Who may see which rows: the one place that decides, for every page, fragment, export and job.

An account manager sees the accounts owned or deputised, and those of the own teams; a sales leader and a read-only
user those of the teams given; operations and administrators every account. Operations see accounts, contacts and
incidents only: of every other kind of row they see none.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
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
# Whom lists offer their own accounts beside the teams', and which of them first: a leader may have some as well.
ROLES_WITH_OWN_LISTS = {"account_manager": "mine", "sales_leader": "team"}


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


@dataclass(frozen=True)
class Audience:
    """All to whom the same is shown, by pages that name no reader: those of one role who see the same rows."""

    role: str
    rows: Hashable
    # Whichever of them asks.
    member: "User" = field(compare=False)


def audience_of(user: "User") -> Audience:
    """Decided by the teams; who sees all needs none, and who may have accounts of their own is an audience of one."""
    if user.role in ROLES_WITH_OWN_LISTS or not user.is_active:
        return Audience(user.role, user.pk, user)
    teams = () if user.role in ROLES_OF_ALL_ACCOUNTS else user.teams.values_list("pk", flat=True)
    return Audience(user.role, frozenset(teams), user)


class ScopedQuerySet(models.QuerySet[Row]):
    """Rows that belong to an account: each model names the way to it (`account_path`) once."""

    account_path: ClassVar[str] = "account__"
    seen_by_operations: ClassVar[bool] = False

    def visible_to(self, user: Viewer) -> Self:
        if getattr(user, "role", None) == "operations" and not self.seen_by_operations:
            return self.none()
        return self.filter(account_filter(user, self.account_path))
