import gzip
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from accounts_app.importing.charset import detect
from accounts_app.importing.limits import FileRefusedError
from accounts_app.importing.mapping import score_rows
from accounts_app.importing.readers import Source, open_source
from accounts_app.importing.schema import kind_named
from accounts_app.importing.values import Cell

HEADER = "order;customer;date;amount"
TEXT = f"{HEADER}\n1;Müller;2020-01-02;3,50\n2;Łódź;2020-01-03;4,00\n"


def source(path: Path, content: bytes | None = None, **told: Any) -> Source:
    if content is not None:
        path.write_bytes(content)
    return open_source(path, partial(score_rows, kind_named("orders"), {}), **told)


def rows(path: Path, content: bytes | None = None, **told: Any) -> list[tuple[int, list[Cell]]]:
    with closing(source(path, content, **told)) as read:
        return list(read.rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1250"])
def test_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    text = TEXT if encoding != "cp1250" else TEXT.replace("Müller", "Dvořák Příbram Šťastný Květoň")
    read = rows(tmp_path / "a.csv", text.encode(encoding))
    assert read[2] == (3, ["2", "Łódź", "2020-01-03", "4,00"])


def test_encoding_of_western_windows_is_found() -> None:
    content = "N° commande;Toms Spezialitäten;Suprêmes délices;440,00 €\n".encode("cp1252")
    assert detect(content, [content]) == "cp1252"


def test_encoding_told_is_used_and_must_exist(tmp_path: Path) -> None:
    assert rows(tmp_path / "a.csv", TEXT.replace("Łódź", "x").encode("cp850"), encoding="cp850")[1][1][1] == "Müller"
    with pytest.raises(FileRefusedError, match="no encoding named klingon"):
        source(tmp_path / "a.csv", TEXT.encode(), encoding="klingon")


def test_encoding_told_wrongly_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="not utf-8 text"):
        rows(tmp_path / "a.csv", TEXT.replace("Łódź", "x").encode("cp1252"), encoding="utf-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_end_are_found(tmp_path: Path, delimiter: str, end: str) -> None:
    text = end.join(["order;customer;date;amount", "1;A;2020-01-02;3.50", ""]).replace(";", delimiter)
    assert rows(tmp_path / "a.csv", text.encode()) == [(1, HEADER.split(";")), (2, ["1", "A", "2020-01-02", "3.50"])]


def test_delimiter_line_of_a_spreadsheet_is_obeyed_and_skipped(tmp_path: Path) -> None:
    assert rows(tmp_path / "a.csv", b"sep=|\r\norder|customer|date\r\n1|A|2020-01-02\r\n")[0] == (
        2,
        ["order", "customer", "date"],
    )


def test_lines_are_counted_through_quoted_line_ends_and_blank_lines(tmp_path: Path) -> None:
    content = b'order,customer,date\n1,"A\nB",2020-01-02\n\n,,\n2,C,2020-01-03\n'
    assert [line for line, _cells in rows(tmp_path / "a.csv", content)] == [1, 2, 6]


@pytest.mark.parametrize("row", ['2,"B,2020-01-03', '2,"B"x,2020-01-03'])
def test_quotes_that_do_not_match_are_refused_with_their_line(tmp_path: Path, row: str) -> None:
    content = f"order,customer,date\n1,A,2020-01-02\n{row}\n4,D,2020-01-05\n"
    with pytest.raises(FileRefusedError, match="line 3"):
        rows(tmp_path / "a.csv", content.encode())


def test_quote_inside_a_cell_is_text(tmp_path: Path) -> None:
    assert rows(tmp_path / "a.csv", b'order,customer,date\n1,5" pipe,2020-01-02\n')[1][1][1] == '5" pipe'


def test_cell_of_ten_megabytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="longer than"):
        rows(tmp_path / "a.csv", b"order,customer,date\n1," + b"x" * 10_000_000 + b",2020-01-02\n")
    with pytest.raises(FileRefusedError, match="longer than 100,000"):
        rows(tmp_path / "a.csv", b"order,customer,date\n1," + b"x" * 200_000 + b",2020-01-02\n")


def test_rows_can_be_read_again(tmp_path: Path) -> None:
    read = source(tmp_path / "a.csv.gz", gzip.compress(TEXT.encode()))
    assert list(read.rows()) == list(read.rows())


def test_packed_pdf_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="PDF"):
        source(tmp_path / "a.csv.gz", gzip.compress(b"%PDF-1.7 and so on"))


def write_workbook(path: Path, sheets: dict[str, list[tuple[str, Any]]]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for place, value in cells:
                sheet.write(place, value)
    return path


ORDERS = [
    ("B3", "Order"), ("C3", "Customer"), ("D3", "Date"), ("E3", "Amount"),
    ("B4", 10248), ("C4", "VINET"), ("D4", datetime(1996, 7, 4)), ("E4", 440.1),  # noqa: DTZ001  # as spreadsheets have it
    ("B6", 10249), ("C6", 92015131916), ("D6", date(1996, 7, 5)), ("E6", -1),
]  # fmt: skip


def test_workbook_keeps_types_and_row_numbers(tmp_path: Path) -> None:
    read = rows(write_workbook(tmp_path / "a.xlsx", {"Orders": ORDERS}))
    assert [line for line, _cells in read] == [3, 4, 6]
    filled = [[cell for cell in cells if cell != ""] for _line, cells in read]
    assert filled[1] == [10248.0, "VINET", date(1996, 7, 4), 440.1]
    assert filled[2] == [10249.0, 92015131916.0, date(1996, 7, 5), -1.0]


def test_workbook_with_several_sheets_is_a_question(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"One": ORDERS, "Two": ORDERS, "Empty": []})
    with pytest.raises(FileRefusedError, match=r"several sheets.*One, Two"):
        source(path)
    with closing(source(path, sheet="Two")) as read:
        assert read.describe() == {"sheet": "Two"}
    with pytest.raises(FileRefusedError, match="no sheet Three"):
        source(path, sheet="Three")


def test_workbook_whose_cells_span_the_whole_sheet_is_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"One": [*ORDERS, ("XFD1048576", "far")]})
    with pytest.raises(FileRefusedError, match=r"a\.xlsx"):
        source(path)


def test_workbook_torn_inside_is_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"One": ORDERS})
    content = path.read_bytes()
    path.write_bytes(content[:600] + bytes(200) + content[800:])
    with pytest.raises(FileRefusedError, match=r"a\.xlsx"):
        source(path)


def test_moment_with_clock_survives_the_workbook(tmp_path: Path) -> None:
    moment = datetime(2020, 1, 2, 13, 45, tzinfo=UTC).replace(tzinfo=None)
    path = write_workbook(tmp_path / "a.xlsx", {"One": [("A1", "order"), ("A2", moment)]})
    assert rows(path)[1][1] == [moment]
