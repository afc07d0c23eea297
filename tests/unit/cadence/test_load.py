"""The weeks that promised contacts fall into, worked by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cadence.load import by_week, first_week, next_due, promised_hours

MONDAY = dt.date(2026, 6, 29)


@pytest.mark.parametrize(
    ("today", "begins"),
    [(MONDAY, MONDAY), (dt.date(2026, 7, 3), MONDAY), (dt.date(2026, 7, 4), dt.date(2026, 7, 6))],
)
def test_a_weekend_belongs_to_the_week_after(today: dt.date, begins: dt.date) -> None:
    assert first_week(today) == begins


def promised(due: str, ideal: float, hours: float = 1.0) -> list[float]:
    table = pd.DataFrame(
        {"owner_id": [7.0], "next_due": [np.datetime64(due, "s")], "ideal_days": [ideal], "hours": hours}
    )
    found = promised_hours(table, MONDAY, weeks=4)
    return found.to_numpy()[0].tolist() if len(found) else []


def test_each_contact_falls_into_the_week_it_is_due_in() -> None:
    assert promised("2026-07-05", 7) == [1, 1, 1, 1]  # Sundays
    assert promised("2026-07-06", 14, hours=2.5) == [0, 2.5, 0, 2.5]
    assert promised("2026-06-01", 10) == [1, 1, 1, 0]  # overdue: on the first day, then on 9 and 19 July


def test_what_is_due_behind_the_last_week_takes_no_hours() -> None:
    assert promised("2026-07-26", 90) == [0, 0, 0, 1]
    assert promised("2026-07-27", 90) == []


def test_a_plan_begins_the_interval_anew_and_nothing_on_record_is_due_today() -> None:
    days = pd.to_datetime(pd.Series(["2026-07-20", "2026-01-01", None]))
    plans = pd.to_datetime(pd.Series(["2026-07-10", None, None]))
    found = next_due(days, plans, pd.Series([30.0, 30.0, 30.0]), dt.date(2026, 6, 30))
    assert [moment.date() for moment in found] == [dt.date(2026, 8, 9), dt.date(2026, 6, 30), dt.date(2026, 6, 30)]


def test_days_of_the_past_count_in_the_first_week() -> None:
    days = np.array(["2026-05-01", "2026-07-07"], dtype="datetime64[D]")
    found = by_week(np.array([1, 1]), days, np.array([2.0, 3.0]), MONDAY, weeks=3)
    assert found.to_numpy()[0].tolist() == [2, 3, 0]


def test_without_any_contact_there_is_a_table_of_nobody() -> None:
    empty = np.array([], dtype="datetime64[D]")
    assert by_week(np.array([], dtype=int), empty, np.array([]), MONDAY, weeks=3).shape == (0, 3)
