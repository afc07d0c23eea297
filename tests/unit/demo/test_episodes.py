"""What an episode does to the daily rates of an account."""

import numpy as np
import pytest

from accounts_app.demo.episodes import LOOKALIKE_KINDS, Course, Episode, course_of

LENGTH = 400


def _course(kind: str, **fields: float | None) -> Course:
    known = {"onset": 100, "fades": 100} | fields
    return course_of([Episode(kind, **known)], LENGTH)  # type: ignore[arg-type]


def test_fading_orders_halve_every_half_life_and_end_when_lost() -> None:
    course = _course("slowing", half_life=50.0, lost=300)
    assert course.orders[99] == course.orders[100] == 1
    assert course.orders[150] == pytest.approx(0.5)
    assert course.orders[200] == pytest.approx(0.25)
    assert course.orders[299] > 0
    assert not course.orders[300:].any()


def test_saved_account_is_back_after_twenty_days() -> None:
    course = _course("slowing", half_life=20.0, ends=200)
    assert course.orders[200] < 0.1
    assert course.orders[210] == pytest.approx(0.5)
    assert (course.orders[220:] == 1).all()


def test_absence_stops_us_before_orders_fall() -> None:
    course = _course("our_absence", fades=180)
    assert not course.proactive[100:].any()
    assert course.orders[180] == 1
    assert course.orders[260] < 0.5


def test_silence_stops_them_and_keeps_us_from_reaching_anybody() -> None:
    course = _course("contact_silence", fades=160)
    assert course.inbound[120] == pytest.approx(0.05)
    assert course.answered[120] == pytest.approx(0.15)
    assert course.orders[150] == 1


def test_merged_orders_are_fewer_and_larger_by_the_same_factor() -> None:
    course = _course("merged", ends=200)
    assert course.orders[150] * course.size[150] == pytest.approx(1)
    assert course.orders[150] == pytest.approx(0.5)
    assert course.orders[200] == course.size[200] == 1


@pytest.mark.parametrize("kind", ["pause", "closure", "late_order"])
def test_pausing_account_orders_nothing_and_then_as_before(kind: str) -> None:
    course = _course(kind, ends=140)
    assert not course.orders[100:140].any()
    assert np.delete(course.orders, np.arange(100, 140)).min() == 1


@pytest.mark.parametrize("kind", LOOKALIKE_KINDS)
def test_look_alike_never_counts_as_drifting_or_lost(kind: str) -> None:
    episode = Episode(kind, 100, 100, ends=200)
    assert not any(episode.drifting_on(day) or episode.lost_on(day) for day in range(LENGTH))


def test_drift_lasts_from_its_onset_until_saved_or_lost() -> None:
    lost = Episode("slowing", 100, 100, lost=300)
    saved = Episode("slowing", 100, 100, ends=200)
    assert [lost.drifting_on(day) for day in (99, 100, 299, 300)] == [False, True, True, False]
    assert [saved.drifting_on(day) for day in (99, 100, 199, 200)] == [False, True, True, False]
    assert [lost.lost_on(day) for day in (299, 300)] == [False, True]


def test_before_orders_slow_down_the_tone_turns_they_complain_and_buy_a_group_elsewhere() -> None:
    course = _course("slowing", onset=200, fades=200, ends=300)
    assert not course.sour[139]
    assert course.sour[140] == course.sour[299] == 0.8
    assert np.flatnonzero(course.complained).tolist() == [190]
    assert np.flatnonzero(course.elsewhere).tolist() == list(range(80, 300))


def test_who_falls_silent_complains_before_and_an_absence_of_ours_sours_nothing() -> None:
    assert np.flatnonzero(_course("contact_silence").complained).tolist() == [90]
    absence = _course("our_absence", fades=180)
    assert not absence.sour.any()
    assert absence.elsewhere.any()
