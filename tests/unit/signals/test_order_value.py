import datetime as dt
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, Json, json_records
from signals.compute.order_value import OrderValue
from signals.compute.purchases import QUARTERS, day_totals, quarter_of_age
from tests.unit.signals.frames import Row, accounts, freshness, portfolio, table

AS_OF = dt.date(2026, 11, 22)
PARAMS: Json = {"log_variance": 0.25, "gap_variation": 0.5, "missing": [], "spread": 0.15, "carried": 0.0}
Bought = list[tuple[int, float]]  # age in days, amount


def facts_of(bought: Bought, *, quiet: tuple[Row, ...] = (), account_id: int = 1) -> Facts:
    rows = []
    for age, amount in bought:
        day = AS_OF - dt.timedelta(days=age)
        rows.append((account_id, day, amount, day))
    return Facts(
        accounts=accounts(*((number, "DE", 30, 45, np.nan) for number in (1, 2))),
        orders=table("orders", rows),
        quiet=table("quiet", quiet),
    )


def reading(facts: Facts, params: Json = PARAMS, signal: OrderValue | None = None) -> dict[str, Any]:
    signal = signal or OrderValue()
    found = json_records(signal.compute(facts, params, AS_OF))[0]
    return {**found, "sentence": signal.explain(found), "headline": signal.headline(found)}


def steady(oldest: int = 1000, youngest: int = 0, amount: float = 1000.0) -> Bought:
    """An order every ten days, of ages 5, 15, 25, ...: nine in each quarter that is compared."""
    return [(age, amount) for age in range(5, oldest, 10) if age >= youngest]


# The example of docs/signals/order_value.md: seven and then five orders where there were nine.
EXAMPLE = [*steady(youngest=180), *((95 + 10 * n, 1000.0) for n in range(7)), *((5 + 10 * n, 1000.0) for n in range(5))]


def test_worked_example_of_the_docs() -> None:
    found = reading(facts_of(EXAMPLE))
    own = 64 / (64 + 10)  # 64 order days of more than a year ago, all alike
    size, gaps = 0.25 * (1 - own), 0.5 * (1 - own)
    order = 1000 * math.exp(size / 2)
    variation = math.exp(size) - 1 + gaps
    expected = 9000 / order  # orders a quarter
    years = 1.5**2 / (1 + 0.5**2)
    now, earlier = math.log1p(variation / expected), math.log1p(variation / (expected * years))
    scale = math.sqrt(now + earlier + 0.15**2)
    before, latest = (
        (math.log((9000 + order / 2) / (bought + order / 2)) - now / 2) / scale - 0.5 for bought in (7000, 5000)
    )
    assert found["level"] == pytest.approx((before + latest) / 4, abs=1e-6)
    assert found["level"] == pytest.approx(0.71, abs=0.005)
    assert (found["value"], found["baseline"]) == (12000, 18000)
    assert found["sentence"] == "Bought 12,000 in the last 180 days; the same half-years before: 18,000 and 18,000."
    assert found["headline"] == "Bought 12,000 in the last 180 days, 18,000 expected."


def test_evidence_names_the_orders_from_the_oldest_half_year_compared() -> None:
    found = reading(facts_of(EXAMPLE))
    oldest = AS_OF - dt.timedelta(days=905)  # the last order younger than two years and a half
    assert found["evidence"] == {
        "tab": "orders",
        "count": sum(age < 910 for age, _amount in EXAMPLE),
        "from": oldest.isoformat(),
        "until": (AS_OF - dt.timedelta(days=5)).isoformat(),
        "ids": None,
    }


def test_as_much_as_ever_is_level_0() -> None:
    found = reading(facts_of(steady()))
    assert (found["status"], found["level"]) == ("ok", 0.0)


