"""90, 60 and 30 days before the last day for notice: what opens, wakes and stays."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from signals.compute.notice_steps import crossed_steps, step_of, with_notice_steps

DEADLINE, NEXT_TERM = "2026-09-28", "2027-09-28"


def terms(days: float, state: str = "by_day", notice_by: str = DEADLINE) -> pd.DataFrame:
    index = pd.Index([7], name="account_id")
    return pd.DataFrame({"state": [state], "days": [days], "notice_by": [notice_by]}, index=index)


def told(state: str | None = None, days: float = np.nan, notice_by: str | None = DEADLINE) -> pd.DataFrame:
    """The last alert of the account; none without a state."""
    index = pd.Index([] if state is None else [7], name="account_id")
    values: dict[str, list[Any]] = {"state": [state], "days": [days], "notice_by": [notice_by]}
    return pd.DataFrame({name: value[: len(index)] for name, value in values.items()}, index=index)


def moved(of: pd.DataFrame, last: pd.DataFrame, before: dict[int, str] | None = None) -> dict[int, str]:
    moves = pd.Series(before or {}, dtype="str")
    return dict(with_notice_steps(moves, of, last))


@pytest.mark.parametrize(
    ("days", "step"), [(91, np.nan), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (0, 30), (-1, np.nan)]
)
def test_a_day_lies_within_the_smallest_step_that_holds_it(days: float, step: float) -> None:
    assert step_of(pd.Series([days])).tolist() == pytest.approx([step], nan_ok=True)


@pytest.mark.parametrize(("days", "expected"), [(91, {}), (90, {7: "open"}), (12, {7: "open"}), (0, {7: "open"})])
def test_the_first_day_within_ninety_opens_an_alert(days: float, expected: dict[int, str]) -> None:
    assert moved(terms(days), told()) == expected


@pytest.mark.parametrize("state", ["open", "acknowledged", "snoozed"])
def test_each_nearer_step_wakes_what_is_open_once(state: str) -> None:
    for days, told_at, expected in (
        (61, 90, {}),
        (60, 90, {7: "wake"}),
        (59, 60, {}),
        (30, 60, {7: "wake"}),
        (5, 30, {}),
    ):
        assert moved(terms(days), told(state, told_at)) == expected, days


@pytest.mark.parametrize("state", ["resolved", "faded"])
def test_a_closed_one_opens_anew_at_the_next_step_and_not_before(state: str) -> None:
    assert moved(terms(61), told(state, 90)) == {}
    assert moved(terms(60), told(state, 61)) == {7: "open"}


def test_the_deadline_of_the_next_term_is_another_one() -> None:
    assert moved(terms(90, notice_by=NEXT_TERM), told("resolved", 3)) == {7: "open"}
    assert moved(terms(200, notice_by=NEXT_TERM), told("open", 3)) == {}


def test_while_a_step_holds_a_low_level_closes_nothing_and_a_high_one_opens_nothing() -> None:
    """A small contract has a low level, and its deadline is a day all the same."""
    assert moved(terms(80), told("open", 90), {7: "fade"}) == {}
    assert moved(terms(70), told("resolved", 90), {7: "open"}) == {}
    assert moved(terms(70), told("resolved", 90), {7: "rearm"}) == {7: "rearm"}


@pytest.mark.parametrize("state", ["any_day", "received", "ending", "open_ended", None])
def test_other_terms_are_as_the_level_says(state: str) -> None:
    for move in ("fade", "open", "wake"):
        assert moved(terms(20, state), told("open", 90), {7: move, 8: move}) == {7: move, 8: move}


def test_without_a_reading_the_level_alone_decides() -> None:
    assert moved(terms(20).iloc[:0], told("open", 90), {7: "wake"}) == {7: "wake"}
    assert crossed_steps(terms(20).iloc[:0], told("open", 90)).empty
