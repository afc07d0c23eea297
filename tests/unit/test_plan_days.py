"""The days offered for the next contact."""

import datetime as dt

import pytest

from accounts_app.plan_days import by_due_day, in_a_month, in_weeks, working_day

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
