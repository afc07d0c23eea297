"""Reads one sheet and writes its rows as JSON lines; run as a process with bounded memory by `readers`."""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

REFUSED = 3  # exit code when the last line on standard error says why
SEVERAL = 4  # exit code when it names the sheets to choose from, as JSON
MEMORY = 2 << 30  # bytes; 256 MiB of XML need about 1.5 GiB
SPOOL = 4 << 30


class SeveralError(Exception):
    """Several sheets hold something."""


def main(path: str, sheet: str, rows: int, columns: int) -> int:
    """Write a sheet to standard output; its name, or why not, to standard error."""
    try:
        workbook = python_calamine.load_workbook(path)
        name = _choose(workbook, sheet)
        table = workbook.get_sheet_by_name(name)
        _check_size(table, rows, columns)
        for line in _lines(table):
            sys.stdout.write(line)
    except SeveralError as several:
        sys.stderr.write(json.dumps(several.args[0]) + "\n")
        return SEVERAL
    except (python_calamine.CalamineError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    sys.stderr.write(f"{name}\n")
    return 0


def _choose(workbook: python_calamine.CalamineWorkbook, wanted: str) -> str:
    """The sheet named, or the only visible one that holds something; several are a question."""
    names = workbook.sheet_names
    if wanted:
        if wanted not in names:
            raise ValueError(f"there is no sheet {wanted}; there are {', '.join(names)}.")
        return wanted
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    filled = [name for name in visible if workbook.get_sheet_by_name(name).total_height > 0]
    if not filled:
        raise ValueError("no sheet holds anything.")
    if len(filled) > 1:
        raise SeveralError(filled)
    return filled[0]


def _check_size(table: python_calamine.CalamineSheet, rows: int, columns: int) -> None:
    if table.total_height > rows or table.total_width > columns:
        raise ValueError(
            f"the sheet has {table.total_height:,} rows and {table.total_width:,} columns; "
            f"at most {rows:,} and {columns:,} are read."
        )


def _lines(table: python_calamine.CalamineSheet) -> Iterator[str]:
    """Rows from the sheet's first, blank ones too, so that their numbers are those the spreadsheet shows."""
    for row in table.iter_rows():
        yield json.dumps([_cell(value) for value in row], ensure_ascii=False) + "\n"


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat(), "clock": True}
    if isinstance(value, date):
        return {"at": value.isoformat()}
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value


def bound() -> None:
    """A sheet of a few bytes can claim a billion cells: the operating system ends it here."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (SPOOL, SPOOL))


if __name__ == "__main__":
    bound()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
