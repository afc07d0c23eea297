"""The time the promised cadence takes, in words first: who has promised more than there are hours for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Role, User
from accounts_app.templatetags.formats import day
from cadence.services.capacity import Capacity, Load
from signals.compute.owner_change_text import hours_text

# Of the small picture of the weeks: a column each, the hours there are as a line.
COLUMN, GAP, HEIGHT = 7, 2, 28
PEOPLE_A_PAGE = 15


@dataclass(frozen=True)
class Row:
    """One of our people, as the table shows it."""

    load: Load
    may_edit: bool

    @property
    def name(self) -> str:
        return str(self.load.user)

    @property
    def state(self) -> str:
        if self.load.available is None:
            return "unknown"
        return "over" if self.load.is_over else "enough"

    @property
    def needed(self) -> str:
        return hours_text(self.load.needed)

    @property
    def available(self) -> str:
        return hours_text(self.load.available) if self.load.available is not None else ""

    @property
    def said(self) -> str:
        """Overload in words; what is not known is neither zero nor enough."""
        if self.load.available is None:
            return _("unknown: the hours a week are not known")
        missing = self.load.needed - self.load.available
        if missing > 0:
            return _("{n} h a week too few").format(n=hours_text(missing))
        return _("{n} h a week to spare").format(n=hours_text(-missing))

    @property
    def weeks_over(self) -> int:
        return sum(one.is_over for one in self.load.weeks)

    @property
    def weeks_text(self) -> str:
        number = len(self.load.weeks)
        if self.load.available is None:
            return _("unknown")
        if not self.weeks_over:
            return _("enough in each of {n} weeks").format(n=number)
        return _("too few in {over} of {n} weeks").format(over=self.weeks_over, n=number)

    @cached_property
    def picture(self) -> dict[str, str]:
        """The weeks as columns of four shapes, ready for an SVG."""
        most = max([1.0, *(max(one.needed, one.available or 0) for one in self.load.weeks)])
        scale = HEIGHT / most
        shapes: dict[str, list[str]] = {"planned": [], "promised": [], "over": [], "line": []}
        for place, week in enumerate(self.load.weeks):
            left, planned, promised = place * (COLUMN + GAP), week.planned * scale, week.promised * scale
            shapes["planned"].append(_block(left, HEIGHT - planned, COLUMN, planned))
            shapes["over" if week.is_over else "promised"].append(
                _block(left, HEIGHT - planned - promised, COLUMN, promised)
            )
            if week.available is not None:
                shapes["line"].append(_block(left, HEIGHT - week.available * scale, COLUMN + 1, 1))
        return {name: "".join(blocks) for name, blocks in shapes.items()}

    @property
    def weeks(self) -> list[tuple[SafeString | str, str, str, str, bool]]:
        """Of each week its day, the hours planned, promised and there, and whether these are too few."""
        return [
            (
                day(one.begins_on),
                hours_text(one.planned),
                hours_text(one.promised),
                _("unknown") if one.available is None else hours_text(one.available),
                one.is_over,
            )
            for one in self.load.weeks
        ]

    @property
    def edit_url(self) -> str:
        return reverse("accounts:person_of_user", args=[self.load.user.pk]) if self.may_edit else ""


def _block(left: float, top: float, width: float, height: float) -> str:
    """A rectangle as a piece of an SVG path."""
    return f"M{left:g} {top:.1f}h{width:g}v{height:.1f}h-{width:g}z"


@dataclass(frozen=True)
class Side:
    """One side of a move: whose load would be what."""

    user: User
    before: Load | None
    after: Load | None
    change: float

    @property
    def said(self) -> str:
        """In a sentence; of somebody whose load the reader does not see only the change."""
        change = hours_text(abs(self.change))
        if self.before is None or self.after is None:
            return _("{name} would need {n} h a week less.").format(name=self.user, n=change)
        text = _("{name} would need {after} h a week instead of {before}").format(
            name=self.user, after=hours_text(self.after.needed), before=hours_text(self.before.needed)
        )
        if self.after.available is None:
            return _("{text}; how many there are is not known.").format(text=text)
        has = hours_text(self.after.available)
        if self.after.is_over:
            missing = hours_text(self.after.needed - self.after.available)
            return _("{text} and has {has}: {n} h too few.").format(text=text, has=has, n=missing)
        return _("{text} and has {has}.").format(text=text, has=has)

    @property
    def state(self) -> str:
        if self.after is None or self.after.available is None:
            return "unknown"
        return "over" if self.after.is_over else "enough"


@dataclass(frozen=True)
class WhatIf:
    """The answer to: what if these accounts were in another's hands?"""

    to: User
    accounts: Sequence[Account]
    sides: list[Side]
    vacant: int

    @property
    def giver(self) -> User | None:
        """Whose accounts they are, where they are one person's."""
        owners = {one.owner for one in self.accounts if one.owner and one.owner != self.to}
        return owners.pop() if len(owners) == 1 else None


