"""What customers ask us for, and who gets the job."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np

from accounts_app.demo.clock import Clock, Floats
from accounts_app.demo.episodes import Course
from accounts_app.demo.lots import one_of, pick, stream
from accounts_app.demo.orders import RATES
from accounts_app.demo.portfolio import Profile
from accounts_app.demo.texts import COMPETITORS, CONSULTATION_TITLES, QUOTATION_TITLES

TOPIC: Final = 10

QUOTATIONS_A_YEAR: Final = {"strategic": 9.0, "key": 5.5, "significant": 3.0, "other": 1.2}
CONSULTATIONS_A_YEAR: Final = {"strategic": 6.0, "key": 4.0, "significant": 2.0, "other": 0.6}
OUTCOMES: Final = {"won": 0.55, "lost": 0.37, "elsewhere": 0.08}
OUTCOMES_WHILE_LEAVING: Final = {"won": 0.2, "lost": 0.45, "elsewhere": 0.35}
LEAVING_BELOW: Final = 0.6
"""Share of the usual orders below which jobs go elsewhere."""
WORKDAYS_A_YEAR: Final = 250
SHARE_OF_A_YEAR: Final = 0.12
"""Median size of a quotation, as a share of the account's year."""
DECIDED_AFTER: Final = (12, 90)
LEARNT_AFTER: Final = {"won": (0, 3), "lost": (2, 20), "elsewhere": (15, 60)}
CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """An inquiry; the decision, and a job placed without asking us, are learnt later than they happen."""

    key: str
    account: int
    kind: str
    title: str
    asked_on: dt.date
    known_on: dt.date
    outcome: str
    decided_on: dt.date | None
    decided_known_on: dt.date | None
    awarded_to: str
    amount: Decimal | None
    currency: str
    reporting_amount: Decimal | None

    def at(self, day: dt.date) -> "InquiryRow | None":
        if self.known_on > day:
            return None
        if self.decided_known_on is not None and self.decided_known_on > day:
            return replace(self, outcome="open", decided_on=None, decided_known_on=None, awarded_to="")
        return self


def account_inquiries(
    profile: Profile, course: Course, open_share: Floats, clock: Clock, seed: int
) -> list[InquiryRow]:
    """Simulate everything an account asks for over past and future.

    Parameters
    ----------
    profile : Profile
    course : Course
        Whoever talks less asks less; whoever leaves gives the job to others.
    open_share : ndarray of float, shape (clock.length,)
    clock : Clock
    seed : int

    Returns
    -------
    list of InquiryRow
        In order of asking.
    """
    chance = stream(seed, TOPIC, profile.number)
    usual = np.minimum(course.inbound, 1) * open_share * clock.workdays
    usual[: profile.begins] = 0
    lot = chance.random((2, clock.length))
    quoted = np.flatnonzero(lot[0] < usual * QUOTATIONS_A_YEAR[profile.tier] / WORKDAYS_A_YEAR).tolist()
    advised = np.flatnonzero(lot[1] < usual * CONSULTATIONS_A_YEAR[profile.tier] / WORKDAYS_A_YEAR).tolist()
    asking = Asking(profile, course, clock, chance)
    asked = sorted([(day, asking.quotation) for day in quoted] + [(day, asking.advice) for day in advised], key=_day)
    return [ask(f"Q{profile.key[1:]}-{count:03d}", day) for count, (day, ask) in enumerate(asked, start=1)]


def _day(asked: tuple[int, object]) -> int:
    return asked[0]


@dataclass(frozen=True)
class Asking:
    """One account that asks."""

    profile: Profile
    course: Course
    clock: Clock
    chance: np.random.Generator

    def quotation(self, key: str, day: int) -> InquiryRow:
        decided = day + int(self.chance.integers(*DECIDED_AFTER))
        # Who gets the job is decided by how things stand on that day, not when it was asked for.
        leaving = self.course.orders[min(decided, self.clock.length - 1)] < LEAVING_BELOW
        outcome = pick(OUTCOMES_WHILE_LEAVING if leaving else OUTCOMES, self.chance)
        learnt = decided + int(self.chance.integers(*LEARNT_AFTER[outcome]))
        size = self.profile.annual_amount * SHARE_OF_A_YEAR * float(self.chance.lognormal(0, 0.8))
        amount = Decimal(size).quantize(CENT)
        return InquiryRow(
            key=key,
            account=self.profile.number,
            kind="quotation",
            title=one_of(QUOTATION_TITLES, self.chance),
            asked_on=self.clock.day(day),
            # What was never asked of us is heard of when it is decided.
            known_on=self.clock.day(learnt if outcome == "elsewhere" else day),
            outcome=outcome,
            decided_on=self.clock.day(decided),
            decided_known_on=self.clock.day(learnt),
            awarded_to="" if outcome == "won" else one_of(COMPETITORS, self.chance),
            amount=amount,
            currency=self.profile.currency,
            reporting_amount=(amount * RATES[self.profile.currency]).quantize(CENT),
        )

    def advice(self, key: str, day: int) -> InquiryRow:
        decided = self.clock.day(day + int(self.chance.integers(2, 20)))
        return InquiryRow(
            key=key,
            account=self.profile.number,
            kind="consultation",
            title=one_of(CONSULTATION_TITLES, self.chance),
            asked_on=self.clock.day(day),
            known_on=self.clock.day(day),
            outcome=pick({"won": 0.8, "lost": 0.2}, self.chance),
            decided_on=decided,
            decided_known_on=decided,
            awarded_to="",
            amount=None,
            currency="",
            reporting_amount=None,
        )
