import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.compute.post_mortem import WEEKS, Rise, covers, first_day, first_of, rises

LOST = dt.date(2026, 5, 1)


def judged(**weeks_before: dict[int, float]) -> list[Rise]:
    """Of levels by weeks before the loss; what is not given is unknown."""
    ages = range(WEEKS, -1, -1)
    days = [
        (LOST - dt.timedelta(weeks=age), {key: given[age] for key, given in weeks_before.items() if age in given})
        for age in ages
    ]
    return rises(days, LOST, opens_at=0.7, closes_under=0.5)


def low_then_high(since: int) -> dict[int, float]:
    return {age: 0.8 if age <= since else 0.1 for age in range(WEEKS + 1)}


def said(found: list[Rise]) -> list[tuple[str, str | None]]:
    return [(one.key, one.day.isoformat() if one.day else None) for one in found]


def test_who_crossed_first_and_stayed_comes_first() -> None:
    found = judged(silence=low_then_high(4), order_rhythm=low_then_high(10), loyalty=dict.fromkeys(range(53), 0.2))
    assert said(found) == [("order_rhythm", "2026-02-20"), ("silence", "2026-04-03"), ("loyalty", None)]
    first = first_of(found)
    assert first
    assert (first.key, first.highest, first.until, first.from_start) == ("order_rhythm", 0.8, None, False)


def test_what_was_over_before_the_last_quarter_does_not_lead_up_to_the_loss() -> None:
    passing = {age: 0.9 if 30 <= age <= 40 else 0.1 for age in range(WEEKS + 1)}
    found = judged(tone=passing, silence=low_then_high(4))
    assert said(found) == [("silence", "2026-04-03"), ("tone", "2025-07-25")]
    assert (found[1].until, found[1].leads) == (LOST - dt.timedelta(weeks=29), False)
    assert first_of(judged(tone=passing)) is None


@pytest.mark.parametrize(("over", "leads"), [(13, False), (12, True)])
def test_what_fell_with_time_in_the_last_quarter_does(over: int, leads: bool) -> None:
    fallen = {age: 0.9 if over < age <= 40 else 0.1 for age in range(WEEKS + 1)}
    found = judged(contact_change=fallen, silence=low_then_high(4))
    assert [one.leads for one in found if one.key == "contact_change"] == [leads]
    first = first_of(found)
    assert first
    assert first.key == ("contact_change" if leads else "silence")


def test_the_last_stretch_counts_and_a_dip_above_the_lower_line_does_not_end_it() -> None:
    again = {age: 0.9 if age >= 50 else 0.1 if age > 8 else 0.55 if age == 3 else 0.75 for age in range(WEEKS + 1)}
    assert said(judged(silence=again)) == [("silence", (LOST - dt.timedelta(weeks=8)).isoformat())]


@pytest.mark.parametrize(("level", "crossed"), [(0.69, None), (0.7, "2026-05-01")])
def test_the_line_itself_counts(level: float, crossed: str | None) -> None:
    assert said(judged(silence={5: 0.1, 0: level})) == [("silence", crossed)]


def test_above_the_line_from_the_first_day_known_is_told() -> None:
    assert judged(silence={9: 0.9, 0: 0.9})[0].from_start
    assert not judged(silence={9: 0.1, 0: 0.9})[0].from_start
    assert not judged(silence={9: 0.1, 0: 0.1})[0].from_start


def test_without_any_crossing_the_one_that_rose_most_is_named_or_none() -> None:
    slow = {age: 0.5 if age < 8 else 0.1 for age in range(WEEKS + 1)}
    flat = dict.fromkeys(range(WEEKS + 1), 0.2)
    first = first_of(judged(silence=flat, order_value=slow))
    assert first
    assert (first.key, round(first.grown, 9)) == ("order_value", 0.4)
    assert first_of(judged(silence=flat)) is None


def test_never_known_is_left_out_and_unknown_ends_nothing() -> None:
    gap = {age: 0.9 for age in range(10) if age not in {3, 4}} | {20: 0.1}
    assert said(judged(silence=gap, loyalty={})) == [("silence", (LOST - dt.timedelta(weeks=9)).isoformat())]


def test_nothing_judged_rises_nowhere() -> None:
    assert judged() == []
    assert first_of([]) is None


def test_days_from_the_first_of_53_weeks_cover_the_year() -> None:
    first = first_day(LOST)
    assert (LOST - first).days + 1 == 53 * 7
    assert covers(first, LOST)
    # However the weekly days lie, the first of them within the 53 weeks still tells of the year.
    assert covers(first + dt.timedelta(days=6), LOST)
    assert not covers(LOST - dt.timedelta(weeks=51) + dt.timedelta(days=1), LOST)


@given(st.lists(st.floats(0, 1), min_size=WEEKS + 1, max_size=WEEKS + 1))
def test_a_stretch_begins_at_the_line_and_never_after_the_loss(values: list[float]) -> None:
    by_age = dict(zip(range(WEEKS, -1, -1), values, strict=True))
    [rise] = judged(silence=by_age)
    assert (rise.day is None) is (max(values) < 0.7)
    if rise.day:
        assert by_age[(LOST - rise.day).days // 7] >= 0.7
        assert rise.day <= LOST
        assert rise.until is None or rise.until > rise.day
