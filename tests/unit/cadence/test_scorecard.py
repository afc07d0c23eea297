"""Scorecards: periods, outcomes and expectations worked by hand, and what must never move the bar."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from cadence.expectation import Expectation, Pace, Verdict, expectations, paces
from cadence.scorecard import compared, handed_over, outcome, outcomes, people_behind, period_of, shown_groups

TODAY = dt.date(2026, 5, 20)


def test_a_period_is_whole_quarters_against_the_same_a_year_before() -> None:
    key, year = period_of("", TODAY)
    assert (key, year.begins_on, year.last_on) == ("year", dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    assert (year.base_from, year.base_before) == (dt.date(2024, 4, 1), dt.date(2025, 4, 1))
    _key, last = period_of("quarter", TODAY)
    assert (last.begins_on, last.ends_before) == (dt.date(2026, 1, 1), dt.date(2026, 4, 1))
    _key, named = period_of("2025-4", TODAY)
    assert (named.begins_on, named.last_on) == (dt.date(2025, 10, 1), dt.date(2025, 12, 31))
    assert (named.base_from, named.base_before) == (dt.date(2024, 10, 1), dt.date(2025, 1, 1))


@pytest.mark.parametrize("key", ["2026-2", "2019-1", "2026-9", "\0", "x" * 500])
def test_the_running_quarter_and_nonsense_are_the_last_four_quarters(key: str) -> None:
    assert period_of(key, TODAY)[0] == "year"


def held(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    usual = {
        "owner_id": 1.0, "owner_end": 1.0, "known": True, "year": 0.0, "band_start": "healthy", "band_end": "healthy",
    }  # fmt: skip
    return pd.DataFrame([usual | row for row in rows])


FIVE = held(
    [
        {"base": 100.0, "after": 100.0, "year": 400.0},
        {"base": 200.0, "after": 260.0, "year": 200.0, "band_start": "drifting"},
        {"base": 300.0, "after": 180.0, "year": 300.0, "band_end": "at_risk"},
        {"base": 400.0, "after": 0.0, "year": 100.0, "band_end": "unknown", "owner_end": 2.0},
        {"base": 0.0, "after": 70.0},
        {"base": 500.0, "after": 500.0, "known": False},
    ]
)


def test_what_became_of_a_portfolio_by_hand() -> None:
    """Base 100 + 200 + 300 + 400 = 1000; kept 100 + 200 + 180 = 480; the same bought 540; expansion 60.

    Of 1000 of the year before, healthy at the start 400 + 300 + 100 = 800, at the end 400 + 200 = 600, 100 unknown.
    """
    found = outcome(FIVE)
    assert (found.accounts, found.compared, found.unknown) == (6, 4, 1)
    assert (found.retention.gross, found.retention.net, found.expansion_share) == (0.48, 0.54, 0.06)
    assert found.health.start == {"healthy": 0.8, "drifting": 0.2, "at_risk": 0.0, "unknown": 0.0}
    assert found.health.end == pytest.approx({"healthy": 0.6, "drifting": 0.0, "at_risk": 0.3, "unknown": 0.1})
    # A tenth was not judged at the end: it fell by a fifth if that is not healthy, by a tenth if it is.
    assert found.health.change == pytest.approx((-0.2, -0.1))


def test_handed_over_is_apart_and_still_of_whoever_held_it() -> None:
    assert len(handed_over(FIVE)) == 1
    assert outcome(handed_over(FIVE)).retention.gross == 0.0
    assert outcomes(FIVE, "owner_id")[1].retention.base == 1000.0


def test_nothing_before_is_unknown_and_not_zero() -> None:
    found = outcome(held([{"base": 0.0, "after": 10.0}]))
    assert (found.retention.gross, found.expansion_share, found.health.change) == (None, None, None)
    blind = held([{"base": 5.0, "after": 5.0, "year": 5.0, "band_end": "unknown"}])
    assert outcome(blind).health.change is None


def test_the_graver_level_counts_and_none_is_unknown() -> None:
    nan = np.nan
    rhythm, value = np.array([0.1, 0.1, nan, 0.59, 0.25, nan]), np.array([0.2, 0.7, 0.3, nan, nan, nan])
    assert list(paces(rhythm, value)) == ["steady", "stalled", "slower", "slower", "slower", "unknown"]


def portfolio(owner: int, kept: Sequence[float], *, tier: int = 1, pace: str = Pace.STEADY) -> pd.DataFrame:
    rows = {"owner_id": float(owner), "tier_id": tier, "pace": pace, "base": 100.0, "kept": kept}
    return pd.DataFrame(rows)


def all_of(*parts: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)


# Five others: of 30 accounts of tier 1 six kept nothing, the 10 of tier 2 all.
OTHERS = [portfolio(n, [100.0] * 4 + [0.0, 100.0]) for n in (2, 3, 4, 5)]
OTHERS += [portfolio(6, [100.0] * 4 + [0.0, 0.0]), portfolio(6, [100.0] * 10, tier=2)]
OWN = portfolio(1, [100.0] * 10)


def test_the_expectation_by_hand() -> None:
    """Of tier 1: 24 of 30 kept = 0.8; of all: 34 of 40 = 0.85; trust 30 / (30 + 10) = 0.75.

    Expected 0.75 · 0.8 + 0.25 · 0.85 = 0.8125. Variance between accounts 0.75 · 0.16 + 0.25 · 0.1275 + 0.75 · 0.25 ·
    0.05² = 0.15234375, a tenth of it for ten accounts of one size; of the share 0.75² · 0.16 / 30 = 0.003; of the whole
    0.25² · 0.1275 / 40 = 0.00019921875. Together 0.01843359375: 1.96 · 0.1357704 = 0.26611.
    As a beta distribution: 0.8125 · 0.1875 / 0.01843359375 - 1 = 7.264414, of which 0.8125 are 5.902336.
    """
    cases = all_of(OWN, *OTHERS)
    found = expectations(cases, "kept")[1]
    assert (found.share, found.low, found.high) == pytest.approx((0.8125, 0.54639, 1.07861), abs=1e-5)
    share = expectations(cases, "kept", is_share=True)[1]
    tails = [float(beta.cdf(end, 5.902336, 7.264414 - 5.902336)) for end in (share.low, share.high)]
    assert (share.share, *tails) == pytest.approx((0.8125, 0.025, 0.975), abs=1e-5)
    assert share.high < 1


def test_what_chance_explains() -> None:
    expected = Expectation(0.9, 0.85, 0.95)
    said = [expected.verdict(share) for share in (0.84, 0.85, 0.95, 0.96)]
    assert said == [Verdict.BELOW, Verdict.WITHIN, Verdict.WITHIN, Verdict.ABOVE]


@pytest.mark.parametrize(
    ("own", "others"),
    [
        (OWN[:5], OTHERS),  # five accounts
        (OWN, OTHERS[1:]),  # only four others
        (OWN, [part[:4] for part in OTHERS]),  # 24 accounts of others
        (OWN.assign(base=[1e6] + [1.0] * 9), OTHERS),  # one account carries all
    ],
    ids=["few of the own", "few people", "few of others", "one carries all"],
)
def test_too_few_to_say_anything(own: pd.DataFrame, others: list[pd.DataFrame]) -> None:
    assert 1 not in expectations(all_of(own, *others), "kept")


def test_a_stalled_portfolio_has_a_lower_bar_than_a_steady_one() -> None:
    stalled = [portfolio(n, [0.0] * 6 + [100.0] * 4, pace=Pace.STALLED) for n in (2, 3, 4, 5, 6)]
    steady = expectations(all_of(OWN, *OTHERS, *stalled), "kept")[1]
    hard = expectations(all_of(OWN.assign(pace=Pace.STALLED), *OTHERS, *stalled), "kept")[1]
    assert hard.share < steady.share - 0.2


KEPT = st.lists(st.integers(0, 100), min_size=10, max_size=10)


@given(KEPT, KEPT)
@settings(max_examples=25)
def test_what_became_of_the_own_accounts_moves_the_own_bar_nowhere(one: list[int], other: list[int]) -> None:
    bars = [expectations(all_of(portfolio(1, kept), *OTHERS), "kept")[1] for kept in (one, other)]
    assert bars[0].share == pytest.approx(bars[1].share)
    assert bars[0].low == pytest.approx(bars[1].low)


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=10, max_size=10), st.sampled_from(["silence", "band_start"]))
@settings(max_examples=25)
def test_neglect_moves_the_bar_nowhere(levels: list[float], column: str) -> None:
    """Whatever else is known of the accounts at the start: contacts, cadence, service, the band itself."""
    neglected = all_of(OWN.assign(**{column: levels}), *OTHERS)
    assert expectations(neglected, "kept") == expectations(all_of(OWN, *OTHERS), "kept")


@given(st.floats(1e-3, 1e6), KEPT)
@settings(max_examples=25)
def test_another_currency_moves_nothing(rate: float, kept: list[int]) -> None:
    cases = all_of(portfolio(1, kept), *OTHERS)
    foreign = cases.assign(base=cases["base"] * rate, kept=cases["kept"] * rate)
    for key, bar in expectations(cases, "kept").items():
        other = expectations(foreign, "kept")[key]
        assert (other.share, other.low, other.high) == pytest.approx((bar.share, bar.low, bar.high), abs=1e-9)


@given(st.permutations(range(50)))
@settings(max_examples=15)
def test_the_order_of_the_rows_moves_nothing(order: list[int]) -> None:
    cases = all_of(OWN, *OTHERS)
    bar, other = (expectations(table, "kept")[1] for table in (cases, cases.iloc[order]))
    assert (bar.share, bar.low) == pytest.approx((other.share, other.low))


def test_of_managers_who_are_all_alike_about_one_in_twenty_lies_outside() -> None:
    """The interval holds what it says: 40 portfolios of 25 accounts of very different size, five times."""
    inside, judged = 0, 0
    for seed in range(5):
        rng = np.random.default_rng(seed)
        number = 40 * 25
        owner, tier = np.repeat(np.arange(40.0), 25), rng.integers(1, 4, number)
        base = rng.lognormal(10, 0.8, number)
        kept = base * np.where(rng.random(number) < 0.05 * tier, 0.0, rng.beta(8, 1.5, number))
        cases = pd.DataFrame({"owner_id": owner, "tier_id": tier, "pace": "steady", "base": base, "kept": kept})
        bars = expectations(cases, "kept", is_share=True)
        for _key, rows in cases.groupby("owner_id"):
            manager = int(rows["owner_id"].iloc[0])
            if manager in bars:
                judged += 1
                inside += bars[manager].verdict(rows["kept"].sum() / rows["base"].sum()) == Verdict.WITHIN
    assert judged > 150
    assert 0.92 <= inside / judged <= 0.99


def test_people_without_a_compared_account_hide_nobody() -> None:
    """Five hold accounts; of one alone there is a year before: the sum of the five would be that one's."""
    table = held([{"owner_id": float(n), "base": 100.0 if n == 1 else 0.0, "after": 50.0} for n in range(1, 6)])
    assert people_behind(table) == 1
    assert people_behind(table.assign(base=100.0)) == 5
    assert people_behind(table.assign(known=False)) == 5


def test_groups_of_fewer_people_are_hidden() -> None:
    assert list(shown_groups({1: 5, 2: 4, 3: 12}, 5)) == [1, 3]


def test_only_what_bought_before_is_compared() -> None:
    assert list(compared(FIVE)["kept"]) == [100.0, 200.0, 180.0, 0.0]
