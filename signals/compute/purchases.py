"""What an account bought in the same quarters of several years, netted and with single large orders capped."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.columns import day_number
from signals.compute.operational_days import OperationalClock
from signals.compute.order_days import IntArray, day_numbers
from signals.compute.renewal import FloatArray

# The latest year and three before it; each counted back from the day of judging, in four quarters of these ages.
YEARS, YEAR_DAYS = 4, 365
QUARTER_ENDS = np.array([0, 90, 180, 272, YEAR_DAYS])
QUARTERS = len(QUARTER_ENDS) - 1
# Packs (account, day) into one sortable integer.
DAY_SPAN = 1 << 20


@dataclass(frozen=True)
class DayTotals:
    """Net purchases by account and day, sorted by both.

    Parameters
    ----------
    account : int array, shape (n_days,)
        Position of the account.
    age : int array, shape (n_days,)
        Days before the day of judging.
    amount : float array, shape (n_days,)
        Credit notes netted; may be negative.
    rows : int array, shape (n_days,)
        Orders and credit notes of the day.
    first_age : float array, shape (n_accounts,)
        Age of the first day with a row; NaN without one.
    as_of_day : int
        The day of judging, in days since 1970-01-01.
    """

    account: IntArray
    age: IntArray
    amount: FloatArray
    rows: IntArray
    first_age: FloatArray
    as_of_day: int


def day_totals(orders: pd.DataFrame, account_ids: pd.Index, as_of: dt.date) -> DayTotals:
    """Net the orders of each account and day.

    Parameters
    ----------
    orders : DataFrame
        Columns account_id, day, amount; known on `as_of`.
    account_ids : Index of int, shape (n_accounts,)
    as_of : date

    Returns
    -------
    DayTotals
    """
    key = account_ids.get_indexer(pd.Index(orders["account_id"])).astype(np.int64)
    amount = orders["amount"].to_numpy(dtype=np.float64)
    own = key >= 0
    key, amount = key[own] * DAY_SPAN + day_numbers(orders["day"])[own], amount[own]
    if np.any(key[1:] < key[:-1]):  # the database hands them over sorted
        order = np.argsort(key, kind="stable")
        key, amount = key[order], amount[order]
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    total = np.add.reduceat(amount, starts) if len(key) else amount
    account, day = np.divmod(key[starts], DAY_SPAN)
    as_of_day = day_number(as_of)
    age = as_of_day - day
    first = np.full(len(account_ids), np.nan)
    begins = np.append(True, account[1:] != account[:-1])[: len(account)]
    first[account[begins]] = age[begins]
    rows = np.diff(np.append(starts, len(key)))
    return DayTotals(account, age, total, rows, first, as_of_day)


def row_spans(totals: DayTotals, reach: FloatArray) -> pd.DataFrame:
    """Count the orders younger than `reach` days, shape (n_accounts,), and say from and until which day they are.

    Returns
    -------
    DataFrame
        Columns count, first, last (NaT where there is none); one row per account.
    """
    inside = totals.age < reach[totals.account]
    account = totals.account[inside]
    days = (totals.as_of_day - totals.age[inside]).astype("datetime64[D]").astype("datetime64[s]")
    found = np.full((2, len(reach)), np.datetime64("NaT"), dtype="datetime64[s]")
    # Assigned in order of day: the last one stays, read backwards the first.
    found[0, account[::-1]], found[1, account] = days[::-1], days
    count = np.bincount(account, totals.rows[inside], minlength=len(reach)).astype(np.int64)
    return pd.DataFrame({"count": count, "first": found[0], "last": found[1]})


@dataclass(frozen=True)
class OrderSizes:
    """How large the orders of each account usually are, and how unevenly they come; shape (n_accounts,) each.

    `count` order days, `log_mean` and `log_variance` of their amounts, `gap_variation` squared coefficient of
    variation of the days between them; NaN where there are too few.
    """

    count: FloatArray
    log_mean: FloatArray
    log_variance: FloatArray
    gap_variation: FloatArray


def order_sizes(totals: DayTotals) -> OrderSizes:
    """Measure order days of more than a year ago, so that what is bought now cannot move its own yardstick."""
    n = len(totals.first_age)
    past = (totals.amount > 0) & (totals.age >= YEAR_DAYS)
    account, age = totals.account[past], totals.age[past]
    count, mean, variance = _moments(account, np.log(totals.amount[past]), n)
    same = account[1:] == account[:-1]
    _gaps, gap_mean, gap_variance = _moments(account[1:][same], -np.diff(age)[same].astype(float), n)
    return OrderSizes(count, mean, variance, gap_variance / gap_mean**2)


def _moments(account: IntArray, values: FloatArray, n: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return count, mean and variance of each account's values; NaN where there are too few."""
    count = np.bincount(account, minlength=n).astype(np.float64)
    mean = np.bincount(account, values, minlength=n) / np.where(count > 0, count, np.nan)
    squares = np.bincount(account, (values - mean[account]) ** 2, minlength=n)
    return count, mean, squares / np.where(count > 1, count - 1, np.nan)


def quarter_sums(totals: DayTotals, limit: FloatArray) -> FloatArray:
    """Sum what was bought in each quarter, shape (n_accounts, YEARS, QUARTERS), an order day at most `limit`.

    Parameters
    ----------
    totals : DayTotals
    limit : float array, shape (n_accounts,)
        NaN: no limit.
    """
    seen = totals.age < YEARS * YEAR_DAYS
    account = totals.account[seen]
    amount = np.fmin(totals.amount[seen], limit[account])
    cell = account * (YEARS * QUARTERS) + quarter_of_age()[totals.age[seen]]
    size = len(totals.first_age) * YEARS * QUARTERS
    sums = np.bincount(cell, amount, minlength=size).reshape(-1, YEARS, QUARTERS)
    return np.asarray(np.maximum(sums, 0.0))


def quarter_of_age() -> IntArray:
    """Return for each age in days the number of its quarter, 0 the latest, shape (YEARS * YEAR_DAYS,)."""
    year, day = np.divmod(np.arange(YEARS * YEAR_DAYS), YEAR_DAYS)
    return np.asarray(year * QUARTERS + np.searchsorted(QUARTER_ENDS, day, side="right") - 1, dtype=np.int64)


def open_days(clock: OperationalClock, n_accounts: int, as_of_day: int) -> FloatArray:
    """Return the days of each quarter that are neither quiet nor missing, shape (n_accounts, YEARS, QUARTERS)."""
    ends = (np.arange(YEARS)[:, None] * YEAR_DAYS + QUARTER_ENDS[None, :]).ravel()
    accounts = np.repeat(np.arange(n_accounts), len(ends))
    days = as_of_day - np.tile(ends, n_accounts)
    at = clock.position(accounts, days).reshape(n_accounts, YEARS, QUARTERS + 1)
    return np.asarray(at[:, :, :-1] - at[:, :, 1:], dtype=np.float64)


def observed(first_age: FloatArray) -> npt.NDArray[np.bool_]:
    """Say which quarters began on or after the account's first order, shape (n_accounts, YEARS, QUARTERS)."""
    begins = np.arange(YEARS)[:, None] * YEAR_DAYS + QUARTER_ENDS[None, 1:]
    return np.asarray(first_age[:, None, None] >= begins[None, :, :])
