"""Who knows whom at one account: the nine level pairs with their age, and what is left when somebody leaves.

What is alive, how many level pairs that makes and what is left without somebody is counted by the signal's own
functions (`signals.compute.level_pairs`): the page cannot say another number than the reading.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.models import Account
from accounts_app.models.person import Level
from accounts_app.templatetags.formats import day_text
from signals.compute.level_pairs import live_pairs, what_is_left
from signals.compute.single_thread import ALL_PAIRS
from signals.compute.what_if import WhatIf, Who, what_if
from signals.pages.account.acquaintance import WINDOW, Acquaintance, Pair, Person, read_acquaintance

STRENGTHS: Mapping[int, str | Promise] = {
    1: gettext_lazy("knows"),
    2: gettext_lazy("works with"),
    3: gettext_lazy("trusts"),
}
THEIRS: Mapping[str, str | Promise] = {
    Level.EXECUTIVE: gettext_lazy("their executives"),
    Level.MANAGEMENT: gettext_lazy("their management"),
    Level.OPERATIONAL: gettext_lazy("their operational level"),
}
OURS: Mapping[str, str | Promise] = {
    Level.EXECUTIVE: gettext_lazy("our executives"),
    Level.MANAGEMENT: gettext_lazy("our management"),
    Level.OPERATIONAL: gettext_lazy("our operational level"),
}
NAMES_SHOWN = 2


@dataclass(frozen=True)
class Cell:
    """One level pair, in words: `state` is live, would_end, faded, ended, never or nobody."""

    state: str
    text: str
    detail: str = ""
    title: str = ""


@dataclass(frozen=True)
class LevelRow:
    label: str | Promise
    people: str
    cells: list[Cell]


@dataclass(frozen=True)
class Leaving:
    """What is left alive without one person."""

    person: Person
    left: int


@dataclass(frozen=True)
class Relations:
    """All pairs of one account on one day, and the people thought away."""

    today: dt.date
    known: Acquaintance
    without: Collection[str] = ()

    @property
    def contacts(self) -> list[Person]:
        return self.known.contacts

    @property
    def pairs(self) -> list[Pair]:
        return self.known.pairs

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The live pairs, as the signal sees them; the days seen together come from the database."""
        seen = pd.DataFrame(
            [(0, one.theirs.pk, one.ours.pk, one.theirs.level, one.ours.level) for one in self.pairs],
            columns=["account_id", "contact_id", "colleague_id", "theirs", "ours"],
        ).assign(
            day=pd.to_datetime([one.seen_on for one in self.pairs]),
            left_on=pd.Series([one.theirs.left_on for one in self.pairs], dtype="datetime64[ns]"),
        )
        days = {(one.theirs.pk, one.ours.pk): one.meetings for one in self.pairs}
        alive = live_pairs(seen, pd.Timestamp(self.today), WINDOW.days)
        keys = zip(alive["contact_id"], alive["colleague_id"], strict=True)
        return alive.assign(meetings=[days[int(theirs), int(ours)] for theirs, ours in keys])

    @cached_property
    def live(self) -> list[Pair]:
        keys = set(zip(self.frame["contact_id"], self.frame["colleague_id"], strict=True))
        return [pair for pair in self.pairs if (pair.theirs.pk, pair.ours.pk) in keys]

    @property
    def alive(self) -> int:
        return self.if_gone.before

    @property
    def of_all(self) -> int:
        return ALL_PAIRS

    @cached_property
    def people(self) -> dict[Who, Person]:
        """Who is there, of both sides."""
        present = [one for one in self.contacts if one.left_on is None]
        return {one.who: one for one in [*present, *self.known.colleagues]}

    @cached_property
    def gone(self) -> list[Person]:
        """Those thought away; what names nobody here is left out."""
        return [one for one in self.people.values() if one.key in self.without]

    @cached_property
    def if_gone(self) -> WhatIf:
        levels = {who: one.level for who, one in self.people.items()}
        successors = {one.pk: one.successor for one in self.contacts if one.successor is not None}
        return what_if(self.frame, levels, {one.who for one in self.gone}, successors)

    @cached_property
    def leavings(self) -> list[Leaving]:
        """Everybody who holds a live pair, of each side first whose loss costs most."""
        if self.frame.empty:
            return []
        left = what_is_left(self.frame)
        return [
            Leaving(self.people[side, int(pk)], int(number))
            for side, pk, number in zip(left["side"], left["person_id"], left["left"], strict=True)
        ]

    @property
    def theirs(self) -> list[Leaving]:
        return [one for one in self.leavings if one.person.side == "contact"]

    @property
    def ours(self) -> list[Leaving]:
        return [one for one in self.leavings if one.person.side == "colleague"]

    @property
    def strongest(self) -> list[Leaving]:
        """Of either side the one whose loss costs most."""
        return [*self.theirs[:1], *self.ours[:1]]

    @property
    def chosen(self) -> Leaving | None:
        return next((one for one in self.leavings if one.person.key in self.without), None)

    @property
    def columns(self) -> list[str | Promise]:
        return list(OURS.values())

    @property
    def rows(self) -> list[LevelRow]:
        return [
            LevelRow(label, self._people(theirs), [self.cell(theirs, ours) for ours in OURS])
            for theirs, label in THEIRS.items()
        ]

    def of_levels(self, theirs: str, ours: str) -> list[Pair]:
        """The pairs of a cell, seen last first."""
        here = [pair for pair in self.pairs if (pair.theirs.level, pair.ours.level) == (theirs, ours)]
        return sorted(here, key=lambda pair: (pair.seen_on, pair.theirs.left_on is None), reverse=True)

    def _people(self, level: str) -> str:
        here = [one.short for one in self.contacts if one.level == level and one.left_on is None]
        if here:
            more = len(here) - NAMES_SHOWN
            return " · ".join(here[:NAMES_SHOWN]) + (f" +{more}" if more > 0 else "")
        return self.vacancy(level)

    def vacancy(self, level: str) -> str:
        """What is said of a level at which nobody is."""
        left = [one for one in self.contacts if one.level == level and one.left_on]
        if left:
            last = max(left, key=lambda one: one.left_on or dt.date.min)
            return _("vacant ({name} left)").format(name=last.short)
        return _("nobody known")

    def cell(self, theirs: str, ours: str) -> Cell:
        pairs = self.of_levels(theirs, ours)
        if not pairs:
            known = any(one.level == theirs and one.left_on is None for one in self.contacts)
            return (
                Cell("never", _("never met")) if known else Cell("nobody", "–", title=_("nobody known at this level"))
            )
        live = [pair for pair in pairs if pair in self.live]
        gone = {one.who for one in self.gone}
        kept = [pair for pair in live if not gone & set(pair.whos)]
        if kept:
            return self._seen("live", kept)
        if live:
            return Cell("would_end", _("would end"), title=_names(live))
        return self._past(pairs)

    def _past(self, pairs: list[Pair]) -> Cell:
        newest = pairs[0]
        if newest.theirs.left_on:
            ended = _("ended {day}").format(day=day_text(newest.theirs.left_on, self.today))
            return Cell("ended", ended, title=_names(pairs))
        return Cell("faded", f"{newest.seen_on:%b %Y}", _("last seen"), title=_names(pairs))

    def _seen(self, state: str, pairs: list[Pair]) -> Cell:
        strength = max(pair.strength for pair in pairs)
        newest = max(pair.seen_on for pair in pairs)
        return Cell(state, ago(newest, self.today), str(STRENGTHS.get(strength, "")), _names(pairs))


def ago(day: dt.date, today: dt.date) -> str:
    """Write `6 days ago`."""
    age = (today - day).days
    return ngettext("%(n)s day ago", "%(n)s days ago", age) % {"n": age} if age else _("today")


def read_relations(account: Account, as_of: dt.date, without: Collection[str] = ()) -> Relations:
    return Relations(as_of, read_acquaintance(account, as_of), without)


def _names(pairs: list[Pair]) -> str:
    """Who it is, for those who ask: the customer's person with each of ours."""
    with_whom: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        with_whom[pair.theirs.short].append(pair.ours.short)
    return "; ".join(f"{theirs} – {', '.join(sorted(set(ours)))}" for theirs, ours in with_whom.items())
