from datetime import UTC, date
from functools import partial
from pathlib import Path

import pytest

from accounts_app.importing.limits import FileRefusedError
from accounts_app.importing.mapping import score_rows
from accounts_app.importing.plan import Plan, Reject, Told, make_plan, read_chunk
from accounts_app.importing.readers import open_source
from accounts_app.importing.schema import kind_named
from accounts_app.importing.survey import Chunk, chunks, survey

TODAY = date(2026, 11, 22)


def read(tmp_path: Path, kind: str, text: str, told: Told | None = None) -> tuple[Plan, list[str], list[Reject]]:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    source = open_source(path, partial(score_rows, kind_named(kind), {}))
    found = survey(source, kind_named(kind), {})
    plan = make_plan(kind_named(kind), found, told or Told(), today=TODAY, zone=UTC)
    lines: list[str] = []
    rejects: list[Reject] = []
    for chunk in chunks(source, found.columns):
        text_lines, bad = read_chunk(plan, chunk)
        lines += text_lines.splitlines()
        rejects += bad
    assert len(lines) + len(rejects) == found.rows
    return plan, lines, rejects


def test_rows_become_lines_for_copy(tmp_path: Path) -> None:
    plan, lines, rejects = read(tmp_path, "orders", "order;customer;date;amount\n1;A;04.07.1996;1.863,40\n")
    assert plan.names == ["account", "number", "ordered_on", "amount"]
    assert (lines, rejects) == (["2\tA\t1\t1996-07-04\t1863.40"], [])


def test_reject_names_line_column_value_reason_and_key(tmp_path: Path) -> None:
    text = (
        "order,customer,date,amount\n"
        "1,A,2020-01-02,x\n2,A,2020-01-02,2\n3,,2020-01-02,2\n4,A,2020-02-30,1\n5,A,2020-01-02,\n"
    )
    _plan, lines, rejects = read(tmp_path, "orders", text)
    assert lines == ["3\tA\t2\t2020-01-02\t2"]
    assert rejects == [
        Reject(2, "amount", "x", "not a number with a decimal point", "1"),
        Reject(4, "customer", "", "no account", "3"),
        Reject(5, "date", "2020-02-30", "no such day", "4"),
        Reject(6, "amount", "", "no amount", "5"),
    ]


def test_totals_notes_misfits_and_repeated_headers_are_rejected(tmp_path: Path) -> None:
    text = (
        "order,customer,date,amount\n1,A,2020-01-02,2\n,,Subtotal,2\norder,customer,date,amount\n"
        "2,A,2020-01-02,2,extra\n*** end of report ***\n"
    )
    _plan, lines, rejects = read(tmp_path, "orders", text)
    assert len(lines) == 1
    assert sorted((each.line, each.reason) for each in rejects) == [
        (3, "a total or a note, not a row of data"),
        (4, "the header again"),
        (5, "has 5 cells where the header has 4"),
        (6, "a total or a note, not a row of data"),
    ]


def test_short_row_is_filled_up(tmp_path: Path) -> None:
    _plan, lines, _rejects = read(tmp_path, "contacts", "company,name,email,phone\nA,Ada\n")
    assert lines[0].startswith("2\tA\t")


def test_ambiguous_days_are_a_question_answered_by_dates(tmp_path: Path) -> None:
    text = "order,customer,date,amount\n1,A,04/07/1996,2\n2,A,06/05/1998,2\n"
    with pytest.raises(FileRefusedError) as refusal:
        read(tmp_path, "orders", text)
    for part in (
        "column date",
        "04/07/1996",
        "--dates dmy",
        "1996-07-04 to 1998-05-06",
        "--dates mdy",
        "1996-04-07 to 1998-06-05",
    ):
        assert part in str(refusal.value)
    assert read(tmp_path, "orders", text, Told(dates="mdy"))[1][0] == "2\tA\t1\t1996-04-07\t2"


def test_ambiguous_numbers_are_a_question_answered_by_decimal(tmp_path: Path) -> None:
    text = 'order,customer,date,amount\n1,A,2020-01-02,"1,234"\n'
    with pytest.raises(FileRefusedError, match="--decimal"):
        read(tmp_path, "orders", text)
    assert read(tmp_path, "orders", text, Told(decimal="."))[1][0].endswith("\t1234")
    assert read(tmp_path, "orders", text, Told(decimal=","))[1][0].endswith("\t1.234")


def test_discount_above_one_is_per_cent(tmp_path: Path) -> None:
    header = "order,product,quantity,unit price,discount\n"
    assert read(tmp_path, "order-lines", header + "1,P,2,5.5,15\n2,P,2,5.5,0\n")[1][0].endswith("\t0.15")
    assert read(tmp_path, "order-lines", header + "1,P,2,5.5,0.15\n2,P,2,5.5,0\n")[1][0].endswith("\t0.15")


def test_proof_beyond_the_first_rows_counts(tmp_path: Path) -> None:
    ambiguous = "".join(f"{n},A,04/07/1996,2\n" for n in range(30_000))
    _plan, lines, rejects = read(tmp_path, "orders", f"order,customer,date,amount\n{ambiguous}30000,A,25/07/1996,2\n")
    assert (len(lines), rejects) == (30_001, [])
    assert lines[0] == "2\tA\t0\t1996-07-04\t2"


def test_header_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="no rows under it"):
        read(tmp_path, "orders", "order,customer,date,amount\n")


def test_ten_thousand_columns_are_refused(tmp_path: Path) -> None:
    wide = ",".join(f"c{n}" for n in range(10_000))
    with pytest.raises(FileRefusedError, match="10,004 columns"):
        read(tmp_path, "orders", f"order,customer,date,amount,{wide}\n1,A,2020-01-02,2\n")


def test_chunk_counts_misfits() -> None:
    assert len(Chunk(lines=[2], rows=[["1"]], misfits=[(3, "the header again")])) == 2
