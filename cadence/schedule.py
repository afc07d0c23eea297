"""When the next proactive contact is due, and the working day that suits it."""

import datetime as dt
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import chain

from signals.compute.proactive_gap import due_on

SATURDAY = 5
DAY = dt.timedelta(days=1)
# Nobody is proposed a day further ahead than this; whoever is away for longer needs a deputy, not a date.
FURTHEST_AHEAD = dt.timedelta(days=3 * 366)


@dataclass(frozen=True)
class Diary:
    """The days on which a contact between an owner and an account can take place.

    Attributes
    ----------
    holidays : container of date
        Public holidays of the owner's and of the account's country.
    absences : tuple of (date, date)
        First and last day of each absence of the owner.
    """

    holidays: Container[dt.date] = frozenset()
    absences: tuple[tuple[dt.date, dt.date], ...] = ()

    def suits(self, day: dt.date) -> bool:
        """Return whether it is a working day on both sides and the owner is there."""
        is_away = any(first <= day <= last for first, last in self.absences)
        return day.weekday() < SATURDAY and not is_away and day not in self.holidays


@dataclass(frozen=True)
class Due:
    """When a contact is due, and the last day on which it still keeps the promise."""

    on: dt.date
    latest_on: dt.date


@dataclass(frozen=True)
class Proposal:
    """The day proposed for a contact.

    Attributes
    ----------
    on : date or None
        None where no day suits within three years.
    is_late : bool
        Whether it breaks the promise: no day until the latest one suits, or that one has passed.
    """

    on: dt.date | None
    is_late: bool


def contact_due(last_proactive: dt.date, ideal_days: int, max_days: int) -> Due:
    """Return when the next proactive contact is due.

    Parameters
    ----------
    last_proactive : date
        Day of the last contact that we started without an order, an incident or an inquiry behind it. Contacts of
        another kind, and transactions or incidents that are open, change nothing.
    ideal_days, max_days : int
        The promised interval in calendar days.

    Returns
    -------
    Due
        By the arithmetic of the signal (`signals.compute.proactive_gap.due_on`).
    """
    due, latest = due_on(last_proactive, ideal_days, max_days)
    return Due(*(dt.date.fromisoformat(str(day)) for day in (due, latest)))


def review_due(last_review: dt.date | None, review_days: int | None) -> dt.date | None:
    """Return the day by which the next review is to be held.

    Parameters
    ----------
    last_review : date or None
        None: none is on record.
    review_days : int or None
        Days from one review to the next; None: none is promised.

    Returns
    -------
    date or None
        None where none is promised or there is none to count from.
    """
    if last_review is None or review_days is None:
        return None
    return last_review + dt.timedelta(days=review_days)


def proposed_day(due: Due, diary: Diary, *, earliest: dt.date) -> Proposal:
    """Return the working day proposed for a contact.

    Parameters
    ----------
    due : Due
    diary : Diary
    earliest : date
        The first day that may be proposed: today, or the day after it.

    Returns
    -------
    Proposal
        The last suitable day on or before the due day that is not before `earliest`; without one the next suitable
        day after both.
    """
    candidates = chain(_days_back(due.on, earliest), _days_ahead(max(due.on + DAY, earliest)))
    on = next((day for day in candidates if diary.suits(day)), None)
    return Proposal(on, is_late=on is None or on > due.latest_on)


def _days_back(day: dt.date, earliest: dt.date) -> Iterator[dt.date]:
    while day >= earliest:
        yield day
        day -= DAY


def _days_ahead(day: dt.date) -> Iterator[dt.date]:
    furthest = day + FURTHEST_AHEAD
    while day <= furthest:
        yield day
        day += DAY
