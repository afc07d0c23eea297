import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.compute.post_mortem import WEEKS, covers, first_of, rises, weekly, weekly_days

LOST = dt.date(2026, 5, 1)


def levels(**weeks_before: dict[int, float]) -> pd.DataFrame:
    """Levels by weeks before the loss; what is not given is unknown."""
    days = pd.DatetimeIndex(weekly_days(LOST))
    ages = range(WEEKS, -1, -1)
    return pd.DataFrame(
        {key: [given.get(age, np.nan) for age in ages] for key, given in weeks_before.items()}, index=days
    )


def low_then_high(since: int) -> dict[int, float]:
    return {age: 0.8 if age <= since else 0.1 for age in range(WEEKS + 1)}


def found(frame: pd.DataFrame) -> list[tuple[str, str | None]]:
    return [(one.key, one.day.isoformat() if one.day else None) for one in rises(frame, opens_at=0.7, closes_under=0.5)]


def test_who_crossed_first_and_stayed_comes_first() -> None:
    frame = levels(silence=low_then_high(4), order_rhythm=low_then_high(10), loyalty=dict.fromkeys(range(53), 0.2))
    assert found(frame) == [("order_rhythm", "2026-02-20"), ("silence", "2026-04-03"), ("loyalty", None)]
    first = first_of(rises(frame, opens_at=0.7, closes_under=0.5))
    assert first
    assert (first.key, first.highest, first.until, first.from_start) == ("order_rhythm", 0.8, None, False)


def test_what_was_over_before_the_loss_stands_behind_what_lasted() -> None:
    passing = {age: 0.9 if 30 <= age <= 40 else 0.1 for age in range(WEEKS + 1)}
    frame = levels(tone=passing, silence=low_then_high(4))
    assert found(frame) == [("silence", "2026-04-03"), ("tone", "2025-07-25")]
    over = rises(frame, opens_at=0.7, closes_under=0.5)[1]
    assert over.until == LOST - dt.timedelta(weeks=29)


def test_the_last_stretch_counts_and_a_dip_above_the_lower_line_does_not_end_it() -> None:
    again = {age: 0.9 if age >= 50 else 0.1 if age > 8 else 0.55 if age == 3 else 0.75 for age in range(WEEKS + 1)}
    assert found(levels(silence=again)) == [("silence", (LOST - dt.timedelta(weeks=8)).isoformat())]


@pytest.mark.parametrize(("level", "crossed"), [(0.69, None), (0.7, "2026-05-01")])
def test_the_line_itself_counts(level: float, crossed: str | None) -> None:
    assert found(levels(silence={5: 0.1, 0: level})) == [("silence", crossed)]


def test_above_the_line_from_the_first_day_known_is_told() -> None:
    assert rises(levels(silence={9: 0.9, 0: 0.9}), opens_at=0.7, closes_under=0.5)[0].from_start


def test_without_any_crossing_the_one_that_rose_most_is_named_or_none() -> None:
    slow = {age: 0.5 if age < 8 else 0.1 for age in range(WEEKS + 1)}
    flat = dict.fromkeys(range(WEEKS + 1), 0.2)
    assert first_of(rises(levels(silence=flat, order_value=slow), opens_at=0.7, closes_under=0.5)).key == "order_value"  # type: ignore[union-attr]
    assert first_of(rises(levels(silence=flat), opens_at=0.7, closes_under=0.5)) is None


def test_never_known_is_left_out_and_unknown_ends_nothing() -> None:
    gap = {age: 0.9 for age in range(10) if age not in {3, 4}} | {20: 0.1}
    frame = levels(silence=gap, loyalty={})
    assert found(frame) == [("silence", (LOST - dt.timedelta(weeks=9)).isoformat())]


def test_weeks_take_the_last_day_judged_and_must_all_be_there() -> None:
    days = pd.date_range(LOST - dt.timedelta(days=380), LOST + dt.timedelta(days=3), freq="D")
    weeks = weekly(pd.DataFrame({"day": days, "risk": range(len(days))}), LOST)
    assert weeks["day"].iloc[-1] == pd.Timestamp(LOST)
    assert (weeks["day"].diff().dropna() == pd.Timedelta(days=7)).all()
    assert covers(weeks)
    assert not covers(weeks[weeks["weeks_before"] != 17])
    assert weekly_days(LOST)[0] == LOST - dt.timedelta(weeks=WEEKS)


@given(st.lists(st.floats(0, 1), min_size=WEEKS + 1, max_size=WEEKS + 1))
def test_a_stretch_begins_at_the_line_and_never_after_the_loss(values: list[float]) -> None:
    frame = pd.DataFrame({"silence": values}, index=pd.DatetimeIndex(weekly_days(LOST)))
    [rise] = rises(frame, opens_at=0.7, closes_under=0.5)
    assert (rise.day is None) is (max(values) < 0.7)
    if rise.day:
        assert frame["silence"].loc[pd.Timestamp(rise.day)] >= 0.7
        assert rise.day <= LOST
        assert rise.until is None or rise.until > rise.day
