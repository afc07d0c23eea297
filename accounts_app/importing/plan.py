"""How each column is read, decided once for the file; and the reading itself, a chunk at a time."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from typing import NamedTuple

from .dates import day_reader, moment_reader
from .day_order import ORDER_WORDS, AmbiguousDaysError, DayOrder, decide_order
from .fields import PLACES, Field, Is, Kind
from .limits import FileRefusedError
from .numbers import AmbiguousNumbersError, Mark, decide_mark, number_reader
from .survey import Chunk, Survey
from .values import (
    NULL,
    Cell,
    UnreadableError,
    as_text,
    copy_text,
    key_reader,
    read_currency,
    read_email,
    text_reader,
    word_reader,
)

# Nothing that a running business still keeps began earlier; what comes later was mistyped.
EARLIEST = date(1950, 1, 1)
AHEAD_DAYS = 3650
_MEMO = 200_000
_SHOWN_VALUE = 200
_NOTE = re.compile(
    r"\b(grand total|sub ?-?total|totals?|summe|gesamt(summe)?|zwischensumme|sous-? ?total|total g[eé]n[eé]ral"
    r"|end of report|generated|page|seite)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """What whoever imports the file has said about its forms."""

    dates: DayOrder | None = None
    decimal: Mark | None = None


class Refusal(NamedTuple):
    """Why a cell is not taken."""

    reason: str


class Reject(NamedTuple):
    """A row that is not taken: its line, the column and value at fault, the reason, the row's business key."""

    line: int
    column: str
    value: str
    reason: str
    key: str


class Memo(dict[Cell, "str | Refusal"]):
    """Cells already read: a column says the same few things many times."""

    def __init__(self, read: Callable[[Cell], str]) -> None:
        super().__init__()
        self._read = read
        self.refused = False

    def __missing__(self, cell: Cell) -> "str | Refusal":
        if len(self) >= _MEMO:
            self.clear()
        answer: str | Refusal
        try:
            answer = self._read(cell)
        except UnreadableError as error:
            answer, self.refused = Refusal(str(error)), True
        self[cell] = answer
        return answer


@dataclass
class Plan:
    """Fields present in the file, each with its place, its header and its reader."""

    kind: Kind
    fields: list[Field]
    places: list[int]
    headers: list[str]
    today: date
    memos: list[Memo] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.fields]


def make_plan(kind: Kind, found: Survey, told: Told, *, today: date, zone: tzinfo) -> Plan:
    """Decide how each column is read.

    Parameters
    ----------
    kind
        What the file holds.
    found
        By the first reading.
    told
        By whoever imports it.
    today, zone
        In the company's time zone.

    Raises
    ------
    FileRefusedError
        Where dates or numbers can be read in several ways: it says which, and how to choose.
    """
    present = [each for each in kind.fields if each.name in found.columns.columns]
    plan = Plan(
        kind,
        present,
        [found.columns.columns[each.name] for each in present],
        [found.columns.header(each.name) for each in present],
        today,
    )
    try:
        plan.memos = [Memo(_reader(each, found, told, today, zone)) for each in present]
    except AmbiguousDaysError as question:
        raise FileRefusedError(order_question(question)) from question
    except AmbiguousNumbersError as question:
        raise FileRefusedError(mark_question(question)) from question
    return plan


def _reader(each: Field, found: Survey, told: Told, today: date, zone: tzinfo) -> Callable[[Cell], str]:
    if each.is_ in PLACES:
        evidence = found.marks[each.name]
        mark = decide_mark(found.columns.header(each.name), evidence, found.marks.values(), told.decimal)
        return number_reader(mark, places=PLACES[each.is_], percent=each.name in found.percent)
    if each.is_ in (Is.DAY, Is.MOMENT):
        order = decide_order(
            found.columns.header(each.name), found.orders[each.name], found.orders.values(), told.dates
        )
        # A day more than today: the sender's zone may be ahead of ours.
        last = today + timedelta(days=AHEAD_DAYS if each.ahead else 1)
        if each.is_ is Is.DAY:
            return day_reader(order, first=EARLIEST, last=last, endless=each.endless)
        return moment_reader(order, zone=zone, first=EARLIEST, last=last)
    return _plain_reader(each)


