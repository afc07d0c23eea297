"""Points of a past day, worked out again, and what moved since."""

from hypothesis import given
from hypothesis import strategies as st

from signals.compute.moves import Moved, Points, moves_between, points_of
from signals.compute.rules import DEFAULT_RULES

LEVELS = st.dictionaries(st.sampled_from(sorted(DEFAULT_RULES.weights)), st.floats(0, 1))


@given(LEVELS, st.floats(0.02, 0.25))
def test_points_add_up_to_the_risk(levels: dict[str, float], base_rate: float) -> None:
    points = points_of(levels, DEFAULT_RULES, base_rate)
    assert points.starting + sum(points.by_signal.values()) == points.risk
    assert set(points.by_signal) == set(levels)


@given(LEVELS, LEVELS)
def test_moves_add_up_to_the_change_of_risk(before: dict[str, float], after: dict[str, float]) -> None:
    then, now = points_of(before, DEFAULT_RULES, 0.1), points_of(after, DEFAULT_RULES, 0.12)
    moved = sum(one.difference for one in moves_between(then, now))
    assert moved + now.starting - then.starting == now.risk - then.risk


def test_what_became_known_or_unknown_moved_by_all_its_points() -> None:
    then = Points(30, 10, {"silence": 12, "loyalty": 8, "order_value": 0})
    now = Points(41, 10, {"loyalty": 9, "contact_change": 22})
    assert moves_between(then, now) == [
        Moved("contact_change", None, 22),
        Moved("silence", 12, None),
        Moved("loyalty", 8, 9),
    ]


def test_without_a_known_level_the_starting_point_is_the_risk() -> None:
    assert points_of({}, DEFAULT_RULES, 0.17) == Points(17, 17, {})
