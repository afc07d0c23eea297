"""What the look at a planned quarter says: hours by week and by owner, each contact, and what finds no day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from accounts_app.models import Account, Interaction, User
from accounts_app.public_holidays import country_code
from cadence.quarter import Proposed, Unfit
from cadence.services.planning import OwnerPlan, Planning
from cadence.workload import week_of

# More contacts are counted, not named.
MOST_NAMED = 200
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Hours:
    """Hours needed against hours there are; `available` is None where somebody's are not known."""

    planned: float
    proposed: float
    unfit: float
    available: float | None
    contacts: int

    @property
    def needed(self) -> float:
        return self.planned + self.proposed + self.unfit

    @property
    def over(self) -> float:
        """How many hours are wanting, to the tenth."""
        return 0.0 if self.available is None else max(0.0, round(self.needed - self.available, 1))


@dataclass(frozen=True)
class WeekRow:
    begins_on: dt.date
    ends_on: dt.date
    hours: Hours


@dataclass(frozen=True)
class OwnerRow:
    owner: User
    accounts: int
    hours: Hours
    unfit: int


@dataclass(frozen=True)
class ContactRow:
    account: Account
    contact: Proposed

    @property
    def channel(self) -> str:
        return str(Interaction(channel=self.contact.channel).get_channel_display())


@dataclass(frozen=True)
class UnfitRow:
    account: Account
    contact: Unfit


@dataclass(frozen=True)
class PlanPage:
    """A quarter as it would be planned, ready to be shown."""

    planning: Planning

    @cached_property
    def weeks(self) -> list[WeekRow]:
        span, rows = self.planning.span, []
        week = week_of(span.begins)
        while week <= span.ends:
            first, last = max(week, span.begins), min(week + WEEK - dt.timedelta(days=1), span.ends)
            rows.append(WeekRow(first, last, _hours(self.planning.owners, first, last)))
            week += WEEK
        return rows

    @cached_property
    def owners(self) -> list[OwnerRow]:
        span = self.planning.span
        return [
            OwnerRow(one.owner, one.accounts, _hours([one], span.begins, span.ends), len(one.found.unfit))
            for one in self.planning.owners
        ]

    @cached_property
    def total(self) -> Hours:
        return _hours(self.planning.owners, self.planning.span.begins, self.planning.span.ends)

    @cached_property
    def contacts(self) -> list[ContactRow]:
        found = sorted(
            (one for own in self.planning.owners for one in own.found.proposed),
            key=lambda one: (one.on, one.account_id),
        )
        return [ContactRow(self.planning.accounts[one.account_id], one) for one in found[:MOST_NAMED]]

    @cached_property
    def unfit(self) -> list[UnfitRow]:
        found = sorted(
            (one for own in self.planning.owners for one in own.found.unfit),
            key=lambda one: (one.due_on, one.account_id),
        )
        return [UnfitRow(self.planning.accounts[one.account_id], one) for one in found[:MOST_NAMED]]

    @property
    def unfit_count(self) -> int:
        return sum(len(own.found.unfit) for own in self.planning.owners)

    @property
    def late_count(self) -> int:
        return sum(one.is_late for own in self.planning.owners for one in own.found.proposed)

    @property
    def before_count(self) -> int:
        return sum(own.found.before for own in self.planning.owners)

    @property
    def unnamed(self) -> int:
        return max(0, self.planning.contacts - MOST_NAMED)

    @property
    def unfit_unnamed(self) -> int:
        return max(0, self.unfit_count - MOST_NAMED)

    @property
    def without_hours(self) -> list[User]:
        return [one.owner for one in self.planning.owners if one.workload.hours_a_week is None]

    @property
    def our_country_unknown(self) -> bool:
        """Whether our own holidays are left out."""
        return not country_code(self.planning.company.country)

    @property
    def no_hours(self) -> list[User]:
        """Whose hours for accounts are known to be none."""
        return [one.owner for one in self.planning.owners if one.workload.hours_a_week == 0]


def _hours(owners: Iterable[OwnerPlan], first: dt.date, last: dt.date) -> Hours:
    """What these owners have to do from one day to another, by the day a contact is on, or was due where none is."""
    sums: defaultdict[str, float] = defaultdict(float)
    known, contacts = True, 0
    for one in owners:
        sums["planned"] += sum(hours for day, hours in one.planned if first <= day <= last)
        within = [found.hours for found in one.found.proposed if first <= found.on <= last]
        sums["proposed"] += sum(within)
        contacts += len(within)
        sums["unfit"] += sum(found.hours for found in one.found.unfit if first <= found.due_on <= last)
        available = one.available(first, last)
        known = known and available is not None
        sums["available"] += available or 0.0
    return Hours(sums["planned"], sums["proposed"], sums["unfit"], sums["available"] if known else None, contacts)
