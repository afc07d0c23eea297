"""Which signal rose first before a loss, and how long before. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

WEEKS = 52
DAYS_OF_WEEK = 7
# Of a signal that never reached its line: how much it rose from the first quarter to the last two months.
EARLY_WEEKS, LATE_WEEKS = 13, 8
# A stretch that was over by then does not lead up to the loss; shorter ones fall with time, as that of who left.
LAST_QUARTER = dt.timedelta(weeks=13)
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
    leads : bool
        Above the line at some time of the last quarter: it leads up to the loss. What was over before was got over.
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
    leads: bool
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


def rises(
    days: Iterable[tuple[dt.date, Mapping[str, float]]], lost_on: dt.date, *, opens_at: float, closes_under: float
) -> list[Rise]:
    """Say of each signal when it rose, those that rose first before the others.

    Parameters
    ----------
    days : iterable of (date, mapping)
        Days judged, ascending, each with the level (0-1) of every signal that was known.
    lost_on : date
    opens_at, closes_under : float
        Lines of the alerts: a stretch begins at the first and ends under the second.

    Returns
    -------
    list of Rise
        First those that lead up to the loss, by the day they crossed their line; then those that were over before;
        then those that never got there, by how much they grew. Signals never known are left out.

    Notes
    -----
    An unknown day neither ends nor begins a stretch. What counts is the last stretch: one that was over long before
    the loss, and came again, is told by when it came again.
    """
    courses: dict[str, list[tuple[dt.date, float]]] = {}
    for day, levels in days:
        for key, level in levels.items():
            courses.setdefault(key, []).append((day, level))
    stretches = {key: _last_stretch(course, opens_at, closes_under) for key, course in sorted(courses.items())}
    found = [_rise(key, courses[key], *stretch, lost_on) for key, stretch in stretches.items()]
    return sorted(found, key=lambda rise: (rise.day is None, not rise.leads, rise.day or dt.date.max, -rise.grown))


def _last_stretch(course: Course, opens_at: float, closes_under: float) -> tuple[dt.date | None, dt.date | None]:
    begun = until = None
    is_above = False
    for day, level in course:
        if not is_above and level >= opens_at:
            begun, until, is_above = day, None, True
        elif is_above and level < closes_under:
            until, is_above = day, False
    return begun, until


def _rise(key: str, course: Course, begun: dt.date | None, until: dt.date | None, lost_on: dt.date) -> Rise:
    return Rise(
        key=key,
        day=begun,
        until=until,
        leads=begun is not None and (until is None or until > lost_on - LAST_QUARTER),
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
    """Return the signal that rose first; where none leads up to the loss the one that rose most below its line, if any.

    Parameters
    ----------
    found : sequence of Rise
        As `rises` returns them.
    """
    first = next((rise for rise in found if rise.leads), None)
    below = [rise for rise in found if rise.day is None and rise.grown >= LEAST_RISE]
    return first or next(iter(below), None)
