"""The days of the simulation."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

PAST_DAYS: Final = 1096
FUTURE_DAYS: Final = 1096

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Clock:
    """Counts the simulated days: three years before the anchor and three after it.

    Parameters
    ----------
    anchor : datetime.date
        The day the demo was loaded.
    """

    anchor: dt.date

    @property
    def first(self) -> dt.date:
        return self.anchor - dt.timedelta(days=PAST_DAYS)

    @property
    def last(self) -> dt.date:
        return self.days[-1]

    @property
    def length(self) -> int:
        return PAST_DAYS + FUTURE_DAYS + 1

    @property
    def now(self) -> int:
        """Index of the anchor."""
        return PAST_DAYS

    @cached_property
    def days(self) -> list[dt.date]:
        return [self.first + dt.timedelta(days=i) for i in range(self.length)]

    def day(self, index: int) -> dt.date:
        """Return the date of a day index, which may lie outside the simulated days."""
        return self.first + dt.timedelta(days=int(index))

    def index(self, day: dt.date) -> int:
        return (day - self.first).days

    @cached_property
    def workdays(self) -> Bools:
        """Shape (length,): Monday to Friday."""
        return (np.arange(self.length) + self.first.weekday()) % 7 < 5

    @cached_property
    def yeardays(self) -> Ints:
        """Shape (length,): day of the year, 1 to 366."""
        return np.array([day.timetuple().tm_yday for day in self.days], dtype=np.int64)

    def workday_from(self, index: int) -> int:
        """Return the index itself, or that of the next Monday after a weekend."""
        late = (index + self.first.weekday()) % 7 - 4
        return index + (3 - late if late > 0 else 0)
