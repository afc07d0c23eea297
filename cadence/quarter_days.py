"""The quarters of the calendar, each named by its first day."""

import datetime as dt
from typing import Final

QUARTERS_KEPT: Final = 8
MONTHS_OF_QUARTER: Final = 3


def quarter_of(day: dt.date) -> dt.date:
    """Return the first day of the quarter that a day lies in."""
    return dt.date(day.year, day.month - (day.month - 1) % MONTHS_OF_QUARTER, 1)


def last_day(begins_on: dt.date) -> dt.date:
    """Return the last day of a quarter."""
    return quarter_of(begins_on + dt.timedelta(days=95)) - dt.timedelta(days=1)


def quarters_until(today: dt.date, number: int = QUARTERS_KEPT) -> list[dt.date]:
    """Return the first days of the last quarters, the present one first."""
    found = [quarter_of(today)]
    while len(found) < number:
        found.append(quarter_of(found[-1] - dt.timedelta(days=1)))
    return found
