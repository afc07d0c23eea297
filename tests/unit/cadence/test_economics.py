"""Retention, concentration and notice money, worked by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cadence.economics import (
    Candidate,
    likeliest,
    losses,
    may_leave,
    movements,
    notice_money,
    retention,
    share_of_top,
    shares_of_largest,
    worst,
    yearly_hours,
    years,
)

# Of five accounts, in thousands: one steady, one grown, one shrunk, one lost, one new.
BEFORE = np.array([100.0, 200.0, 300.0, 400.0, 0.0])
AFTER = np.array([100.0, 260.0, 180.0, 0.0, 70.0])


def test_gross_and_net_retention_by_hand() -> None:
    """Base 100 + 200 + 300 + 400 = 1000. Kept 100 + 200 + 180 + 0 = 480. The same accounts: 100 + 260 + 180 = 540."""
    found = retention(BEFORE, AFTER)
    assert (found.base, found.gross, found.net) == (1000.0, 0.48, 0.54)


def test_a_new_account_is_in_neither_share_and_nothing_before_is_unknown() -> None:
    found = retention(np.array([0.0, -20.0]), np.array([500.0, 10.0]))
    assert (found.base, found.gross, found.net) == (0.0, None, None)


def test_a_year_of_credit_notes_keeps_nothing_and_lowers_the_net_share() -> None:
    """Base 100 + 100. Kept 0 + 100 = 100: 50 %. The same accounts: -20 + 100 = 80: 40 %."""
    found = retention(np.array([100.0, 100.0]), np.array([-20.0, 100.0]))
    assert (found.gross, found.net) == (0.5, 0.4)


AMOUNTS = arrays(np.float64, 6, elements=st.floats(-1e6, 1e6, allow_nan=False))


@given(AMOUNTS, AMOUNTS)
def test_gross_never_exceeds_one_nor_what_expansion_adds(before: np.ndarray, after: np.ndarray) -> None:
    found = retention(before, np.clip(after, 0, None))
    if found.gross is not None and found.net is not None:
        assert 0 <= found.gross <= 1 + 1e-12
        assert found.net >= found.gross - 1e-12


def test_what_became_of_each_account() -> None:
    known = np.array([True, True, True, True, True, True, False])
    before, after = np.append(BEFORE, [0.0, 50.0]), np.append(AFTER, [0.0, 50.0])
    assert movements(before, after, known).tolist() == [
        "steady", "expanded", "contracted", "lost", "new", "none", "unknown",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "expected"), [(95.0, "steady"), (94.9, "contracted"), (105.0, "steady"), (105.1, "expanded")]
)
def test_within_a_twentieth_of_the_year_before_it_is_steady(after: float, expected: str) -> None:
    assert movements(np.array([100.0]), np.array([after]), np.array([True])).tolist() == [expected]


def test_twelve_months_are_those_of_the_standing() -> None:
    """The last day included: 30 June back over 365 days begins on 1 July, and again 365 days before that."""
    assert years(dt.date(2026, 6, 30)) == (dt.date(2024, 7, 1), dt.date(2025, 7, 1), dt.date(2026, 7, 1))
    # Over 29 February 2024 the year begins a day later.
    assert years(dt.date(2024, 6, 30)) == (dt.date(2022, 7, 2), dt.date(2023, 7, 2), dt.date(2024, 7, 1))


def test_concentration_by_hand() -> None:
    """50 + 30 + 10 + 6 + 4 = 100; the account with credit notes alone carries nothing."""
    curve = shares_of_largest(np.array([10.0, 50.0, -7.0, 30.0, 4.0, 6.0]))
    assert curve.tolist() == pytest.approx([0.5, 0.8, 0.9, 0.96, 1.0, 1.0])
    assert share_of_top(curve, 2) == pytest.approx(0.8)
    assert share_of_top(curve, 20) == pytest.approx(1.0)


@pytest.mark.parametrize("revenue", [[], [0.0, 0.0], [-5.0]])
def test_without_revenue_there_is_no_concentration(revenue: list[float]) -> None:
    assert share_of_top(shares_of_largest(np.array(revenue, dtype=float)), 5) is None


def term(account: int, state: str, days: float, amount: float) -> dict[str, object]:
    return {"account_id": account, "state": state, "days": days, "amount": amount}


TERMS = pd.DataFrame(
    [
        term(1, "by_day", 0, 100),  # today is the last day
        term(1, "by_day", 30, 10),
        term(1, "by_day", 31, 1),
        term(2, "any_day", 200, 1000),  # whenever they want, whatever its end
        term(2, "by_day", 60, np.nan),  # worth not known
        term(2, "received", 20, 5000),
        term(3, "ending", 90, 7),  # can only end, on that day
        term(3, "ending", 91, 70),
        term(3, "open_ended", np.nan, 700),
    ]
)
BANDS = pd.Series({1: "at_risk", 2: "healthy", 3: "unknown"})


def test_money_that_may_leave_by_hand() -> None:
    """At risk: 100 + 10 within 30 days, 1 more within 60. Healthy: 1000 on any day, one contract unpriced within 60."""
    table = notice_money(TERMS, BANDS).set_index(["band", "within"])
    assert table["amount"].to_dict() == {
        ("at_risk", "30"): 110, ("at_risk", "60"): 111, ("at_risk", "90"): 111,
        ("healthy", "30"): 1000, ("healthy", "60"): 1000, ("healthy", "90"): 1000, ("healthy", "received"): 5000,
        ("unknown", "90"): 7,
    }  # fmt: skip
    assert table["contracts"].to_dict()[("healthy", "60")] == 2
    assert table["unpriced"].to_dict()[("healthy", "60")] == 1
    assert table["any_day"].to_dict()[("healthy", "90")] == 1000
    assert table["any_day"].to_dict()[("at_risk", "90")] == 0


def test_what_runs_on_without_an_end_may_not_be_left_and_received_notice_is_no_choice() -> None:
    assert TERMS[may_leave(TERMS, 90)]["amount"].fillna(-1).tolist() == [100, 10, 1, 1000, -1, 7]


def test_no_contract_gives_an_empty_table() -> None:
    assert notice_money(TERMS.iloc[:0], BANDS).empty


def test_hours_of_a_year_by_hand() -> None:
    """Every 30 days 2 hours: 365 / 30 · 2 = 24.33; every 73 days 4 hours: 5 · 4 = 20."""
    assert yearly_hours(np.array([30.0, 73.0]), np.array([2.0, 4.0])).tolist() == pytest.approx(
        [24.3333, 20.0], abs=1e-3
    )


LARGEST = [
    Candidate(1, 500.0, 0.1, 0.2, 10.0),
    Candidate(2, 300.0, 0.5, None, 20.0),
    Candidate(3, 200.0, 0.5, 0.3, 5.0),
    Candidate(4, 100.0, None, 0.4, 1.0),
]


def test_the_worst_pair_and_the_likeliest() -> None:
    assert [one.account_id for one in worst(LARGEST)] == [1, 2]
    # Of equal chances the larger first; of whom it is not known is not among them.
    assert [one.account_id for one in likeliest(LARGEST)] == [2, 3]


def test_two_losses_by_hand() -> None:
    """500 + 300 of 2000 are 40 %; margin 500 · 0.2 = 100 is known for 500; together 0.1 · 0.5 = 5 %."""
    found = losses(LARGEST[:2], 2000.0)
    assert (found.revenue, found.share, found.margin, found.margin_of, found.hours) == (800.0, 0.4, 100.0, 500.0, 30.0)
    assert found.chance == pytest.approx(0.05)


def test_what_is_not_known_of_one_is_not_known_of_both() -> None:
    found = losses([LARGEST[1], LARGEST[3]], 0.0)
    assert (found.share, found.chance, found.margin, found.margin_of) == (None, None, 40.0, 100.0)
    assert losses([], 100.0) == losses([], 100.0).__class__(0, 0.0, None, 0, 0, None)
