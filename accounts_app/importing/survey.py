"""The first reading of a file: where its header is and what its columns prove about their forms."""

from collections.abc import Callable, Container, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import dropwhile, islice

from .day_order import OrderEvidence
from .fields import PLACES, Is, Kind
from .limits import LIMITS, FileRefusedError, Limits
from .mapping import ColumnMap, locate_header
from .numbers import MarkEvidence
from .readers import Row, Source
from .values import Cell

CHUNK_ROWS = 600  # a few hundred rows stay in the processor's cache: 20,000 at a time take half as long again
_HEAD_ROWS = 60


@dataclass
class Chunk:
    """Some thousand rows, each as wide as the header, and those that do not fit it.

    Attributes
    ----------
    lines, rows
        Line and cells of each row.
    misfits
        Line and reason of rows that cannot be laid under the header.
    """

    lines: list[int] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    misfits: list[tuple[int, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows) + len(self.misfits)


@dataclass
class Survey:
    """What the first reading found.

    Attributes
    ----------
    columns
        Header and the place of each field.
    rows
        Rows below the header that are not blank.
    marks, orders
        Evidence by field, of numbers and of dates.
    percent
        Fields of shares that are written in per cent.
    """

    columns: ColumnMap
    rows: int = 0
    marks: dict[str, MarkEvidence] = field(default_factory=dict)
    orders: dict[str, OrderEvidence] = field(default_factory=dict)
    percent: set[str] = field(default_factory=set)


def survey(
    source: Source,
    kind: Kind,
    told: Mapping[str, str],
    limits: Limits = LIMITS,
    on_rows: Callable[[int], None] | None = None,
) -> Survey:
    """Read a file once, from beginning to end.

    Parameters
    ----------
    source
        The table.
    kind
        What it holds.
    told
        Header by field, where whoever imports has said it.
    on_rows
        Told after every chunk how many rows were read.

    Raises
    ------
    FileRefusedError
        Where it cannot be read to its end, a needed column is missing, or there is no row.
    """
    return survey_under(locate_header(kind, told, head(source)), source, kind, limits, on_rows)


def head(source: Source) -> list[Row]:
    """The first rows, among which the header is."""
    return list(islice(source.rows(), _HEAD_ROWS))


def survey_under(
    columns: ColumnMap,
    source: Source,
    kind: Kind,
    limits: Limits = LIMITS,
    on_rows: Callable[[int], None] | None = None,
) -> Survey:
    """Read all rows below a header that was found, whether or not all needed columns are there."""
    found = Survey(columns)
    if len(found.columns.headers) > limits.columns:
        raise FileRefusedError(
            f"The file has {len(found.columns.headers):,} columns; at most {limits.columns:,} are read."
        )
    number_fields, day_fields = _prepare(kind, found)
    shares = {each.name for each in kind.fields if each.is_ is Is.SHARE}
    with closing(chunks(source, found.columns)) as parts:  # also where whoever watches ends it
        for chunk in parts:
            found.rows += len(chunk)
            if found.rows > limits.rows:
                raise FileRefusedError(f"The file has more than {limits.rows:,} rows. Split it.")
            _weigh(found, chunk, number_fields, day_fields, shares)
            if on_rows:
                on_rows(found.rows)
    if not found.rows:
        raise FileRefusedError("The file has a header and no rows under it.")
    return found


def _prepare(kind: Kind, found: Survey) -> tuple[dict[str, int], dict[str, int]]:
    columns = found.columns.columns
    numbers = {each.name: columns[each.name] for each in kind.fields if each.is_ in PLACES and each.name in columns}
    days = {
        each.name: columns[each.name]
        for each in kind.fields
        if each.is_ in (Is.DAY, Is.MOMENT) and each.name in columns
    }
    found.marks = {name: MarkEvidence() for name in numbers}
    found.orders = {name: OrderEvidence() for name in days}
    return numbers, days


def _weigh(
    found: Survey, chunk: Chunk, numbers: Mapping[str, int], days: Mapping[str, int], shares: Container[str]
) -> None:
    for name, place in numbers.items():
        distinct = dict.fromkeys(row[place] for row in chunk.rows)  # in the order of the file, unlike a set
        found.marks[name].add(distinct)
        if name in shares and any(_is_percent(cell) for cell in distinct):
            found.percent.add(name)
    for name, place in days.items():
        found.orders[name].add(dict.fromkeys(row[place] for row in chunk.rows))


def _is_percent(cell: Cell) -> bool:
    """A share above 1 can only be per cent."""
    if isinstance(cell, str):
        text = cell.strip().replace(",", ".")
        if text.endswith("%"):
            return True
        try:
            return abs(float(text)) > 1
        except ValueError:
            return False
    return isinstance(cell, (int, float)) and abs(cell) > 1


def chunks(source: Source, columns: ColumnMap) -> Generator[Chunk, None, None]:
    """Rows below the header, some thousand at a time, laid under it."""
    below = dropwhile(lambda row: row[0] <= columns.line, source.rows())
    while batch := list(islice(below, CHUNK_ROWS)):
        yield _chunk(batch, len(columns.headers), list(columns.headers))


def _chunk(batch: list[Row], width: int, header: list[Cell]) -> Chunk:
    lines, rows = [line for line, _cells in batch], [cells for _line, cells in batch]
    if set(map(len, rows)) == {width} and header not in rows:
        return Chunk(lines, rows)
    chunk = Chunk()
    for line, cells in batch:
        laid = _laid_under(header, cells)
        if isinstance(laid, str):
            chunk.misfits.append((line, laid))
        else:
            chunk.lines.append(line)
            chunk.rows.append(laid)
    return chunk


def _laid_under(header: list[Cell], cells: list[Cell]) -> list[Cell] | str:
    """A row as wide as the header, or why it cannot be."""
    width = len(header)
    if any(cell not in ("", None) for cell in cells[width:]):
        return f"has {len(cells)} cells where the header has {width}"
    laid = cells[:width] + [""] * (width - len(cells))
    return "the header again" if laid == header else laid
