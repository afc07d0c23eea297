"""What a customer sees of a review: plain words and figures, from which PDF, slides and preview are all set."""

import datetime as dt
import re
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

# What no XML document can hold, and no reader would miss.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """Leave out characters that a document cannot hold."""
    return UNPRINTABLE.sub("", text)


def number_text(value: Decimal) -> str:
    """Write `12,000` or `0.25`: as many decimals as there are.

    Parameters
    ----------
    value : Decimal
        With three decimals at most.

    Returns
    -------
    str
        With a comma between thousands.
    """
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True)
class Person:
    name: str
    job: str


@dataclass(frozen=True)
class Table:
    """Headings and rows of text; `numeric` names the columns that stand on the right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    # Share of the width each column gets.
    widths: tuple[int, ...]
    numeric: tuple[int, ...] = ()

    @property
    def cells(self) -> tuple[tuple[tuple[str, str, bool], ...], ...]:
        """Each cell with its heading, and whether it stands on the right."""
        return tuple(
            tuple(
                (heading, cell, n in self.numeric)
                for n, (heading, cell) in enumerate(zip(self.headings, row, strict=True))
            )
            for row in self.rows
        )


@dataclass(frozen=True)
class Course:
    """A figure over time against what it shall become."""

    title: str
    unit: str
    # What is said of it; where there is no value yet, that.
    words: str
    days: tuple[dt.date, ...]
    values: tuple[Decimal, ...]
    target: Decimal | None


@dataclass(frozen=True)
class Bars:
    """Two bars for each label: what was, and what was promised."""

    title: str
    unit: str
    labels: tuple[str, ...]
    names: tuple[str, str]
    # None: nothing to show of this label.
    was: tuple[Decimal | None, ...]
    promised: tuple[Decimal, ...]


@dataclass(frozen=True)
class Group:
    """Points below a heading."""

    heading: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One subject, a page or a slide of its own."""

    key: str
    title: str
    lead: str
    table: Table | None = None
    bars: Bars | None = None
    courses: tuple[Course, ...] = ()
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True)
class CustomerView:
    """All that the customer sees, in its order."""

    supplier: str
    customer: str
    title: str
    period: str
    day: str
    theirs: tuple[Person, ...]
    ours: tuple[Person, ...]
    agenda: tuple[str, ...]
    sections: tuple[Section, ...]

    def shows(self, key: str) -> bool:
        return any(section.key == key for section in self.sections)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a document that is set elsewhere."""
        return asdict(self)
