"""Tables written as CSV and XLSX: text never becomes a formula, numbers stay numbers and days days.

Pure: no Django import.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any, TypeAlias

import xlsxwriter

Cell: TypeAlias = str | int | float | Decimal | date | None

# Whatever is none of these is text, a translation that is still to be made as well.
NOT_TEXT = (int, float, Decimal, date, type(None))
# What a spreadsheet program takes for the beginning of a formula; its full-width forms are taken for it as well.
FORMULA_SIGNS = ("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
                 "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
# Some programs drop these and read on.
LEADING_CONTROLS = ("\t", "\r", "\n")
# Without it Excel reads UTF-8 as the code page of the machine.
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
LONGEST_CELL = 32_767  # characters, of one cell of a workbook
MONEY_FORMAT, TENTHS_FORMAT, DAY_FORMAT = "#,##0.00", "0.0", "yyyy-mm-dd"


def safe_cell(text: str) -> str:
    """Make a text one that no spreadsheet program runs when it opens a CSV file.

    Parameters
    ----------
    text : str
        Any text of the data, however hostile.

    Returns
    -------
    str
        The text itself, or the text behind an apostrophe where it begins with ``=``, ``+``, ``-``, ``@`` (after
        spaces too), a tab, a carriage return or a newline.

    Notes
    -----
    The apostrophe is what a person types into a cell to say *this is text*. Numbers must not pass through here: a
    negative amount would become text. See OWASP, *CSV Injection*.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("Ferro & Figli")
    ("'=1+1", 'Ferro & Figli')
    """
    is_dangerous = text.lstrip().startswith(FORMULA_SIGNS) or text.startswith(LEADING_CONTROLS)
    return f"'{text}" if is_dangerous else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Write a table line by line, so that a long one is sent while it is read.

    Parameters
    ----------
    header : sequence of str
    rows : iterable of sequences of cells
        As long as `header`. Texts are made safe; numbers are written with a point and without grouping, days as ISO
        8601, None as nothing.

    Yields
    ------
    str
        One record with its line end (RFC 4180), the first one behind a byte order mark.
    """
    yield BYTE_ORDER_MARK + _record(header)
    for row in rows:
        yield _record(row)


def _record(row: Sequence[Cell]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([cell if isinstance(cell, NOT_TEXT) else safe_cell(str(cell)) for cell in row])
    return buffer.getvalue()


@dataclass(frozen=True)
class Table:
    """One sheet: its name has at most 31 characters, and its rows are written and forgotten one by one.

    With `wraps`, a text longer than its column takes several lines, so that sentences can be read as they stand.
    """

    sheet: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    wraps: bool = False


def write_workbook(
    file: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str,
    about: Sequence[tuple[str, Cell]] = (),
    about_sheet: str = "About",
    widths: Sequence[int] = (),
) -> None:
    """Write a table as a workbook, with what is to be known of it on a second sheet.

    Parameters
    ----------
    file : binary file, open for writing
    header : sequence of str
    rows : iterable of sequences of cells
        Written and forgotten one by one. Texts are typed as text, whatever they begin with.
    sheet, about_sheet : str
        Names of the two sheets, at most 31 characters.
    about : sequence of (name, value)
        Such as the day and the scope; without any there is no second sheet.
    widths : sequence of int
        Widths of the columns in characters; where there are fewer, the header decides.
    """
    write_tables(file, [Table(sheet, header, rows, widths)], about=about, about_sheet=about_sheet)


def write_tables(
    file: IO[bytes], tables: Iterable[Table], *, about: Sequence[tuple[str, Cell]] = (), about_sheet: str = "About"
) -> None:
    """Write several tables as the sheets of one workbook, what is to be known of them on the last.

    Parameters
    ----------
    file : binary file, open for writing
    tables : iterable of Table
        In the order of their sheets, with names that differ.
    about, about_sheet
        As for `write_workbook`.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options | {"strings_to_numbers": False}) as book:
        formats = {
            "header": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "money": book.add_format({"num_format": MONEY_FORMAT, "valign": "top"}),
            "tenths": book.add_format({"num_format": TENTHS_FORMAT, "valign": "top"}),
            "day": book.add_format({"num_format": DAY_FORMAT, "valign": "top"}),
            "number": book.add_format({"valign": "top"}),
            "text": book.add_format({"valign": "top"}),
        }
        wrapped = formats | {"text": book.add_format({"valign": "top", "text_wrap": True})}
        for table in tables:
            _write_table(book, table, wrapped if table.wraps else formats)
        _write_about(book, about_sheet, about, formats)


def _write_table(book: Any, table: Table, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(table.sheet)
    _write_header(sheet, table.header, table.widths, formats)
    last = 0
    for last, row in enumerate(table.rows, start=1):
        _write_row(sheet, last, row, formats)
    sheet.autofilter(0, 0, last, len(table.header) - 1)


def _write_header(sheet: Any, header: Sequence[str], widths: Sequence[int], formats: dict[str, Any]) -> None:
    for column, title in enumerate(header):
        width = widths[column] if column < len(widths) else len(title) + 2
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, formats["header"])
    sheet.freeze_panes(1, 1)


def _write_about(book: Any, name: str, about: Sequence[tuple[str, Cell]], formats: dict[str, Any]) -> None:
    if not about:
        return
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 60)
    for line, pair in enumerate(about):
        _write_row(sheet, line, pair, formats)


def _write_row(sheet: Any, line: int, row: Sequence[Cell], formats: dict[str, Any]) -> None:
    for column, cell in enumerate(row):
        if not isinstance(cell, NOT_TEXT):
            sheet.write_string(line, column, str(cell)[:LONGEST_CELL], formats["text"])
        elif isinstance(cell, date):
            sheet.write_datetime(line, column, cell, formats["day"])
        elif isinstance(cell, Decimal):
            # One place is a mean of scores, two are money.
            places = "tenths" if cell.as_tuple().exponent == -1 else "money"
            sheet.write_number(line, column, cell, formats[places])
        elif cell is not None:
            sheet.write_number(line, column, cell, formats["number"])
