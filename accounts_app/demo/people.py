"""The people at each customer: seats, who sits in them, who leaves and who follows."""

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from accounts_app.demo.clock import Clock
from accounts_app.demo.episodes import Episode
from accounts_app.demo.firms import mail_domain_of
from accounts_app.demo.lots import stream
from accounts_app.demo.names import NamePool
from accounts_app.demo.portfolio import Profile
from accounts_app.demo.slugs import slug

TOPIC: Final = 4
NAMES_TOPIC: Final = 5


class Seat(NamedTuple):
    title: str
    level: str
    role: str


SEATS: Final = (
    Seat("Head of purchasing", "management", "decision_maker"),
    Seat("Maintenance manager", "management", "influencer"),
    Seat("Design engineer", "operational", "champion"),
    Seat("Managing director", "executive", "decision_maker"),
    Seat("Buyer", "operational", "gatekeeper"),
    Seat("Production planner", "operational", "user"),
    Seat("Technical director", "executive", "influencer"),
    Seat("Service technician", "operational", "user"),
)
SEATS_OF_TIER: Final = {"strategic": (6, 8), "key": (4, 7), "significant": (3, 5), "other": (2, 4)}
MAIN: Final = 0
"""The seat of the main contact."""
TENURE_DAYS: Final = 3300.0
"""Mean time in a seat; about one in nine leaves in a year."""
SETTLED_DAYS: Final = 400
"""Whoever leaves in an episode has been there at least that long."""
HANDOVER_DAYS: Final = 3
LONG_VACANCY_DAYS: Final = 260
ANNOUNCED_DAYS: Final = 14
"""A leaving that is announced is so at least that long before."""
ANNOUNCED_BELOW: Final = 5
"""Whose leaving is learnt within so many days had announced it: about one in three."""


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A person in a seat; the leaving, and who follows, are learnt later than they happen."""

    key: str
    account: int
    seat: int
    name: str
    email: str
    since: dt.date
    known_on: dt.date
    left_on: dt.date | None = None
    left_known_on: dt.date | None = None
    leaving_on: dt.date | None = None
    leaving_known_on: dt.date | None = None
    successor: str | None = None
    successor_known_on: dt.date | None = None

    def at(self, day: dt.date) -> "ContactRow | None":
        if self.known_on > day:
            return None
        row = self
        if self.left_known_on is not None and self.left_known_on > day:
            row = replace(row, left_on=None, left_known_on=None)
        if self.leaving_known_on is not None and self.leaving_known_on > day:
            row = replace(row, leaving_on=None, leaving_known_on=None)
        if self.successor_known_on is not None and (self.successor_known_on > day or row.left_on is None):
            row = replace(row, successor=None, successor_known_on=None)
        return row

    def works_there(self, day: dt.date) -> bool:
        return self.known_on <= day and (self.left_on is None or day < self.left_on)


class Term(NamedTuple):
    """Two day indices: one person's time in a seat, or a vacancy; `until` may lie beyond the clock."""

    since: int
    until: int


def account_contacts(
    profile: Profile, episodes: list[Episode], names: NamePool, clock: Clock, seed: int
) -> list[ContactRow]:
    """Simulate everybody who works at an account over past and future.

    Parameters
    ----------
    profile : Profile
    episodes : list of Episode
        The main contact leaves in `buyer_left` (nobody follows) and in `handover` (somebody does).
    names : NamePool
        Deals the names; accounts must come in a fixed order.
    clock : Clock
    seed : int

    Returns
    -------
    list of ContactRow
    """
    chance = stream(seed, TOPIC, profile.number)
    seats = int(chance.integers(*SEATS_OF_TIER[profile.tier]))
    house = House(profile, names, clock, chance)
    return [row for seat in range(seats) for row in house.occupants(seat, episodes)]


@dataclass(frozen=True)
class House:
    """The account's offices: fills one seat after the other."""

    profile: Profile
    names: NamePool
    clock: Clock
    chance: np.random.Generator

    def occupants(self, seat: int, episodes: list[Episode]) -> list[ContactRow]:
        """Everybody who sits in a seat, one after the other; each names the one who follows."""
        terms = self._terms(_forced_ends(episodes) if seat == MAIN else [])
        people = [self._person(seat, turn, term) for turn, term in enumerate(terms)]
        return [
            replace(person, successor=follower.key, successor_known_on=follower.known_on)
            for person, follower in pairwise(people)
        ] + people[-1:]

    def _terms(self, forced: list[Term]) -> list[Term]:
        """Draw how long people stay, and for how long the seat is vacant in between."""
        terms: list[Term] = []
        since = self.profile.begins - int(self.chance.integers(100, 3000))
        while since < self.clock.length:
            until = max(since, self.profile.begins) + 60 + int(self.chance.exponential(TENURE_DAYS))
            vacant_to = until + int(self.chance.integers(0, 50))
            if forced and until >= forced[0].since - SETTLED_DAYS:
                until, vacant_to = forced.pop(0)
            terms.append(Term(since, until))
            since = vacant_to
        return terms

    def _person(self, seat: int, turn: int, term: Term) -> ContactRow:
        name = self.names.draw(self.profile.firm.country)
        joining, leaving = (int(days) for days in self.chance.integers(1, 15, size=2))
        since, left_on = self.clock.day(term.since), self.clock.day(term.until)
        leaves = term.until < self.clock.length
        # Who was there before the feed's first day is known from that day on, others some days after they came.
        known_on = self.clock.first if term.since <= 0 else since + dt.timedelta(days=joining)
        announced_on = left_on - dt.timedelta(days=ANNOUNCED_DAYS + 3 * joining)
        announces = leaves and leaving <= ANNOUNCED_BELOW and announced_on > known_on
        return ContactRow(
            key=f"P{self.profile.key[1:]}-{seat}{turn:02d}",
            account=self.profile.number,
            seat=seat,
            name=name,
            email=f"{slug(name, '.')}@{mail_domain_of(self.profile.firm)}",
            since=since,
            known_on=known_on,
            left_on=left_on if leaves else None,
            left_known_on=left_on + dt.timedelta(days=leaving) if leaves else None,
            leaving_on=left_on if announces else None,
            leaving_known_on=announced_on if announces else None,
        )


def _forced_ends(episodes: list[Episode]) -> list[Term]:
    """Spans in which the seat of the main contact is vacant because of an episode."""
    followed_after = {"handover": lambda _: HANDOVER_DAYS, "buyer_left": _vacancy}
    return [
        Term(episode.onset, episode.onset + followed_after[episode.kind](episode))
        for episode in episodes
        if episode.kind in followed_after
    ]


def _vacancy(episode: Episode) -> int:
    return LONG_VACANCY_DAYS if episode.ends is None else episode.ends - episode.onset
