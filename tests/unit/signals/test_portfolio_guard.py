"""Whether orders are missing, not customers."""

import numpy as np
import pytest
from scipy.stats import poisson

from signals.compute.portfolio_guard import judge_week

YEAR = [40, 44, 36, 42, 38] * 11  # 55 weeks


def verdict(weeks: list[int], quiet: list[int] | None = None) -> bool:
    closed = np.zeros(len(weeks), dtype=bool)
    closed[quiet or []] = True
    return judge_week(np.array(weeks), closed).missing


def test_a_usual_week_is_not_missing() -> None:
    assert not verdict([*YEAR, 37])


def test_a_week_with_hardly_any_order_is() -> None:
    found = judge_week(np.array([*YEAR, 3]), np.zeros(56, dtype=bool))
    assert (found.missing, found.seen, found.expected) == (True, 3, 40.0)


def test_the_line_is_the_first_percentile_where_weeks_vary_like_chance() -> None:
    """A small portfolio: Poisson with mean 10 has its first percentile at 3."""
    weeks = [10, 11, 9, 10] * 14
    assert poisson.ppf(0.01, 10) == 3
    assert not verdict([*weeks, 3])
    assert verdict([*weeks, 2])


def test_a_tenth_fewer_is_customers_leaving_not_data_missing() -> None:
    """In a large portfolio that is far below the percentile, too."""
    weeks = [3000, 3010, 2990] * 18
    assert not verdict([*weeks, 2600])
    assert verdict([*weeks, 1700])


def test_a_season_as_low_a_year_ago_is_not_missing() -> None:
    weeks = list(YEAR)
    weeks[-52] = 2
    assert not verdict([*weeks, 3])
    weeks[-52], weeks[-30] = 40, 2
    assert verdict([*weeks, 3])


@pytest.mark.parametrize("weeks", [[0], [40] * 25 + [0], [2] * 60 + [0]])
def test_too_short_or_too_small_a_portfolio_is_not_judged(weeks: list[int]) -> None:
    assert not verdict(weeks)


def test_weeks_in_which_the_company_was_closed_say_nothing() -> None:
    assert not verdict([*YEAR, 0], quiet=[55])
    low = list(YEAR)
    for week in range(10, 30):
        low[week] = 0
    assert verdict([*low, 3], quiet=list(range(10, 30)))
