"""Which signal rose first before a loss, and how long before. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

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


def weekly_days(lost_on: dt.date) -> list[dt.date]:
    """Return the days replayed before a loss: every seventh of a year up to the day itself, the oldest first."""
    return [lost_on - dt.timedelta(days=DAYS_OF_WEEK * back) for back in range(WEEKS, -1, -1)]


def weekly(days: pd.DataFrame, lost_on: dt.date) -> pd.DataFrame:
    """Return of each week before a loss the last day judged in it; weeks without one are left out.

    Parameters
    ----------
    days : DataFrame
        `day` (datetime64) and further columns, in any order.
    lost_on : date
        The last week ends with this day.
    """
    ages = (pd.Timestamp(lost_on) - days["day"]).dt.days
    within = days[(ages >= 0) & (ages < DAYS_OF_WEEK * (WEEKS + 1))].sort_values("day", kind="stable")
    weeks = (pd.Timestamp(lost_on) - within["day"]).dt.days // DAYS_OF_WEEK
    last: pd.DataFrame = within.assign(weeks_before=weeks).drop_duplicates("weeks_before", keep="last")
    return last.reset_index(drop=True)


def covers(weeks: pd.DataFrame) -> bool:
    """Say whether every week of the year before the loss was judged.

    Parameters
    ----------
    weeks : DataFrame
        As `weekly` returns it.
    """
    return set(weeks["weeks_before"]) >= set(range(WEEKS))


def rises(levels: pd.DataFrame, *, opens_at: float, closes_under: float) -> list[Rise]:
    """Say of each signal when it rose, those that rose first before the others.

    Parameters
    ----------
    levels : DataFrame
        Index = days (datetime64, ascending), a column a signal; levels 0-1, NaN where unknown.
    opens_at, closes_under : float
        Lines of the alerts: a stretch begins at the first and ends under the second.

    Returns
    -------
    list of Rise
        First those still above their line at the end, by the day they crossed it; then those whose stretch was
        over; then those that never got there, by how much they grew. Signals never known are left out.

    Notes
    -----
    An unknown week neither ends nor begins a stretch. What counts is the last stretch: one that was over long before
    the loss, and came again, is told by when it came again.
    """
    known = [_rise(levels[key].dropna(), opens_at, closes_under) for key in levels.columns if levels[key].notna().any()]
    return sorted(
        known, key=lambda rise: (rise.day is None, rise.until is not None, rise.day or dt.date.max, -rise.grown)
    )


def _rise(level: pd.Series, opens_at: float, closes_under: float) -> Rise:
    begun = until = None
    is_above = False
    for day, value in zip(level.index, level, strict=True):
        if not is_above and value >= opens_at:
            begun, until, is_above = day, None, True
        elif is_above and value < closes_under:
            until, is_above = day, False
    return Rise(
        key=str(level.name),
        day=begun.date() if begun is not None else None,
        until=until.date() if until is not None else None,
        from_start=begun is not None and begun == level.index[0],
        highest=round(float(level.max()), 3),
        grown=_grown(level),
    )


def _grown(level: pd.Series) -> float:
    end = level.index[-1]
    late = level[level.index > end - pd.Timedelta(weeks=LATE_WEEKS)]
    early = level[level.index <= end - pd.Timedelta(weeks=WEEKS - EARLY_WEEKS)]
    return round(float(late.mean() - early.mean()), 3) if len(early) else 0.0


def first_of(found: Sequence[Rise]) -> Rise | None:
    """Return the signal that rose first; where none reached its line the one that rose most, if any rose at all.

    Parameters
    ----------
    found : sequence of Rise
        As `rises` returns them.
    """
    first = found[0] if found else None
    return first if first and (first.day is not None or first.grown >= LEAST_RISE) else None
