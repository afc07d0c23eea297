import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, json_records
from signals.compute.contract_terms import present_terms
from signals.compute.notice_window import NoticeWindow
from signals.compute.rules import DEFAULT_RULES
from tests.unit.signals.frames import Row, account, contract, day, freshness, orders, table

AS_OF = "2026-02-01"
SIGNAL = NoticeWindow()
MONEY: dict[str, Any] = {"amount": 320_000.0}


def compute(*contracts: Row, as_of: str = AS_OF, bought: float = 0, feeds: tuple[Row, ...] = ()) -> dict[str, Any]:
    facts = Facts(
        accounts=account(),
        contracts=table("contracts", list(contracts)),
        orders=orders(*([(1, as_of, bought)] if bought else [])),
        freshness=freshness(*feeds),
    )
    return json_records(SIGNAL.compute(facts, {}, day(as_of)))[0]


def reading(*contracts: Row, **other: Any) -> dict[str, Any]:
    found = compute(*contracts, **other)
    return {**found, "sentence": SIGNAL.explain(found), "headline": SIGNAL.headline(found)}


FRAME = contract(1, "2024-07-01", "2026-06-30", notice_days=108.0, **MONEY)


def test_worked_example_of_the_docs() -> None:
    found = reading(FRAME, bought=500_000)
    assert found["level"] == pytest.approx((180 - 41) / 150 * np.sqrt(320 / 500))
    assert found["level"] == pytest.approx(0.741, abs=0.0005)
    assert (found["value"], found["baseline"]) == (41, None)
    assert found["sentence"] == "May give notice until 14 Mar 2026 (41 days) on 320,000 a year; ends 30 Jun 2026."
    assert found["headline"] == "May give notice until 14 Mar 2026 (41 days)."
    assert found["evidence"] == {"tab": "contracts", "count": 1, "from": None, "until": None, "ids": [1]}


def test_it_gives_no_points() -> None:
    assert DEFAULT_RULES.weights["notice_window"].likelihood_ratio == 1


@pytest.mark.parametrize(
    ("as_of", "level", "says"),
    [
        ("2025-09-15", 0, "until 14 Mar 2026 (180 days)"),
        ("2026-02-12", 1, "until 14 Mar 2026 (30 days)"),
        ("2026-03-14", 1, "until 14 Mar 2026 (0 days)"),
        ("2026-03-15", (180 - 107) / 150, "Ends 30 Jun 2026 (107 days) on 320,000 a year and does not renew"),
        ("2026-06-30", 1, "Ends 30 Jun 2026 (0 days)"),
        ("2026-07-01", 0, "No contract in force that could end."),
    ],
)
def test_the_day_of_notice_then_the_end(as_of: str, level: float, says: str) -> None:
    found = reading(FRAME, as_of=as_of)
    assert found["level"] == pytest.approx(level)
    assert says in found["sentence"]


@pytest.mark.parametrize(
    ("as_of", "ends_on", "notice_by"),
    [
        ("2026-03-14", "2026-06-30", "2026-03-14"),
        ("2026-03-15", "2027-06-30", "2027-03-14"),
        ("2026-07-01", "2027-06-30", "2027-03-14"),
        ("2029-03-15", "2030-06-30", "2030-03-14"),
    ],
)
def test_one_that_renews_goes_into_its_next_term(as_of: str, ends_on: str, notice_by: str) -> None:
    renews = contract(1, "2024-07-01", "2026-06-30", notice_days=108.0, renewal_months=12.0, **MONEY)
    found = reading(renews, as_of=as_of)
    assert (found["details"]["ends_on"], found["details"]["notice_by"]) == (ends_on, notice_by)
    assert f"else renews after {int(ends_on[8:])} Jun {ends_on[:4]}." in found["sentence"]


@pytest.mark.parametrize(
    ("end", "months", "as_of", "expected"),
    [
        ("2023-02-28", 12.0, "2024-01-01", "2024-02-29"),  # the last of a month stays the last
        ("2024-02-29", 12.0, "2024-03-01", "2025-02-28"),
        ("2025-10-31", 1.0, "2025-11-15", "2025-11-30"),
        ("2025-10-30", 4.0, "2025-11-15", "2026-02-28"),
        ("2025-10-15", 24.0, "2029-10-15", "2029-10-15"),
        ("2025-10-15", 24.0, "2029-10-16", "2031-10-15"),
    ],
)
def test_terms_end_by_the_calendar(end: str, months: float, as_of: str, expected: str) -> None:
    terms = present_terms(table("contracts", [contract(1, "2020-01-01", end, renewal_months=months)]), day(as_of))
    assert terms["ends_on"].dt.strftime("%Y-%m-%d").tolist() == [expected]


def test_a_term_entered_as_a_contract_of_its_own_replaces_the_former() -> None:
    renews: dict[str, Any] = {"renewal_months": 12.0, "notice_days": 30.0, **MONEY}
    former = contract(1, "2025-01-01", "2025-12-31", **renews)
    present = contract(2, "2026-01-01", "2026-12-31", **renews)
    beside = contract(3, "2025-06-01", "2026-05-31", **renews)
    found = compute(former, present)
    assert (found["evidence"]["ids"], found["details"]["notice_by"]) == ([2], "2026-12-01")
    assert compute(former, beside)["evidence"]["ids"] == [1, 3]
    ahead = contract(4, "2026-07-01", "2027-06-30", known_on="2026-01-20", **MONEY)
    renewed = reading(FRAME, ahead)
    assert (renewed["level"], renewed["sentence"]) == (0, "No contract in force that could end.")


