"""Cells that no spreadsheet program runs, in CSV and XLSX, read back as a spreadsheet program reads them."""

import csv
import datetime as dt
import io
from decimal import Decimal
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from accounts_app.exports import BYTE_ORDER_MARK, LONGEST_CELL, Cell, csv_lines, safe_cell, write_workbook

HOSTILE = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.test","x")',
    "+1",
    "-1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
)
HARMLESS = ('say "hi", twice', "two\nlines", "Ärger; 50 % – 北京 🚀", "a=b", "'quoted", "1e5", "007", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_may_be_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text())
def test_no_text_at_all_begins_like_a_formula(text: str) -> None:
    safe = safe_cell(text)
    assert not safe.lstrip().startswith(("=", "+", "-", "@"))
    assert not safe.startswith(("\t", "\r", "\n"))
    assert safe.removeprefix("'") == text or safe == text


def _csv(rows: list[list[Cell]]) -> list[list[str]]:
    text = "".join(csv_lines(["a", "b"], rows))
    assert text.startswith(BYTE_ORDER_MARK)
    assert text.count("\r\n") >= len(rows) + 1
    return list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


def test_csv_keeps_numbers_days_and_every_text() -> None:
    rows: list[list[Cell]] = [[Decimal("-2412345.10"), dt.date(2024, 2, 29)], [-3, None], [0.125, "x"]]
    assert _csv(rows)[1:] == [["-2412345.10", "2024-02-29"], ["-3", ""], ["0.125", "x"]]
    assert [row[0] for row in _csv([[text, ""] for text in HARMLESS])[1:]] == list(HARMLESS)
    assert [row[0] for row in _csv([[text, ""] for text in HOSTILE])[1:]] == [f"'{text}" for text in HOSTILE]


def _book(rows: list[list[Cell]], about: list[tuple[str, Cell]] | None = None) -> bytes:
    file = io.BytesIO()
    write_workbook(file, ["a", "b"], rows, sheet="Table", about=about or [])
    return file.getvalue()


def test_a_workbook_holds_text_as_text_and_no_formula() -> None:
    texts = [text for text in (*HOSTILE, *HARMLESS) if text]
    content = _book([[text, 1] for text in texts])
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Table").to_python()
    # XML has one line end only; everything else comes back to the letter.
    assert [row[0] for row in read[1:]] == texts
    sheet = ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == len(texts) + 2


def test_a_workbook_keeps_money_exact_and_days_as_days() -> None:
    content = _book([[Decimal("-2412345.10"), dt.date(2024, 2, 29)], [7, None]], [("As of", dt.date(2026, 6, 30))])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.get_sheet_by_name("Table").to_python()[1:] == [[-2412345.1, dt.date(2024, 2, 29)], [7.0, ""]]
    assert book.get_sheet_by_name("About").to_python() == [["As of", dt.date(2026, 6, 30)]]


def test_a_text_longer_than_a_cell_may_be_is_cut_not_lost() -> None:
    content = _book([["x" * (LONGEST_CELL + 1), ""]])
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Table").to_python()
    assert read[1][0] == "x" * LONGEST_CELL


class Translated:
    """As a translation that is made when it is written: no str."""

    def __str__(self) -> str:
        return "=1+1"


def test_what_only_turns_into_text_is_text_too() -> None:
    assert _csv([[Translated(), ""]])[1] == ["'=1+1", ""]  # type: ignore[list-item]
    read = CalamineWorkbook.from_filelike(io.BytesIO(_book([[Translated(), ""]])))  # type: ignore[list-item]
    assert read.get_sheet_by_name("Table").to_python()[1] == ["=1+1", ""]
