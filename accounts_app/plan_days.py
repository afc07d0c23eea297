"""The days offered for the next contact: never at a weekend, never in the past."""

import calendar
import datetime as dt

SATURDAY, SUNDAY = 5, 6
DAY = dt.timedelta(days=1)


def working_day(day: dt.date) -> dt.date:
    """The day itself, or the Monday after a weekend."""
    while day.weekday() in (SATURDAY, SUNDAY):
        day += DAY
    return day


def in_weeks(today: dt.date, weeks: int) -> dt.date:
    return working_day(today + dt.timedelta(weeks=weeks))


def in_a_month(today: dt.date) -> dt.date:
    """The same day of the next month, or its last where it is shorter."""
    year, month = today.year + today.month // 12, today.month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return working_day(dt.date(year, month, min(today.day, last)))


def by_due_day(due_on: dt.date, today: dt.date) -> dt.date:
    """The last working day that still keeps the promise; the next one where it is already broken or falls due."""
    day = due_on
    while day.weekday() in (SATURDAY, SUNDAY):
        day -= DAY
    return day if day > today else working_day(today + DAY)
