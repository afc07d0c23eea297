import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import beta

from signals.compute.base import Facts, json_records
from signals.compute.product_breadth import ProductBreadth
from tests.unit.signals.frames import Row, accounts, freshness, table

AS_OF = dt.date(2026, 11, 22)
EVEN = {"share": [1.0, 1.0]}
# Age in days of an order, its product group, and its amount.
Line = tuple[int, str, float]


def facts_of(lines: list[Line], account_id: int = 1) -> Facts:
    rows: list[Row] = []
    days: dict[dt.date, float] = {}
    for age, group, amount in lines:
        day = AS_OF - dt.timedelta(days=age)
        days[day] = days.get(day, 0) + amount
        rows.append((account_id, day, group, amount, day))
    return Facts(
        accounts=accounts(*((number, "DE", 30, 45, np.nan) for number in (1, 2))),
        lines=table("lines", rows),
        orders=table("orders", [(account_id, day, amount, day) for day, amount in days.items()]),
    )


def reading(facts: Facts, params: dict[str, list[float]] | None = None, as_of: dt.date = AS_OF) -> dict[str, Any]:
    signal = ProductBreadth()
    found = json_records(signal.compute(facts, params or EVEN, as_of))[0]
    return {**found, "sentence": signal.explain(found), "headline": signal.headline(found)}


def orders(count: int, last_with_seals: int, step: int = 10) -> list[Line]:
    """So many orders of pumps, the last one ten days ago, seals in every second one until one of them."""
    lines: list[Line] = []
    for number in range(1, count + 1):
        age = step * (count + 1 - number)
        lines.append((age, "Pumps", 900.0))
        if number % 2 == 0 and number <= last_with_seals:
            lines.append((age, "Seals", 300.0))
    return lines


# The example of docs/signals/product_breadth.md: 24 orders, seals in every second one until the twelfth.
EXAMPLE = orders(24, 12)


def test_worked_example_of_the_docs() -> None:
    assert reading(facts_of(orders(19, 12)))["level"] == 0
    assert beta(6, 13) / beta(6, 6) == pytest.approx(0.025, abs=0.0005)
    found = reading(facts_of(EXAMPLE))
    chance = beta(6, 18) / beta(6, 6)
    assert chance == pytest.approx(0.0046, abs=0.00005)
    share = 1800 / (24 * 900 + 1800)
    assert found["level"] == pytest.approx(share * (1 - chance / 0.02) / 0.4, abs=1e-6)
    assert (found["value"], found["baseline"]) == (1, 2)
    assert found["details"]["groups"] == [
        {
            "group": "Seals",
            "share": round(share, 4),
            "days": 130,
            "usual_gap_days": 20,
            "orders_without": 12,
            "chance": round(chance, 6),
        }
    ]
    assert found["sentence"] == "Stopped: Seals (8 % of purchases), last bought 130 days ago, usual gap 20."
    assert found["headline"] == "Stopped: Seals (8 % of purchases)."


def test_evidence_names_the_orders_of_the_time_in_which_the_group_was_bought() -> None:
    first, last = (AS_OF - dt.timedelta(days=age) for age in (230, 130))
    found = reading(facts_of(EXAMPLE))["evidence"]
    assert found == {"tab": "orders", "count": 11, "from": first.isoformat(), "until": last.isoformat(), "ids": None}


def test_an_account_that_orders_no_more_misses_no_group() -> None:
    facts = facts_of(orders(20, 20))
    for days in (0, 60, 200):
        found = reading(facts, as_of=AS_OF + dt.timedelta(days=days))
        assert (found["status"], found["level"]) == ("ok", 0)
    assert found["sentence"] == "Buys 2 product groups in a usual rhythm; none has stopped."


def test_the_rhythm_in_days_is_irrelevant() -> None:
    """A week or a month between orders: what counts is how many of them did without."""
    levels = [reading(facts_of(orders(24, 12, step)))["level"] for step in (7, 28)]
    assert levels[0] == pytest.approx(levels[1])
    assert levels[0] > 0


def test_two_orders_without_are_chance_even_of_what_was_in_each() -> None:
    every = [(10 * number, group, 100.0) for number in range(3, 40) for group in ("Pumps", "Seals")]
    two, three = ([*every, *((10 * number, "Pumps", 100.0) for number in range(3 - miss, 3))] for miss in (2, 3))
    assert reading(facts_of(two))["level"] == 0
    assert reading(facts_of(three))["level"] > 0.5


def test_a_seasonal_group_does_not_stop_each_year() -> None:
    """Filters from spring to autumn only: the winter has been as long before."""
    lines = [(age, "Pumps", 100.0) for age in range(5, 720, 10)]
    filters = [(age, "Filters", 100.0) for age in range(5, 720, 10) if age % 365 >= 150]
    assert reading(facts_of([*lines, *filters]))["level"] == 0
    once = [one for one in filters if one[0] < 365]
    assert reading(facts_of([*lines, *once]))["level"] > 0


def test_lines_without_a_group_are_not_counted() -> None:
    nameless = [(age, "", 500.0) for age in range(5, 720, 10)]
    assert reading(facts_of([*EXAMPLE, *nameless]))["level"] == reading(facts_of(EXAMPLE))["level"]
    found = reading(facts_of(EXAMPLE))
    assert found["details"]["order_days"] == 24


