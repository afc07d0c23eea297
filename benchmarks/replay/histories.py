"""Order days as a growing history: what was known of an account after each of its orders, and on any day between."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.base import Facts
from signals.compute.order_days import OrderDays, order_days
from signals.compute.score_table import facts_of_table
from signals.compute.silent_stretches import silent_stretches

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Ids that stand for many firms (README of the data).
CATCH_ALL = {"V15050001", "V99999999"}
FIRST_YEAR, LONGEST_HORIZON, LONGEST_OF_RARE, RARE_GAP, RAREST_GAP = 365, 180, 365, 60, 180
LEAST_ORDERS, EARLY = 5, 1.5
NEVER = 1 << 30
WINDOWS = (30, 60, 90, 180, 365)


def read(name: str) -> Facts:
    """Read one of the council files as facts."""
    rows = pd.read_csv(Path(os.environ["VIGIL_TEST_DATA"]) / "council" / f"{name}.csv.gz", parse_dates=["date"])
    rows = rows[~rows["customer"].isin(CATCH_ALL) & rows["amount"].notna()]
    table = rows.rename(columns={"date": "day"}).astype({"day": "datetime64[s]"})
    return facts_of_table(table[["customer", "day", "amount"]])[0]


@dataclass(frozen=True)
class Histories:
    """One row per order day, sorted by account and day; columns say what was known after it.

    Parameters
    ----------
    table : DataFrame
        account, day, next (day of the following order, `NEVER` without one), first (day of the first order),
        orders, gap, and of the gaps so far: mean_gap, median_gap, p90_gap, spread (standard deviation of ln gap),
        recent_gap (mean of the last three), log_gaps (sum of ln gap).
    missing : list of (int, int)
        First and last day of every stretch in which the whole feed is silent.
    """

    table: pd.DataFrame
    missing: list[tuple[int, int]]

    @property
    def origins(self) -> tuple[int, int]:
        """First day that has a year of history behind it, and the last whose horizons are over."""
        days = self.table["day"]
        return int(days.min()) + FIRST_YEAR, int(days.max()) - LONGEST_HORIZON

    def on(self, day: int) -> pd.DataFrame:
        """Return every account that has ordered until `day`, with silence, age and orders of the last days."""
        rows = self.table[(self.table["day"] <= day) & (self.table["next"] > day)]
        counts = {f"orders_{span}": self._since(rows, day - span) for span in WINDOWS}
        return rows.assign(origin=day, silence=day - rows["day"], age=day - rows["first"], **counts)

    def _since(self, rows: pd.DataFrame, day: int) -> Ints:
        """Count the order days after `day` up to each row."""
        before = np.searchsorted(_keys(self.table["account"], self.table["day"]), _keys(rows["account"], day), "right")
        return np.maximum(rows.index.to_numpy() + 1 - before, 0)

    def hidden(self, first: Ints, last: Ints) -> Flags:
        """Mark spans of days that touch missing data: whether an account ordered there is not known."""
        found = np.zeros(len(first), dtype=bool)
        for begin, end in self.missing:
            found |= (first <= end) & (last >= begin)
        return found


def histories(facts: Facts) -> Histories:
    """Follow every account of a bare order table."""
    days = order_days(facts.orders, facts.accounts.index)
    stretches = silent_stretches(days, int(days.day.max()))
    epoch = pd.Timestamp(0)
    missing = [
        ((first - epoch).days, (last - epoch).days)
        for first, last in zip(stretches["from_day"], stretches["until_day"], strict=True)
    ]
    return Histories(_table(days), missing)


def _table(days: OrderDays) -> pd.DataFrame:
    rows = pd.DataFrame({"account": days.account, "day": days.day})
    by_account = rows.groupby("account")
    rows["next"] = by_account["day"].shift(-1).fillna(NEVER).astype(np.int64)
    rows["first"] = by_account["day"].transform("first")
    rows["orders"] = by_account.cumcount() + 1
    rows["gap"] = by_account["day"].diff()
    gaps, logs = rows.groupby("account")["gap"], np.log(rows["gap"]).groupby(rows["account"])
    rows["mean_gap"] = (rows["day"] - rows["first"]) / (rows["orders"] - 1).where(rows["orders"] > 1)
    rows["median_gap"] = gaps.expanding().median().droplevel(0)
    rows["p90_gap"] = gaps.expanding().quantile(0.9).droplevel(0)
    rows["recent_gap"] = gaps.rolling(3, min_periods=1).mean().droplevel(0)
    rows["spread"] = logs.expanding().std().droplevel(0)
    rows["log_gaps"] = logs.cumsum().fillna(0)
    return rows


def _keys(account: pd.Series, day: pd.Series | int) -> Ints:
    return np.asarray(account * NEVER + day, dtype=np.int64)


def eligible(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep accounts with a rhythm to judge by; adds horizon, rare (mean gap over 60 days), early and gone.

    Gone means no order in (origin, origin + horizon].
    """
    rows = rows[(rows["orders"] >= LEAST_ORDERS) & (rows["mean_gap"] <= RAREST_GAP)]
    rare = rows["mean_gap"] > RARE_GAP
    longest = np.where(rare, LONGEST_OF_RARE, LONGEST_HORIZON)
    horizon = np.rint(np.clip(3 * rows["mean_gap"], 30, longest)).astype(np.int64)
    early = rows["silence"] <= EARLY * rows["mean_gap"]
    return rows.assign(horizon=horizon, rare=rare, early=early, gone=rows["next"] > rows["origin"] + horizon)


def cases_on(past: Histories, day: int) -> pd.DataFrame:
    """Return the eligible cases of one day: silent for a horizon at most, and what followed is known."""
    rows = eligible(past.on(day))
    rows = rows[rows["silence"] <= rows["horizon"]]
    end = (rows["origin"] + rows["horizon"]).to_numpy()
    known = end <= int(past.table["day"].max())
    return rows[known & ~past.hidden(rows["origin"].to_numpy(), end)]
