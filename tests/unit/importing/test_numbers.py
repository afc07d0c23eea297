from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_app.importing.numbers import AmbiguousNumbersError, MarkEvidence, decide_mark, number_reader
from accounts_app.importing.values import NULL, UnreadableError


def evidence(*cells: str) -> MarkEvidence:
    found = MarkEvidence()
    found.add(cells)
    return found


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("440.0", ".", "440.00"),
        ("1,863.40", ".", "1863.40"),
        ("$1,863.40", ".", "1863.40"),
        ("1.863,40", ",", "1863.40"),
        ("1\u00a0863,40", ",", "1863.40"),
        ("1\u202f863,40 €", ",", "1863.40"),
        ("1'863.40", ".", "1863.40"),
        ("CHF 12.50", ".", "12.50"),
        ("(12.50)", ".", "-12.50"),
        ("12.50-", ".", "-12.50"),
        ("-€5", ".", "-5.00"),
        ("€-5", ".", "-5.00"),
        ("−5", ".", "-5.00"),
        (".5", ".", "0.50"),
        ("1e-1", ".", "0.10"),
        ("1.5E+3", ".", "1500.00"),
        ("1.234.567", ",", "1234567.00"),
    ],
)
def test_number_is_read(text: str, mark: str, expected: str) -> None:
    assert Decimal(number_reader(mark, places=2)(text)) == Decimal(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["NaN x", "Infinity", "inf", "1_000", "１２", "1,23,4", "12.5.0", "abc", "1e999", "1e13", "9" * 13, "0x1F", "--5"],
)
def test_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        number_reader(".", places=2)(text)


@pytest.mark.parametrize("text", ["", " ", "?", "NaN", "n/a", "-"])
def test_number_missing_is_null(text: str) -> None:
    assert number_reader(".", places=2)(text) == NULL


def test_number_typed_by_a_workbook_keeps_its_digits() -> None:
    assert number_reader(",", places=4)(1234.1) == "1234.1"
    with pytest.raises(UnreadableError):
        number_reader(",", places=4)(float("nan"))


def test_number_of_more_places_than_are_kept_is_rounded() -> None:
    assert number_reader(".", places=2)("2.345000019") == "2.35"
    assert number_reader(".", places=15)("9.80000019") == "9.80000019"


def test_percent_is_a_share() -> None:
    read = number_reader(".", places=4, percent=True)
    assert (read("15"), read("15%"), read(15.0)) == ("0.15", "0.15", "0.15")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False))
def test_number_written_in_any_style_reads_back(number: Decimal) -> None:
    english = f"{number:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    french = german.replace(".", "\u202f")
    plain = f"{number:.2f}"
    assert Decimal(number_reader(".", places=2)(english)) == Decimal(plain)
    assert Decimal(number_reader(",", places=2)(german)) == Decimal(plain)
    assert Decimal(number_reader(",", places=2)(french)) == Decimal(plain)


def test_mark_is_proven_by_one_value() -> None:
    assert evidence("1.234", "5", "0,5").mark == ","
    assert evidence("1,234,567").mark == "."
    assert evidence("1,234").mark is None


def test_mark_follows_the_other_columns_of_the_file() -> None:
    assert decide_mark("Qty", evidence("1,000"), [evidence("2.55")], None) == "."
    assert decide_mark("Menge", evidence("1.000"), [evidence("2,55")], None) == ","


def test_mark_that_nothing_decides_is_a_question() -> None:
    with pytest.raises(AmbiguousNumbersError) as question:
        decide_mark("Betrag", evidence("1.000", "2.500"), [], None)
    assert (question.value.column, question.value.example) == ("Betrag", "1.000")
    assert decide_mark("Betrag", evidence("1.000"), [], ",") == ","


def test_mark_without_any_is_a_point() -> None:
    assert decide_mark("Qty", evidence("5", "12"), [], None) == "."


def test_per_cent_sign_hides_no_decimal_comma() -> None:
    assert evidence("25,5%", "3 %").mark == ","
    assert evidence("25.5 %").mark == "."
