"""The clock of an incident on both sides of its target."""

from datetime import timedelta

import pytest

from accounts_app.incident_clock import Clock, span_text

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(), "0 d"),
        (59 * MINUTE, "0 h"),
        (DAY - MINUTE, "23 h"),
        (DAY, "1 d"),
        (2 * DAY - MINUTE, "47 h"),
        (2 * DAY, "2 d"),
        (9 * DAY + 23 * HOUR, "9 d"),
    ],
)
def test_a_span_is_written_in_whole_units(span: timedelta, text: str) -> None:
    assert span_text(span).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("running", "state", "percent"),
    [
        (timedelta(), "within", 0),
        (3 * DAY - MINUTE, "within", 75),
        (3 * DAY, "near", 75),
        (4 * DAY, "near", 100),
        (4 * DAY + MINUTE, "over", 100),
        (40 * DAY, "over", 100),
    ],
)
def test_state_and_bar_follow_the_share_of_the_target(running: timedelta, state: str, percent: int) -> None:
    clock = Clock(running, 4 * DAY)
    assert (clock.state, clock.percent) == (state, percent)


def test_the_distance_is_said_without_sign_on_either_side() -> None:
    assert Clock(5 * DAY, 3 * DAY).distance_text == Clock(DAY, 3 * DAY).distance_text
    assert Clock(5 * DAY, 3 * DAY).is_over
    assert not Clock(3 * DAY, 3 * DAY).is_over
