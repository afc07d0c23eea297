import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from signals.compute.base import Facts, json_records
from signals.compute.consultation_drop import ConsultationDrop
from tests.unit.signals.frames import Row, account, accounts, day, freshness, inquiry, interactions, table

AS_OF = "2026-11-22"
BORDER = day(AS_OF) - dt.timedelta(days=180)
PARAMS = {"a_year": 8.0, "strength": 4.0}
SIGNAL = ConsultationDrop()
# The first record of the account: its past is then known in full.
FIRST = (1, "2024-01-01", "us", "order")


def ago(days: int) -> str:
    return (day(AS_OF) - dt.timedelta(days=days)).isoformat()


def asked(*days: int) -> list[Row]:
    return [inquiry(number, ago(days), kind="consultation") for number, days in enumerate(days, start=1)]


def reading(asks: list[Row], *talks: Row, feeds: tuple[Row, ...] = (), params: Any = PARAMS) -> dict[str, Any]:
    facts = Facts(
        accounts=account(),
        inquiries=table("inquiries", asks),
        interactions=interactions(*talks),
        freshness=freshness(*feeds),
    )
    found = json_records(SIGNAL.compute(facts, params, day(AS_OF)))[0]
    return {**found, "sentence": SIGNAL.explain(found), "headline": SIGNAL.headline(found)}


# The example of docs/signals/consultation_drop.md: twelve questions in two years, then none in half a year.
TWELVE = [200 + 50 * number for number in range(12)]


def test_worked_example_of_the_docs() -> None:
    found = reading(asked(*TWELVE), FIRST)
    years, half_year = 730 / 365.25, 180 / 365.25
    shape, rate = 4 + 12, 4 / 8 + years
    rate_now = rate / shape + half_year
    chance = beta(1, shape).cdf(0.5 * rate_now / (0.5 * rate_now + rate))
    assert chance == pytest.approx(0.858, abs=0.0005)
    assert found["level"] == pytest.approx(2 * (chance - 0.5))
    assert (found["value"], found["baseline"]) == (0, pytest.approx(12 / years * half_year))
    assert found["sentence"] == (
        "Asked us for nothing in 180 days; usual are 3 (a fall to half or less is 86 % likely)."
    )
    assert found["headline"] == "Asked us for nothing in 180 days, usually 3."
    assert found["evidence"] == {
        "tab": "inquiries", "count": 12, "from": None, "until": None, "ids": list(range(1, 13))
    }  # fmt: skip


def test_asking_as_usual_is_level_0() -> None:
    found = reading(asked(*TWELVE, 10, 60, 110), FIRST)
    assert (found["value"], found["level"]) == (3, 0)
    assert found["sentence"] == "Asked us 3 times in 180 days; usual are 3."


def test_a_question_counts_once_a_day_and_a_job_placed_elsewhere_not_at_all() -> None:
    elsewhere = inquiry(90, ago(5), outcome="elsewhere", decided_on=ago(4))
    called = (1, ago(10), "them", "consultation")
    of_ours = (1, ago(20), "us", "consultation")
    found = reading([*asked(*TWELVE, 10), elsewhere], FIRST, called, of_ours)
    assert found["value"] == 1
    assert 90 not in found["evidence"]["ids"]


@pytest.mark.parametrize(("age", "now"), [(179, 1), (180, 0)])
def test_now_is_the_last_180_days(age: int, now: int) -> None:
    assert reading(asked(*TWELVE, age), FIRST)["value"] == now


def test_calls_for_advice_alone_are_questions_and_their_rows() -> None:
    found = reading([], FIRST, *[(1, ago(age), "them", "consultation") for age in TWELVE])
    assert found["level"] == pytest.approx(0.717, abs=0.001)
    assert (found["evidence"]["tab"], found["evidence"]["count"]) == ("interactions", 12)


def test_the_first_record_does_not_count_itself() -> None:
    found = reading(asked(400))
    assert (found["details"]["before"], found["baseline"]) == (0, 0)


