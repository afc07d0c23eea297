"""Which column is which field: by what whoever imports has said, then by the headers known."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from .fields import Kind
from .limits import FileRefusedError
from .synonyms import headers_of
from .values import Cell, as_text, is_missing, simplified

_HEADER_ROWS = 60  # a report's preamble is shorter
_SHOWN = 40
_LOOKED_FOR = 12


@dataclass(frozen=True)
class ColumnMap:
    """Where the fields are.

    Attributes
    ----------
    line
        Line of the header.
    headers
        As they stand in the file; a repeated one is told apart as `category#2`.
    columns
        Position of each field found, counted from 0.
    """

    line: int
    headers: tuple[str, ...]
    columns: Mapping[str, int]

    def header(self, field: str) -> str:
        return self.headers[self.columns[field]] if field in self.columns else ""


def simplified_header(text: str) -> str:
    """A header without its unit in brackets and without the prefix that a connector puts before it."""
    bare = text.split("(", maxsplit=1)[0] if "(" in text and text.split("(", maxsplit=1)[0].strip() else text
    return simplified(bare.strip().lstrip("\ufeff")).removeprefix("property")


def distinct_headers(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Headers as text; the second of the same name is `name#2`."""
    seen: dict[str, int] = {}
    headers = []
    for cell in cells:
        text = as_text(cell)
        seen[text] = seen.get(text, 0) + 1
        headers.append(text if seen[text] == 1 or not text else f"{text}#{seen[text]}")
    return tuple(headers)


def find_columns(
    kind: Kind, headers: Sequence[str], told: Mapping[str, str], empty: Container[int] = ()
) -> dict[str, int]:
    """Find the column of each field.

    Parameters
    ----------
    kind
        What the file holds.
    headers
        Of the file, distinct.
    told
        Header by field, as `--map HEADER=FIELD` says; "" where no column is to be taken for it.
    empty
        Columns that hold nothing in the first rows: a required field takes one only where no other serves.

    Returns
    -------
    Position by field; fields without a column are absent.

    Notes
    -----
    Pairs of field and header are taken from the surest down, each header once; required fields choose first, so that
    a file that knows its customers by name only still finds them.
    """
    found = claim_columns(kind, headers, told, empty)
    for field in kind.fields:
        if field.name not in found and field.stand_in in found:
            found[field.name] = found[field.stand_in]
    return found


def claim_columns(
    kind: Kind, headers: Sequence[str], told: Mapping[str, str], empty: Container[int] = ()
) -> dict[str, int]:
    """As `find_columns`, without fields that only borrow the column of their stand-in."""
    known = {simplified_header(header): position for position, header in reversed(list(enumerate(headers)))}
    known.pop("", None)
    found = {
        field: position for field, header in told.items() if (position := _position(header, headers, known)) is not None
    }
    asked = [field for field in kind.fields if told.get(field.name) != ""]
    required = [field.name for field in asked if field.needed]
    optional = [field.name for field in asked if not field.needed]
    filled = {header: position for header, position in known.items() if position not in empty}
    for fields, choice in ((required, filled), (required, known), (optional, known)):
        _claim(kind, fields, choice, found)
    return found


def _claim(kind: Kind, fields: Iterable[str], known: Mapping[str, int], found: dict[str, int]) -> None:
    ranked = sorted(
        (rank, place, field, known[header])
        for place, field in enumerate(fields)
        if field not in found
        for rank, header in enumerate(_simplified_synonyms(kind.name, field))
        if header in known
    )
    for _rank, _place, field, position in ranked:
        if field not in found and position not in found.values():
            found[field] = position


@cache
def _simplified_synonyms(kind: str, field: str) -> tuple[str, ...]:
    return tuple(simplified_header(header) for header in headers_of(kind, field))


def _position(header: str, headers: Sequence[str], known: Mapping[str, int]) -> int | None:
    if not header:
        return None
    if header in headers:
        return headers.index(header)
    return known.get(simplified_header(header))


