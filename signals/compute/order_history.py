"""What the order rhythm reads from an account's orders: its gaps, how they weigh, and the silence since."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.base import Facts
from signals.compute.gaps import (
    Gaps,
    age_weights,
    gaps_beside_missing_data,
    gaps_between,
    weighted_sums,
)
from signals.compute.operational_days import OperationalClock, operational_clock
from signals.compute.order_days import IntArray, OrderDays
from signals.compute.renewal import FloatArray, GapSums

# "A year ago" are the gaps around it, half a year to either side.
YEAR_AGO_DAYS = (183, 548)
RECENT_GAPS, LEAST_EARLIER_GAPS = 4, 3


@dataclass(frozen=True)
class OrderHistory:
    """Orders of n accounts until one day.

    Parameters
    ----------
    days : OrderDays
    gaps : Gaps
    clock : OperationalClock
        Less quiet periods and missing data.
    as_of_day : int
        Days since 1970-01-01.
    half_life_days : float
    """

    days: OrderDays
    gaps: Gaps
    clock: OperationalClock
    as_of_day: int
    half_life_days: float

    @cached_property
    def weights(self) -> FloatArray:
        """Weight of each gap, shape (n_gaps,)."""
        return age_weights(self.gaps, self.half_life_days)

    @cached_property
    def sums(self) -> GapSums:
        """Weighted sums of each account's gaps."""
        return weighted_sums(self.gaps, self.weights)

    @cached_property
    def last_position(self) -> IntArray:
        """Operational day number of the last order, shape (n,)."""
        return self.clock.position(np.arange(len(self.gaps.last_day)), self.gaps.last_day)

    @cached_property
    def positions(self) -> IntArray:
        """Operational day number of every order day, shape (n_days,)."""
        return self.clock.position(self.days.account, self.days.day)

    @cached_property
    def first_row(self) -> IntArray:
        """Row of each account's first order day in `days`, shape (n,); meaningless without one."""
        return np.asarray(np.cumsum(self.gaps.order_days) - self.gaps.order_days)

    @cached_property
    def last_row(self) -> IntArray:
        """Row of each account's last order day in `days`, shape (n,); one before `first_row` without one."""
        return np.asarray(np.cumsum(self.gaps.order_days) - 1)

    @cached_property
    def silence(self) -> FloatArray:
        """Operational days since the last order, shape (n,); meaningless without one."""
        accounts = np.arange(len(self.gaps.last_day))
        today = np.full(len(accounts), self.as_of_day)
        return (self.clock.position(accounts, today) - self.last_position).astype(float)

    @cached_property
    def ordered(self) -> npt.NDArray[np.intp]:
        """Positions of the accounts with an order day."""
        return np.flatnonzero(self.gaps.order_days > 0)

    @cached_property
    def mean_gap(self) -> FloatArray:
        """Own mean gap, all gaps alike, in days, shape (n,); NaN without one."""
        count = self.gaps.count.astype(float)
        total = np.bincount(self.gaps.account, self.gaps.length, minlength=len(count))
        return np.asarray(np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0))

    def recent_and_earlier_gap(self) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
        """Return the mean of the last gaps, the mean of those before, and whether that is a year ago.

        Returns
        -------
        recent, earlier : float arrays, shape (n,)
            Days; NaN where there are too few gaps.
        year_ago : bool array, shape (n,)
            The earlier gaps are those around a year before the last order; else all before the recent ones.
        """
        gaps, n = self.gaps, len(self.gaps.order_days)
        number_from_end = gaps.ends[gaps.account] - np.arange(len(gaps.account))
        age = gaps.last_day[gaps.account] - gaps.end_day
        recent = number_from_end <= RECENT_GAPS
        year_ago = ~recent & (age >= YEAR_AGO_DAYS[0]) & (age <= YEAR_AGO_DAYS[1])
        around = _mean_where(gaps, year_ago, n, LEAST_EARLIER_GAPS)
        before = _mean_where(gaps, ~recent, n, LEAST_EARLIER_GAPS)
        has_year = ~np.isnan(around)
        return _mean_where(gaps, recent, n, RECENT_GAPS), np.where(has_year, around, before), has_year


def _mean_where(gaps: Gaps, chosen: npt.NDArray[np.bool_], n: int, least: int) -> FloatArray:
    count = np.bincount(gaps.account[chosen], minlength=n)
    total = np.bincount(gaps.account[chosen], gaps.length[chosen], minlength=n)
    return np.asarray(np.divide(total, count, out=np.full(n, np.nan), where=count >= least))


def order_history(
    known: Facts, days: OrderDays, missing: pd.DataFrame, as_of_day: int, half_life_days: float
) -> OrderHistory:
    """Measure the order days of every account on its own clock.

    Parameters
    ----------
    known : Facts
        As known on the day of the computation; accounts and quiet periods are read.
    days : OrderDays
    missing : DataFrame
        Stretches in which the whole feed is silent: columns from_day, until_day.
    as_of_day : int
        Days since 1970-01-01.
    half_life_days : float

    Returns
    -------
    OrderHistory
    """
    clock = operational_clock(known.accounts, known.quiet, missing)
    gaps = gaps_between(days, clock)
    if len(missing):
        seen = gaps_between(days, operational_clock(known.accounts, known.quiet, missing.iloc[:0]))
        gaps = gaps_beside_missing_data(seen, gaps)
    return OrderHistory(days, gaps, clock, as_of_day, half_life_days)
