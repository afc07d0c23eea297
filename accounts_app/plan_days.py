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


# A hand-over is arranged within two weeks; nobody is asked to come tomorrow.
HAND_OVER_DAYS, NOTICE_DAYS = 12, 3


def hand_over_day(today: dt.date, last: dt.date | None = None) -> dt.date:
    """A week from now; before the last day of somebody who will have left by then, but never in the past."""
    day = in_weeks(today, 1)
    while last is not None and today < day and (day > last or day.weekday() in (SATURDAY, SUNDAY)):
        day -= DAY
    return day


def first_visit_day(today: dt.date) -> dt.date:
    return working_day(today + NOTICE_DAYS * DAY)


def joint_visit_days(first: dt.date, number: int) -> list[dt.date]:
    """As many days as there are visits, spread evenly over the working days of about two weeks from the first."""
    days = [first + n * DAY for n in range(HAND_OVER_DAYS)]
    working = [day for day in days if day.weekday() not in (SATURDAY, SUNDAY)]
    return [working[n * len(working) // number] for n in range(number)]
