"""Numbers in text: which sign is the decimal mark of a column, then strictly by it."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from .values import NULL, Cell, UnreadableError, as_text

Mark: TypeAlias = Literal[".", ","]

# 999,999,999,999.99 is more than any order; beyond it a cell is a slip, not an amount.
_LARGEST = Decimal(10) ** 12
_MAX_EXPONENT = 12
_MEMO = 100_000
_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f\u2009'’](?=[0-9]{3}(?![0-9]))")
_MONEY = re.compile(
    r"^(?:[€$£¥₹₺₽]|[A-Z]{2}\$|EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|JPY|CNY|CAD|AUD|Fr\.?|kr\.?)\s*"
    r"|\s*(?:[€$£¥₹₺₽]|EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|JPY|CNY|CAD|AUD|Fr\.?|kr\.?|zł|Kč)$"
)
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_POINT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+")
_COMMA = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]*)?|,[0-9]+")
_SCIENTIFIC = re.compile(r"([0-9]+(?:[.,][0-9]+)?)[eE]([+-]?[0-9]{1,3})")


@dataclass
class MarkEvidence:
    """What the numbers of a column prove about its decimal mark.

    Attributes
    ----------
    point, comma
        A value that can only be read with this decimal mark, or None.
    either
        A value such as 1,234 that is one thousand or one and a bit, or None.
    weighed
        Values seen, as far as they are remembered.
    """

    point: str | None = None
    comma: str | None = None
    either: str | None = None
    weighed: set[str] = field(default_factory=set, repr=False)

    def add(self, cells: Iterable[Cell]) -> None:
        """Take distinct cells of the column into account."""
        for cell in cells:
            if isinstance(cell, str) and cell not in self.weighed and ("," in cell or "." in cell):
                self._weigh(cell)
                if len(self.weighed) < _MEMO:
                    self.weighed.add(cell)

    def _weigh(self, cell: str) -> None:
        body = _strip(cell.strip().removesuffix("%"))[1]
        by_point, by_comma = bool(_POINT.fullmatch(body)), bool(_COMMA.fullmatch(body))
        if by_point and by_comma:
            self.either = self.either or cell.strip()
        elif by_point:
            self.point = self.point or cell.strip()
        elif by_comma:
            self.comma = self.comma or cell.strip()

    @property
    def mark(self) -> Mark | None:
        """The decimal mark proven, None where there is no proof or two that contradict."""
        if bool(self.point) == bool(self.comma):
            return None
        return "." if self.point else ","


@dataclass
class AmbiguousNumbersError(Exception):
    """Two readings are possible and nothing in the file decides."""

    column: str
    example: str
    evidence: MarkEvidence = field(default_factory=MarkEvidence)


def decide_mark(column: str, evidence: MarkEvidence, others: Iterable[MarkEvidence], told: Mark | None) -> Mark:
    """Choose the decimal mark of a column.

    Parameters
    ----------
    column
        Its header, for the question.
    evidence
        Of this column.
    others
        Of the file's other number columns: one program writes all of them alike.
    told
        What whoever imports the file has said, or None.

    Returns
    -------
    "." or ",". A column that proves both takes "." and rejects the rest value by value.

    Raises
    ------
    AmbiguousNumbersError
        Where values could be read both ways and nothing decides.
    """
    if told:
        return told
    if evidence.mark:
        return evidence.mark
    if evidence.point and evidence.comma:
        return "."
    around = {mark for other in others if (mark := other.mark)}
    if len(around) == 1:
        return around.pop()
    if evidence.either:
        raise AmbiguousNumbersError(column, evidence.either)
    return "."


def number_reader(mark: Mark, *, places: int, percent: bool = False) -> Callable[[Cell], str]:
    """Read numbers by a decimal mark.

    Parameters
    ----------
    mark
        Decimal mark of the column.
    places
        Decimal places kept; more are rounded half to even.
    percent
        Whether 15 means 15 %.

    Returns
    -------
    A function from a cell to plain decimal text (or NULL), which raises UnreadableError.
    """
    step = Decimal(1).scaleb(-places)

    def read(cell: Cell) -> str:
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            number = _from_typed(cell)
        elif isinstance(cell, str) and _PLAIN.fullmatch(cell) and (mark == "." or "." not in cell):
            number = Decimal(cell)  # the common case, without the detours
        else:
            text = as_text(cell)
            if not text:
                return NULL
            number = _from_text(text, mark, percent=percent)
        if percent and not (isinstance(cell, str) and "%" in cell):
            number /= 100
        if abs(number) >= _LARGEST:
            raise UnreadableError("larger than any amount expected here")
        fits = -int(number.as_tuple().exponent) <= places
        return f"{number if fits else number.quantize(step):f}"

    return read


def _from_typed(cell: float) -> Decimal:
    if not math.isfinite(cell):
        raise UnreadableError("not a number")
    return Decimal(repr(cell))


def _strip(cell: str) -> tuple[bool, str]:
    """Take sign, currency and thousands spaces off; say whether it is negative."""
    text = cell.strip().replace("−", "-")
    negative = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if negative else text
    text = _MONEY.sub("", text).strip()  # -€5, €-5 and 5-€ all occur
    if text[:1] in ("-", "+"):
        negative, text = negative or text[0] == "-", text[1:].strip()
    elif text.endswith("-"):
        negative, text = True, text[:-1].strip()
    text = _MONEY.sub("", text).strip()
    return negative, _SPACES.sub("", text)


def _from_text(cell: str, mark: Mark, *, percent: bool) -> Decimal:
    text = cell.removesuffix("%").strip() if percent else cell
    negative, body = _strip(text)
    scientific = _SCIENTIFIC.fullmatch(body)
    if scientific:
        number = _from_scientific(scientific)
    elif (_POINT if mark == "." else _COMMA).fullmatch(body):
        group = "," if mark == "." else "."
        number = Decimal(body.replace(group, "").replace(mark, "."))
    else:
        raise UnreadableError(f"not a number with a decimal {'point' if mark == '.' else 'comma'}")
    number = number / 100 if percent and cell.endswith("%") else number
    return -number if negative else number


def _from_scientific(match: re.Match[str]) -> Decimal:
    exponent = int(match.group(2))
    if abs(exponent) > _MAX_EXPONENT:
        raise UnreadableError("an exponent beyond anything an amount can have")
    return Decimal(match.group(1).replace(",", ".")).scaleb(exponent)
