"""Countries as people write them, and the holidays of each."""

import datetime as dt

import pytest

from accounts_app.public_holidays import Holidays, country_code, country_name, holidays_of


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("Germany", "DE"),
        (" germany ", "DE"),
        ("Deutschland", "DE"),
        ("Österreich", "AT"),
        ("Oesterreich", ""),
        ("United Kingdom", "GB"),
        ("UK", "GB"),
        ("united states", "US"),
        ("U.S.A.", "US"),
        ("España", "ES"),
        ("Espana", "ES"),
        ("Atlantis", ""),
        ("", ""),
        ("-", ""),
    ],
)
def test_a_country_is_known_however_it_is_written(written: str, code: str) -> None:
    assert country_code(written) == code


def test_good_friday_moves_with_easter() -> None:
    assert dt.date(2026, 4, 3) in holidays_of("DE", 2026)
    assert dt.date(2027, 3, 26) in holidays_of("DE", 2027)
    assert dt.date(2027, 4, 3) not in holidays_of("DE", 2027)


def test_a_holiday_of_either_country_is_one() -> None:
    both = Holidays.of(["Norge", "nowhere", "DE"])
    assert both.codes == ("DE", "NO")
    assert dt.date(2026, 5, 17) in both  # Norway's
    assert dt.date(2026, 10, 3) in both  # Germany's
    assert dt.date(2026, 10, 5) not in both


def test_an_unknown_country_has_none() -> None:
    assert dt.date(2026, 1, 1) not in Holidays.of(["Atlantis"])


@pytest.mark.parametrize(
    ("written", "name"),
    [("FR", "France"), ("gbr", "United Kingdom"), (" Deutschland ", "Deutschland"), ("ZZ", "ZZ"), ("", "")],
)
def test_a_code_is_told_by_its_name(written: str, name: str) -> None:
    assert country_name(written) == name
