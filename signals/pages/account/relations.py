"""Who knows whom at one account: the nine level pairs with their age, and what is left when somebody leaves.

Counts as `signals.compute.single_thread` does, for one account and from the meetings as the database sums them up.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.models import Account, Colleague, Contact, Interaction, Link
from accounts_app.models.person import Level
from accounts_app.templatetags.formats import day_text
from signals.compute.single_thread import ALL_PAIRS, SingleThread

WINDOW = dt.timedelta(days=SingleThread().window_days)
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
class Person:
    """Somebody of either side; `key` names this person in an address."""

    side: str
    pk: int
    name: str
    level: str
    left_on: dt.date | None = None

    @property
    def key(self) -> str:
        return f"{self.side}-{self.pk}"

    @property
    def short(self) -> str:
        """`P. Aas`; who was erased has no name."""
        first, _space, last = self.name.rpartition(" ")
        return f"{first[0]}. {last}" if first else last or str(_("a person without name"))


@dataclass(frozen=True)
class Pair:
    """One of theirs and one of ours who were seen together."""

    theirs: Person
    ours: Person
    seen_on: dt.date
    meetings: int
    strength: int

    def is_live(self, today: dt.date) -> bool:
        return self.theirs.left_on is None and self.seen_on > today - WINDOW

    def holds(self, key: str) -> bool:
        return key in {self.theirs.key, self.ours.key}


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
    """All pairs of one account on one day, and the person thought away."""

    today: dt.date
    contacts: list[Person]
    pairs: list[Pair]
    without: str = ""

    @cached_property
    def live(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.is_live(self.today)]

    @property
    def alive(self) -> int:
        return _count(self.live)

    @property
    def of_all(self) -> int:
        return ALL_PAIRS

    @cached_property
    def theirs(self) -> list[Leaving]:
        """The customer's people who hold a live pair, whose loss costs most first."""
        return self._leavings({pair.theirs for pair in self.live})

    @cached_property
    def ours(self) -> list[Leaving]:
        return self._leavings({pair.ours for pair in self.live})

    @property
    def strongest(self) -> list[Leaving]:
        """Of either side the one whose loss costs most."""
        return [*self.theirs[:1], *self.ours[:1]]

    @property
    def chosen(self) -> Leaving | None:
        return next((one for one in [*self.theirs, *self.ours] if one.person.key == self.without), None)

    def _leavings(self, people: set[Person]) -> list[Leaving]:
        def held(person: Person) -> int:
            return sum(pair.meetings for pair in self.live if pair.holds(person.key))

        def left(person: Person) -> int:
            return _count(pair for pair in self.live if not pair.holds(person.key))

        by_loss = sorted(people, key=lambda one: (left(one), -held(one), one.pk))
        return [Leaving(person, left(person)) for person in by_loss]

    @property
    def columns(self) -> list[str | Promise]:
        return list(OURS.values())

    @property
    def rows(self) -> list[LevelRow]:
        return [
            LevelRow(label, self._people(theirs), [self._cell(theirs, ours) for ours in OURS])
            for theirs, label in THEIRS.items()
        ]

    def _people(self, level: str) -> str:
        here = [one.short for one in self.contacts if one.level == level and one.left_on is None]
        if here:
            more = len(here) - NAMES_SHOWN
            return " · ".join(here[:NAMES_SHOWN]) + (f" +{more}" if more > 0 else "")
        left = [one for one in self.contacts if one.level == level and one.left_on]
        if left:
            last = max(left, key=lambda one: one.left_on or dt.date.min)
            return _("vacant ({name} left)").format(name=last.short)
        return _("nobody known")

    def _cell(self, theirs: str, ours: str) -> Cell:
        pairs = [pair for pair in self.pairs if (pair.theirs.level, pair.ours.level) == (theirs, ours)]
        if not pairs:
            known = any(one.level == theirs and one.left_on is None for one in self.contacts)
            return (
                Cell("never", _("never met")) if known else Cell("nobody", "–", title=_("nobody known at this level"))
            )
        live = [pair for pair in pairs if pair.is_live(self.today)]
        kept = [pair for pair in live if not pair.holds(self.without)]
        if kept:
            return self._seen("live", kept)
        if live:
            return Cell("would_end", _("would end"), title=_names(live))
        newest = max(pairs, key=lambda pair: (pair.seen_on, pair.theirs.left_on is None))
        if newest.theirs.left_on:
            return Cell(
                "ended", _("ended {day}").format(day=day_text(newest.theirs.left_on, self.today)), title=_names(pairs)
            )
        return Cell("faded", f"{newest.seen_on:%b %Y}", _("last seen"), title=_names(pairs))

    def _seen(self, state: str, pairs: list[Pair]) -> Cell:
        age = (self.today - max(pair.seen_on for pair in pairs)).days
        text = ngettext("%(n)s day ago", "%(n)s days ago", age) % {"n": age} if age else _("today")
        strength = max(pair.strength for pair in pairs)
        return Cell(state, text, str(STRENGTHS.get(strength, "")), _names(pairs))