def what_if(to: User, accounts: Sequence[Account], people: Sequence[User], today: dt.date) -> WhatIf:
    """Both sides' loads; in full only of `people`, whose loads the reader sees."""
    seen = {one.pk for one in people}
    moved = [one for one in accounts if one.owner_id != to.pk]
    givers = list(dict.fromkeys(one.owner for one in moved if one.owner))
    before, after = Capacity({to, *givers}, today).moved([one.pk for one in moved], to)
    sides = [_side(user, before, after, full=user.pk in seen) for user in (to, *givers)]
    return WhatIf(to, accounts, sides, sum(one.owner_id is None for one in moved))


def _side(user: User, before: dict[int, Load], after: dict[int, Load], *, full: bool) -> Side:
    was, would_be = before[user.pk], after[user.pk]
    change = would_be.needed - was.needed
    return Side(user, was if full else None, would_be if full else None, change)


class CapacityPage:
    """The loads that a reader sees, the worst first, a page of them week by week."""

    def __init__(self, people: Sequence[User], reader: User, today: dt.date, number: str | None = None) -> None:
        self.people, self.reader, self.today = people, reader, today
        self.capacity = Capacity(people, today)
        shown = [one for one in self.capacity.loads() if one.accounts or one.user == reader]
        self.all = [Row(one, self._may_edit(one)) for one in shown]
        self.page_obj = Paginator(shown, PEOPLE_A_PAGE).get_page(number)

    @cached_property
    def rows(self) -> list[Row]:
        return [Row(one, self._may_edit(one)) for one in self.capacity.with_weeks(list(self.page_obj.object_list))]

    def _may_edit(self, load: Load) -> bool:
        return self.reader.role in {Role.ADMINISTRATOR, Role.SALES_LEADER} or load.user == self.reader

    @property
    def lead(self) -> str:
        """Who has promised more than there are hours for, the worst by name."""
        known = [row for row in self.all if row.load.available is not None]
        over, unknown = [row for row in known if row.load.is_over], len(self.all) - len(known)
        parts = [self._known(known, over)] if known else []
        if unknown:
            text = ngettext(
                "Of {n} manager the hours are not known.", "Of {n} managers the hours are not known.", unknown
            )
            parts.append(text.format(n=unknown))
        return " ".join(parts)

    def _known(self, known: list[Row], over: list[Row]) -> str:
        if not over:
            if len(known) == 1:
                row = known[0]
                text = _("{name} needs {needed} h a week for the promised contacts and has {has}.")
                return text.format(name=row.name, needed=row.needed, has=row.available)
            return _("Nobody whose hours are known has promised more than there is time for.")
        worst = over[0]
        said = _("{name} needs {needed} h a week, has {has}").format(
            name=worst.name, needed=worst.needed, has=worst.available
        )
        if len(self.all) == 1:
            return f"{said}."
        text = ngettext(
            "{n} of {all} has promised more than there is time for: {said}.",
            "{n} of {all} have promised more than there is time for; most of all: {said}.",
            len(over),
        )
        return text.format(n=len(over), all=len(self.all), said=said)
