"""The portfolio's season, from the weeks of earlier years."""

import numpy as np
import pandas as pd
import pytest

from signals.compute.order_days import OrderDays
from signals.compute.order_season import OrderSeason, order_season

NOTHING_MISSING = pd.DataFrame({"from_day": [], "until_day": []}, dtype="datetime64[s]")
START = 17_000


def season(years: float, *, missing: pd.DataFrame = NOTHING_MISSING) -> OrderSeason:
    """100 accounts order every 10th day, nobody in the last 91 of each 364 days."""
    rows = [
        (account, START + day)
        for account in range(100)
        for day in range(account % 10, int(364 * years), 10)
        if day % 364 < 273
    ]
    account, day = np.array(rows).T
    return order_season(OrderDays(account, day, 100), missing, START + int(364 * years))


def ahead(found: OrderSeason, day: int, horizon: float) -> float:
    return float(found.ahead(np.array([START + day]), np.array([horizon]))[0])


def test_quiet_weeks_of_earlier_years_are_expected_again() -> None:
    found = season(3)
    assert ahead(found, 2 * 364 + 273, 91) < -1
    assert ahead(found, 2 * 364 + 100, 91) > 0.1


def test_a_year_cannot_know_its_own_season() -> None:
    assert ahead(season(3), 200, 60) == 0


def test_what_came_later_changes_nothing() -> None:
    shorter, longer = season(2.2), season(3)
    for day in (400, 500, 700):
        assert ahead(shorter, day, 90) == ahead(longer, day, 90)


def test_missing_weeks_are_no_quiet_weeks() -> None:
    days = pd.to_datetime([START + 364 + 60, START + 364 + 120], unit="D").astype("datetime64[s]")
    hole = pd.DataFrame({"from_day": days[:1], "until_day": days[1:]})
    holed = season(2.5, missing=hole)
    assert holed.orders[364 + 60 : 364 + 121].sum() == 0
    quiet = OrderSeason(holed.first_day, holed.orders, np.ones_like(holed.seen))
    assert ahead(quiet, 2 * 364 + 59, 61) < -0.2
    assert ahead(holed, 2 * 364 + 59, 61) == pytest.approx(0)


def test_few_orders_make_no_season() -> None:
    few = order_season(
        OrderDays(np.zeros(4, dtype=np.int64), START + np.array([0, 91, 182, 400]), 1), NOTHING_MISSING, START + 800
    )
    assert abs(ahead(few, 560, 60)) < 0.1


def test_stored_and_read_again_says_the_same() -> None:
    found = season(2.5)
    again = OrderSeason.from_json(found.to_json())
    assert ahead(again, 800, 120) == ahead(found, 800, 120)


def test_empty_portfolio_has_none() -> None:
    nothing = OrderDays(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0)
    assert ahead(order_season(nothing, NOTHING_MISSING, START), 0, 30) == 0
