"""What is to be done when: each account in one section of the day's list, told by what stands stored of it.

A plan counts for the promise when it comes in time; one that comes later than the promise allows does not hide that
the account is waiting. An account at risk is not left to its interval: it wants a contact now, unless one is planned
this week or took place just before.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Absence, Account, User
from accounts_app.models.account import AccountQuerySet
from accounts_app.scope import ROLES_WITH_OWN_LISTS
from signals.models import Band
from signals.pages.portfolio.filters import WHOSE

WEEK = dt.timedelta(days=6)
# So long a proactive contact with an account at risk is left to work before the next is asked for.
TIME_TO_WORK = dt.timedelta(days=14)
OVERDUE, TODAY, THIS_WEEK, NEVER = "overdue", "today", "week", "never"
SECTIONS: Mapping[str, str | Promise] = {
    OVERDUE: _("Overdue"),
    TODAY: _("Today"),
    THIS_WEEK: _("This week"),
    NEVER: _("No contact on record"),
}
RANKS = {key: rank for rank, key in enumerate(SECTIONS)}


@dataclass(frozen=True)
class Desk:
    """Whose day it is: the reader's own, the teams', or all that may be seen."""

    user: User
    today: dt.date
    whose: str

    @classmethod
    def of(cls, user: User, today: dt.date, asked: str) -> "Desk":
        default = ROLES_WITH_OWN_LISTS.get(user.role, "all")
        return cls(user, today, asked if asked in WHOSE else default)

    def accounts(self) -> AccountQuerySet:
        visible = Account.objects.visible_to(self.user).current().filter(standing__isnull=False)
        if self.whose == "mine":
            return visible.filter(self._mine())
        return visible.filter(team__in=self.user.teams.values("pk")) if self.whose == "team" else visible

    def _mine(self) -> Q:
        """Own accounts not handed on; as a deputy what was handed over, or whose owner is away or has left."""
        absent = Absence.objects.filter(
            colleague__user=OuterRef("owner"), from_day__lte=self.today, until_day__gte=self.today
        )
        handed_on = Q(deputy__isnull=False, standing__first_plan_by=F("deputy"))
        nobody = Q(owner=None) | Q(owner__is_active=False)
        stands_in = Q(standing__first_plan_by=self.user) | nobody | Q(Exists(absent))
        return (Q(owner=self.user) & ~handed_on) | (Q(deputy=self.user) & stands_in)


# Accounts with what is worked out beside them; a checker knows the columns of the model only.
Agenda: TypeAlias = Any


def agenda(desk: Desk) -> Agenda:
    """The accounts that want a contact by the end of the week, overdue first, in each section the most at stake first.

    Each carries `section`, the rank of its section, and `act_on`, the day the contact is planned or due.
    """
    return (
        in_sections(desk)
        .filter(section__isnull=False)
        .annotate(stake=_stake())
        .order_by("section", F("stake").desc(nulls_last=True), "standing__latest_on", "sort_name", "pk")
    )


def counts(desk: Desk) -> dict[str, int]:
    """How many accounts each section has."""
    found = in_sections(desk).order_by().values_list("section").annotate(n=Count("pk"))
    by_rank = {rank: n for rank, n in found if rank is not None}
    return {key: by_rank.get(rank, 0) for key, rank in RANKS.items()}


def in_sections(desk: Desk) -> Agenda:
    today, week_end = desk.today, desk.today + WEEK
    planned, due, latest = F("standing__first_plan_on"), F("standing__due_on"), F("standing__latest_on")
    has_plan = Q(standing__first_plan_on__isnull=False)
    in_time = Q(standing__latest_on=None) | Q(standing__first_plan_on__lte=latest)
    counts_for_promise = has_plan & (in_time | Q(standing__first_plan_on__lte=week_end))
    return desk.accounts().annotate(
        plan_counts=ExpressionWrapper(counts_for_promise, output_field=BooleanField()),
        presses=ExpressionWrapper(_presses(today, week_end), output_field=BooleanField()),
        act_on=Case(When(counts_for_promise, then=planned), default=due, output_field=DateField()),
        section=Case(
            When(Q(counts_for_promise, standing__first_plan_on__lt=today), then=RANKS[OVERDUE]),
            When(~counts_for_promise & Q(standing__latest_on__lt=today), then=RANKS[OVERDUE]),
            When(Q(counts_for_promise, standing__first_plan_on=today), then=RANKS[TODAY]),
            When(~counts_for_promise & Q(standing__due_on__lte=today), then=RANKS[TODAY]),
            When(presses=True, then=RANKS[TODAY]),
            When(act_on__lte=week_end, then=RANKS[THIS_WEEK]),
            When(Q(standing__due_on=None, standing__last_contact_on=None) & ~has_plan, then=RANKS[NEVER]),
            default=Value(None),
            output_field=IntegerField(),
        ),
    )


def _presses(today: dt.date, week_end: dt.date) -> Q:
    """Whether the account is at risk and nothing is under way."""
    is_planned = Q(standing__first_plan_on__lte=week_end)
    was_met = Q(standing__last_proactive_on__gte=today - TIME_TO_WORK)
    return Q(standing__band=Band.AT_RISK) & ~is_planned & ~was_met


def _stake() -> "ExpressionWrapper[Any]":
    """Money times chance: what is expected to be lost; without a judgement nothing is known, and it stands last."""
    revenue = Cast("standing__revenue_12m", FloatField())
    return ExpressionWrapper(F("standing__probability") * Coalesce(revenue, 0.0), output_field=FloatField())