def test_a_short_past_is_no_yardstick() -> None:
    assert reading(asked(359))["status"] == "insufficient_history"
    assert reading(asked(360))["status"] == "ok"
    found = reading(asked(300, 20))
    assert found["sentence"] == "Asked us 1 time in 180 days; half a year of records before that is needed to judge."


def test_without_a_question_it_is_known_only_where_a_feed_brings_inquiries() -> None:
    assert reading([], FIRST)["sentence"] == "Unknown: no inquiries are known."
    expected_only = (1, "inquiries", None, 7.0, True)
    assert reading([], FIRST, feeds=(expected_only,))["status"] == "no_data"
    found = reading([], FIRST, feeds=((1, "inquiries", AS_OF, 7.0, True),))
    assert (found["status"], found["value"], found["level"]) == ("ok", 0, 0)
    assert found["sentence"] == "Asked us for nothing in 180 days; usual are none."


def test_one_source_not_used_leaves_the_other() -> None:
    unused = (1, "inquiries", None, 7.0, False)
    assert reading(asked(*TWELVE), FIRST, feeds=(unused,))["status"] == "ok"
    late = (1, "interactions", ago(30), 7.0, True)
    found = reading(asked(*TWELVE), FIRST, feeds=(unused, late))
    assert found["sentence"] == "Unknown: interactions are complete only until 23 Oct 2026."


def test_a_short_past_leans_on_the_portfolio() -> None:
    two = asked(250, 300)
    curious, quiet = ({**PARAMS, "a_year": rate} for rate in (20.0, 1.0))
    start = (1, ago(365), "us", "order")
    assert reading(two, start, params=curious)["level"] > reading(two, start, params=quiet)["level"]


def test_fit_learns_how_often_accounts_ask_and_how_much_they_differ() -> None:
    def learnt(counts: list[int]) -> dict[str, Any]:
        rows = [
            inquiry(100 * number + n, ago(200 + 7 * n), number)
            for number, count in enumerate(counts, start=1)
            for n in range(count)
        ]
        first = [(number, "2024-01-01", "us", "order") for number in range(1, len(counts) + 1)]
        everyone = accounts(*((number, "DE", 30, 45, np.nan) for number in range(1, len(counts) + 1)))
        facts = Facts(accounts=everyone, inquiries=table("inquiries", rows), interactions=interactions(*first))
        return SIGNAL.fit(facts, day(AS_OF))

    years = 730 / 365.25
    alike, unlike = learnt([10] * 20), learnt([1, 19] * 10)
    assert alike["a_year"] == pytest.approx((200 + 1) / (20 * years + 1), abs=1e-5)
    assert alike["strength"] > 4 * unlike["strength"]


days_asked = st.lists(st.integers(0, 900), max_size=12, unique=True)


@settings(max_examples=60, deadline=None)
@given(days_asked, st.integers(0, 179))
def test_one_more_question_now_never_raises_the_level_and_twice_the_same_changes_nothing(
    ages: list[int], more: int
) -> None:
    before, after = reading(asked(*ages), FIRST), reading(asked(*ages, more), FIRST)
    if before["status"] == "ok":
        assert after["level"] <= before["level"] + 1e-12
    twice = reading([*asked(*ages), *asked(*ages)], FIRST)
    assert twice == before
    assert before["level"] is None or 0 <= before["level"] <= 1


@settings(max_examples=20, deadline=None)
@given(days_asked)
def test_orders_and_their_currency_have_no_part_in_it(ages: list[int]) -> None:
    facts = Facts(accounts=account(), inquiries=table("inquiries", asked(*ages)), interactions=interactions(FIRST))
    dear = replace(facts, inquiries=facts.inquiries.assign(amount=1e6))
    first, second = (SIGNAL.compute(one, PARAMS, day(AS_OF)) for one in (facts, dear))
    assert json_records(first) == json_records(second)
