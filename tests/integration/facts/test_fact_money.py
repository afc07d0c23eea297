"""The worth of an amount on its day: the rate that held then, one for the own currency, a refusal without a rate."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts_app.models import Company, ExchangeRate
from accounts_app.services.money import reporting_amount

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture(autouse=True)
def rates() -> None:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR"})
    ExchangeRate.objects.create(currency="NOK", valid_on=MAY, rate=Decimal("0.08"))
    ExchangeRate.objects.create(currency="NOK", valid_on=JUNE, rate=Decimal("0.09"))


def test_the_reporting_currency_is_one_whatever_the_table_says() -> None:
    ExchangeRate.objects.create(currency="EUR", valid_on=MAY, rate=2)
    assert reporting_amount(Decimal("12.30"), "EUR", JUNE) == Decimal("12.30")


@pytest.mark.parametrize(
    ("day", "worth"), [(MAY, 8), (JUNE - timedelta(days=1), 8), (JUNE, 9), (JUNE + timedelta(days=400), 9)]
)
def test_a_rate_holds_from_its_day_until_the_next(day: date, worth: int) -> None:
    assert reporting_amount(Decimal(100), "NOK", day) == worth


@pytest.mark.parametrize(("amount", "worth"), [("0.50", "0.05"), ("-0.50", "-0.05"), ("0.49", "0.04")])
def test_half_a_cent_goes_away_from_zero(amount: str, worth: str) -> None:
    assert reporting_amount(Decimal(amount), "NOK", JUNE) == Decimal(worth)


@pytest.mark.parametrize(("currency", "day"), [("NOK", MAY - timedelta(days=1)), ("SEK", JUNE)])
def test_without_a_rate_currency_and_day_are_named(currency: str, day: date) -> None:
    with pytest.raises(ValidationError) as refused:
        reporting_amount(Decimal(100), currency, day)
    assert currency in refused.value.messages[0]
    assert f"{day.day} {day:%b %Y}" in refused.value.messages[0]


def test_without_a_reporting_currency_nothing_is_taken() -> None:
    Company.objects.update(currency="")
    with pytest.raises(ValidationError, match="not named yet"):
        reporting_amount(Decimal(100), "EUR", JUNE)


def test_what_no_column_holds_is_refused() -> None:
    with pytest.raises(ValidationError, match="larger"):
        reporting_amount(Decimal("1e13"), "EUR", JUNE)
    assert reporting_amount(Decimal("9999999999999.99"), "EUR", JUNE) == Decimal("9999999999999.99")
