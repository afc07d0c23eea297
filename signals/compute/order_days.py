"""Which days count as order days of an account: several orders a day once, credit notes netted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

# Sums of cents carry rounding dust; a net below this share of what was booked that day is nothing.
DUST = 1e-9

# Wider than any day number, so that (account, day) packs into one sortable integer.
DAYS_SPAN = 1 << 24


@dataclass(frozen=True)
class OrderDays:
    """Order days of n accounts, sorted by account and day.

    Parameters
    ----------
    account : int array, shape (n_days,)
        Position in `account_ids`.
    day : int array, shape (n_days,)
        Days since 1970-01-01; each day of an account once.
    n_accounts : int
    amount : float array, shape (n_days,), optional
        Net amount of the day, above 0; None where only the days were asked for.
    """

    account: IntArray
    day: IntArray
    n_accounts: int
    amount: FloatArray | None = None


def order_days(orders: pd.DataFrame, account_ids: pd.Index) -> OrderDays:
    """Find the order days of every account.

    Parameters
    ----------
    orders : DataFrame
        Columns account_id, day, amount (negative: credit note or return); any order of rows.
    account_ids : Index of int, shape (n_accounts,)
        Orders of other accounts are left out.

    Returns
    -------
    OrderDays

    Notes
    -----
    An order that a later credit note takes back to the cent is no order, from the day of the credit note on;
    the latest such order is the one taken back. Any other credit note only lowers its own day, for it does
    not say which order it belongs to, and a part returned leaves the rest ordered. A day whose net is zero or
    less is no order day.
    """
    position = account_ids.get_indexer(pd.Index(orders["account_id"]))
    table = pd.DataFrame(
        {
            "account": position.astype(np.int64),
            "day": day_numbers(orders["day"]),
            "amount": orders["amount"].to_numpy(),
        }
    )
    table = _where(table, ((table["account"] >= 0) & (table["amount"] != 0)).to_numpy())
    table = _sorted(table)
    table = _where(table, ~_taken_back(table))
    net_days = _net_days(table)
    account, day, amount = (net_days[name].to_numpy() for name in ("account", "day", "amount"))
    return OrderDays(account, day, len(account_ids), amount)


def day_numbers(days: pd.Series) -> IntArray:
    """Turn days into whole days since 1970-01-01."""
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)


def _where(table: pd.DataFrame, kept: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Leave rows out; where none is to be, millions of them need not stand there twice."""
    return table if kept.all() else table[kept]


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by account, day and amount: the sums of a day are added in one order whatever the order of rows.

    What is read of the database comes by account and day: then only the amounts of one day are sorted.
    """
    key = _keys(table)
    order = np.argsort(key, kind="stable")
    tied = np.flatnonzero(_shared(key[order]))
    rows = order[tied]
    order[tied] = rows[np.lexsort((table["amount"].to_numpy()[rows], key[rows]))]
    in_order = (order[1:] > order[:-1]).all()
    return (table if in_order else table.iloc[order]).reset_index(drop=True)


def _keys(table: pd.DataFrame) -> IntArray:
    return np.asarray(table["account"].to_numpy() * DAYS_SPAN + table["day"].to_numpy())


def _shared(keys: IntArray) -> npt.NDArray[np.bool_]:
    """Mark what is not the only one of its kind in a sorted array."""
    same, found = keys[1:] == keys[:-1], np.zeros(len(keys), dtype=bool)
    found[1:] |= same
    found[:-1] |= same
    return found


def _taken_back(table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Mark orders with a later credit note of the same amount, and those credit notes."""
    marked = np.zeros(len(table), dtype=bool)
    returned = table[table["amount"] < 0]
    if returned.empty:
        return marked
    size = table["amount"].abs()
    # Only amounts that were credited somewhere can pair up; this keeps millions of rows out of the sort.
    rows = table[size.isin(-returned["amount"])].assign(size=size, step=1)
    rows["step"] = np.sign(rows["amount"]).astype(int)
    # On one day the order comes before its credit note.
    rows = rows.sort_values(["account", "size", "day", "amount"], ascending=[True, True, True, False])
    pile = ["account", "size"]
    rows["height"] = rows.groupby(pile)["step"].cumsum()
    # A credit note with no order before it must not swallow the next order.
    lowest = rows.groupby(pile)["height"].cummin().clip(upper=0)
    rows["level"] = rows["height"] - lowest + (rows["step"] < 0)
    at_level = rows.groupby([*pile, "level"])["step"]
    pairs_next = (rows["step"] > 0) & (at_level.shift(-1) < 0)
    pairs_before = (rows["step"] < 0) & (at_level.shift(1) > 0)
    marked[rows.index[pairs_next | pairs_before]] = True
    return marked


def _net_days(table: pd.DataFrame) -> pd.DataFrame:
    keys = _keys(table)
    shared, begins = _shared(keys), np.ones(len(keys), dtype=bool)
    begins[1:] = keys[1:] != keys[:-1]
    booked = table[shared].assign(size=table["amount"].abs())
    sums = booked.groupby(["account", "day"], sort=True)[["amount", "size"]].sum()
    amount = table["amount"].to_numpy()[begins]
    amount[shared[begins]] = sums["amount"].where(sums["amount"] > DUST * sums["size"], 0.0)
    return _where(_where(table, begins).assign(amount=amount), amount > 0)
