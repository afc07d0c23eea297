import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.award_lost import AwardLost
from signals.compute.base import Facts, json_records
from tests.unit.signals.frames import Row, account, accounts, day, freshness, inquiry, orders, table

AS_OF = "2026-11-22"
PARAMS = {"won": 0.5, "strength": 4.0, "log_ratio": None}
SIGNAL = AwardLost()


def ago(days: int) -> str:
    return (day(AS_OF) - dt.timedelta(days=days)).isoformat()


def job(number: int, outcome: str, age: int, amount: float = np.nan, **other: Any) -> Row:
    taker = {"awarded_to": "Hydravex"} if outcome in {"lost", "elsewhere"} else {}
    values = {"outcome": outcome, "decided_on": ago(age), "amount": amount, **taker, **other}
    return inquiry(number, ago(age + 30), **values)


def compute(*jobs: Row, bought: tuple[Row, ...] = (), feeds: tuple[Row, ...] = (), params: Any = PARAMS) -> Any:
    facts = Facts(
        accounts=account(),
        inquiries=table("inquiries", list(jobs)),
        orders=orders(*bought),
        freshness=freshness(*feeds),
    )
    return json_records(SIGNAL.compute(facts, params, day(AS_OF)))[0]


def reading(*jobs: Row, **other: Any) -> dict[str, Any]:
    found = compute(*jobs, **other)
    return {**found, "sentence": SIGNAL.explain(found), "headline": SIGNAL.headline(found)}


# The example of docs/signals/award_lost.md: two jobs of 100,000 won, then one of 400,000 decided 60 days ago.
WON = (job(1, "won", 400, 100_000), job(2, "won", 200, 100_000))


def test_worked_example_of_the_docs() -> None:
    found = reading(*WON, job(3, "lost", 60, 400_000, title="Pump sets"))
    size, surprise, fading = 4**2 / (4**2 + 2**2), (2 + 4 * 0.5) / (2 + 4), 2 ** (-60 / 120)
    assert found["level"] == pytest.approx(size * surprise * fading)
    assert found["level"] == pytest.approx(0.377, abs=0.0005)
    assert (found["value"], found["baseline"]) == (1, None)
    assert found["sentence"] == (
        "Pump sets (400,000, 4 times the usual size) went to Hydravex on 23 Sep 2026, though we had quoted."
    )
    assert found["headline"] == "Pump sets went to Hydravex on 23 Sep 2026."
    assert found["evidence"] == {"tab": "inquiries", "count": 1, "from": None, "until": None, "ids": [3]}


def test_a_job_we_were_not_asked_for_weighs_fully() -> None:
    found = reading(*WON, job(3, "elsewhere", 60, 400_000))
    assert found["level"] == pytest.approx(0.8 * 2**-0.5)
    assert found["sentence"].endswith("went to Hydravex on 23 Sep 2026, and we were not asked.")


def test_losing_is_no_news_where_we_seldom_win() -> None:
    lost = [job(number, "lost", 1000 + number, 100_000) for number in range(10, 20)]
    seldom, often = reading(*lost, job(3, "lost", 60, 400_000)), reading(*WON, job(3, "lost", 60, 400_000))
    assert seldom["level"] < often["level"] / 2


def test_a_job_counts_from_the_day_it_was_heard_of() -> None:
    late = {"decided_known_on": ago(10)}
    assert reading(*WON, job(3, "elsewhere", 60, 400_000, **late))["level"] == pytest.approx(0.8 * 2 ** (-10 / 120))


def test_an_outcome_not_yet_known_is_open() -> None:
    found = reading(*WON, job(3, "lost", 1, 400_000, decided_known_on="2026-11-23"))
    assert (found["value"], found["level"]) == (0, 0)
    assert found["sentence"] == "No job of weight went elsewhere in the last months, of 3 known."
    assert found["evidence"]["count"] == 3


def test_an_unknown_size_counts_as_usual() -> None:
    found = reading(*WON, job(3, "elsewhere", 0))
    assert found["level"] == pytest.approx(1 / 5)
    assert found["sentence"].startswith("Job 3 (amount not known) went to Hydravex")
    assert reading(job(3, "elsewhere", 0, 5000))["level"] == pytest.approx(1 / 5)  # nothing to compare it with


def test_a_first_job_is_measured_by_the_orders() -> None:
    bought = ((1, ago(360), 60_000.0), (1, ago(10), 40_000.0))
    params = {**PARAMS, "log_ratio": float(np.log(0.1))}
    found = reading(job(3, "elsewhere", 0, 20_000), bought=bought, params=params)
    assert found["details"]["times_usual"] == 2
    assert found["level"] == pytest.approx(1 / 2)


