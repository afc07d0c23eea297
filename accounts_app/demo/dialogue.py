"""Interactions of one account: the row, and the diary that chooses who takes part."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from accounts_app.demo.clock import Clock, Floats
from accounts_app.demo.lots import one_of, pick
from accounts_app.demo.people import MAIN, ContactRow
from accounts_app.demo.portfolio import Profile
from accounts_app.demo.slugs import slug
from accounts_app.demo.staff import CHIEF_OPERATING, ENGINEERS, EXECUTIVE, TEAMS
from accounts_app.demo.texts import NOT_REACHED, NOTES, PLANNED
from accounts_app.demo.value_library import LIBRARY

CHANNELS: Final[dict[str, dict[str, float]]] = {
    "proactive": {"visit": 0.35, "call": 0.3, "video": 0.2, "mail": 0.1, "event": 0.05},
    "review": {"visit": 0.7, "video": 0.3},
    "order": {"mail": 0.6, "call": 0.4},
    "incident": {"call": 0.6, "mail": 0.4},
    "renewal": {"visit": 0.6, "video": 0.4},
    "consultation": {"mail": 0.4, "call": 0.4, "video": 0.2},
}
TONES: Final = {-1: 0.06, 0: 0.6, 1: 0.34}
TONES_OF_INCIDENTS: Final = {-1: 0.45, 0: 0.5, 1: 0.05}
SOUR_TONES: Final = {-1: 0.5, 0: 0.45, 1: 0.05}
COMPANY_AT_TABLE: Final = {1: 0.7, 2: 0.22, 3: 0.08}
RECORDING_DAYS: Final = {0: 0.7, 1: 0.2, 2: 0.1}
WITH_VALUE: Final = 0.55
"""Share of proactive contacts that bring something useful."""
LEADER_OF: Final = {team.name: team.leader for team in TEAMS}


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """An interaction; a planned one shows its plan until it has happened and been recorded."""

    key: str
    account: int
    state: str
    channel: str
    initiator: str
    purpose: str
    known_on: dt.date
    due_on: dt.date | None
    planned_on: dt.date | None
    happened_on: dt.date | None
    happened_known_on: dt.date | None
    by: str
    contacts: tuple[str, ...]
    invited: tuple[str, ...]
    colleagues: tuple[str, ...]
    value_item: str | None
    tone: int | None
    note: str
    plan: str
    reaction: str = ""

    def at(self, day: dt.date) -> "InteractionRow | None":
        if self.known_on > day:
            return None
        if self.happened_known_on is None or self.happened_known_on <= day:
            return self
        return replace(
            self,
            state="planned",
            happened_on=None,
            happened_known_on=None,
            contacts=self.invited,
            tone=None,
            reaction="",
            note=self.plan,
        )


@dataclass(frozen=True)
class Plan:
    """When a contact was entered into the calendar, for which day, and by when it was promised."""

    entered: int
    planned: int
    due: int


@dataclass
class Diary:
    """Writes down the interactions of one account.

    Parameters
    ----------
    profile : Profile
    contacts : list of ContactRow
        Everybody who ever works at the account.
    clock : Clock
    chance : numpy.random.Generator
    sour : ndarray of float, shape (clock.length,)
        How far the tone has turned bad on each day.
    """

    profile: Profile
    contacts: list[ContactRow]
    clock: Clock
    chance: np.random.Generator
    sour: Floats
    rows: list[InteractionRow] = field(default_factory=list)

    def attempted(self, day: int) -> None:
        """Write down that we tried and reached nobody."""
        self._write(day, "us", "proactive", state="attempted", note=NOT_REACHED)

    def done(
        self, day: int, initiator: str, purpose: str, *, plan: Plan | None = None, whom: ContactRow | None = None
    ) -> None:
        """Write down what happened on a day index, with its plan if there was one."""
        self._write(day, initiator, purpose, plan=plan, whom=whom, note=one_of(NOTES[initiator, purpose], self.chance))

    def _write(
        self,
        day: int,
        initiator: str,
        purpose: str,
        *,
        note: str,
        state: str = "done",
        plan: Plan | None = None,
        whom: ContactRow | None = None,
    ) -> None:
        happened = self.clock.day(day)
        recorded = happened + dt.timedelta(days=pick(RECORDING_DAYS, self.chance))
        met = [] if state == "attempted" else self._met(happened, whom)
        entered = self.clock.day(plan.entered) if plan else recorded
        brings_value = purpose in {"proactive", "review"} and state == "done" and self.chance.random() < WITH_VALUE
        self.rows.append(
            InteractionRow(
                key=f"I{self.profile.key[1:]}-{len(self.rows):04d}",
                account=self.profile.number,
                state=state,
                channel=pick(CHANNELS[purpose], self.chance),
                initiator=initiator,
                purpose=purpose,
                known_on=entered,
                due_on=self.clock.day(plan.due) if plan else None,
                planned_on=self.clock.day(plan.planned) if plan else None,
                happened_on=happened,
                happened_known_on=recorded,
                by=self.profile.manager_on(day),
                contacts=tuple(contact.key for contact in met),
                invited=tuple(contact.key for contact in met if contact.works_there(entered)),
                colleagues=self._ours(day, purpose),
                # Any; demo/values.py chooses what suits the customer.
                value_item=one_of(LIBRARY, self.chance).title if brings_value else None,
                tone=pick(self._tones(day, purpose), self.chance) if met else None,
                note=note,
                plan=self._intention(purpose),
            )
        )

    def _met(self, day: dt.date, whom: ContactRow | None) -> list[ContactRow]:
        """Choose one to three of those who work there, the main contact most often."""
        there = [contact for contact in self.contacts if contact.works_there(day)]
        if whom is not None or not there:
            return [whom] if whom is not None else []
        count = min(pick(COMPANY_AT_TABLE, self.chance), len(there))
        # Weighted, without putting back: the smallest of exponential waiting times.
        waits = self.chance.exponential(1.0, len(there)) / [4.0 if contact.seat == MAIN else 1.0 for contact in there]
        return [there[i] for i in np.argsort(waits)[:count]]

    def _ours(self, day: int, purpose: str) -> tuple[str, ...]:
        people = [self.profile.manager_on(day)]
        lot = self.chance.random()
        if purpose == "review" and lot < 0.5:
            people.append(LEADER_OF[self.profile.team])
        if purpose == "review" and self.profile.tier == "strategic" and lot < 0.3:
            people.append(EXECUTIVE if lot < 0.15 else CHIEF_OPERATING)
        if purpose in {"proactive", "consultation"} and lot < 0.25:
            people.append(ENGINEERS[self.profile.number % len(ENGINEERS)])
        return tuple(colleague_key(name) for name in people)

    def _tones(self, day: int, purpose: str) -> dict[int, float]:
        usual = TONES_OF_INCIDENTS if purpose == "incident" else TONES
        sour = float(self.sour[min(day, len(self.sour) - 1)])  # an answer may come after the last simulated day
        return {tone: (1 - sour) * share + sour * SOUR_TONES[tone] for tone, share in usual.items()}

    def _intention(self, purpose: str) -> str:
        return one_of(PLANNED.get(purpose, ("",)), self.chance)


def colleague_key(name: str) -> str:
    return slug(name, ".")
