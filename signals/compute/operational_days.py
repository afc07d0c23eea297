"""Days less quiet periods: the clock on which an account's gaps are measured."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from signals.compute.order_days import IntArray, day_numbers

# Further than any day number is from 1970, so that (calendar, day) packs into one sortable integer.
CALENDAR_SPAN = 1 << 24
OFFSET = CALENDAR_SPAN // 2


@dataclass(frozen=True)
class OperationalClock:
    """Counts days that are not quiet, for each account by its calendar.

    Parameters
    ----------
    calendar : int array, shape (n_accounts,)
        The calendar of each account; accounts without quiet periods of their own share their country's.
    start_key, days, days_before : int arrays, shape (n_quiet,)
        Quiet stretches without overlap, sorted by calendar and day: packed calendar and first day; length;
        quiet days of that calendar before it.
    """

    calendar: IntArray
    start_key: IntArray
    days: IntArray
    days_before: IntArray

    def position(self, account: IntArray, day: IntArray) -> IntArray:
        """Return the operational day number of the end of a day.

        Parameters
        ----------
        account : int array, shape (n,)
            Positions of accounts.
        day : int array, shape (n,)
            Days since 1970-01-01.

        Returns
        -------
        int array, shape (n,)
            Grows by 1 a day and stands still on quiet days; only differences mean anything.
        """
        return day - self._quiet_until(account, day)

    def day_at(self, account: IntArray, position: IntArray) -> IntArray:
        """Return the first day on which the clock shows `position`; the inverse of `position`."""
        if not len(self.start_key):
            return position
        calendar = self.calendar[account]
        # The clock stands at this position throughout the stretch and the day before it.
        stands_at = self.start_key - 1 - self.days_before
        before = np.searchsorted(stands_at, _key(calendar, position), side="left") - 1
        return position + self._total(before, calendar)

    def _quiet_until(self, account: IntArray, day: IntArray) -> IntArray:
        if not len(self.start_key):
            return np.zeros(len(day), dtype=np.int64)
        calendar = self.calendar[account]
        key = _key(calendar, day)
        last = np.searchsorted(self.start_key, key, side="right") - 1
        # How much of the latest stretch still lies ahead of that day.
        ahead = np.maximum(self.start_key[last] + self.days[last] - 1 - key, 0)
        quiet = self._total(last, calendar) - ahead
        return np.asarray(np.where(self._own(last, calendar), quiet, 0))

    def _own(self, stretch: IntArray, calendar: IntArray) -> IntArray:
        belongs = self.start_key[stretch] // CALENDAR_SPAN == calendar
        return np.asarray((stretch >= 0) & belongs)

    def _total(self, stretch: IntArray, calendar: IntArray) -> IntArray:
        """Return the quiet days of a calendar up to the end of a stretch; 0 if it is another calendar's."""
        total = self.days_before[stretch] + self.days[stretch]
        return np.asarray(np.where(self._own(stretch, calendar), total, 0))


def operational_clock(accounts: pd.DataFrame, quiet: pd.DataFrame, missing: pd.DataFrame) -> OperationalClock:
    """Build the clock from quiet periods and from stretches in which the whole feed is silent.

    Parameters
    ----------
    accounts : DataFrame
        Index account_id, column country.
    quiet : DataFrame
        Columns account_id (NaN: not one account), country ("": any), from_day, until_day (both quiet).
    missing : DataFrame
        Columns from_day, until_day; holds for every account.

    Returns
    -------
    OperationalClock
    """
    own = quiet["account_id"].notna()
    ids = quiet.loc[own, "account_id"].astype(np.int64)
    named = pd.Index(np.sort(ids.unique()))
    named = named[named.isin(accounts.index)]
    country = accounts["country"].astype(object)
    shared = pd.Index(np.sort(country.unique()))
    # Calendars: one per country, then one per account with quiet periods of its own.
    calendar = shared.get_indexer(country).astype(np.int64)
    calendar[accounts.index.get_indexer(named)] = len(shared) + np.arange(len(named))
    calendars = pd.DataFrame(
        {"country": np.array([*shared, *country.loc[named]], dtype=object)},  # object even without accounts
        index=range(len(shared) + len(named)),
    )
    return _clock(calendar, _stretches(calendars, quiet, missing, named, len(shared)))


def _stretches(
    calendars: pd.DataFrame,
    quiet: pd.DataFrame,
    missing: pd.DataFrame,
    named: pd.Index,
    first_own: int,
) -> pd.DataFrame:
    """Return all quiet stretches with the calendar they hold for."""
    days = ["from_day", "until_day"]
    own = quiet["account_id"].notna()
    of_country = ~own & (quiet["country"] != "")
    everywhere = pd.concat([quiet.loc[~own & ~of_country, days], missing[days]])
    numbers = calendars.assign(calendar=calendars.index)
    single = quiet.loc[own & quiet["account_id"].isin(named)]
    place = named.get_indexer(pd.Index(single["account_id"].astype(np.int64)))
    parts = [
        numbers.merge(everywhere, how="cross"),
        numbers.merge(
            quiet.loc[of_country, [*days, "country"]].astype({"country": object}),
            on="country",
        ),
        single[days].assign(calendar=first_own + place),
    ]
    columns = ["calendar", *days]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def _clock(calendar: IntArray, stretches: pd.DataFrame) -> OperationalClock:
    number = stretches["calendar"].to_numpy().astype(np.int64)
    table = pd.DataFrame(
        {
            "calendar": number,
            "start": _key(number, day_numbers(stretches["from_day"])),
            "end": _key(number, day_numbers(stretches["until_day"])),
        }
    )
    table = table[table["end"] >= table["start"]].sort_values(["start", "end"])
    # Keys of a later calendar are larger than all of an earlier one, so one running maximum serves all.
    reached = table["end"].cummax().shift(fill_value=-1)
    merged = table.groupby((table["start"] > reached).cumsum()).agg(
        calendar=("calendar", "first"), start=("start", "first"), end=("end", "max")
    )
    days = merged["end"] - merged["start"] + 1
    before = days.groupby(merged["calendar"]).cumsum() - days
    return OperationalClock(calendar, *(part.to_numpy(np.int64) for part in (merged["start"], days, before)))


def _key(calendar: IntArray, day: IntArray) -> IntArray:
    return calendar * CALENDAR_SPAN + day + OFFSET
