"""Stretches in which a whole feed is silent: missing data, not customers who stopped."""

import datetime as dt

import numpy as np
import pandas as pd

from signals.compute.order_days import IntArray, OrderDays

# A day with less than this share of the usual number of ordering accounts is a stray row, not a day of trade.
STRAY_SHARE = 0.05

# Weekends, weekly batches and month-end bookings leave regular holes: only one several times as long as
# nineteen in twenty of them is out of the ordinary, and a week at least.
USUAL_HOLE_SHARE, TIMES_USUAL, SHORTEST_DAYS = 0.95, 4, 8

# Order days that would have been expected meanwhile. Were customers independent, chance would leave out 20 of
# them once in 500 million.
EXPECTED_ORDER_DAYS = 20

# A few customers can fall silent together; this many that ordered in the quarter before cannot.
LEAST_ACTIVE_ACCOUNTS, QUARTER_DAYS = 10, 91


def silent_stretches(days: OrderDays, as_of_day: int) -> pd.DataFrame:
    """Find stretches in which no account ordered though many should have.

    Parameters
    ----------
    days : OrderDays
        Of the whole portfolio, until `as_of_day`.
    as_of_day : int
        Days since 1970-01-01; a silence may last until this day.

    Returns
    -------
    DataFrame
        Columns from_day, until_day (datetime64[s], both silent), earliest first.
    """
    active, counts = np.unique(days.day, return_counts=True)
    trade = active[counts >= STRAY_SHARE * np.median(counts)] if len(active) else active
    if len(trade) < 2:
        return _stretches(trade, trade)
    holes = np.diff(np.append(trade, as_of_day + 1))
    usual = np.quantile(holes[:-1], USUAL_HOLE_SHARE)
    a_day = len(days.day) / (trade[-1] - trade[0] + 1)
    suspicious = (holes > SHORTEST_DAYS) & (holes > TIMES_USUAL * usual) & ((holes - 1) * a_day > EXPECTED_ORDER_DAYS)
    last_trade = trade[suspicious]
    crowd = np.array([_active_accounts(days, day) for day in last_trade], dtype=int)
    many = crowd >= LEAST_ACTIVE_ACCOUNTS
    return _stretches(last_trade[many] + 1, (last_trade + holes[suspicious] - 1)[many])


def _active_accounts(days: OrderDays, last_trade: int) -> int:
    recent = (days.day > last_trade - QUARTER_DAYS) & (days.day <= last_trade)
    return len(np.unique(days.account[recent]))


def _stretches(first: IntArray, last: IntArray) -> pd.DataFrame:
    as_days = [part.astype("datetime64[D]").astype("datetime64[s]") for part in (first, last)]
    return pd.DataFrame(dict(zip(("from_day", "until_day"), as_days, strict=True)))


def stretches_to_json(stretches: pd.DataFrame) -> list[list[str]]:
    """Write stretches as pairs of ISO days."""
    return [
        [str(first.date()), str(last.date())]
        for first, last in zip(stretches["from_day"], stretches["until_day"], strict=True)
    ]


def stretches_from_json(pairs: list[list[str]]) -> pd.DataFrame:
    """Read what `stretches_to_json` wrote."""
    epoch = dt.date(1970, 1, 1)
    numbers = np.array(
        [[(dt.date.fromisoformat(day) - epoch).days for day in pair] for pair in pairs],
        dtype=np.int64,
    ).reshape(-1, 2)
    return _stretches(numbers[:, 0], numbers[:, 1])
