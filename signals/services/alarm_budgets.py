"""The alarm budget: how many alerts a manager is shown in seven days, and which wait beyond it."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts_app.models import Role, User
from signals.models import AlarmBudget, Alert
from signals.models.alarm_budget import Budgets
from signals.models.alert import AlertQuerySet

WEEK = dt.timedelta(days=7)
NOBODY = 0
ROLES_THAT_SET = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})


def release_within_budget(as_of: dt.date) -> None:
    """Show each manager the waiting alerts worth most, within the budget of seven days; the others wait."""
    budgets, spent = Budgets.read(), Counter({key: len(days) for key, days in _days_shown(as_of).items()})
    chosen = []
    for pk, manager in _by_manager(Alert.objects.waiting()).values_list("pk", "manager"):
        if spent[manager] < budgets.of(manager):
            spent[manager] += 1
            chosen.append(pk)
    if chosen:  # what a person has released meanwhile keeps its day
        Alert.objects.filter(pk__in=chosen, released_on=None).update(released_on=as_of)


def _by_manager(alerts: Any) -> Any:
    """Accounts without an owner share one budget."""
    return alerts.annotate(manager=Coalesce(F("account__owner"), Value(NOBODY)))


@dataclass(frozen=True)
class Queue:
    """One manager's week."""

    manager: User | None
    budget: int
    is_own: bool
    shown: int
    waiting: int
    room_on: dt.date | None


def queues(managers: Collection[User | None], waiting: AlertQuerySet, as_of: dt.date) -> list[Queue]:
    """The week of each manager, and how many of `waiting` are theirs; None stands for accounts without an owner."""
    budgets, days = Budgets.read(), _days_shown(as_of)
    counted = Counter(dict(_by_manager(waiting).values_list("manager").annotate(Count("pk")).order_by()))
    found = []
    for manager in managers:
        key = manager.pk if manager else NOBODY
        shown, budget = days.get(key, []), budgets.of(key)
        found.append(Queue(manager, budget, key in budgets.own, len(shown), counted[key], _room_on(shown, budget)))
    return found


def _days_shown(as_of: dt.date) -> dict[int, list[dt.date]]:
    """The days on which each manager was shown an alert within the week, the earliest first."""
    recent = Alert.objects.filter(released_on__gt=as_of - WEEK, released_on__lte=as_of).order_by("released_on")
    days: dict[int, list[dt.date]] = {}
    for manager, day in _by_manager(recent).values_list("manager", "released_on"):
        days.setdefault(manager, []).append(day)
    return days


def _room_on(days: list[dt.date], budget: int) -> dt.date | None:
    """The day on which there is room for one more, or None where there is now."""
    return days[len(days) - budget] + WEEK if len(days) >= budget else None


@transaction.atomic
def set_budget(manager: User | None, weekly: int | None, *, by: User) -> None:
    """Give a manager an own number, or with None the usual one again; without a manager, change the usual one."""
    if not may_set(by, manager):
        raise PermissionDenied
    if weekly is None:
        if manager is None:
            raise ValidationError({"weekly": _("Everybody needs some number: give one.")})
        AlarmBudget.objects.filter(manager=manager).delete()
    else:
        AlarmBudget.objects.update_or_create(manager=manager, defaults={"weekly": weekly})


def may_set(user: User, manager: User | None) -> bool:
    """The usual number is the administrators'; leaders set those of who works in the teams they lead."""
    if user.role == Role.ADMINISTRATOR:
        return True
    if user.role != Role.SALES_LEADER or manager is None:
        return False
    return manager.teams.filter(pk__in=user.teams.values("pk")).exists()
