"""The days offered for the next contact: never in the past, and none on which somebody is known to be missing."""

import calendar
import datetime as dt
from collections.abc import Container
from dataclasses import dataclass

SATURDAY, SUNDAY = 5, 6
DAY = dt.timedelta(days=1)
# Whoever is away for longer needs a deputy, not a date.
LONGEST_WAIT = 92


@dataclass(frozen=True)
class BothSides:
    """What keeps a contact from taking place on a day: weekends, holidays of both countries, the owner's absences.

    Attributes
    ----------
    holidays : container of date
        Public holidays of the owner's and of the account's country.
    absences : tuple of (date, date)
        First and last day of each absence of the owner.
    """

    holidays: Container[dt.date] = frozenset()
    absences: tuple[tuple[dt.date, dt.date], ...] = ()

    def is_away(self, day: dt.date) -> bool:
        """Return whether the owner is away on this day."""
        return any(first <= day <= last for first, last in self.absences)

    def work(self, day: dt.date) -> bool:
        """Return whether it is a working day on both sides."""
        return day.weekday() not in (SATURDAY, SUNDAY) and day not in self.holidays

    def meet(self, day: dt.date) -> bool:
        """Return whether it is a working day on both sides and the owner is there."""
        return self.work(day) and not self.is_away(day)


# Of an account of which nothing is known: weekends only.
ANYBODY = BothSides()


def working_day(day: dt.date, sides: BothSides = ANYBODY) -> dt.date:
    """The day itself or the next on which both sides are there; an absence of many months is not waited for."""
    days = [day + n * DAY for n in range(LONGEST_WAIT)]
    return next(filter(sides.meet, days), None) or next(filter(sides.work, days), day)


def in_weeks(today: dt.date, weeks: int, sides: BothSides = ANYBODY) -> dt.date:
    return working_day(today + dt.timedelta(weeks=weeks), sides)


def in_a_month(today: dt.date, sides: BothSides = ANYBODY) -> dt.date:
    """The same day of the next month, or its last where it is shorter."""
    year, month = today.year + today.month // 12, today.month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return working_day(dt.date(year, month, min(today.day, last)), sides)


def by_due_day(due_on: dt.date, today: dt.date, sides: BothSides = ANYBODY) -> dt.date:
    """The last day that suits and still keeps the promise; the next one where it is already broken or falls due."""
    day = due_on
    while day > today and not sides.meet(day):
        day -= DAY
    return day if day > today else working_day(max(due_on, today + DAY), sides)


# A hand-over is arranged within two weeks; nobody is asked to come tomorrow.
HAND_OVER_DAYS, NOTICE_DAYS = 12, 3


def hand_over_day(today: dt.date, last: dt.date | None = None, sides: BothSides = ANYBODY) -> dt.date:
    """A week from now; before the last day of somebody who will have left by then, but never in the past."""
    day = in_weeks(today, 1, sides)
    while last is not None and today < day and (day > last or not sides.meet(day)):
        day -= DAY
    return day


def first_visit_day(today: dt.date, sides: BothSides = ANYBODY) -> dt.date:
    return working_day(today + NOTICE_DAYS * DAY, sides)


def joint_visit_days(first: dt.date, number: int) -> list[dt.date]:
    """As many days as there are visits, spread evenly over the working days of about two weeks from the first.

    Whether a day suits the account that gets it is asked of `working_day`.
    """
    days = [first + n * DAY for n in range(HAND_OVER_DAYS)]
    working = [day for day in days if day.weekday() not in (SATURDAY, SUNDAY)]
    return [working[n * len(working) // number] for n in range(number)]
