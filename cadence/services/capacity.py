"""The hours that the promised cadence needs of each of our people, against the hours they have.

What a week needs on the whole is as the signal `owner_change` counts it (signals/compute/owner_capacity.py); the coming
weeks are counted one by one, from what is planned and what will be due. Always over all accounts that somebody answers
for: a part of the load would look like time to spare.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts_app.models import Absence, Account, ChannelHours, Colleague, Company, Interaction, Role, User
from accounts_app.public_holidays import Holidays
from cadence.load import DAYS_OF_WEEK, WEEKS, by_week, first_week, next_due, promised_hours
from cadence.schedule import DAY, Diary
from cadence.workload import Workload
from signals.compute.base import Facts
from signals.compute.columns import COLUMNS
from signals.compute.owner_capacity import hours_available, hours_needed, weekly_hours


@dataclass(frozen=True)
class Week:
    """One week of somebody: hours planned, hours promised and not planned, hours there are (None: not known)."""

    begins_on: dt.date
    planned: float
    promised: float
    available: float | None

    @property
    def needed(self) -> float:
        return self.planned + self.promised

    @property
    def is_over(self) -> bool:
        return self.available is not None and self.needed > self.available


@dataclass(frozen=True)
class Load:
    """What one of our people has promised in hours a week, and has; None: not known."""

    user: User
    accounts: int
    needed: float
    available: float | None
    colleague: Colleague | None = None
    weeks: list[Week] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.available is not None and self.needed > self.available


class Capacity:
    """The loads of some people on a day; a constant number of statements."""

    def __init__(self, people: Collection[User], today: dt.date) -> None:
        self.people, self.today = sorted(people, key=lambda one: one.name), today
        self._ids = [one.pk for one in self.people]
        ours = Colleague.objects.filter(user__in=self._ids)
        self._colleagues = {one.user_id: one for one in ours if one.user_id is not None}
        away = Absence.objects.filter(colleague__user__in=self._ids, until_day__gte=today)
        self._absences = list(away.values_list("colleague_id", "from_day", "until_day", "known_on"))

    def loads(self) -> list[Load]:
        """Of each of the people; whoever is most over first, who is not known last."""
        needed, number = self._promised_to_all()
        found = self._with_hours(needed, number).values()
        return sorted(found, key=lambda one: (one.available is None, (one.available or 0) - one.needed, one.user.name))

    def with_weeks(self, loads: Sequence[Load]) -> list[Load]:
        """The same loads with the coming weeks, which take every account and plan of theirs to count."""
        users = [one.user for one in loads]
        weeks = Capacity(users, self.today)._weeks()  # noqa: SLF001
        return [replace(one, weeks=weeks[one.user.pk]) for one in loads]

    def moved(self, account_ids: Collection[int], to: User) -> tuple[dict[int, Load], dict[int, Load]]:
        """The loads as they are, and as they would be with these accounts in another's hands, by user."""
        extra = self._read_accounts(Q(pk__in=account_ids) & ~Q(owner__in=self._ids))
        before = pd.concat([self._accounts, extra]) if len(extra) else self._accounts
        after = before.assign(owner_id=before["owner_id"].where(~before.index.isin(list(account_ids)), float(to.pk)))
        return self._loads(before), self._loads(after)

    def _loads(self, accounts: pd.DataFrame) -> dict[int, Load]:
        """Without records of ownership who answers is who answers now."""
        needed = hours_needed(Facts(accounts=accounts[list(COLUMNS["accounts"])]), self.today)
        return self._with_hours(needed, accounts["owner_id"].value_counts())

    def _with_hours(self, needed: pd.Series, number: pd.Series) -> dict[int, Load]:
        """Of each of the people: what is needed of so many accounts, and the hours there are."""
        available = hours_available(self._our_hours(), _table("absences", self._absences), self.today)
        return {
            one.pk: Load(
                one,
                int(number.get(one.pk, 0)),
                float(needed.get(one.pk, 0.0)),
                float(available[one.pk]) if one.pk in available.index else None,
                self._colleagues.get(one.pk),
            )
            for one in self.people
        }

    def _promised_to_all(self) -> tuple[pd.Series, pd.Series]:
        """Hours a week and accounts of each owner; accounts promised the same are read as one row."""
        rows = self._rows(Q(owner__in=self._ids)).order_by().values_list("owner_id", "ideal", "tier__contact_hours")
        table = pd.DataFrame.from_records(
            list(rows.annotate(n=Count("pk"))),
            columns=["owner_id", "ideal_days", "contact_hours", "n"],
            coerce_float=True,
        )
        hours = weekly_hours(table["contact_hours"].astype(float), table["ideal_days"].astype(float)) * table["n"]
        return hours.groupby(table["owner_id"]).sum(), table.groupby("owner_id")["n"].sum()

    @cached_property
    def _accounts(self) -> pd.DataFrame:
        return self._read_accounts(Q(owner__in=self._ids))

    def _rows(self, which: Q) -> Any:
        """The accounts with their promised intervals; a checker knows the columns of the model only."""
        return Account.objects.current().filter(which).annotate(
            ideal=Coalesce("own_ideal_days", "tier__ideal_days"), longest=Coalesce("own_max_days", "tier__max_days")
        )  # fmt: skip

    def _read_accounts(self, which: Q) -> pd.DataFrame:
        """As the signals read them, with what the coming weeks need."""
        names = ("pk", "country", "ideal", "longest", "owner_id", "tier__contact_hours", "tier_id", "standing__due_on")
        rows = self._rows(which).order_by("pk").values_list(*names)
        columns = ("account_id", *COLUMNS["accounts"], "tier_id", "due_on")
        table = pd.DataFrame.from_records(list(rows), columns=columns).astype(COLUMNS["accounts"])
        table["due_on"] = pd.to_datetime(table["due_on"])
        return table.astype({"account_id": "int64"}).set_index("account_id")

    def _our_hours(self) -> pd.DataFrame:
        """The people as the signals read them."""
        return _table(
            "colleagues",
            [
                (
                    one.pk,
                    one.name,
                    one.level,
                    float(user),
                    np.nan if one.hours_a_week is None else float(one.hours_a_week),
                )
                for user, one in self._colleagues.items()
            ],
        )

    def _weeks(self) -> dict[int, list[Week]]:
        first = first_week(self.today)
        hours = (self._planned(first), self._promised(first))
        planned, promised = (table.reindex(self._ids, fill_value=0.0).to_dict() for table in hours)
        diaries = self._diaries()
        return {
            user.pk: [
                Week(
                    begins_on,
                    planned[n][user.pk],
                    promised[n][user.pk],
                    diaries[user.pk].available(begins_on, max(begins_on, self.today), begins_on + DAYS_OF_WEEK * DAY),
                )
                for n in range(WEEKS)
                for begins_on in (first + n * DAYS_OF_WEEK * DAY,)
            ]
            for user in self.people
        }

    def _diaries(self) -> Mapping[int, Workload]:
        """The hours of each day: holidays of the own country (else the company's) and absences taken off."""
        away: dict[int, list[tuple[dt.date, dt.date]]] = defaultdict(list)
        for colleague, begins, ends, _known in self._absences:
            away[colleague].append((begins, ends))
        company, found = Company.the(), {}
        for user in self._ids:
            one = self._colleagues.get(user)
            hours = None if one is None or one.hours_a_week is None else float(one.hours_a_week)
            country = (one.country if one else "") or company.country
            found[user] = Workload(hours, Diary(Holidays.of([country]), tuple(away[one.pk]) if one else ()))
        return found

    def _planned(self, first: dt.date) -> pd.DataFrame:
        """Whoever a plan names takes its hours, else the owner; by tier and channel."""
        hours = {
            (tier, channel): float(one) for tier, channel, one in
            ChannelHours.objects.values_list("tier_id", "channel", "hours")
        }  # fmt: skip
        usual = dict(zip(self._accounts["tier_id"], self._accounts["contact_hours"], strict=True))
        rows = [
            (by, np.datetime64(day), hours.get((tier, channel), usual.get(tier, float(mean))))
            for by, day, tier, channel, mean in self._plans(first).values_list(
                "who", "planned_on", "account__tier_id", "channel", "account__tier__contact_hours"
            )
        ]
        table = pd.DataFrame.from_records(rows, columns=["owner_id", "day", "hours"])
        days = table["day"].to_numpy().astype("datetime64[D]")
        return by_week(table["owner_id"].to_numpy(), days, table["hours"].to_numpy(float), first)

    def _plans(self, first: dt.date) -> QuerySet[Any]:
        plans = Interaction.objects.planned().exclude(account__status=Account.Status.FORMER)
        ahead = plans.filter(planned_on__lt=first + WEEKS * DAYS_OF_WEEK * DAY)
        return ahead.annotate(who=Coalesce(F("by"), F("account__owner"))).filter(who__in=self._ids)

    def _promised(self, first: dt.date) -> pd.DataFrame:
        plans = Interaction.objects.planned().filter(
            account__owner__in=self._ids, initiator=Interaction.Initiator.US, purpose__in=Interaction.PROACTIVE_PURPOSES
        )
        last = dict(plans.order_by("planned_on").values_list("account_id", "planned_on"))
        accounts = self._accounts.rename(columns={"contact_hours": "hours"})
        planned_on = pd.to_datetime(pd.Series(last, dtype="datetime64[s]")).reindex(accounts.index)
        due = next_due(accounts["due_on"], planned_on, accounts["ideal_days"], self.today)
        return promised_hours(accounts.assign(next_due=due), first)


def _table(name: str, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame.from_records(rows, columns=list(COLUMNS[name])).astype(COLUMNS[name])


def people_of(user: User) -> QuerySet[User]:
    """Whose load somebody sees: managers their own, leaders their teams', administrators everybody's."""
    owns = Account.objects.filter(owner=OuterRef("pk"))
    who_answer = Q(Exists(owns)) | Q(role=Role.ACCOUNT_MANAGER, is_active=True)
    if user.role == Role.ACCOUNT_MANAGER:
        return User.objects.filter(pk=user.pk)
    if user.role == Role.ADMINISTRATOR:
        return User.objects.filter(who_answer)
    theirs = Q(Exists(owns.filter(team__in=user.teams.values("pk"))))
    works_there = Q(role=Role.ACCOUNT_MANAGER, is_active=True, teams__in=user.teams.values("pk"))
    return User.objects.filter(theirs | works_there).distinct()
