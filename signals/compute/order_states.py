"""Accounts as they stood on days of their past, or stand today."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.gaps import Gaps
from signals.compute.order_days import DAYS_SPAN, IntArray, OrderDays
from signals.compute.order_history import OrderHistory
from signals.compute.renewal import FloatArray, GapSums


@dataclass(frozen=True)
class OrderStates:
    """n states: an account on a day, after at least one order.

    Parameters
    ----------
    history : OrderHistory
        Of all accounts; may run on after the days of the states.
    account, day : int arrays, shape (n,)
        Position of the account; days since 1970-01-01.
    row : int array, shape (n,)
        Row of the last order day until `day` in `history.days`.
    """

    history: OrderHistory
    account: IntArray
    day: IntArray
    row: IntArray

    def take(self, chosen: npt.NDArray[np.bool_]) -> "OrderStates":
        """Return some of the states."""
        return OrderStates(self.history, self.account[chosen], self.day[chosen], self.row[chosen])

    @cached_property
    def position(self) -> IntArray:
        """Operational day number of the day, shape (n,)."""
        return self.history.clock.position(self.account, self.day)

    @cached_property
    def silence(self) -> FloatArray:
        """Operational days since the last order, shape (n,)."""
        return np.asarray((self.position - self.history.positions[self.row]).astype(float))

    @cached_property
    def order_days(self) -> IntArray:
        """Order days until the day, shape (n,)."""
        return self.row - self.history.first_row[self.account] + 1

    @cached_property
    def gap_end(self) -> IntArray:
        """One past the row of the last completed gap in `history.gaps`, shape (n,)."""
        gaps = self.history.gaps
        return np.asarray((gaps.ends - gaps.count)[self.account] + self.order_days - 1)

    @cached_property
    def mean_gap(self) -> FloatArray:
        """Mean of the gaps completed, all alike, in days, shape (n,); two order days are needed."""
        gaps = self.history.gaps
        return np.asarray(running(gaps.account, gaps.length)[self.gap_end - 1] / (self.order_days - 1))

    def sums(self, half_life_days: float) -> GapSums:
        """Sum the gaps completed until the day, aged at the last of them."""
        aged = self.history.gaps.aged(half_life_days)
        some, last = self.order_days > 1, np.maximum(self.gap_end - 1, 0)

        def total(running: FloatArray) -> FloatArray:
            # Weights count back from the account's last order of all; here they count back from this state's.
            found = np.zeros(len(last))
            found[some] = running[last[some]] / aged.weights[last[some]]
            return found

        running = aged.running
        return GapSums(total(running.count), total(running.days), total(running.log_days))

    def orders_since(self, days: int) -> IntArray:
        """Count the order days of the last operational days, shape (n,)."""
        history = self.history
        keys = history.days.account * DAYS_SPAN + history.positions
        after = np.searchsorted(keys, self.account * DAYS_SPAN + self.position - days, side="right")
        return np.asarray(self.row + 1 - np.minimum(after, self.row + 1))

    def next_position(self) -> FloatArray:
        """Return the operational day of the order after the last one, shape (n,); infinite where none is known."""
        rows, history = self.row + 1, self.history
        follows = rows <= history.last_row[self.account]
        positions = np.append(history.positions, 0)
        return np.asarray(np.where(follows, positions[rows], np.inf))


def present_states(history: OrderHistory) -> OrderStates:
    """Return every account with an order as it stands on the day of the history."""
    account = history.ordered
    return OrderStates(history, account, np.full(len(account), history.as_of_day), history.last_row[account])


def past_states(history: OrderHistory, accounts: IntArray, days: IntArray) -> OrderStates:
    """Return accounts as they stood on each of some days; those without an order by then are left out.

    Parameters
    ----------
    history : OrderHistory
    accounts : int array, shape (n,)
    days : int array, shape (m,)
        Days since 1970-01-01, not after the history's.
    """
    orders = history.days
    account, day = (part.ravel() for part in np.meshgrid(accounts, days, indexing="ij"))
    keys = orders.account * DAYS_SPAN + orders.day
    row = np.searchsorted(keys, account * DAYS_SPAN + day, side="right") - 1
    states = OrderStates(history, account, day, row)
    return states.take(row >= history.first_row[account])


def history_of(history: OrderHistory, chosen: npt.NDArray[np.bool_]) -> OrderHistory:
    """Return the history with the orders of some accounts only; all accounts keep their positions.

    Parameters
    ----------
    history : OrderHistory
        Of n_accounts.
    chosen : bool array, shape (n_accounts,)
    """
    days, gaps = history.days, history.gaps
    rows, of_gaps = chosen[days.account], chosen[gaps.account]
    amount = None if days.amount is None else days.amount[rows]
    fewer = Gaps(
        gaps.account[of_gaps],
        gaps.end_day[of_gaps],
        gaps.length[of_gaps],
        np.where(chosen, gaps.order_days, 0),
        gaps.first_day,
        gaps.last_day,
    )
    orders = OrderDays(days.account[rows], days.day[rows], days.n_accounts, amount)
    return OrderHistory(orders, fewer, history.clock, history.as_of_day, history.half_life_days)


def running(account: IntArray, part: FloatArray) -> FloatArray:
    """Add up within each account, in the order of its rows: the same digits whoever is computed beside it."""
    return np.asarray(pd.Series(part).groupby(account).cumsum().to_numpy(), dtype=np.float64)
