"""What of the simulated rows comes to light between two days."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol, Self, TypeVar


class Row(Protocol):
    """A simulated fact: its key, and what of it is known on a day."""

    @property
    def key(self) -> str: ...

    def at(self, day: dt.date) -> Self | None:
        """Return the row as known on a day, None before it is known."""
        ...


RowT = TypeVar("RowT", bound=Row)


def known(rows: Iterable[RowT], day: dt.date) -> list[RowT]:
    """Return all rows as known on a day.

    Parameters
    ----------
    rows : iterable of Row
    day : datetime.date

    Returns
    -------
    list of Row
    """
    return [seen for row in rows if (seen := row.at(day)) is not None]


def news(rows: Iterable[RowT], after: dt.date, until: dt.date) -> tuple[list[RowT], list[RowT]]:
    """Return what came to light after one day and until another.

    Parameters
    ----------
    rows : iterable of Row
    after, until : datetime.date
        What was known on `after` is not news; what is known on `until` is.

    Returns
    -------
    tuple of list of Row
        Rows not known before, and rows known before that now say more.
    """
    new, changed = [], []
    for row in rows:
        now = row.at(until)
        if now is None:
            continue
        before = row.at(after)
        if before is None:
            new.append(now)
        elif before != now:
            changed.append(now)
    return new, changed