def test_who_got_it_may_not_be_known_and_others_are_counted() -> None:
    found = reading(*WON, job(3, "lost", 5, 400_000, awarded_to=""), job(4, "lost", 40, 300_000))
    assert "went elsewhere on 17 Nov 2026, though we had quoted. 1 more went elsewhere." in found["sentence"]
    assert found["evidence"]["ids"] == [3, 4]


def test_the_year_before_is_known_once_records_reach_back() -> None:
    old = job(9, "won", 800, 100_000)
    found = reading(old, *WON, job(3, "lost", 300, 1), job(4, "lost", 400, 1), job(5, "lost", 800, 1))
    assert (found["value"], found["baseline"]) == (1, 1)


def test_advice_is_no_job() -> None:
    found = reading(job(3, "lost", 5, kind="consultation"))
    assert (found["value"], found["level"]) == (0, 0)
    assert found["sentence"] == "No job is on record, so none went elsewhere."


def test_no_inquiry_is_none_only_where_a_feed_brings_them() -> None:
    assert reading()["sentence"] == "Unknown: no inquiries are known."
    found = reading(feeds=((1, "inquiries", AS_OF, 7.0, True),))
    assert (found["status"], found["value"], found["level"]) == ("ok", 0, 0)
    assert reading(feeds=((1, "inquiries", None, 7.0, True),))["status"] == "no_data"


def test_fit_learns_share_won_and_size_of_a_job() -> None:
    rows = [
        inquiry(10 * number + n, ago(90), number, outcome=outcome, decided_on=ago(60), amount=1000.0)
        for number in (1, 2)
        for n, outcome in enumerate(("won", "won", "won", "lost"))
    ]
    everyone = accounts((1, "DE", 30, 45, np.nan), (2, "DE", 30, 45, np.nan))
    facts = Facts(accounts=everyone, inquiries=table("inquiries", rows), orders=orders((1, ago(100), 20_000.0)))
    params = SIGNAL.fit(facts, day(AS_OF))
    assert params["won"] == pytest.approx((6 + 1) / (8 + 2))
    assert params["log_ratio"] == pytest.approx(np.log(1000 / 20_000), abs=1e-6)
    assert SIGNAL.fit(Facts.empty(), day(AS_OF))["log_ratio"] is None


amounts = st.floats(1, 1e6)
jobs_drawn = st.lists(
    st.tuples(st.sampled_from(["won", "lost", "elsewhere"]), st.integers(0, 700), st.one_of(st.just(np.nan), amounts)),
    max_size=8,
)


def drawn(rows: list[tuple[str, int, float]], scale: float = 1.0) -> list[Row]:
    return [job(number, outcome, age, amount * scale) for number, (outcome, age, amount) in enumerate(rows, start=1)]


@settings(max_examples=50, deadline=None)
@given(jobs_drawn, st.floats(0.01, 100))
def test_currency_and_rows_given_twice_change_nothing(rows: list[tuple[str, int, float]], scale: float) -> None:
    bought = ((1, ago(300), 50_000.0),)
    params = {**PARAMS, "log_ratio": -2.0}
    found = compute(*drawn(rows), bought=bought, params=params)
    scaled = compute(*drawn(rows, scale), bought=((1, ago(300), 50_000.0 * scale),), params=params)
    assert (scaled["level"] is None) == (found["level"] is None)
    if found["level"] is not None:
        assert 0 <= found["level"] <= 1
        assert scaled["level"] == pytest.approx(found["level"], abs=1e-9)
        assert compute(*drawn(rows), *drawn(rows), bought=bought, params=params)["level"] == found["level"]


@settings(max_examples=50, deadline=None)
@given(jobs_drawn, st.integers(0, 700))
def test_one_more_job_without_us_never_lowers_the_level(rows: list[tuple[str, int, float]], age: int) -> None:
    with_size_unknown = [(outcome, days, np.nan) for outcome, days, _amount in rows]
    before = compute(*drawn([*with_size_unknown, ("won", 701, np.nan)]))
    after = compute(*drawn([*with_size_unknown, ("won", 701, np.nan), ("elsewhere", age, np.nan)]))
    assert after["level"] >= before["level"] - 1e-12


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 600), st.integers(1, 100))
def test_a_lost_job_fades(age: int, later: int) -> None:
    facts = Facts(accounts=account(), inquiries=table("inquiries", [*WON, job(3, "lost", 0, 400_000)]))
    first, second = (
        SIGNAL.compute(facts, PARAMS, day(AS_OF) + dt.timedelta(days=days))["level"].iloc[0]
        for days in (age, age + later)
    )
    assert second < first
    assert replace(SIGNAL, half_life_days=1).compute(facts, PARAMS, day(AS_OF))["level"].iloc[0] == pytest.approx(
        SIGNAL.compute(facts, PARAMS, day(AS_OF))["level"].iloc[0]
    )
