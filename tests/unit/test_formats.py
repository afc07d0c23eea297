"""How figures, days and ages read."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts_app.templatetags.formats import age, day, day_text, dialled, exact_money, money, percent, signed

TODAY = dt.date(2026, 11, 22)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "€ 0"),
        ("999.49", "€ 999"),
        ("999.50", "€ 1.00 k"),
        ("9994", "€ 9.99 k"),
        ("9995", "€ 10.0 k"),
        ("99949", "€ 99.9 k"),
        ("99950", "€ 100 k"),
        ("940000", "€ 940 k"),
        ("999499", "€ 999 k"),
        ("999500", "€ 1.00 M"),
        ("2412345", "€ 2.41 M"),
        ("18900000", "€ 18.9 M"),
        ("2000000000", "€ 2.00 bn"),
        ("-2500", "−€ 2.50 k"),
        ("-0.2", "€ 0"),
    ],
)
def test_money_has_three_figures(amount: str, text: str) -> None:
    assert plain(money(Decimal(amount), "EUR")) == text


def test_money_names_its_currency_or_none() -> None:
    assert plain(money(Decimal(1500), "GBP")) == "£ 1.50 k"
    assert plain(money(Decimal(1500), "SEK")) == "SEK 1.50 k"
    assert plain(money(Decimal(1500), "")) == "1.50 k"
    assert money(None, "EUR") == "–"
    assert plain(exact_money(Decimal("2412345.5"), "EUR")) == "€ 2,412,345.50"
    assert plain(exact_money(Decimal(-80), "EUR")) == "−€ 80.00"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.date(2026, 1, 1), "1 Jan"),
        (dt.date(2027, 5, 23), "23 May"),
        (dt.date(2027, 5, 24), "24 May 2027"),
        (dt.date(2025, 12, 31), "31 Dec 2025"),
        (dt.date(2024, 2, 29), "29 Feb 2024"),
    ],
)
def test_the_year_is_said_where_it_is_not_plain(value: dt.date, text: str) -> None:
    assert plain(day_text(value, TODAY)) == text
    assert plain(day(value, TODAY)) == f'<time datetime="{value.isoformat()}">{text}</time>'


def test_the_year_before_is_plain_within_half_a_year() -> None:
    assert plain(day_text(dt.date(2026, 9, 15), dt.date(2027, 3, 16))) == "15 Sep"
    assert plain(day_text(dt.date(2026, 9, 14), dt.date(2027, 3, 16))) == "14 Sep 2026"


def test_changes_carry_their_sign() -> None:
    assert [signed(number) for number in (19, 0, -6, None)] == ["+19", "0", "−6", ""]


def test_what_is_not_known_is_a_dash() -> None:
    assert (age(None), percent(None), day(None)) == ("–", "–", "–")
    assert (plain(age(71)), plain(percent(0.935))) == ("71 d", "94 %")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+47 555 01 02", "+475550102"),
        ("+49 (0)30 12-34 ext. 5", "+49301234"),
        ("(030) 12/34", "0301234"),
        ("Tel. 0047\N{NO-BREAK SPACE}555.01", "004755501"),
        ("javascript:alert(1)", "1"),
        ("by appointment", ""),
    ],
)
def test_a_telephone_dials_the_first_number(written: str, number: str) -> None:
    assert dialled(written) == number
