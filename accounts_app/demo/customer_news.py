"""What happens at the customers besides business: change events, answers to the survey, and what was lost."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np

from accounts_app.demo.clock import Clock
from accounts_app.demo.episodes import Course, Episode
from accounts_app.demo.lots import one_of, stream
from accounts_app.demo.orders import RATES
from accounts_app.demo.people import MAIN, ContactRow
from accounts_app.demo.portfolio import Profile
from accounts_app.demo.texts import COMPETITORS, EVENT_SOURCES, EVENT_TITLES, LOSS_NOTES, SURVEY_COMMENTS

EVENTS_TOPIC, SURVEY_TOPIC, LOSS_TOPIC = 12, 13, 14

EVENTS_A_YEAR: Final = 0.4
RESTRUCTURED_SHARE: Final = 0.4
"""Of those that leave, how many had been restructured before; as many others are and stay."""
SURVEY_MONTHS: Final = (3, 9)
ANSWERED: Final = 0.62
LOSS_REASONS: Final = {
    "slowing": "competitor",
    "abrupt_stop": "competitor",
    "buyer_left": "competitor",
    "our_absence": "our_side",
    "contact_silence": "beyond_control",
}


@dataclass(frozen=True, slots=True)
class EventRow:
    key: str
    account: int
    kind: str
    happened_on: dt.date
    known_on: dt.date
    title: str
    source: str

    def at(self, day: dt.date) -> "EventRow | None":
        return self if self.known_on <= day else None


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """Asked in spring and autumn; an answer comes days later or never."""

    key: str
    account: int
    contact: str
    asked_on: dt.date
    answered_on: dt.date | None
    score: int | None
    comment: str

    @property
    def known_on(self) -> dt.date:
        return self.asked_on

    def at(self, day: dt.date) -> "SurveyRow | None":
        if self.asked_on > day:
            return None
        if self.answered_on is not None and self.answered_on > day:
            return replace(self, answered_on=None, score=None, comment="")
        return self


@dataclass(frozen=True, slots=True)
class LossRow:
    key: str
    account: int
    lost_on: dt.date
    known_on: dt.date
    reason: str
    went_to: str
    annual_amount: Decimal
    currency: str
    reporting_annual_amount: Decimal
    note: str

    def at(self, day: dt.date) -> "LossRow | None":
        return self if self.known_on <= day else None


def account_events(profile: Profile, episodes: list[Episode], clock: Clock, seed: int) -> list[EventRow]:
    """Simulate change events: at random, and some weeks before a drift begins.

    Parameters
    ----------
    profile : Profile
    episodes : list of Episode
    clock : Clock
    seed : int

    Returns
    -------
    list of EventRow
    """
    chance = stream(seed, EVENTS_TOPIC, profile.number)
    days = np.flatnonzero(chance.random(clock.length) < EVENTS_A_YEAR / 365.25).tolist()
    happened = [(day, one_of(tuple(EVENT_TITLES), chance)) for day in days if day >= profile.begins]
    happened += [
        (max(episode.onset - int(chance.integers(10, 90)), profile.begins), "restructuring")
        for episode in episodes
        if episode.is_true and chance.random() < RESTRUCTURED_SHARE
    ]
    return [
        EventRow(
            key=f"E{profile.key[1:]}-{count:02d}",
            account=profile.number,
            kind=kind,
            happened_on=clock.day(day),
            known_on=clock.day(day + int(chance.integers(0, 20))),
            title=one_of(EVENT_TITLES[kind], chance),
            source=one_of(EVENT_SOURCES, chance),
        )
        for count, (day, kind) in enumerate(sorted(happened), start=1)
    ]


def account_surveys(
    profile: Profile, course: Course, contacts: list[ContactRow], clock: Clock, seed: int
) -> list[SurveyRow]:
    """Ask the main contact twice a year; whoever drifts answers less often and with fewer points.

    Parameters
    ----------
    profile : Profile
    course : Course
    contacts : list of ContactRow
    clock : Clock
    seed : int

    Returns
    -------
    list of SurveyRow
        In order of asking.
    """
    chance = stream(seed, SURVEY_TOPIC, profile.number)
    usual = float(np.clip(chance.normal(8.3, 1.1), 4, 10))
    rows = []
    for index in _survey_days(clock):
        day, warmth = clock.day(index), float(min(course.inbound[index], 1.0))
        lot, mood, after = chance.random(), float(chance.normal(0, 0.9)), int(chance.integers(1, 21))
        asked = next((one for one in contacts if one.seat == MAIN and one.works_there(day)), None)
        if asked is None or index < profile.begins:
            continue
        score = round(float(np.clip(usual + mood - 3.5 * (1 - warmth), 0, 10)))
        answers = lot < ANSWERED * (0.35 + 0.65 * warmth)
        comments = SURVEY_COMMENTS["low" if score <= 6 else "high" if score >= 9 else "middle"]
        rows.append(
            SurveyRow(
                key=f"N{profile.key[1:]}-{day:%y%m}",
                account=profile.number,
                contact=asked.key,
                asked_on=day,
                answered_on=clock.day(index + after) if answers else None,
                score=score if answers else None,
                comment=comments[(index + profile.number) % len(comments)] if answers else "",
            )
        )
    return rows


def _survey_days(clock: Clock) -> list[int]:
    return [index for index, day in enumerate(clock.days) if day.month in SURVEY_MONTHS and day.day == 16]


def account_losses(profile: Profile, episodes: list[Episode], clock: Clock, seed: int) -> list[LossRow]:
    """Write down what ended: a loss is entered some weeks after it was final.

    Parameters
    ----------
    profile : Profile
    episodes : list of Episode
    clock : Clock
    seed : int

    Returns
    -------
    list of LossRow
    """
    chance = stream(seed, LOSS_TOPIC, profile.number)
    amount = Decimal(round(profile.annual_amount, -3)).quantize(Decimal("0.01"))
    return [
        LossRow(
            key=f"L{profile.key[1:]}-{count}",
            account=profile.number,
            lost_on=clock.day(episode.lost),
            known_on=clock.day(episode.lost + int(chance.integers(5, 40))),
            reason=LOSS_REASONS[episode.kind],
            went_to=one_of(COMPETITORS, chance) if LOSS_REASONS[episode.kind] == "competitor" else "",
            annual_amount=amount,
            currency=profile.currency,
            reporting_annual_amount=(amount * RATES[profile.currency]).quantize(Decimal("0.01")),
            note=LOSS_NOTES[episode.kind],
        )
        for count, episode in enumerate(episodes, start=1)
        if episode.lost is not None
    ]
