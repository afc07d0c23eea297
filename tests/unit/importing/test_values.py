import pytest

from accounts_app.importing.values import (
    NULL,
    UnreadableError,
    as_text,
    copy_text,
    key_reader,
    read_currency,
    read_email,
    simplified,
    text_reader,
    word_reader,
)


@pytest.mark.parametrize("key", ["9.22091E+10", "9,22091E+10", "1E+05", "1.2e+16"])
def test_key_that_a_spreadsheet_rounded_is_refused(key: str) -> None:
    with pytest.raises(UnreadableError, match="original is lost"):
        key_reader(80)(key)


def test_key_of_more_digits_than_a_spreadsheet_keeps_is_refused() -> None:
    assert key_reader(80)(92015131916.0) == "92015131916"
    with pytest.raises(UnreadableError, match="15 digits"):
        key_reader(80)(1234567890123456.0)


@pytest.mark.parametrize(
    ("cell", "key"), [("17850.0", "17850"), (17850.0, "17850"), (" A-1 ", "A-1"), ("007", "007"), ("1E5", "1E5")]
)
def test_key_is_read(cell: str | float, key: str) -> None:
    assert key_reader(80)(cell) == key


def test_key_missing_is_null() -> None:
    assert key_reader(80)("") == key_reader(80)("NaN") == key_reader(80)(None) == NULL


def test_key_too_long_is_refused() -> None:
    with pytest.raises(UnreadableError):
        key_reader(3)("abcd")


def test_text_is_escaped_for_copy_and_rid_of_control_characters() -> None:
    assert copy_text("a\tb\\c\nd\x07") == "a\\tb\\\\c\\nd"


def test_text_composed_and_decomposed_is_one() -> None:
    assert text_reader(9)("e\u0301") == text_reader(9)("é") == "é"


def test_text_marked_as_no_formula_loses_its_mark() -> None:
    assert as_text("'=1+1") == "=1+1"
    assert as_text("'s-Hertogenbosch") == "'s-Hertogenbosch"


def test_word_of_three_languages() -> None:
    read = word_reader("severity")
    assert {read("Critical"), read("kritisch"), read("CRITIQUE"), read("1 - Critical")} == {"critical"}
    with pytest.raises(UnreadableError, match="critical, major, minor"):
        read("mauve")


def test_word_unknown_may_stand_for_another() -> None:
    assert word_reader("incident kind", "complaint")("57") == "complaint"


def test_word_keeps_its_sign() -> None:
    read = word_reader("tone")
    assert (read("-1"), read("+1"), read("0"), read("−1")) == ("-1", "1", "0", "-1")


def test_simplified_forgets_case_accents_and_punctuation() -> None:
    assert simplified("N° commande") == simplified("NO_COMMANDE") == "nocommande"
    assert simplified("Straße") == simplified("STRASSE")
    assert simplified("Größe") == simplified("Groesse")


def test_email_is_lower_case_or_refused() -> None:
    assert read_email("mailto:Ada@Example.COM") == "ada@example.com"
    with pytest.raises(UnreadableError):
        read_email("ada at example")


def test_currency_is_three_letters_or_an_unmistakable_sign() -> None:
    assert (read_currency("eur"), read_currency("£")) == ("EUR", "GBP")
    with pytest.raises(UnreadableError):
        read_currency("$")
