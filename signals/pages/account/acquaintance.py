"""Who of us was seen with whom at one account, read as of a day."""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from accounts_app.models import OWN_FEED, Account, Colleague, Contact, Interaction, Link
from signals.compute.single_thread import SingleThread
from signals.compute.what_if import Who

WINDOW = dt.timedelta(days=SingleThread().window_days)


@dataclass(frozen=True)
class Person:
    """Somebody of either side; `key` names this person in an address."""

    side: str
    pk: int
    name: str
    level: str
    left_on: dt.date | None = None
    title: str = ""
    leaving_on: dt.date | None = None
    is_leaving: bool = False
    successor: int | None = None

    @property
    def key(self) -> str:
        return f"{self.side}-{self.pk}"

    @property
    def who(self) -> Who:
        return self.side, self.pk

    @property
    def full(self) -> str:
        """The whole name; who was erased has none."""
        return self.name or str(_("a person without name"))

    @property
    def short(self) -> str:
        """`P. Aas`; who was erased has no name."""
        first, _space, last = self.name.rpartition(" ")
        return f"{first[0]}. {last}" if first else last or self.full


class Told(NamedTuple):
    """A link as it was entered; `is_own` where people did so here."""

    pk: int
    strength: int
    known_on: dt.date
    is_own: bool


@dataclass(frozen=True)
class Pair:
    """One of theirs and one of ours who were seen together."""

    theirs: Person
    ours: Person
    seen_on: dt.date
    meetings: int
    strength: int
    met_on: dt.date | None = None
    link: int | None = None
    link_is_own: bool = False

    @property
    def whos(self) -> tuple[Who, Who]:
        return self.theirs.who, self.ours.who


@dataclass(frozen=True)
class Acquaintance:
    """Everybody of the customer who is known, those of ours who know any of them, and all pairs."""

    contacts: list[Person] = field(default_factory=list)
    colleagues: list[Person] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)


def read_acquaintance(account: Account, as_of: dt.date) -> Acquaintance:
    """Four statements, each of this account alone; meetings are summed up by the database.

    Whoever answers for the account is among our people, met or not: somebody has to take over.
    """
    contacts = _contacts(account, as_of)
    met, told = _meetings(account, as_of), _links(account, as_of)
    named = {ours for _theirs, ours in [*met, *told]}
    answering = Q(user__in=[pk for pk in (account.owner_id, account.deputy_id) if pk is not None])
    ours = {
        pk: Person("colleague", pk, name, level, title=title)
        for pk, name, level, title in Colleague.objects.filter(Q(pk__in=named) | answering).values_list(
            "pk", "name", "level", "title"
        )
    }
    pairs = [
        _pair(contacts[theirs], ours[our], met.get((theirs, our)), told.get((theirs, our)), as_of)
        for theirs, our in dict.fromkeys([*met, *told])
        if theirs in contacts and our in ours
    ]
    return Acquaintance(list(contacts.values()), list(ours.values()), pairs)


def _contacts(account: Account, as_of: dt.date) -> dict[int, Person]:
    """Who is known on the day; a leaving that was learnt later is none yet."""
    known = Contact.objects.filter(Q(since=None) | Q(since__lte=as_of), account=account, known_on__lte=as_of)
    return {one.pk: _contact(one, as_of) for one in known.order_by("-primary", "name", "pk")}


def _contact(contact: Contact, as_of: dt.date) -> Person:
    left, learnt = contact.left_on, contact.left_known_on or contact.left_on
    has_left = left is not None and left <= as_of and learnt is not None and learnt <= as_of
    announced = contact.leaving_known_on is not None and contact.leaving_known_on <= as_of and not has_left
    return Person(
        "contact",
        contact.pk,
        contact.name,
        contact.level,
        left_on=left if has_left else None,
        title=contact.title,
        leaving_on=contact.leaving_on if announced else None,
        is_leaving=announced,
        successor=contact.successor_id,
    )


def _links(account: Account, as_of: dt.date) -> dict[tuple[int, int], Told]:
    known = Link.objects.filter(contact__account=account, known_on__lte=as_of)
    rows = known.values_list("contact", "colleague", "pk", "strength", "known_on", "feed__name")
    return {
        (contact, colleague): Told(pk, strength, day, feed == OWN_FEED)
        for contact, colleague, pk, strength, day, feed in rows
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


def _pair(theirs: Person, ours: Person, met: tuple[dt.date, int] | None, told: Told | None, as_of: dt.date) -> Pair:
    """A link counts as seen on the day it became known."""
    last, days = met or (dt.date.min, 0)
    told_on = told.known_on if told else dt.date.min
    by_link = int(told_on > as_of - WINDOW and told_on != last)
    return Pair(
        theirs,
        ours,
        seen_on=max(last, told_on),
        meetings=days + by_link,
        strength=told.strength if told else 0,
        met_on=met[0] if met else None,
        link=told.pk if told else None,
        link_is_own=bool(told and told.is_own),
    )
