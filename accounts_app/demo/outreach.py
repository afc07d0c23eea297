"""What we start: the promised contacts, planned or not, kept late or early, and some in vain."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from accounts_app.demo.clock import Bools, Clock, Floats, Ints
from accounts_app.demo.dialogue import Diary, Plan
from accounts_app.demo.episodes import Course, Episode
from accounts_app.demo.people import MAIN, ContactRow
from accounts_app.demo.portfolio import IDEAL_DAYS

NOT_ANSWERED: Final = 0.1
"""Share of our contacts that reach nobody although all is well."""
PLANNED_SHARE: Final = 0.85
SLIPPED_SHARE: Final = 0.15
AT_ONCE: Final = 5
"""A contact made longer after the day aimed for (nobody reached, or a lapse of ours) was not in the calendar."""
REVIEW_DAYS: Final = 85
RENEWAL_TIERS: Final = ("strategic", "key")
EVENNESS: Final = 7.0
"""Shape of the gamma-distributed time between our contacts."""


def write_outreach(diary: Diary, course: Course, episodes: list[Episode], open_share: Floats) -> None:
    """Write down every contact that we start with an account.

    Parameters
    ----------
    diary : Diary
        Receives the rows.
    course : Course
        Says on which days we come at all, and whether somebody answers.
    episodes : list of Episode
    open_share : ndarray of float, shape (clock.length,)
    """
    next_free = _next_free((course.proactive > 0) & (open_share >= 1))
    last_review = -int(diary.chance.integers(0, REVIEW_DAYS))
    for day, last, planned in _contact_days(diary, course, next_free):
        purpose = "proactive"
        if day - last_review >= REVIEW_DAYS and diary.profile.tier in RENEWAL_TIERS:
            purpose, last_review = "review", day
        diary.done(day, "us", purpose, plan=_plan(diary, day, last) if planned else None)
    _write_renewals(diary, next_free)
    _write_handovers(diary, episodes, next_free)


def _next_free(free: Bools) -> Ints:
    """For each day the first free one from it on; the length where there is none."""
    days = np.where(free, np.arange(len(free)), len(free))
    return np.minimum.accumulate(days[::-1])[::-1]


def _contact_days(diary: Diary, course: Course, next_free: Ints) -> Iterator[tuple[int, int, bool]]:
    """Yield day, day of the contact before, and whether it was planned; write the attempts in between."""
    chance, profile = diary.chance, diary.profile
    ideal = IDEAL_DAYS[profile.tier]
    last = max(profile.begins - int(chance.integers(0, ideal)), 0)
    while True:
        wait = ideal * profile.pace * chance.gamma(EVENNESS, 1 / EVENNESS)
        aimed = max(last + 2 + int(wait), profile.begins + 3)
        planned = bool(chance.random() < PLANNED_SHARE)
        day = _reached(diary, course, next_free, aimed)
        if day is None:
            return
        yield day, last, planned and day - aimed <= AT_ONCE
        last = day


def _reached(diary: Diary, course: Course, next_free: Ints, aimed: int) -> int | None:
    """Try from the aimed day on until somebody answers."""
    day = _first_free(next_free, aimed)
    while day < len(next_free):
        if diary.chance.random() < course.answered[day] * (1 - NOT_ANSWERED):
            return day
        diary.attempted(day)
        day = _first_free(next_free, day + int(diary.chance.integers(7, 26)))
    return None


def _first_free(next_free: Ints, day: int) -> int:
    return int(next_free[day]) if day < len(next_free) else len(next_free)


def _plan(diary: Diary, day: int, last: int) -> Plan:
    """Enter the contact some time after the last one, at most five months ahead; some then slip by a few days."""
    chance, profile = diary.chance, diary.profile
    wait = day - last
    entered = max(last + 1 + int(wait * chance.uniform(0.02, 0.5)), day - 150, profile.begins)
    slip = int(chance.integers(2, 9)) if chance.random() < SLIPPED_SHARE else 0
    planned = max(day - slip, entered)
    return Plan(entered, diary.clock.workday_from(planned) if slip else day, last + IDEAL_DAYS[profile.tier])


def _write_renewals(diary: Diary, next_free: Ints) -> None:
    """Once a year the frame agreement is talked through with the larger accounts."""
    if diary.profile.tier not in RENEWAL_TIERS:
        return
    for year_begin in range(int(diary.chance.integers(0, 365)), len(next_free), 365):
        day = _first_free(next_free, year_begin)
        if diary.profile.begins <= day < min(year_begin + 20, len(next_free)):
            diary.done(day, "us", "renewal")


def _write_handovers(diary: Diary, episodes: list[Episode], next_free: Ints) -> None:
    """Where the main contact was followed by another, we meet that person within weeks."""
    for episode in episodes:
        successor = _successor(diary, diary.clock, episode) if episode.kind == "handover" else None
        if successor is not None:
            day = _first_free(next_free, diary.clock.index(successor.known_on) + int(diary.chance.integers(2, 9)))
            if day < len(next_free):
                diary.done(day, "us", "proactive", whom=successor)


def _successor(diary: Diary, clock: Clock, episode: Episode) -> ContactRow | None:
    left_on = clock.day(episode.onset)
    leaver = next(contact for contact in diary.contacts if contact.seat == MAIN and contact.left_on == left_on)
    return next((contact for contact in diary.contacts if contact.key == leaver.successor), None)
