"""What the simulated people find when they look into an alert: the truth of the simulation, and when they say it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from accounts_app.demo.clock import Clock
from accounts_app.demo.customer_news import LOSS_REASONS
from accounts_app.demo.episodes import Episode
from accounts_app.demo.lots import SEED, pick, stream
from accounts_app.demo.portfolio import profiles
from accounts_app.demo.stories import stories

TOPIC: Final = 31
# A drift that begins this soon after an alert was closed makes it too early, not false.
TOO_EARLY_DAYS: Final = 120

Habit = Literal["resolves", "acknowledges", "acknowledges and resolves", "snoozes and resolves", "leaves"]
HABITS: Final[dict[Habit, float]] = {
    "resolves": 0.3,
    "acknowledges and resolves": 0.25,
    "snoozes and resolves": 0.2,
    "acknowledges": 0.1,
    "leaves": 0.15,
}
NOTES: Final = {
    "slowing": "They give part of it to somebody else.",
    "abrupt_stop": "They stopped from one day to the next.",
    "buyer_left": "The buyer left, and nobody followed whom we know.",
    "our_absence": "We have not been there for too long.",
    "contact_silence": "Nobody there answers any more.",
    "closure": "The plant is closed for overhaul.",
    "pause": "Between two projects; they expect to go on.",
    "merged": "They order half as often, twice as much.",
    "late_order": "The order is late; it will come.",
    "handover": "The successor is known and met.",
    "lapse": "We came late, they buy as ever.",
}
SNOOZES: Final = (
    "On holiday until then.",
    "Visit agreed for then.",
    "Budget is decided then.",
    "Wait for the answer to our offer.",
)


@dataclass(frozen=True)
class Verdict:
    """What an alert turned out to be; `cause` is given of real ones only."""

    outcome: str
    cause: str = ""
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """What somebody will do about an alert, in days from the one on which it was shown; None is never."""

    acknowledges: int | None = None
    snoozes: int | None = None
    snoozed_for: int = 0
    reason: str = ""
    resolves: int | None = None


def verdict(account: str, opened: dt.date, closed: dt.date, anchor: dt.date) -> Verdict:
    """Say what an alert was.

    Parameters
    ----------
    account : str
        Key of the account in the ERP feed (C1001 ...).
    opened, closed : datetime.date
    anchor : datetime.date
        Day of loading.

    Returns
    -------
    Verdict
        Real where a true drift was under way at any time while the alert was open; too early where one began within
        `TOO_EARLY_DAYS` of its closing; else false. The note names what only resembled a drift.
    """
    clock = Clock(anchor)
    return _verdict(_told()[account], clock.index(opened), clock.index(closed))


def _verdict(episodes: Sequence[Episode], opened: int, closed: int) -> Verdict:
    under_way = [one for one in episodes if one.onset <= closed and (one.ends is None or opened < one.ends)]
    drift = next((one for one in under_way if one.is_true), None)
    if drift:
        return Verdict("real", LOSS_REASONS[drift.kind], NOTES[drift.kind])
    if any(one.is_true and closed < one.onset <= closed + TOO_EARLY_DAYS for one in episodes):
        return Verdict("too_early")
    return Verdict("false", note=NOTES[under_way[0].kind] if under_way else "")


@lru_cache(maxsize=1)
def _told() -> dict[str, list[Episode]]:
    portfolio = profiles(SEED)
    return {profile.key: told for profile, told in zip(portfolio, stories(portfolio, SEED), strict=True)}


def plan(*lot: int) -> Plan:
    """Draw what somebody does about an alert.

    Parameters
    ----------
    *lot : int
        Names the alert, so that the draw is the same whenever it is made.

    Returns
    -------
    Plan
    """
    chance = stream(SEED, TOPIC, *lot)
    habit = pick(HABITS, chance)
    soon, later = int(chance.integers(0, 5)), int(chance.integers(6, 34))
    resolves = later if habit.endswith("resolves") else None
    if habit == "snoozes and resolves":
        return _snoozing(soon, later, chance)
    return Plan(acknowledges=soon if habit.startswith("acknowledges") else None, resolves=resolves)


def _snoozing(soon: int, later: int, chance: np.random.Generator) -> Plan:
    lasts = int(chance.integers(14, 60))
    reason = SNOOZES[int(chance.integers(len(SNOOZES)))]
    return Plan(snoozes=soon, snoozed_for=lasts, reason=reason, resolves=soon + lasts + later)