def test_a_clause_without_cause_is_always_open_and_alone_raises_no_alert() -> None:
    found = reading(contract(1, "2024-07-01", "2027-06-30", no_cause=True, notice_days=30.0, **MONEY))
    assert found["level"] == pytest.approx(0.5)
    assert found["level"] < DEFAULT_RULES.alert_opens_at
    assert found["sentence"] == "May give notice any day with 30 days' notice on 320,000 a year; ends 30 Jun 2027."
    endless = reading(contract(1, "2024-07-01", None, no_cause=True))
    assert endless["sentence"] == "May give notice any day; no end is set."


def test_without_end_or_clause_it_runs_on() -> None:
    found = reading(contract(1, "2024-07-01", None, notice_days=30.0, **MONEY))
    assert (found["value"], found["level"]) == (None, 0)
    assert found["sentence"] == "Runs on 320,000 a year without an end."


def test_notice_received_counts_fully_until_the_end() -> None:
    given: dict[str, Any] = {"notice_received_on": "2026-01-20", "notice_received_known_on": "2026-01-25"}
    gone = contract(1, "2024-07-01", "2026-06-30", notice_days=108.0, renewal_months=12.0, **MONEY, **given)
    assert compute(gone, as_of="2026-01-24")["details"]["state"] == "by_day"
    found = reading(gone)
    assert found["level"] == 1
    assert found["sentence"] == "Notice received on 20 Jan 2026 on 320,000 a year; ends 30 Jun 2026."
    assert reading(gone, as_of="2026-07-01")["sentence"] == "No contract in force that could end."


def test_money_decides_how_much_a_deadline_weighs() -> None:
    small = contract(2, "2025-01-01", "2026-02-10", amount=10_000.0)
    found = reading(contract(1, "2024-01-01", "2027-12-31", **MONEY), small)
    assert found["level"] == pytest.approx(np.sqrt(10 / 330))
    assert found["sentence"].startswith("May give notice until 10 Feb 2026 (9 days) on 10,000 a year")
    assert found["sentence"].endswith("1 more in force.")


def test_unknown_worth_is_the_mean_of_the_others_or_everything() -> None:
    unpriced = contract(1, "2024-01-01", "2026-02-10")
    assert compute(unpriced, bought=9_000_000)["level"] == 1
    found = reading(unpriced, contract(2, "2024-01-01", "2028-12-31", **MONEY))
    assert found["level"] == pytest.approx(np.sqrt(1 / 2))
    assert found["sentence"].startswith("May give notice until 10 Feb 2026 (9 days); ends 10 Feb 2026.")


def test_no_contract_is_none_only_where_a_feed_brings_them() -> None:
    assert reading()["sentence"] == "Unknown: no contracts are known."
    found = reading(feeds=((1, "contracts", AS_OF, 7.0, True),))
    assert (found["status"], found["value"], found["level"]) == ("ok", None, 0)
    assert found["sentence"] == "No contract is on record."
    assert reading(feeds=((1, "contracts", None, 7.0, True),))["status"] == "no_data"


contracts_drawn = st.lists(
    st.tuples(
        st.integers(-900, 100), st.integers(1, 1200), st.integers(0, 200),
        st.one_of(st.just(np.nan), st.floats(1, 1e6)),
        st.booleans(), st.sampled_from([None, 1.0, 12.0, 36.0]),
    ),
    max_size=4,
)  # fmt: skip


def drawn(rows: list[tuple[Any, ...]], scale: float = 1.0) -> list[Row]:
    return [_contract(number, row, scale) for number, row in enumerate(rows, start=1)]


def _contract(number: int, row: tuple[Any, ...], scale: float) -> Row:
    begin, length, notice, amount, no_cause, months = row
    starts = day(AS_OF) + dt.timedelta(days=begin)
    ends = (starts + dt.timedelta(days=length)).isoformat()
    renewal: dict[str, Any] = {} if months is None else {"renewal_months": months}
    return contract(
        number, starts.isoformat(), ends, notice_days=float(notice), no_cause=no_cause, amount=amount * scale,
        known_on="1900-01-01", **renewal,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(contracts_drawn, st.floats(0.01, 100))
def test_currency_and_rows_given_twice_change_nothing(rows: list[tuple[Any, ...]], scale: float) -> None:
    found = compute(*drawn(rows), bought=250_000)
    assert found["level"] is None or 0 <= found["level"] <= 1
    scaled = compute(*drawn(rows, scale), bought=250_000 * scale)
    assert (found["level"] is None) == (scaled["level"] is None)
    if found["level"] is not None:
        assert scaled["level"] == pytest.approx(found["level"], abs=1e-6)
    assert compute(*drawn(rows), *drawn(rows), bought=250_000) == found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.integers(1, 100), st.integers(0, 200))
def test_the_nearer_the_deadline_the_higher_the_level(days: int, nearer: int, notice: int) -> None:
    def level(until: int) -> float:
        end = (day(AS_OF) + dt.timedelta(days=until + notice)).isoformat()
        return float(compute(contract(1, "2020-01-01", end, notice_days=float(notice), **MONEY), bought=9e5)["level"])

    assert level(max(days - nearer, 0)) >= level(days)


@settings(max_examples=60, deadline=None)
@given(contracts_drawn, st.integers(0, 2000))
def test_a_term_that_counts_has_not_ended_and_its_deadline_lies_ahead(rows: list[tuple[Any, ...]], later: int) -> None:
    today = pd.Timestamp(day(AS_OF) + dt.timedelta(days=later))
    terms = present_terms(table("contracts", drawn(rows)), today.date())
    assert (terms["ends_on"] >= today).all()
    assert not (terms["notice_by"] < today).any()
    assert terms.loc[terms["auto_renews"], "notice_by"].notna().all()