def score_rows(kind: Kind, told: Mapping[str, str], rows: list[list[Cell]]) -> float:
    """How much the best of the first rows looks like the header of this kind of file.

    The required fields count most; then the width, which tells a delimiter that cuts nothing from one that does.
    """
    return max((_score(kind, told, row) for row in rows[:_HEADER_ROWS]), default=0.0) + _width(rows) / 10_000


def _width(rows: list[list[Cell]]) -> int:
    widths = sorted(len(row) for row in rows)
    return widths[len(widths) // 2] if widths else 0


def _score(kind: Kind, told: Mapping[str, str], row: Sequence[Cell]) -> float:
    columns = find_columns(kind, distinct_headers(row), told)
    own = len(set(columns.values()))
    return own + 2.0 * sum(1 for field in kind.fields if field.needed and field.name in columns)


def locate_header(kind: Kind, told: Mapping[str, str], rows: Sequence[tuple[int, list[Cell]]]) -> ColumnMap:
    """Find the header among the first rows and the fields in it.

    Raises
    ------
    FileRefusedError
        Where a needed column cannot be found: what was looked for, and what the file has.
    """
    found = find_header(kind, told, rows)
    for lack in lacking(kind, found, told):
        raise FileRefusedError(lack.text)
    return found


def find_header(kind: Kind, told: Mapping[str, str], rows: Sequence[tuple[int, list[Cell]]]) -> ColumnMap:
    """As `locate_header`, whether or not every needed column is there.

    Raises
    ------
    FileRefusedError
        Where there are no rows.
    """
    first = rows[:_HEADER_ROWS]
    if not first:
        raise FileRefusedError("The file holds no rows.")
    line, cells = max(first, key=lambda row: (_score(kind, told, row[1]), -row[0]))
    headers = distinct_headers(cells)
    columns = find_columns(kind, headers, told, _empty_columns(rows, line, len(headers)))
    if not columns:  # nothing is recognised: show the widest row, which is most likely the header
        line, cells = max(first, key=lambda row: (sum(bool(as_text(cell)) for cell in row[1]), -row[0]))
        headers = distinct_headers(cells)
    return ColumnMap(line, headers, columns)


def _empty_columns(rows: Sequence[tuple[int, list[Cell]]], header_line: int, width: int) -> frozenset[int]:
    below = [cells for line, cells in rows if line > header_line]
    return frozenset(
        place
        for place in range(width)
        if below and all(is_missing(cell) for row in below for cell in row[place : place + 1])
    )


class Lack(NamedTuple):
    """Why the columns found are not enough: the fields it is about, any of which would do, and a sentence."""

    fields: tuple[str, ...]
    text: str


def lacking(kind: Kind, found: ColumnMap, told: Mapping[str, str]) -> Iterator[Lack]:
    """Name what was told and is not there, then needed fields without a column."""
    fields = [field.name for field in kind.fields]
    known = {simplified_header(header): place for place, header in enumerate(found.headers)}
    for field, header in told.items():
        if field not in fields:
            yield Lack((field,), f"{kind.name} have no field {field}. They have: {', '.join(fields)}.")
        elif header and _position(header, found.headers, known) is None:
            yield Lack((field,), f"There is no column {header}. The file has: {_shown(found.headers)}.")
    for group in [(field.name,) for field in kind.fields if field.needed] + list(kind.one_of):
        if not any(field in found.columns for field in group):
            looked = " · ".join(f"{field} ({_looked_for(kind, field)})" for field in group)
            yield Lack(
                group,
                f"No column was found for {' or '.join(group)}. Looked for: {looked}. "
                f"The file has: {_shown(found.headers)}. Name the column with --map COLUMN={group[0]}.",
            )


def _looked_for(kind: Kind, field: str) -> str:
    headers = headers_of(kind.name, field)
    return ", ".join(headers[:_LOOKED_FOR]) + (", …" if len(headers) > _LOOKED_FOR else "")


def _shown(headers: Sequence[str]) -> str:
    texts = [header[:60] or "(no name)" for header in headers]
    return ", ".join(texts[:_SHOWN]) + (f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else "")
