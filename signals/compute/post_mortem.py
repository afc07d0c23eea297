"""Which signal rose first before a loss, and how long before. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

WEEKS = 52
DAYS_OF_WEEK = 7
# Of a signal that never reached its line: how much it rose from the first quarter to the last two months.
EARLY_WEEKS, LATE_WEEKS = 13, 8
# Less is no rise anybody would have acted on. Assumption.
LEAST_RISE = 0.1


@dataclass(frozen=True)
class Rise:
    """One signal on its way to the loss.

    Attributes
    ----------
    key : str
    day : date or None
        First day of the last stretch above the line; None where it never got there.
    until : date or None
        Day on which that stretch was over; None where it lasted to the loss.
    from_start : bool
        Above the line on the first day known already: it may have risen earlier.
    highest : float
        Highest level known, in 0..1.
    grown : float
        Mean level of the last weeks less that of the first quarter; 0 where one of them is unknown.
    """

    key: str
    day: dt.date | None
    until: dt.date | None
    from_start: bool
    highest: float
    grown: float


Course = Sequence[tuple[dt.date, float]]


def first_day(lost_on: dt.date) -> dt.date:
    """Return the first day of the 53 weeks up to a loss."""
    return lost_on - dt.timedelta(days=DAYS_OF_WEEK * (WEEKS + 1) - 1)


def covers(first: dt.date, lost_on: dt.date) -> bool:
    """Say whether days judged from `first` on tell of the whole year before a loss."""
    return (lost_on - first).days >= DAYS_OF_WEEK * (WEEKS - 1)


def rises(days: Iterable[tuple[dt.date, Mapping[str, float]]], *, opens_at: float, closes_under: float) -> list[Rise]:
    """Say of each signal when it rose, those that rose first before the others.

    Parameters
    ----------
    days : iterable of (date, mapping)
        Days judged, ascending, each with the level (0-1) of every signal that was known.
    opens_at, closes_under : float
        Lines of the alerts: a stretch begins at the first and ends under the second.

    Returns
    -------
    list of Rise
        First those still above their line at the end, by the day they crossed it; then those whose stretch was
        over; then those that never got there, by how much they grew. Signals never known are left out.

    Notes
    -----
    An unknown day neither ends nor begins a stretch. What counts is the last stretch: one that was over long before
    the loss, and came again, is told by when it came again.
    """
    courses: dict[str, list[tuple[dt.date, float]]] = {}
    for day, levels in days:
        for key, level in levels.items():
            courses.setdefault(key, []).append((day, level))
    found = [_rise(key, course, opens_at, closes_under) for key, course in sorted(courses.items())]
    return sorted(
        found, key=lambda rise: (rise.day is None, rise.until is not None, rise.day or dt.date.max, -rise.grown)
    )


def _rise(key: str, course: Course, opens_at: float, closes_under: float) -> Rise:
    begun = until = None
    is_above = False
    for day, level in course:
        if not is_above and level >= opens_at:
            begun, until, is_above = day, None, True
        elif is_above and level < closes_under:
            until, is_above = day, False
    return Rise(
        key=key,
        day=begun,
        until=until,
        from_start=begun == course[0][0],
        highest=max(level for _day, level in course),
        grown=_grown(course),
    )


def _grown(course: Course) -> float:
    end = course[-1][0]
    late = [level for day, level in course if day > end - dt.timedelta(weeks=LATE_WEEKS)]
    early = [level for day, level in course if day <= end - dt.timedelta(weeks=WEEKS - EARLY_WEEKS)]
    return fmean(late) - fmean(early) if early else 0.0


def first_of(found: Sequence[Rise]) -> Rise | None:
    """Return the signal that rose first; where none reached its line the one that rose most, if any rose at all.

    Parameters
    ----------
    found : sequence of Rise
        As `rises` returns them.
    """
    first = found[0] if found else None
    return first if first and (first.day is not None or first.grown >= LEAST_RISE) else None
