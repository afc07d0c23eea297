"""The relationship map of one account: who knows whom how well, what hangs on whom, and what to do about it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Account, Interaction
from accounts_app.templatetags.formats import day_text
from cadence.pages.what_is_left import WhatIsLeft, listed
from signals.pages.account.acquaintance import WINDOW, Pair, Person
from signals.pages.account.relations import OURS, STRENGTHS, THEIRS, Cell, Relations, ago, read_relations

UNTOLD = gettext_lazy("strength not told")
# Of the people of one level and those of one cell as many as stay readable; the rest is counted.
LINES_SHOWN = 4
ENDED_SHOWN = dt.timedelta(days=365)


@dataclass(frozen=True)
class Line:
    """One link within a cell: `state` colours it, the words say the same."""

    pair: Pair
    state: str
    strength: str | Promise
    seen: str


@dataclass(frozen=True)
class MapCell:
    ours: str | Promise
    cell: Cell
    lines: list[Line]
    more: int


@dataclass(frozen=True)
class MapPerson:
    """Somebody with a box to think them away; `met` says when they were last met, and by whom or with whom."""

    person: Person
    met: str
    note: str
    is_gone: bool


@dataclass(frozen=True)
class MapLevel:
    label: str | Promise
    people: list[MapPerson]
    # What is said where nobody is.
    vacancy: str
    cells: list[MapCell]


@dataclass(frozen=True)
class LevelMet:
    label: str | Promise
    text: str
    is_met: bool


@dataclass(frozen=True)
class RelationshipMap:
    """What the page says; everything is worked out from rows already read."""

    relations: Relations
    last_met: Mapping[int, dt.date]

    @property
    def columns(self) -> list[MapLevel]:
        return [
            MapLevel(label, self._people(self.relations.known.colleagues, level), str(_("nobody who knows them")), [])
            for level, label in OURS.items()
        ]

    @property
    def rows(self) -> list[MapLevel]:
        present = [one for one in self.relations.contacts if one.left_on is None]
        return [
            MapLevel(
                label,
                self._people(present, level),
                self.relations.vacancy(level),
                [self._cell(level, ours) for ours in OURS],
            )
            for level, label in THEIRS.items()
        ]

    @cached_property
    def bow_tie(self) -> str:
        """The sentence that names on whom everything hangs; empty where it does not."""
        live = self.relations.live
        if not live:
            return ""
        if len(live) == 1:
            names = {"theirs": live[0].theirs.full, "ours": live[0].ours.full}
            return _(
                "A bow tie: the whole relationship hangs on {theirs} and {ours}. If either leaves, nobody is left who "
                "knows the other side."
            ).format(**names)
        hangs = [one.person.full for one in self.relations.strongest if one.left == 0]
        if not hangs:
            return ""
        return _("All hangs on {names}: without them no level pair of {n} would be left.").format(
            names=listed(hangs, _("or")), n=self.relations.alive
        )

    @cached_property
    def levels_met(self) -> list[LevelMet]:
        """The customer's levels, whoever was not met for longest first."""
        told = [self._level_met(level, label) for level, label in THEIRS.items()]
        return [line for _day, line in sorted(told, key=lambda one: one[0])]

    def _level_met(self, level: str, label: str | Promise) -> tuple[dt.date, LevelMet]:
        days = {one.pk: self.last_met[one.pk] for one in self.relations.contacts if self._counts(one, level)}
        if not days:
            known = any(one.level == level and one.left_on is None for one in self.relations.contacts)
            return dt.date.min, LevelMet(label, _("never met") if known else _("nobody known there"), is_met=False)
        newest = max(days, key=lambda pk: days[pk])
        person = next(one for one in self.relations.contacts if one.pk == newest)
        text = _("{when}: {met}").format(when=ago(days[newest], self.relations.today), met=self._with(person))
        return days[newest], LevelMet(label, text, is_met=days[newest] > self.relations.today - WINDOW)

    def _counts(self, person: Person, level: str) -> bool:
        return person.level == level and person.left_on is None and person.pk in self.last_met

    def _with(self, person: Person) -> str:
        by = self._by(person)
        return _("{name}, by {by}").format(name=person.short, by=by) if by else person.short

    def _by(self, person: Person) -> str:
        """Who of us was there when the contact was last met."""
        last = self.last_met.get(person.pk)
        met = [pair.ours.short for pair in self.relations.pairs if pair.theirs.pk == person.pk and pair.met_on == last]
        return listed(sorted(met), _("and")) if last else ""

    def _people(self, people: Iterable[Person], level: str) -> list[MapPerson]:
        gone = {one.who for one in self.relations.gone}
        return [
            MapPerson(one, self._met(one), self._note(one), one.who in gone) for one in people if one.level == level
        ]

    def _met(self, person: Person) -> str:
        today = self.relations.today
        if person.side == "contact":
            last, by = self.last_met.get(person.pk), self._by(person)
            if last is None:
                return _("never met")
            words = _("met {when} by {by}") if by else _("met {when}")
            return words.format(when=ago(last, today), by=by)
        met = [pair.met_on for pair in self.relations.pairs if pair.ours.pk == person.pk and pair.met_on]
        return _("met them {when}").format(when=ago(max(met), today)) if met else _("has met nobody here")

    def _note(self, person: Person) -> str:
        if not person.is_leaving:
            return ""
        if person.leaving_on is None:
            return _("will leave")
        return _("leaves {day}").format(day=day_text(person.leaving_on, self.relations.today))

    def _cell(self, theirs: str, ours: str) -> MapCell:
        pairs = self._worth_showing(self.relations.of_levels(theirs, ours))
        shown = [self._line(pair) for pair in pairs[:LINES_SHOWN]]
        more = max(len(pairs) - LINES_SHOWN, 0)
        return MapCell(OURS[ours], self.relations.cell(theirs, ours), shown, more)

    def _worth_showing(self, pairs: list[Pair]) -> list[Pair]:
        """Those with people who are there, then what ended within the year; of a cell that is history its last one."""
        since = self.relations.today - ENDED_SHOWN
        here = [pair for pair in pairs if pair.theirs.left_on is None]
        ended = [pair for pair in pairs if pair.theirs.left_on is not None and pair.theirs.left_on > since]
        return [*here, *ended] or pairs[:1]

    def _line(self, pair: Pair) -> Line:
        return Line(pair, self._state(pair), STRENGTHS.get(pair.strength, UNTOLD), self._seen(pair))

    def _state(self, pair: Pair) -> str:
        if pair.theirs.left_on:
            return "ended"
        if {one.who for one in self.relations.gone} & set(pair.whos):
            return "would_end"
        return "live" if pair in self.relations.live else "faded"

    def _seen(self, pair: Pair) -> str:
        today = self.relations.today
        if pair.theirs.left_on:
            return _("ended {day}").format(day=day_text(pair.theirs.left_on, today))
        if self._state(pair) == "would_end":
            return _("would end")
        if pair.met_on is None:
            return _("never met")
        if pair.met_on > today - WINDOW:
            return ago(pair.met_on, today)
        return _("last met {month}").format(month=f"{pair.met_on:%b %Y}")

    @property
    def left(self) -> WhatIsLeft:
        return WhatIsLeft(self.relations)


def read_map(account: Account, today: dt.date, without: list[str]) -> RelationshipMap:
    """Five statements, however many people there are."""
    met = Interaction.objects.done().filter(account=account, happened_on__lte=today, contacts__isnull=False)
    last = dict(met.order_by().values_list("contacts").annotate(Max("happened_on")))
    return RelationshipMap(read_relations(account, today, without), last)
