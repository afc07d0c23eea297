"""What became of the accounts: their order days on their own clocks, and who was lost when."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.operational_days import OperationalClock
from signals.compute.order_days import IntArray, OrderDays
from signals.compute.order_horizon import HORIZON_GAPS, LONGEST_HORIZON, own_horizon

# Days since 1970 beyond any that is known; account positions and days pack into one sortable integer below it.
NEVER = 1 << 20
# Below this an own mean gap says little; the order rhythm asks for as many.
LEAST_ORDER_DAYS = 5
# A silence that begins this soon after a recorded loss is that loss: the last orders were still on their way.
SAME_LOSS_DAYS = 180


class LossKind(StrEnum):
    """How an account was lost; the last three are counted apart."""

    RECORDED = "recorded"
    SILENT = "silent"  # no order for a horizon in which at least three were expected, and none since
    PART = "part"  # a recorded loss of a part of the business
    RETURNED = "returned"  # as silent, but it ordered again later
    PENDING = "pending"  # its order is due and has not come, the horizon is not over


WHOLE = (LossKind.RECORDED, LossKind.SILENT)


@dataclass(frozen=True)
class Course:
    """Order days of n accounts until the day up to which they are known.

    Parameters
    ----------
    orders : OrderDays
    clock : OperationalClock
    known_to : int array, shape (n,)
        Last day (since 1970) of which orders are known, for each account.
    """

    orders: OrderDays
    clock: OperationalClock
    known_to: IntArray

    @cached_property
    def key(self) -> IntArray:
        """Packed account and day of each order day, ascending."""
        return self.orders.account * NEVER + self.orders.day

    @cached_property
    def position(self) -> IntArray:
        """Operational day number of each order day."""
        return self.clock.position(self.orders.account, self.orders.day)

    @cached_property
    def first(self) -> IntArray:
        """Place of each account's first order day; the number of all at the end."""
        return np.searchsorted(self.orders.account, np.arange(self.orders.n_accounts + 1)).astype(np.int64)

    def ordered_until(self, account: IntArray, day: IntArray) -> IntArray:
        """Return how many order days each account had by the end of a day."""
        return np.searchsorted(self.key, account * NEVER + day, side="right") - self.first[account]

    def next_order(self, account: IntArray, day: IntArray) -> IntArray:
        """Return the first order day after a day, `NEVER` where none is known."""
        place = self.first[account] + self.ordered_until(account, day)
        days = np.append(self.orders.day, NEVER)
        return np.where(place < self.first[account + 1], days[place], NEVER)

    def horizon(self, account: IntArray, day: IntArray) -> IntArray:
        """Return H, the operational days within which an order was to be expected on a day.

        Notes
        -----
        Three mean gaps within limits (`own_horizon`), from all gaps completed by then; the longest for
        accounts without a gap.
        """
        gaps = self.ordered_until(account, day) - 1
        begin = self.first[account]
        places = np.append(self.position, 0)
        span = places[begin + np.maximum(gaps, 0)] - places[begin]
        mean = np.divide(span, gaps, out=np.full(len(gaps), np.nan), where=gaps > 0)
        return np.where(gaps > 0, own_horizon(np.nan_to_num(mean)), LONGEST_HORIZON).astype(np.int64)


def losses_of(course: Course, recorded: pd.DataFrame) -> pd.DataFrame:
    """Find who was lost.

    Parameters
    ----------
    course : Course
    recorded : DataFrame
        Columns account (position), day (since 1970), part (bool); whole losses and those of a part.

    Returns
    -------
    DataFrame
        Columns account, day (of the loss), back (day of the next order, `NEVER`), kind; by account and day.

    Notes
    -----
    Silent leaver: no order for a horizon in which at least three were expected, on the account's operational
    clock; the loss day is the day the next order was due, one median gap after the last (design, "Backtest").
    Who ordered again after such a silence did not leave: counted apart. A silence around or soon after a
    recorded loss is that loss, on its recorded day.
    """
    silences = long_silences(course)
    whole = recorded[~recorded["part"]].sort_values(["account", "day"], kind="stable")
    rows, told = _recorded(course, whole, silences)
    parts = recorded[recorded["part"]]
    tables = [
        rows,
        silences.drop(index=told)[["account", "day", "back", "kind"]],
        parts[["account", "day"]].assign(back=parts["day"], kind=str(LossKind.PART)),
    ]
    found = pd.concat([table for table in tables if len(table)] or [rows], ignore_index=True)
    return found.sort_values(["account", "day", "kind"], kind="stable", ignore_index=True)


def _recorded(course: Course, whole: pd.DataFrame, silences: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
    """Return the recorded losses, and which silences are the same departure."""
    rows: list[tuple[int, int, int, str]] = []
    told: list[int] = []
    back = course.next_order(whole["account"].to_numpy(np.int64), whole["day"].to_numpy(np.int64))
    for account, day, ordered_again in zip(whole["account"], whole["day"], back.tolist(), strict=True):
        own = silences[silences["account"] == account]
        around = (own["last"] < day) & (day <= own["back"])
        after = (own["day"] >= day) & (own["day"] <= day + SAME_LOSS_DAYS)
        same = own[around | after]
        told.extend(same.index)
        until = max([ordered_again, *same["back"]])
        if not rows or rows[-1][0] != account or day >= rows[-1][2]:  # else it is recorded twice
            rows.append((account, day, until, LossKind.RECORDED))
    return pd.DataFrame(rows, columns=["account", "day", "back", "kind"]), told


def long_silences(course: Course) -> pd.DataFrame:
    """Find silences in which at least three orders were expected, or in which one is due.

    Returns
    -------
    DataFrame
        Columns account, last (order day before), day (on which the next was due), back, kind.
    """
    places, account = np.arange(len(course.key)), course.orders.account
    rank = places - course.first[account]
    mean = np.divide(course.position - course.position[course.first[account]], rank, where=rank > 0, out=rank * 1.0)
    horizon = own_horizon(mean)
    # The mean gap of a rare buyer does not fit three times into the longest horizon: silence proves nothing yet.
    tells = (rank >= LEAST_ORDER_DAYS - 1) & (HORIZON_GAPS * mean <= horizon + 0.5)
    is_last = places + 1 == course.first[account + 1]
    known_to = course.clock.position(account, np.maximum(course.known_to[account], course.orders.day))
    until = np.where(is_last, known_to, np.append(course.position[1:], 0))
    silence = until - course.position
    kinds = np.select(
        [~is_last & (silence > horizon), is_last & (silence >= horizon), is_last],
        [LossKind.RETURNED, LossKind.SILENT, LossKind.PENDING],
        "",
    )
    chosen = np.flatnonzero(tells & (kinds != ""))
    back = np.where(is_last, NEVER, np.append(course.orders.day[1:], 0))
    table = pd.DataFrame(
        {
            "account": account[chosen],
            "last": course.orders.day[chosen],
            "day": list(_due(course, chosen)),
            "back": back[chosen],
            "kind": kinds[chosen].astype(str),
        }
    )
    due = (table["kind"] != LossKind.PENDING) | (table["day"] <= course.known_to[table["account"]])
    return table[due].reset_index(drop=True)


def _due(course: Course, places: npt.NDArray[np.intp]) -> Iterator[int]:
    """The day one median gap after each of these order days."""
    for place in places.tolist():
        account = course.orders.account[place : place + 1]
        gaps = np.diff(course.position[course.first[account[0]] : place + 1])
        position = course.position[place : place + 1] + int(np.ceil(np.median(gaps)))
        yield int(course.clock.day_at(account, position)[0])
