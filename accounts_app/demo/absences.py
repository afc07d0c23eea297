"""When our own people are away."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from accounts_app.demo.clock import Clock
from accounts_app.demo.lots import stream
from accounts_app.demo.staff import DEPARTED, colleagues

TOPIC: Final = 15

ENTERED_BEFORE: Final = 30
"""Days before the first day away on which it is entered."""
SUMMER, AUTUMN = (182, 240), (285, 320)
"""Days of the year between which the two longer absences begin."""


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    key: str
    colleague: str
    from_day: dt.date
    until_day: dt.date
    known_on: dt.date

    def at(self, day: dt.date) -> "AbsenceRow | None":
        return self if self.known_on <= day else None


def absences(clock: Clock, seed: int) -> list[AbsenceRow]:
    """Give everybody two weeks or three in summer and one in autumn.

    Parameters
    ----------
    clock : Clock
    seed : int

    Returns
    -------
    list of AbsenceRow
    """
    rows = []
    for number, plan in enumerate(colleagues()):
        if plan.name == DEPARTED:
            continue
        chance = stream(seed, TOPIC, number)
        for year in range(clock.first.year, clock.last.year + 1):
            for season, (earliest, latest), weeks in (("S", SUMMER, (2, 4)), ("A", AUTUMN, (1, 2))):
                first = dt.date(year, 1, 1) + dt.timedelta(days=int(chance.integers(earliest, latest)))
                monday = first - dt.timedelta(days=first.weekday())
                last = monday + dt.timedelta(days=7 * int(chance.integers(*weeks)) - 3)
                entered = monday - dt.timedelta(days=ENTERED_BEFORE)
                rows.append(AbsenceRow(f"A{number:02d}-{year}{season}", plan.name, monday, last, entered))
    return rows