def test_a_line_taken_back_on_its_day_was_not_bought() -> None:
    found = reading(facts_of([*EXAMPLE, (20, "Seals", 300.0), (20, "Seals", -300.0)]))
    assert found["details"]["groups"][0]["orders_without"] == 12


def test_more_groups_than_a_sentence_holds_are_counted() -> None:
    names = ("Drives", "Filters", "Seals")
    lines = [(10 * number, group, 100.0) for number in range(21, 60) for group in names]
    found = reading(facts_of([*lines, *((10 * number, "Pumps", 100.0) for number in range(1, 60))]))
    assert (found["value"], found["level"]) == (3, 1)
    assert found["headline"] == "Stopped: Drives (22 % of purchases), Filters (22 % of purchases), and 1 more."


def test_a_group_lost_long_ago_is_history() -> None:
    lines = [(age, "Pumps", 100.0) for age in range(5, 1500, 10)] + [
        (age, "Seals", 100.0) for age in range(745, 1500, 10)
    ]
    found = reading(facts_of(lines))
    assert (found["value"], found["baseline"], found["level"]) == (0, 1, 0)


def test_unknown_without_groups_without_a_rhythm_or_with_a_late_feed() -> None:
    nothing = reading(facts_of([(10, "", 100.0)] * 9))
    assert (nothing["status"], nothing["level"]) == ("insufficient_history", None)
    assert reading(facts_of([]))["sentence"] == "Unknown: no order lines with a product group are known."
    few = reading(facts_of([(10 * number, "Pumps", 100.0) for number in range(1, 4)]))
    assert few["status"] == "insufficient_history"
    assert few["sentence"].startswith("No product group was bought on 4 order days in two years")
    late = replace(facts_of(EXAMPLE), freshness=freshness((1, "orders", "2026-05-01", 1.0, True)))
    assert reading(late)["status"] == "stale"


def test_fit_learns_how_often_groups_are_bought() -> None:
    rng = np.random.default_rng(3)
    share = rng.beta(4, 4, (400, 2))
    rows: list[Row] = []
    for account_id in range(1, 401):
        for number in range(60):
            day = AS_OF - dt.timedelta(days=10 * number)
            rows.append((account_id, day, "Pumps", 1.0, day))
            rows.extend(
                (account_id, day, group, 1.0, day)
                for group, chance in zip(("Seals", "Drives"), share[account_id - 1], strict=True)
                if rng.random() < chance
            )
    facts = Facts(
        accounts=accounts(*((number, "DE", 30, 45, np.nan) for number in range(1, 401))), lines=table("lines", rows)
    )
    a, b = ProductBreadth().fit(replace(facts, lines=facts.lines[facts.lines["product_group"] != "Pumps"]), AS_OF)[
        "share"
    ]
    # Without pumps a day counts only if it held one of the two: their shares are higher than drawn.
    assert 0.5 < a / (a + b) < 0.8
    assert 3 < a + b < 20


def test_fit_of_a_few_groups_prefers_no_share() -> None:
    assert ProductBreadth().fit(facts_of(EXAMPLE), AS_OF) == EVEN


baskets = st.lists(st.sets(st.sampled_from(["Pumps", "Seals", "Drives"]), min_size=1), min_size=10, max_size=60)
few = settings(max_examples=15, deadline=None)


def drawn(days: list[set[str]]) -> list[Line]:
    return [(3 + 10 * number, group, 100.0) for number, basket in enumerate(days) for group in sorted(basket)]


@few
@given(baskets, st.floats(0.01, 100))
def test_currency_and_duplicates_are_irrelevant(days: list[set[str]], rate: float) -> None:
    lines = drawn(days)
    found = reading(facts_of(lines))
    other = reading(facts_of([(age, group, amount * rate) for age, group, amount in lines] * 2))
    assert other["level"] == pytest.approx(found["level"], abs=1e-6)
    assert other["sentence"] == found["sentence"]


@few
@given(baskets, st.sampled_from(["Pumps", "Seals", "Drives"]))
def test_buying_a_group_again_in_the_last_order_never_raises_the_level(days: list[set[str]], group: str) -> None:
    without, again = (reading(facts_of(drawn([one, *days[1:]]))) for one in (days[0], days[0] | {group}))
    if without["level"] is not None:
        assert again["level"] <= without["level"] + 1e-9


@few
@given(baskets, st.integers(1, 30))
def test_more_orders_without_a_group_never_lower_what_counts_as_stopped(days: list[set[str]], more: int) -> None:
    """Pumps only from now on: seals are missed for longer, whatever was usual."""
    lines = drawn([{"Seals", "Pumps"}] * 4 + days)
    shifted = [(age + 10 * more, group, amount) for age, group, amount in lines]
    later = [(3 + 10 * number, "Pumps", 0.01) for number in range(more)]
    chances = []
    for held in (shifted, [*shifted, *later]):
        found = reading(facts_of(held))
        chances.append({one["group"]: one["chance"] for one in found["details"]["groups"]})
    assert all(chances[1].get(group, 1.0) <= chance + 1e-9 for group, chance in chances[0].items())


@few
@given(baskets, baskets)
def test_another_account_changes_nothing(days: list[set[str]], others: list[set[str]]) -> None:
    alone, beside = facts_of(drawn(days)), facts_of(drawn(others), account_id=2)
    both = replace(
        alone,
        lines=pd.concat([beside.lines, alone.lines], ignore_index=True),
        orders=pd.concat([beside.orders, alone.orders], ignore_index=True),
    )
    assert reading(both) == reading(alone)