def read_relations(account: Account, as_of: dt.date, without: str = "") -> Relations:
    """Four statements, each of this account alone; meetings are summed up by the database."""
    contacts = _contacts(account, as_of)
    met = _meetings(account, as_of)
    told = {
        (contact, colleague): (strength, day)
        for contact, colleague, strength, day in Link.objects.filter(
            contact__account=account, known_on__lte=as_of
        ).values_list("contact", "colleague", "strength", "known_on")
    }
    ours = {
        pk: Person("colleague", pk, name, level)
        for pk, name, level in Colleague.objects.filter(pk__in={ours for _theirs, ours in [*met, *told]}).values_list(
            "pk", "name", "level"
        )
    }
    pairs = [
        _pair(contacts[theirs], ours[our], met.get((theirs, our)), told.get((theirs, our)), as_of)
        for theirs, our in dict.fromkeys([*met, *told])
        if theirs in contacts and our in ours
    ]
    return Relations(as_of, list(contacts.values()), pairs, without)


def _contacts(account: Account, as_of: dt.date) -> dict[int, Person]:
    """Who is known on the day; a leaving that was learnt later is none yet."""
    known = Contact.objects.filter(Q(since=None) | Q(since__lte=as_of), account=account, known_on__lte=as_of)
    people = known.order_by("-primary", "name", "pk").values_list("pk", "name", "level", "left_on", "left_known_on")
    return {
        pk: Person("contact", pk, name, level, left if left and left <= as_of and (learnt or left) <= as_of else None)
        for pk, name, level, left, learnt in people
    }


def _meetings(account: Account, as_of: dt.date) -> dict[tuple[int, int], tuple[dt.date, int]]:
    """The last day on which each two were seen together, and the number of such days within the window."""
    recent = Q(happened_on__gt=as_of - WINDOW)
    done = Interaction.objects.filter(
        account=account,
        state=Interaction.State.DONE,
        happened_on__lte=as_of,
        known_on__lte=as_of,
        happened_known_on__lte=as_of,
        contacts__isnull=False,
        colleagues__isnull=False,
    )
    summed = (
        done.order_by()
        .values("contacts", "colleagues")
        .annotate(last=Max("happened_on"), days=Count("happened_on", distinct=True, filter=recent))
    )
    return {(row["contacts"], row["colleagues"]): (row["last"], row["days"]) for row in summed}


def _pair(
    theirs: Person, ours: Person, met: tuple[dt.date, int] | None, told: tuple[int, dt.date] | None, as_of: dt.date
) -> Pair:
    """A link counts as seen on the day it became known."""
    last, days = met or (dt.date.min, 0)
    strength, told_on = told or (0, dt.date.min)
    by_link = int(told_on > as_of - WINDOW and told_on != last)
    return Pair(theirs, ours, max(last, told_on), days + by_link, strength)


def _count(pairs: Iterable[Pair]) -> int:
    return len({(pair.theirs.level, pair.ours.level) for pair in pairs})


def _names(pairs: list[Pair]) -> str:
    """Who it is, for those who ask: the customer's person with each of ours."""
    with_whom: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        with_whom[pair.theirs.short].append(pair.ours.short)
    return "; ".join(f"{theirs} – {', '.join(sorted(set(ours)))}" for theirs, ours in with_whom.items())
