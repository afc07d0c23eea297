"""The days offered for the next contact."""

import datetime as dt

import pytest

from accounts_app.plan_days import (
    by_due_day,
    first_visit_day,
    hand_over_day,
    in_a_month,
    in_weeks,
    joint_visit_days,
    working_day,
)

FRIDAY, SATURDAY, SUNDAY, MONDAY = (dt.date(2026, 11, day) for day in (20, 21, 22, 23))


@pytest.mark.parametrize(("day", "wanted"), [(FRIDAY, FRIDAY), (SATURDAY, MONDAY), (SUNDAY, MONDAY), (MONDAY, MONDAY)])
def test_a_weekend_gives_way_to_monday(day: dt.date, wanted: dt.date) -> None:
    assert working_day(day) == wanted


def test_two_weeks_are_two_weeks() -> None:
    assert in_weeks(FRIDAY, 2) == dt.date(2026, 12, 4)
    assert in_weeks(SUNDAY, 2) == dt.date(2026, 12, 7)


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        (dt.date(2026, 11, 23), dt.date(2026, 12, 23)),
        (dt.date(2026, 12, 15), dt.date(2027, 1, 15)),  # into the next year
        (dt.date(2027, 3, 31), dt.date(2027, 4, 30)),  # no 31 April
        (dt.date(2028, 1, 31), dt.date(2028, 2, 29)),  # a leap year
        (dt.date(2027, 1, 31), dt.date(2027, 3, 1)),  # 28 February 2027 is a Sunday
    ],
)
def test_a_month_ends_where_the_next_one_does(today: dt.date, wanted: dt.date) -> None:
    assert in_a_month(today) == wanted


@pytest.mark.parametrize(
    ("due", "wanted"),
    [
        (dt.date(2026, 12, 23), dt.date(2026, 12, 23)),
        (dt.date(2026, 12, 27), dt.date(2026, 12, 25)),  # the Friday before keeps the promise
        (MONDAY, MONDAY),
        (SUNDAY, MONDAY),  # the Friday before has passed
        (FRIDAY, MONDAY),  # today
        (dt.date(2026, 1, 1), MONDAY),  # long broken
    ],
)
def test_the_due_day_keeps_the_promise_where_it_still_can(due: dt.date, wanted: dt.date) -> None:
    assert by_due_day(due, today=FRIDAY) == wanted


def test_a_hand_over_is_proposed_a_week_from_now() -> None:
    assert hand_over_day(dt.date(2026, 6, 30)) == dt.date(2026, 7, 7)
    assert hand_over_day(dt.date(2026, 6, 27)) == dt.date(
        2026, 7, 6
    )  # a week from a Saturday is none: the Monday after


@pytest.mark.parametrize(
    ("last", "day"),
    [
        (dt.date(2026, 7, 7), dt.date(2026, 7, 7)),
        (dt.date(2026, 7, 6), dt.date(2026, 7, 6)),
        (dt.date(2026, 7, 5), dt.date(2026, 7, 3)),  # a Sunday: the Friday before
        (dt.date(2026, 6, 30), dt.date(2026, 6, 30)),
        (dt.date(2026, 6, 1), dt.date(2026, 6, 30)),  # never in the past
    ],
)
def test_a_hand_over_comes_before_the_last_day(last: dt.date, day: dt.date) -> None:
    assert hand_over_day(dt.date(2026, 6, 30), last) == day


@pytest.mark.parametrize("number", [1, 2, 7, 8, 9, 100])
def test_joint_visits_are_spread_over_working_days(number: int) -> None:
    first = first_visit_day(dt.date(2026, 6, 30))
    days = joint_visit_days(first, number)
    assert (len(days), days[0]) == (number, first)
    assert days == sorted(days)
    assert all(day.weekday() < 5 for day in days)
    assert days[-1] <= dt.date(2026, 6, 30) + dt.timedelta(days=17)
    busiest = max(days.count(day) for day in days)
    assert busiest <= -(-number // 8)


def test_no_account_no_visit() -> None:
    assert joint_visit_days(dt.date(2026, 7, 3), 0) == []
