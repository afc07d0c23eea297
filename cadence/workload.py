"""The hours an owner has for accounts, day by day and week by week, and what of them is taken."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from cadence.schedule import DAY, Diary

WORKING_DAYS = 5
# Hours are kept in tenths; sums of them may miss by this much.
TOLERANCE = 1e-6
# Of contacts proposed on one day to somebody whose hours are not known.
MOST_A_DAY = 3


def week_of(day: dt.date) -> dt.date:
    """Return the Monday of the day's week."""
    return day - day.weekday() * DAY


@dataclass
class Workload:
    """What an owner has to do in a span of days.

    Attributes
    ----------
    hours_a_week : float or None
        Hours for accounts in a week without holiday or absence; None: not known.
    diary : Diary
        The owner's own: holidays of the owner's country, absences.
    """

    hours_a_week: float | None
    diary: Diary
    _contacts: defaultdict[dt.date, int] = field(default_factory=lambda: defaultdict(int))
    _by_day: defaultdict[dt.date, float] = field(default_factory=lambda: defaultdict(float))
    _by_week: defaultdict[dt.date, float] = field(default_factory=lambda: defaultdict(float))
    _available: dict[dt.date, float] = field(default_factory=dict)

    def take(self, day: dt.date, hours: float) -> None:
        """Count a contact of so many hours on a day."""
        self._contacts[day] += 1
        self._by_day[day] += hours
        self._by_week[week_of(day)] += hours

    def fits(self, day: dt.date, hours: float) -> bool:
        """Return whether a contact of so many hours still finds its time on a day.

        Notes
        -----
        A day takes a fifth of the week's hours, and a week what its working days hold. A single contact longer than
        that is not refused: it has a day, or a week, for itself. Where the hours are not known, a day takes
        `MOST_A_DAY` contacts. Adding work never makes room.
        """
        if self.hours_a_week is None:
            return self._contacts.get(day, 0) < MOST_A_DAY
        if self.hours_a_week <= 0:
            return False
        on_day, in_week = self._by_day.get(day, 0.0), self._by_week.get(week_of(day), 0.0)
        day_fits = not on_day or on_day + hours <= self.hours_a_week / WORKING_DAYS + TOLERANCE
        return day_fits and (not in_week or in_week + hours <= self._hours_of(week_of(day)) + TOLERANCE)

    def available(self, week: dt.date, begins: dt.date, ends: dt.date) -> float | None:
        """Return the hours of a week that lie between two days, both included; None: not known."""
        if self.hours_a_week is None:
            return None
        days = (week + n * DAY for n in range(WORKING_DAYS))
        return self.hours_a_week / WORKING_DAYS * sum(begins <= day <= ends and self.diary.suits(day) for day in days)

    def _hours_of(self, week: dt.date) -> float:
        if week not in self._available:
            self._available[week] = self.available(week, week, week + (WORKING_DAYS - 1) * DAY) or 0.0
        return self._available[week]
