"""Exchange rates: known by currency and day; amounts that are fixed stay."""

from datetime import date
from decimal import Decimal

import pytest

from accounts_app.models import Company, ExchangeRate, FeedKind, ImportChange, Order
from tests.integration.importing.conftest import Take, counts, rejected

pytestmark = pytest.mark.django_db

RATES = "Währung;Stichtag;Kurs;Quelle\nUSD;01.02.2026;0,90;EZB\nUSD;28.02.2026;0,92;EZB\nSEK;01.02.2026;0,0889;EZB\n"


@pytest.fixture(autouse=True)
def in_euro(today: object) -> None:
    Company.the()
    Company.objects.update(currency="EUR")


def stored() -> list[tuple[str, date, Decimal]]:
    return list(ExchangeRate.objects.order_by("currency", "valid_on").values_list("currency", "valid_on", "rate"))


def test_rates_are_known_by_currency_and_day(take: Take) -> None:
    assert counts(take("rates", RATES, feed="ecb")) == (3, 0, 0, 0)
    assert stored() == [
        ("SEK", date(2026, 2, 1), Decimal("0.0889")),
        ("USD", date(2026, 2, 1), Decimal("0.9")),
        ("USD", date(2026, 2, 28), Decimal("0.92")),
    ]
    assert ExchangeRate.objects.filter(source="EZB").count() == 3
    assert FeedKind.objects.get(feed__name="ecb", source="rates").complete_to == date(2026, 2, 28)
    assert counts(take("rates", RATES, feed="ecb")) == (0, 0, 3, 0)
    assert counts(take("rates", RATES.replace("0,92", "0,93"), feed="other")) == (0, 1, 2, 0)
    change = ImportChange.objects.get()
    assert (change.model, change.before["rate"]) == ("accounts_app.exchangerate", 0.92)


def test_rate_may_stand_the_other_way_round(take: Take) -> None:
    take("rates", "currency,date,units per base\nUSD,2026-02-01,1.25\n", feed="ecb")
    assert stored() == [("USD", date(2026, 2, 1), Decimal("0.8"))]


def test_rates_that_cannot_be_are_named(take: Take) -> None:
    text = (
        "currency,date,rate\nUSD,2026-02-01,0\nUSD,2026-02-01,-1\nUSD,2026-02-01,\nEUR,2026-02-01,1\n"
        "XXY,2026-02-01,1\nUSD,2026-05-01,1\nUSD,2026-02-01,20000000000\nUSD,2026-02-01,0.000000001\n,2026-02-01,1\n"
    )
    outcome = take("rates", text, feed="ecb")
    assert counts(outcome) == (0, 0, 0, 9)
    assert rejected(outcome) == {
        2: "a rate must be greater than 0",
        3: "a rate must be greater than 0",
        4: "no rate",
        5: "the company's own currency, whose rate is always 1",
        6: "no such currency in ISO 4217",
        7: "2026-05-01 lies in the future",
        8: "beyond any rate expected here",
        9: "beyond any rate expected here",
        10: "no currency",
    }


def test_orders_fixed_at_their_rate_keep_it(take: Take) -> None:
    orders = "order,customer,date,amount,currency\n1,A,2026-02-10,100,USD\n"
    take("rates", RATES, feed="ecb")
    take("orders", orders, create_accounts=True)
    take("rates", RATES.replace("0,90", "0,50"), feed="ecb")
    assert counts(take("orders", orders)) == (0, 0, 1, 0)
    assert counts(take("orders", orders.replace("1,A", "1,B"), create_accounts=True)) == (0, 1, 0, 0)
    assert Order.objects.get().reporting_amount == Decimal("90.00")
    take("orders", orders.replace("100", "200"), create_accounts=True)
    assert Order.objects.get().reporting_amount == Decimal("100.00")
