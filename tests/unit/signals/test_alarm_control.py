"""The line by which gaps alarm, held against portfolios in which nothing changes, and one in which some leave."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

from signals.compute.alarm_control import FALSE_SHARE, WINDOW_DAYS, GapTests, corrected_line, gap_tests

LINE = 0.01
SHAPE = 2.3  # regularity of typical B2B orders (detection.md)
PROMISED_A_MONTH = FALSE_SHARE / (1 - FALSE_SHARE) ** 2

Days = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Portfolio:
    """The silence of each account on each day, and where its gaps begin anew; `leave_on` is infinite for who stays."""

    silence: Days
    mean_gap: Days
    leave_on: Days

    @property
    def months(self) -> float:
        return len(self.silence) / WINDOW_DAYS


def simulated(accounts: int, days: int, *, leaving: float = 0.0, seed: int = 7) -> Portfolio:
    """Accounts with a mean gap of 5 to 60 days, watched from a year after their first order on."""
    random = np.random.default_rng(seed)
    mean_gap = random.uniform(5, 60, accounts)
    leave_on = np.where(random.random(accounts) < leaving, random.uniform(365, 365 + days, accounts), np.inf)
    clock, silence = np.arange(365, 365 + days, dtype=float), np.empty((days, accounts))
    for account in range(accounts):
        count = int(2 * (365 + days) / mean_gap[account]) + 20
        ordered = np.cumsum(random.gamma(SHAPE, mean_gap[account] / SHAPE, count))
        ordered = np.concatenate([[0.0], ordered[ordered < leave_on[account]]])
        silence[:, account] = clock - ordered[np.searchsorted(ordered, clock, side="right") - 1]
    return Portfolio(silence, mean_gap, leave_on)


def alarms(portfolio: Portfolio, *, corrected: bool = True) -> tuple[int, int]:
    """How many gaps alarm, each once however long it lasts: those of accounts that stay, and of those that left."""
    stays, left = 0, 0
    alarmed = np.zeros(portfolio.silence.shape[1], dtype=bool)
    chance_of = {0: _chance(portfolio, 0), WINDOW_DAYS: _chance(portfolio, WINDOW_DAYS)}
    for day, silence in enumerate(portfolio.silence):
        if day:
            alarmed &= silence > portfolio.silence[day - 1]  # an order: a new gap
        now, before = chance_of[0][day], chance_of[WINDOW_DAYS][day]
        readings = pd.DataFrame(
            {
                "status": "ok",
                "level": 0.5,
                "p_gap_this_long": now,
                "p_gap_before": before,
                "mean_gap_days": portfolio.mean_gap,
            }
        )
        line = gap_tests(readings, LINE).corrected_line if corrected else LINE
        fresh = (now < line) & ~alarmed
        alarmed |= fresh
        gone = portfolio.leave_on <= 365 + day
        stays, left = stays + int((fresh & ~gone).sum()), left + int((fresh & gone).sum())
    return stays, left


def _chance(portfolio: Portfolio, days_ago: int) -> Days:
    silence = np.maximum(portfolio.silence - days_ago, 0)
    return np.asarray(gamma.sf(silence, SHAPE, scale=portfolio.mean_gap / SHAPE))


@pytest.mark.parametrize(("accounts", "days"), [(20, 3600), (200, 2400), (2000, 900)])
def test_false_alarms_with_nothing_changed_stay_at_the_promised_rate(accounts: int, days: int) -> None:
    portfolio = simulated(accounts, days)
    expected = PROMISED_A_MONTH * portfolio.months
    false, _none = alarms(portfolio)
    assert false <= expected + 3 * np.sqrt(expected)


def test_without_the_correction_they_grow_with_the_portfolio() -> None:
    """What the correction is for: one gap in a hundred, and 2,000 accounts complete some 2,800 a month."""
    portfolio = simulated(2000, 300)
    false, _none = alarms(portfolio, corrected=False)
    assert false / portfolio.months > 40 * PROMISED_A_MONTH


def test_where_some_leave_at_most_the_promised_share_is_false() -> None:
    """A tenth of 400 accounts leaves within three years: nearly all of it is seen, and the false ones are few."""
    portfolio = simulated(400, 1100, leaving=0.1)
    false, true = alarms(portfolio)
    assert true >= 0.8 * np.isfinite(portfolio.leave_on).sum()
    assert false / (false + true) <= FALSE_SHARE + 0.1


def test_the_line_of_one_account_is_never_exceeded() -> None:
    assert corrected_line([0.001] * 50, tested=2, line=LINE) == LINE
    assert corrected_line([], tested=0, line=LINE) == LINE


def test_benjamini_hochberg_by_hand() -> None:
    """Of 100 tests, .0024 and .004 pass (.25 k / 100 = .0025, .005), .0076 does not (.0075)."""
    assert corrected_line([0.0076, 0.004, 0.0024], tested=100, line=LINE) == pytest.approx(0.005)


def readings(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["status", "p_gap_this_long", "p_gap_before", "mean_gap_days"])
    return table.assign(level=np.where(table["status"] == "ok", 0.5, np.nan))


def test_each_account_counts_as_many_gaps_as_a_month_usually_has() -> None:
    found = gap_tests(readings(("ok", 0.5, 1, 10), ("ok", 0.5, 1, 60), ("stale", 0.001, 1, 10)), LINE)
    assert found.tested == pytest.approx(3 + 0.5)
    assert found.chances == {}


def test_a_gap_that_stood_out_a_month_ago_is_news_no_longer() -> None:
    found = gap_tests(readings(("ok", 1e-9, 0.005, 10), ("ok", 0.002, 0.3, 10)), LINE)
    assert found.chances == {1: 0.002}
    assert found.tested == 3


def test_an_account_computed_anew_replaces_what_was_known_of_it() -> None:
    night = GapTests(40.0, {1: 0.001, 2: 0.003}, LINE)
    by_day = night.with_accounts([2, 3], GapTests(3.0, {3: 0.0001}, LINE))
    assert (by_day.tested, by_day.chances) == (40.0, {1: 0.001, 3: 0.0001})


def test_what_is_stored_is_read_back() -> None:
    tests = GapTests(412.25, {7: 0.000123, 11: 0.002}, LINE)
    assert GapTests.from_json(tests.to_json()) == tests


def test_how_many_are_expected_to_be_nothing() -> None:
    tests = GapTests(1000.0, dict.fromkeys(range(8), 0.0001), LINE)
    assert tests.standing_out == 8
    assert tests.expected_false == pytest.approx(2)
    assert GapTests(1000.0, {}, LINE).expected_false == 0


@given(st.lists(st.floats(0, 0.0099), max_size=40), st.floats(0, 10_000))
def test_the_expected_false_ones_are_never_more_than_the_promised_share(chances: list[float], tested: float) -> None:
    found = GapTests(tested, dict(enumerate(chances)), LINE)
    assert 0 < found.corrected_line <= LINE
    assert found.expected_false <= FALSE_SHARE * max(found.standing_out, 0) + 1e-9


@given(st.lists(st.floats(0, 0.0099), max_size=40), st.floats(0, 10_000), st.floats(1, 5))
def test_more_tests_never_loosen_the_line(chances: list[float], tested: float, factor: float) -> None:
    assert corrected_line(chances, tested * factor, LINE) <= corrected_line(chances, tested, LINE) + 1e-15