def _plain_reader(each: Field) -> Callable[[Cell], str]:
    match each.is_:
        case Is.KEY:
            return key_reader(each.limit)
        case Is.WORD:
            return word_reader(each.vocabulary, each.other)
        case Is.EMAIL:
            return read_email
        case Is.CURRENCY:
            return read_currency
        case _:
            return text_reader(each.limit)


def order_question(question: AmbiguousDaysError) -> str:
    """Say how the dates of a column could be read."""
    ways = "; ".join(
        f"{ORDER_WORDS[order]} (--dates {order}) they run from {first} to {last}"
        for order, (first, last) in question.ranges.items()
    )
    return (
        f"Every date of the column {question.column} can be read in more than one way, such as {question.example}. "
        f"Read {ways}. Say which, with --dates."
    )


def mark_question(question: AmbiguousNumbersError) -> str:
    """Say how the numbers of a column could be read."""
    return (
        f"The numbers of the column {question.column} can be read in two ways, such as {question.example}: "
        "nothing in the file says whether the mark separates thousands or decimals. "
        "Say --decimal point or --decimal comma."
    )


def read_chunk(plan: Plan, chunk: Chunk) -> tuple[str, list[Reject]]:
    """Read a chunk.

    Parameters
    ----------
    plan
        How each column is read.
    chunk
        Rows laid under the header.

    Returns
    -------
    Lines for COPY (line number, then the plan's fields), and the rows rejected, each for its first fault.
    """
    faults: dict[int, tuple[int, str]] = {}
    columns = []
    for place, (each, memo) in enumerate(zip(plan.fields, plan.memos, strict=True)):
        position = plan.places[place]
        read = [memo[row[position]] for row in chunk.rows]
        _note_faults(faults, place, each, memo, read)
        columns.append(read)
    rejects = [Reject(line, "", "", reason, "") for line, reason in chunk.misfits]
    rejects += [_reject(plan, chunk, columns, row, fault) for row, fault in faults.items()]
    lines = [
        "\t".join(cells)  # a row with a refusal among its cells is left out
        for row, cells in enumerate(zip(map(str, chunk.lines), *columns, strict=True))
        if row not in faults
    ]
    return "\n".join([*lines, ""]), sorted(rejects)


def _note_faults(
    faults: dict[int, tuple[int, str]], place: int, each: Field, memo: Memo, read: list["str | Refusal"]
) -> None:
    if memo.refused:
        for row, value in enumerate(read):
            if isinstance(value, Refusal):
                faults.setdefault(row, (place, value.reason))
    if each.required and NULL in read:
        for row, value in enumerate(read):
            if value == NULL:
                faults.setdefault(row, (place, f"no {each.name.replace('_', ' ')}"))


def _reject(plan: Plan, chunk: Chunk, columns: list[list["str | Refusal"]], row: int, fault: tuple[int, str]) -> Reject:
    place, reason = fault
    cells = chunk.rows[row]
    note = next(
        (text for cell in cells if isinstance(cell, str) and (text := cell.strip()) and _NOTE.search(text)), None
    )
    missing = any(each.required and column[row] == NULL for each, column in zip(plan.fields, columns, strict=True))
    if missing and (note or sum(bool(as_text(cell)) for cell in cells) == 1):
        reason = "a total or a note, not a row of data"
    key = columns[plan.names.index(plan.kind.key)][row] if plan.kind.key in plan.names else NULL
    value = as_text(cells[plan.places[place]])[:_SHOWN_VALUE]
    return Reject(
        chunk.lines[row], plan.headers[place], value, reason, "" if isinstance(key, Refusal) or key == NULL else key
    )


def reject_lines(rejects: list[Reject]) -> str:
    """Rejects as lines for COPY."""
    return "".join(
        "\t".join(
            (str(each.line), copy_text(each.column), copy_text(each.value), copy_text(each.reason), each.key or NULL)
        )
        + "\n"
        for each in rejects
    )


def header_by_field(plan: Plan) -> Mapping[str, str]:
    """The file's header for each field present."""
    return dict(zip(plan.names, plan.headers, strict=True))
