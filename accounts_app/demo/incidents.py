"""Incidents: how often, how bad, how long, and when the clock stood still."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from accounts_app.demo.clock import Clock, Floats
from accounts_app.demo.episodes import Course
from accounts_app.demo.lots import one_of, pick, stream
from accounts_app.demo.portfolio import Profile
from accounts_app.demo.texts import INCIDENT_TITLES, PAUSE_REASONS

TOPIC: Final = 6

A_YEAR: Final = {"strategic": 12.0, "key": 7.0, "significant": 3.5, "other": 1.5}
SEVERITIES: Final = {"minor": 0.77, "major": 0.18, "critical": 0.05}
KINDS: Final = {"delivery": 0.36, "quality": 0.22, "invoice": 0.2, "technical": 0.16, "complaint": 0.06}
MEDIAN_DAYS: Final = {"minor": 6.0, "major": 3.2, "critical": 1.0}
SPREAD: Final = 0.85
CLOSING_DAYS: Final = {1: 0.75, 2: 0.15, 3: 0.1}
PAUSED_SHARE: Final = 0.15
LONG_ENOUGH_TO_PAUSE: Final = 3.0


class Pause(NamedTuple):
    from_at: dt.datetime
    until_at: dt.datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident; the desk's nightly export brings each step of it on the day after."""

    key: str
    account: int
    title: str
    kind: str
    severity: str
    known_on: dt.date
    opened_at: dt.datetime
    acknowledged_at: dt.datetime | None
    resolved_at: dt.datetime | None
    resolved_known_on: dt.date | None
    pauses: tuple[Pause, ...]

    def at(self, day: dt.date) -> "IncidentRow | None":
        if self.known_on > day:
            return None
        row = replace(self, pauses=tuple(_pause_at(pause, day) for pause in self.pauses if pause.from_at.date() < day))
        if self.acknowledged_at is not None and self.acknowledged_at.date() >= day:
            row = replace(row, acknowledged_at=None)
        if self.resolved_known_on is not None and self.resolved_known_on > day:
            row = replace(row, resolved_at=None, resolved_known_on=None)
        return row


def _pause_at(pause: Pause, day: dt.date) -> Pause:
    running = pause.until_at is not None and pause.until_at.date() >= day
    return pause._replace(until_at=None) if running else pause


def account_incidents(
    profile: Profile, course: Course, open_share: Floats, clock: Clock, seed: int
) -> list[IncidentRow]:
    """Simulate all incidents of an account over past and future.

    Parameters
    ----------
    profile : Profile
    course : Course
        Fewer orders bring fewer incidents; a slowing account waits longer for its own, and some complain.
    open_share : ndarray of float, shape (clock.length,)
    clock : Clock
    seed : int

    Returns
    -------
    list of IncidentRow
        In order of opening.
    """
    chance = stream(seed, TOPIC, profile.number)
    rate = A_YEAR[profile.tier] / 365.25 * open_share * np.minimum(course.orders, 1)
    rate = np.maximum(rate, course.complained)
    rate[: profile.begins] = 0
    own_pace = float(chance.lognormal(0, 0.2))
    days = np.flatnonzero(chance.random(clock.length) < rate).tolist()
    return [
        _incident(
            f"T{profile.key[1:]}-{count:03d}",
            profile,
            clock.day(day),
            own_pace * course.incident_time[day],
            chance,
            complaint=bool(course.complained[day]),
        )
        for count, day in enumerate(days, start=1)
    ]


def _incident(
    key: str, profile: Profile, day: dt.date, pace: float, chance: np.random.Generator, *, complaint: bool
) -> IncidentRow:
    kind, severity = pick({"complaint": 1.0} if complaint else KINDS, chance), pick(SEVERITIES, chance)
    titles = INCIDENT_TITLES[kind]
    opened = dt.datetime.combine(day, dt.time(7), dt.UTC) + dt.timedelta(minutes=int(chance.integers(0, 540)))
    lasts = MEDIAN_DAYS[severity] * pace * float(chance.lognormal(0, SPREAD))
    pauses = _pauses(opened, lasts, chance)
    resolved = _to_minute(opened + dt.timedelta(days=lasts) + sum((_length(p) for p in pauses), dt.timedelta()))
    return IncidentRow(
        key=key,
        account=profile.number,
        title=one_of(titles, chance),
        kind=kind,
        severity=severity,
        known_on=day + dt.timedelta(days=1),
        opened_at=opened,
        acknowledged_at=min(opened + dt.timedelta(minutes=int(chance.exponential(300)) + 5), resolved),
        resolved_at=resolved,
        resolved_known_on=resolved.date() + dt.timedelta(days=pick(CLOSING_DAYS, chance)),
        pauses=pauses,
    )


def _pauses(opened: dt.datetime, lasts: float, chance: np.random.Generator) -> tuple[Pause, ...]:
    if lasts < LONG_ENOUGH_TO_PAUSE or chance.random() > PAUSED_SHARE:
        return ()
    begins = _to_minute(opened + dt.timedelta(days=float(chance.uniform(0.5, lasts - 1))))
    ends = begins + dt.timedelta(hours=int(chance.integers(20, 150)))
    return (Pause(begins, ends, one_of(PAUSE_REASONS, chance)),)


def _length(pause: Pause) -> dt.timedelta:
    return dt.timedelta() if pause.until_at is None else pause.until_at - pause.from_at


def _to_minute(moment: dt.datetime) -> dt.datetime:
    return moment.replace(second=0, microsecond=0)
