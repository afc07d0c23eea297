"""Which days count as order days of an account: several orders a day once, credit notes netted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

# Sums of cents carry rounding dust; a net below this share of what was booked that day is nothing.
DUST = 1e-9


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
    table = table[(table["account"] >= 0) & (table["amount"] != 0)]
    # Amounts too, so that the sums of a day are added in one order whatever the order of rows.
    table = table.sort_values(["account", "day", "amount"], ignore_index=True)
    table = table[~_taken_back(table)]
    net_days = _net_days(table)
    account, day, amount = (net_days[name].to_numpy() for name in ("account", "day", "amount"))
    return OrderDays(account, day, len(account_ids), amount)


def day_numbers(days: pd.Series) -> IntArray:
    """Turn days into whole days since 1970-01-01."""
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)


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
    booked = table.assign(size=table["amount"].abs())
    sums = booked.groupby(["account", "day"], sort=True)[["amount", "size"]].sum()
    return sums[sums["amount"] > DUST * sums["size"]].reset_index()
