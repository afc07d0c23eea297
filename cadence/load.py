"""The hours that contacts take in the coming weeks: those planned, and those promised that nobody has planned yet."""

import datetime as dt

import numpy as np
import pandas as pd

from cadence.schedule import DAY, SATURDAY
from cadence.workload import week_of

WEEKS = 13
DAYS_OF_WEEK = 7


def first_week(today: dt.date) -> dt.date:
    """Return the Monday of the first week that still has a working day: at a weekend the next one."""
    return week_of(today) + (DAYS_OF_WEEK * DAY if today.weekday() >= SATURDAY else dt.timedelta())


def next_due(due_on: pd.Series, planned_on: pd.Series, ideal_days: pd.Series, today: dt.date) -> pd.Series:
    """Return the first day on which a promised contact is due for which nobody has planned one.

    Parameters
    ----------
    due_on : Series of datetime64
        When the next contact is due, by what was done; NaT: none is on record, so the first one is due today.
    planned_on : Series of datetime64
        The last proactive contact that is planned; NaT: none.
    ideal_days : Series of float
    today : date

    Returns
    -------
    Series of datetime64
        From the last plan on its interval counts, as if it had been kept; nothing lies before today.
    """
    after_plan = planned_on + pd.to_timedelta(ideal_days, unit="D")
    due = after_plan.where(planned_on.notna(), due_on)
    moment = pd.Timestamp(today)
    return due.where(due > moment, moment)


def promised_hours(accounts: pd.DataFrame, first: dt.date, weeks: int = WEEKS) -> pd.DataFrame:
    """Return the hours a week of the contacts that are promised and not planned.

    Parameters
    ----------
    accounts : DataFrame
        `owner_id`, `next_due` (see the function), `ideal_days`, `hours` that one contact takes.
    first : date
        Monday of the first week; what is due before it falls into it.
    weeks : int

    Returns
    -------
    DataFrame of float
        Index = owner id, columns = weeks counted from 0.
    """
    begin, end = np.datetime64(first), np.datetime64(first + weeks * DAYS_OF_WEEK * DAY)
    due = np.maximum(accounts["next_due"].to_numpy().astype("datetime64[D]"), begin)
    ideal = accounts["ideal_days"].to_numpy().astype("timedelta64[D]")
    number = np.maximum((end - due - np.timedelta64(1, "D")) // ideal + 1, 0)
    rows = np.repeat(np.arange(len(accounts)), number)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(number) - number, number)
    days = due[rows] + place * ideal[rows]
    return by_week(accounts["owner_id"].to_numpy()[rows], days, accounts["hours"].to_numpy()[rows], first, weeks)


def by_week(
    owners: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    days: "np.ndarray[tuple[int], np.dtype[np.datetime64]]",
    hours: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    first: dt.date,
    weeks: int = WEEKS,
) -> pd.DataFrame:
    """Return the sum of hours by owner and week; days before the first week count in it, later ones are left out."""
    week = np.maximum((days.astype("datetime64[D]") - np.datetime64(first)).astype(int) // DAYS_OF_WEEK, 0)
    table = pd.DataFrame({"owner_id": owners, "week": week, "hours": hours})[week < weeks]
    sums = table.pivot_table(index="owner_id", columns="week", values="hours", aggfunc="sum", fill_value=0.0)
    every_week: pd.DataFrame = sums.reindex(columns=range(weeks), fill_value=0.0)
    return every_week
