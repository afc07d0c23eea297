"""Delays against false alarms in the detection benchmark, by hand on three silences."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.replay.delay import YEAR, alarms, by_gap, delays, false_rate, threshold_for

# Spell 1 ends in a departure; spells 2 and 3 in an order after 24 and after 40 days (horizon 30).
WEEKS = pd.DataFrame(
    {
        "spell": [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3],
        "silence": [5, 12, 19, 26, 7, 14, 21, 6, 13, 20, 27],
        "gone": [True, True, True, True, False, False, False, False, False, False, False],
        "left": [True] * 4 + [False] * 7,
        "mean_gap": [12.0] * 4 + [8.0] * 3 + [40.0] * 4,
    }
)
SCORE = np.array([0.1, 0.5, 0.7, 0.9, 0.2, 0.3, 0.6, 0.1, 0.2, 0.3, 0.8])


def test_a_spell_alarms_once_on_the_first_week_that_reaches_the_threshold() -> None:
    found = alarms(WEEKS, SCORE, 0.5)
    assert found[["spell", "silence"]].to_numpy().tolist() == [[1, 12], [2, 21], [3, 27]]


def test_false_alarms_count_against_the_months_watched() -> None:
    """Two false ones in 11 account-weeks."""
    assert false_rate(WEEKS, alarms(WEEKS, SCORE, 0.5)) == pytest.approx(100 * 2 / (11 * 7 / 30.4375))


def test_the_threshold_is_the_lowest_that_keeps_the_false_ones() -> None:
    one = 100 / (11 * 7 / 30.4375)
    assert threshold_for(WEEKS, SCORE, one) == 0.7  # .6 would alarm in spell 2 as well
    assert threshold_for(WEEKS, SCORE, 0) == 0.9
    assert threshold_for(WEEKS, SCORE, 2 * one) == 0.1  # each silence alarms at most once, so no more can be false


def test_a_departure_that_no_alarm_saw_counts_a_year() -> None:
    seen, missed = delays(WEEKS, alarms(WEEKS, SCORE, 0.7)), delays(WEEKS, alarms(WEEKS, SCORE, 1.0))
    assert seen["delay"].tolist() == [19]
    assert missed["delay"].tolist() == [YEAR]
    assert by_gap(seen)[2] == ("10-20 d", 19.0, 1)
