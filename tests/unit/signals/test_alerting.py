from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.compute.alerting import alert_transitions
from signals.compute.rules import DEFAULT_RULES
from tests.unit.signals.frames import day

AS_OF = day("2026-03-31")


def one_reading(level: float | None, status: str = "ok", **details: Any) -> pd.DataFrame:
    level = np.nan if level is None else level
    return pd.DataFrame({"level": [level], "status": [status], "details": [details]}, index=[1])


def alert(
    state: str | None, *, rearmed: bool = False, snoozed_level: float = np.nan, until: str | None = None
) -> pd.DataFrame:
    rows = pd.DataFrame(
        {"state": [state], "rearmed": [rearmed], "snoozed_level": [snoozed_level], "snoozed_until": [until]}, index=[1]
    ).astype({"snoozed_until": "datetime64[s]"})
    return rows if state else rows[:0]


def move(
    level: float | None, latest: pd.DataFrame, status: str = "ok", key: str = "silence", **details: Any
) -> str | None:
    moves = alert_transitions(key, one_reading(level, status, **details), latest, DEFAULT_RULES, AS_OF)
    return moves.get(1)


@pytest.mark.parametrize(
    ("level", "state", "rearmed", "expected"),
    [
        (0.69, None, False, None),
        (0.70, None, False, "open"),
        (0.70, "open", False, None),
        (0.50, "open", False, None),
        (0.49, "open", False, "fade"),
        (0.49, "acknowledged", False, "fade"),
        (0.49, "snoozed", False, "fade"),
        (0.70, "faded", False, "open"),
        (0.95, "resolved", False, None),
        (0.49, "resolved", False, "rearm"),
        (0.49, "resolved", True, None),
        (0.70, "resolved", True, "open"),
    ],
)
def test_alert_opens_closes_and_rearms_with_hysteresis(
    level: float, state: str | None, rearmed: bool, expected: str | None
) -> None:
    assert move(level, alert(state, rearmed=rearmed, until="2026-12-31" if state == "snoozed" else None)) == expected


@pytest.mark.parametrize(
    ("level", "snoozed_level", "until", "expected"),
    [
        (0.89, 0.75, "2026-04-01", None),
        (0.90, 0.75, "2026-04-01", "wake"),
        (0.95, 0.92, "2026-04-01", None),  # it was as high when it was snoozed
        (0.90, np.nan, "2026-04-01", "wake"),
        (0.75, 0.75, "2026-03-31", "wake"),
        (0.40, 0.75, "2026-03-31", "fade"),
    ],
)
def test_snooze_holds_until_its_day_unless_the_level_breaks_it(
    level: float, snoozed_level: float, until: str, expected: str | None
) -> None:
    assert move(level, alert("snoozed", snoozed_level=snoozed_level, until=until)) == expected


@pytest.mark.parametrize("status", ["stale", "no_data", "insufficient_history", "not_used"])
def test_unknown_reading_neither_alarms_nor_reassures(status: str) -> None:
    assert move(None, alert(None), status) is None
    assert move(None, alert("open"), status) is None
    assert move(None, alert("resolved"), status) is None
    assert move(None, alert("snoozed", until="2026-04-01"), status) is None
    assert move(None, alert("snoozed", until="2026-03-31"), status) == "wake"


@pytest.mark.parametrize(
    ("level", "chance", "state", "expected"),
    [
        (0.95, 0.010, None, None),  # very likely to stay away, but not proved by this gap
        (0.30, 0.009, None, "open"),
        (0.30, 0.009, "open", None),
        (0.30, 0.019, "open", None),  # less striking, but not yet half the odds
        (0.30, 0.020, "open", "fade"),
        (0.60, 0.500, "open", None),
    ],
)
def test_order_rhythm_opens_by_the_chance_of_so_long_a_gap(
    level: float, chance: float, state: str | None, expected: str | None
) -> None:
    assert move(level, alert(state), key="order_rhythm", p_gap_this_long=chance) == expected


@pytest.mark.parametrize(("chance", "expected"), [(0.0019, "open"), (0.002, None)])
def test_among_many_accounts_a_gap_must_be_more_unusual(chance: float, expected: str | None) -> None:
    reading = one_reading(0.3, p_gap_this_long=chance)
    moves = alert_transitions("order_rhythm", reading, alert(None), DEFAULT_RULES, AS_OF, chance_line=0.002)
    assert moves.get(1) == expected


@pytest.mark.parametrize(
    ("state", "last_order", "closed_on", "expected"),
    [
        ("resolved", "2026-02-01", "2026-02-20", None),  # of the same gap: it was tested once
        ("resolved", "2025-11-01", "2026-02-20", "open"),
        ("resolved", "2025-11-01", "2026-03-12", None),  # 19 days ago, and a gap lasts 20
        ("resolved", "2025-11-01", "2026-03-11", "open"),
        ("faded", "2026-02-01", "2026-03-30", "open"),  # a correction taken back
    ],
)
def test_a_gap_is_tested_once_and_none_within_one_own_gap(
    state: str, last_order: str, closed_on: str, expected: str | None
) -> None:
    reading = one_reading(0.3, p_gap_this_long=0.0001, last_order="2026-02-01", mean_gap_days=20.0)
    closed = alert(state, rearmed=True).assign(last_order=last_order, closed_on=pd.Timestamp(closed_on))
    assert alert_transitions("order_rhythm", reading, closed, DEFAULT_RULES, AS_OF).get(1) == expected


def test_prior_chance_of_a_short_history_opens_nothing() -> None:
    found = move(None, alert(None), "insufficient_history", key="order_rhythm", p_gap_this_long=0.001)
    assert found is None


def test_only_accounts_that_move_are_returned() -> None:
    both = pd.DataFrame({"level": [0.9, 0.1], "status": "ok", "details": [{}, {}]}, index=[1, 2])
    moves = alert_transitions("silence", both, alert(None), DEFAULT_RULES, AS_OF)
    assert moves.to_dict() == {1: "open"}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_level_within_the_two_lines_never_moves_an_alert(levels: list[float]) -> None:
    state: str | None = None
    for level in levels:
        found = move(level, alert(state))
        if 0.5 <= level < 0.7:
            assert found is None
        state = {"open": "open", "fade": "faded", None: state}[found]
        assert (state == "open") >= (level >= 0.7)