def test_a_season_is_compared_with_the_same_season() -> None:
    """Nothing in the summer half-year: a steep fall against the winter, none against earlier summers."""
    winters = [(age, 1000.0) for age in range(5, 1200, 10) if age % 365 >= 180]
    summers = [(age, 100.0) for age in range(5, 1200, 10) if age % 365 < 180]
    found = reading(facts_of([*winters, *summers]))
    assert (found["status"], found["level"]) == ("ok", 0.0)
    without = [one for one in summers if one[0] > 180]
    assert reading(facts_of([*winters, *without]))["level"] > 0


def test_days_of_a_declared_closure_are_left_out() -> None:
    closed = [one for one in steady() if not 10 <= one[0] < 60]
    fell = reading(facts_of(closed))
    days = [AS_OF - dt.timedelta(days=age) for age in (62, 8)]
    allowed = reading(facts_of(closed, quiet=((1, "", *days, days[0], "overhaul"),)))
    assert fell["level"] > 0.3
    assert allowed["level"] < 0.1
    assert allowed["sentence"].endswith(" 55 days more of quiet or missing data than then left out.")


def test_a_credit_note_is_netted() -> None:
    assert reading(facts_of([*steady(), (3, -9000.0)]))["value"] == 9000
    assert reading(facts_of([*steady(), (3, -9000.0)]))["level"] > reading(facts_of(steady()))["level"]


def test_a_single_huge_order_a_year_ago_makes_no_fall() -> None:
    found = reading(facts_of([*steady(), (400, 60_000.0)]))
    assert found["level"] < 0.5
    assert "78,000 and 18,000" in found["sentence"]


def test_growth_before_is_carried_on_in_part() -> None:
    growing = [(age, 1600.0 if 180 <= age < 365 else 1000.0) for age, _amount in steady()]
    plain, carried = (reading(facts_of(growing), PARAMS | {"carried": share}) for share in (0.0, 0.5))
    assert plain["level"] == 0.0
    assert carried["level"] > 0.2
    # 18 orders of 1,600 where the year before had 19 of 1,000, half an order added on both sides.
    assert carried["baseline"] == pytest.approx(18000 * math.sqrt((18 * 1.6 + 0.5) / 19.5), rel=0.005)
    assert " It was growing before: 22,1" in carried["sentence"]


def test_a_fall_before_is_no_excuse() -> None:
    falling = [(age, 500.0 if age < 365 else 1000.0) for age, _amount in steady()]
    plain, carried = (reading(facts_of(falling), PARAMS | {"carried": share}) for share in (0.0, 0.5))
    assert plain["level"] == carried["level"] > 0.7


@pytest.mark.parametrize(("oldest", "status"), [(545, "insufficient_history"), (556, "ok")])
def test_needs_the_same_half_year_of_a_year_ago(oldest: int, status: str) -> None:
    found = reading(facts_of(steady(oldest)))
    assert found["status"] == status
    if status != "ok":
        assert found["sentence"].startswith("Orders do not reach back to the same half-year a year ago")
        assert (found["value"], found["baseline"], found["level"]) == (18000, None, None)


def test_sparse_buyers_are_unknown() -> None:
    found = reading(facts_of([(age, 1000.0) for age in range(50, 1500, 180)]))
    assert found["status"] == "insufficient_history"
    assert found["sentence"] == "Bought 1,000 in the last 180 days; too few orders a year ago to compare."


def test_nothing_bought_is_said_so() -> None:
    found = reading(facts_of(steady(youngest=200)))
    assert (found["value"], found["level"]) == (0, 1)
    assert found["sentence"] == "Nothing bought in 180 days; the same half-years before: 18,000 and 18,000."


def test_unknown_without_orders_or_with_a_late_feed() -> None:
    assert reading(facts_of([]))["sentence"] == "Unknown: no orders are known."
    late = freshness((1, "orders", "2026-05-01", 1.0, True))
    found = reading(replace(facts_of(steady()), freshness=late))
    assert (found["status"], found["level"]) == ("stale", None)


