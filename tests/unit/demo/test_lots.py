"""Streams of chance, names and days."""

import datetime as dt
from collections import Counter

import numpy as np
import pytest

from accounts_app.demo.clock import Clock
from accounts_app.demo.lots import pick, stream
from accounts_app.demo.names import NamePool


def test_stream_is_the_same_for_a_key_and_another_for_another() -> None:
    first, again, other = stream(7, 1, 4).random(5), stream(7, 1, 4).random(5), stream(7, 1, 5).random(5)
    assert first.tolist() == again.tolist()
    assert not np.allclose(first, other)


def test_pick_follows_the_shares() -> None:
    chance = stream(7, 1)
    drawn = Counter(pick({"a": 0.7, "b": 0.3}, chance) for _ in range(4000))
    assert drawn["a"] / 4000 == pytest.approx(0.7, abs=0.03)


def test_names_are_dealt_once_each_and_run_out() -> None:
    names = NamePool(stream(7, 2))
    czech = [names.draw("CZ") for _ in range(144)]
    assert len(set(czech)) == 144
    with pytest.raises(IndexError):
        names.draw("CZ")


def test_names_of_a_country_come_from_its_language() -> None:
    austrian = NamePool(stream(7, 2)).draw("AT")
    assert austrian == NamePool(stream(7, 2)).draw("DE")


@pytest.mark.parametrize(
    ("day", "moved_to"),
    [
        (dt.date(2026, 11, 20), dt.date(2026, 11, 20)),  # Friday
        (dt.date(2026, 11, 21), dt.date(2026, 11, 23)),
        (dt.date(2026, 11, 22), dt.date(2026, 11, 23)),
        (dt.date(2026, 11, 23), dt.date(2026, 11, 23)),
    ],
)
def test_workday_from_moves_a_weekend_to_monday(day: dt.date, moved_to: dt.date) -> None:
    clock = Clock(dt.date(2026, 11, 22))
    assert clock.day(clock.workday_from(clock.index(day))) == moved_to
    assert clock.workdays[clock.index(day)] == (day == moved_to)


def test_clock_counts_three_years_to_either_side() -> None:
    clock = Clock(dt.date(2028, 2, 29))
    assert clock.day(clock.now) == dt.date(2028, 2, 29)
    assert (clock.days[0], clock.last) == (dt.date(2025, 2, 28), dt.date(2031, 3, 1))
    assert clock.yeardays[clock.index(dt.date(2028, 12, 31))] == 366
