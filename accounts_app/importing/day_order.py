"""Whether the day or the month comes first: decided by what a whole column proves."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from .values import Cell

DayOrder: TypeAlias = Literal["dmy", "mdy", "ymd"]

ORDERS: tuple[DayOrder, ...] = ("dmy", "mdy", "ymd")
ORDER_WORDS: dict[DayOrder, str] = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}

TRIPLE = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")


@dataclass
class OrderEvidence:
    """Which orders of day, month and year read every numeric date of a column, and over what range each.

    Attributes
    ----------
    possible
        Orders that read every value so far, so long as any does.
    ranges
        First and last day under each order that reads at least one value.
    differ
        Whether any value means different days under different possible orders.
    """

    possible: set[DayOrder] = field(default_factory=lambda: set(ORDERS))
    ranges: dict[DayOrder, tuple[date, date]] = field(default_factory=dict)
    differ: bool = False
    example: str = ""

    def add(self, cells: Iterable[Cell]) -> None:
        """Take distinct cells of the column into account."""
        for cell in cells:
            if isinstance(cell, str) and (triple := TRIPLE.match(cell.strip())):
                self._weigh(triple)

    def _weigh(self, triple: re.Match[str]) -> None:
        days = readings(triple)
        if not days:
            return
        self.possible &= set(days)
        if len(set(days.values())) > 1:
            self.differ, self.example = True, self.example or triple.group()
        for order, day in days.items():
            first, last = self.ranges.get(order, (day, day))
            self.ranges[order] = (min(first, day), max(last, day))

    @property
    def proven(self) -> DayOrder | None:
        """The only order that reads all, where there is just one and it matters."""
        return next(iter(self.possible)) if len(self.possible) == 1 and self.ranges else None


@dataclass
class AmbiguousDaysError(Exception):
    """Every date of a column can be read in more than one way."""

    column: str
    example: str
    ranges: dict[DayOrder, tuple[date, date]]


def readings(triple: re.Match[str]) -> dict[DayOrder, date]:
    """All days that three numbers can mean. Between points, only the day comes first."""
    first, mark, second, third = triple.groups()
    found: dict[DayOrder, date] = {}
    parts: dict[DayOrder, tuple[str, str, str]] = {"dmy": (third, second, first)}
    if mark != ".":
        parts["mdy"] = (third, first, second)
    if len(third) == 2 and len(first) == 2:
        parts["ymd"] = (first, second, third)
    for order, (year, month, day) in parts.items():
        made = day_named(year, month, day)
        if made:
            found[order] = made
    return found


def decide_order(
    column: str, evidence: OrderEvidence, others: Iterable[OrderEvidence], told: DayOrder | None
) -> DayOrder | None:
    """Choose how a column's numeric dates are read.

    Parameters
    ----------
    column
        Its header, for the question.
    evidence
        Of this column.
    others
        Of the file's other date columns: one program writes all of them alike.
    told
        What whoever imports the file has said, or None.

    Returns
    -------
    The order, or None where each value must speak for itself (several forms are mixed, or it makes no difference).

    Raises
    ------
    AmbiguousDaysError
        Where every value has several readings and nothing decides.
    """
    if told:
        return told
    if evidence.proven or not evidence.possible or not evidence.differ:
        return evidence.proven
    around = {other.proven for other in others if other.proven} & evidence.possible
    if len(around) == 1:
        return around.pop()
    ranges = {order: evidence.ranges[order] for order in ORDERS if order in evidence.possible}
    raise AmbiguousDaysError(column, evidence.example, ranges)


def day_named(year: str, month: str, day: str) -> date | None:
    """A day from its parts, None where there is no such day."""
    number = int(year)
    if len(year) == 2:  # as POSIX has it: 69 to 99 are the last century
        number += 1900 if number >= 69 else 2000
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None
