"""The file of rejected rows: their own columns, then line, column and reason; safe to open in a spreadsheet."""

import csv
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.db import connection

from .limits import FileRefusedError
from .mapping import ColumnMap
from .readers import Source, TextSource
from .request import Outcome, Reason, Request
from .values import Cell, as_text

ADDED = ("reject line", "reject column", "reject value", "reject reason")
_PARTIAL = ".part"
_EXAMPLES = 50
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@lru_cache(maxsize=50_000, typed=True)
def safe_cell(cell: Cell) -> str:
    """A cell as text that no spreadsheet takes for a formula; a number stays one."""
    text = cell if isinstance(cell, str) else as_text(cell)
    if not text.startswith(_RISKY) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    return text[0] in "+-" and text[1:].replace(".", "").replace(",", "").isdecimal()


def collect(outcome: Outcome, source: Source, columns: ColumnMap, request: Request) -> None:
    """Summarise the rejects and write them beside their place; `publish` moves them there once all is committed."""
    if not outcome.rejected:
        return
    outcome.reasons = _reasons()
    if request.dry_run and request.rejects is None:
        return
    place = request.rejects or Path.cwd() / f"{request.path.name}.rejected.csv"
    outcome.reject_file = str(place)
    try:
        _write(place, source, columns)
    except OSError as error:
        raise FileRefusedError(
            f"The rejected rows cannot be written to {place} ({error.strerror}). Name another place with --rejects."
        ) from error


def publish(place: str) -> None:
    """Put the reject file where it was announced."""
    if place:
        os.replace(place + _PARTIAL, place)  # noqa: PTH105  # paths are text here


def discard(place: str) -> None:
    """Leave no half of a reject file behind when an import fails."""
    if place:
        Path(place + _PARTIAL).unlink(missing_ok=True)


def _reasons() -> list[Reason]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT column_name, regexp_replace(reason, '^line [0-9]+ of', 'another line of') AS why, count(*),
                min(row_no), (array_agg(value ORDER BY row_no))[1]
            FROM import_reject GROUP BY column_name, why ORDER BY count(*) DESC, min(row_no) LIMIT %s
            """,
            [_EXAMPLES],
        )
        return [
            Reason(column or "", reason, rows, line, value or "")
            for column, reason, rows, line, value in cursor.fetchall()
        ]


def _write(place: Path, source: Source, columns: ColumnMap) -> None:
    delimiter = source.delimiter if isinstance(source, TextSource) else ","
    width = len(columns.headers)
    with Path(f"{place}{_PARTIAL}").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow([*(safe_cell(header) for header in columns.headers), *ADDED])
        rejected = _rejected()
        line, *why = next(rejected)
        for number, cells in source.rows():
            if number < line or number <= columns.line:
                continue
            own = [*map(safe_cell, cells), *[""] * (width - len(cells))]
            writer.writerow([*own[:width], line, *map(safe_cell, why), *own[width:]])
            following = next(rejected, None)
            if following is None:
                return
            line, *why = following


def _rejected() -> Iterator[tuple[int, str, str, str]]:
    """Rejects in the order of the file, a few thousand at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT row_no, column_name, value, reason FROM import_reject ORDER BY row_no")
        while rows := cursor.fetchmany(5000):
            yield from rows
