"""When the whole portfolio orders more or less: the weeks of earlier years say what a horizon ahead is like."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from signals.compute.base import Json
from signals.compute.order_days import FloatArray, IntArray, OrderDays, day_numbers

# 52 whole weeks, so that a Monday meets a Monday.
YEAR_DAYS, MOST_YEARS = 364, 5
# Of a year half of whose days are missing or not over the mean says little.
LEAST_DAYS_OF_A_YEAR = 200
# As if this many days and order days of no season at all had been seen: a small portfolio's weeks vary by chance.
PRIOR_DAYS, PRIOR_ORDER_DAYS = 40.0, 20.0


@dataclass(frozen=True)
class OrderSeason:
    """Order days of all accounts together, day by day.

    Parameters
    ----------
    first_day : int
        Days since 1970-01-01.
    orders, seen : int arrays, shape (n_days,)
        Order days of that day; 1 where the feed had data, 0 in stretches of missing data.
    """

    first_day: int
    orders: IntArray
    seen: IntArray

    def ahead(self, day: IntArray, horizon: FloatArray) -> FloatArray:
        """Return ln of how much more than usual is ordered within the horizon after `day`, by earlier years.

        Parameters
        ----------
        day : int array, shape (n,)
            Days since 1970-01-01; nothing after a row's day is looked at.
        horizon : float array, shape (n,)
            Days.

        Returns
        -------
        float array, shape (n,)
            0 where no earlier year is known.
        """
        total, usual = np.zeros((2, len(day)))
        length = np.rint(horizon).astype(np.int64)
        for year in range(1, MOST_YEARS + 1):
            begin = day - YEAR_DAYS * year
            orders, seen = self._between(begin, np.minimum(begin + length, day))
            of_year, days = self._between(begin - YEAR_DAYS // 2, np.minimum(begin + YEAR_DAYS // 2, day))
            known = days >= LEAST_DAYS_OF_A_YEAR
            total += np.where(known, orders, 0)
            usual += np.where(known, of_year * seen / np.maximum(days, 1), 0)
        before, days = self._between(np.full(len(day), self.first_day - 1), day)
        prior = PRIOR_ORDER_DAYS + PRIOR_DAYS * before / np.maximum(days, 1)
        return np.asarray(np.log((total + prior) / (usual + prior)))

    def _between(self, after: IntArray, until: IntArray) -> tuple[IntArray, IntArray]:
        """Count order days and days with data after one day until another."""
        low, high = self._place(after), self._place(until)
        high = np.maximum(low, high)
        sums = [np.concatenate([[0], np.cumsum(part)]) for part in (self.orders, self.seen)]
        return sums[0][high] - sums[0][low], sums[1][high] - sums[1][low]

    def _place(self, day: IntArray) -> IntArray:
        return np.clip(day - self.first_day + 1, 0, len(self.orders))

    def to_json(self) -> Json:
        """Return plain numbers; a silent week costs a few characters."""
        return {
            "first_day": self.first_day,
            "orders": self.orders.tolist(),
            "missing": np.flatnonzero(self.seen == 0).tolist(),
        }

    @classmethod
    def from_json(cls, stored: Json) -> "OrderSeason":
        """Read what `to_json` wrote."""
        orders = np.array(stored["orders"], dtype=np.int64)
        seen = np.ones(len(orders), dtype=np.int64)
        seen[np.array(stored["missing"], dtype=np.int64)] = 0
        return cls(stored["first_day"], orders, seen)


def order_season(days: OrderDays, missing: pd.DataFrame, as_of_day: int) -> OrderSeason:
    """Count the portfolio's order days until `as_of_day`.

    Parameters
    ----------
    days : OrderDays
        Of the whole portfolio.
    missing : DataFrame
        Stretches in which the whole feed is silent: from_day, until_day.
    as_of_day : int
    """
    oldest = as_of_day - YEAR_DAYS * (MOST_YEARS + 1)
    first = max(int(days.day.min()), oldest) if len(days.day) else as_of_day
    known = days.day[(days.day >= first) & (days.day <= as_of_day)]
    orders = np.bincount(known - first, minlength=as_of_day - first + 1)
    seen = np.ones(len(orders), dtype=np.int64)
    spans = zip(day_numbers(missing["from_day"]), day_numbers(missing["until_day"]), strict=True)
    for begin, end in spans:
        seen[max(begin - first, 0) : max(end - first + 1, 0)] = 0
        orders[max(begin - first, 0) : max(end - first + 1, 0)] = 0
    return OrderSeason(first, orders.astype(np.int64), seen)