def test_fit_learns_the_spread_between_years_from_all_accounts() -> None:
    rng = np.random.default_rng(5)
    rows = []
    for account_id in range(1, 201):
        factor = math.exp(rng.normal(0, 0.4))
        for age, amount in steady(1200):
            day = AS_OF - dt.timedelta(days=age)
            rows.append((account_id, day, amount * (factor if age < 365 else 1), day))
    facts = Facts(
        accounts=accounts(*((number, "DE", 30, 45, np.nan) for number in range(1, 201))), orders=table("orders", rows)
    )
    params = OrderValue().fit(facts, AS_OF)
    assert params["spread"] == pytest.approx(0.4, rel=0.15)
    # Who grew by so much in the half-year before kept it: as much as may be is carried on.
    assert params["carried"] == 0.5
    assert params["log_variance"] == pytest.approx(0, abs=1e-6)


def test_fit_of_an_ordinary_portfolio_keeps_the_least_spread() -> None:
    params = OrderValue().fit(facts_of(steady()), AS_OF)
    assert (params["spread"], params["carried"]) == (0.15, 0.0)


def test_quarters_tile_the_years() -> None:
    quarter = quarter_of_age()
    assert [int(quarter[age]) for age in (0, 89, 90, 179, 180, 271, 272, 364, 365)] == [
        0,
        0,
        1,
        1,
        2,
        2,
        3,
        3,
        QUARTERS,
    ]


def test_orders_of_one_day_are_one_order() -> None:
    totals = day_totals(facts_of([(5, 100.0), (5, 50.0), (7, 10.0)]).orders, pd.Index([1, 2]), AS_OF)
    assert totals.age.tolist() == [7, 5]
    assert totals.amount.tolist() == [10, 150]
    assert totals.rows.tolist() == [1, 2]


amounts = st.lists(st.floats(1, 1000), min_size=30, max_size=90)
few = settings(max_examples=15, deadline=None)


def drawn(values: list[float]) -> Bought:
    step = 1000 // len(values)
    return [(3 + step * number, round(value, 2)) for number, value in enumerate(values)]


@few
@given(amounts, st.floats(0.01, 100))
def test_currency_is_irrelevant(values: list[float], rate: float) -> None:
    bought = drawn(values)
    level = reading(facts_of(bought))["level"]
    assert reading(facts_of([(age, amount * rate) for age, amount in bought]))["level"] == pytest.approx(
        level, abs=1e-5
    )


@few
@given(amounts)
def test_every_row_twice_changes_nothing(values: list[float]) -> None:
    bought = drawn(values)
    assert reading(facts_of(bought * 2))["level"] == pytest.approx(reading(facts_of(bought))["level"], abs=1e-5)


@few
@given(amounts, st.lists(st.floats(0, 1), min_size=90, max_size=90), st.sampled_from([0.0, 0.4]))
def test_buying_less_now_never_lowers_the_level(values: list[float], kept: list[float], carried: float) -> None:
    bought, params = drawn(values), PARAMS | {"carried": carried}
    less = [(age, amount * share if age < 180 else amount) for (age, amount), share in zip(bought, kept, strict=False)]
    more_level, less_level = (reading(facts_of(one), params)["level"] for one in (bought, less))
    assert (more_level is None) == (less_level is None)
    if more_level is not None:
        assert less_level >= more_level - 1e-9


@few
@given(amounts, amounts)
def test_another_account_changes_nothing(values: list[float], others: list[float]) -> None:
    alone, beside = facts_of(drawn(values)), facts_of(drawn(others), account_id=2)
    both = replace(alone, orders=pd.concat([beside.orders, alone.orders], ignore_index=True))
    assert reading(both) == reading(alone)


def test_row_order_is_irrelevant_to_the_fit() -> None:
    facts = portfolio(2, AS_OF)
    shuffled = replace(facts, orders=facts.orders.sample(frac=1, random_state=1))
    assert OrderValue().fit(shuffled, AS_OF) == OrderValue().fit(facts, AS_OF)
