"""The signal: figures, statuses, sentences, and what must not change a reading."""

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, Json, json_records
from signals.compute.order_horizon import own_horizon
from signals.compute.order_rhythm import OrderRhythm
from signals.compute.renewal import VAGUE_PRIOR
from tests.unit.signals.frames import account, accounts, day, freshness, table

SIGNAL = OrderRhythm()
PARAMS: Json = {"prior": VAGUE_PRIOR.to_json(), "missing": [], "fitted_on": 0}
# A portfolio's, in which rhythms differ by less and are more regular than in the vague one.
FIRM: Json = {**PARAMS, "prior": replace(VAGUE_PRIOR, r=2.0, alpha=30.0, a=0.2, b=6.0).to_json()}
WEEKLY = [str(each.date()) for each in pd.date_range("2025-01-06", "2026-01-05", freq="7D")]  # 53 Mondays
few_days = st.lists(st.integers(0, 700), min_size=5, max_size=40, unique=True)


def ordered(*days: str, account_id: int = 1, amount: float = 100, known_on: str | None = None) -> pd.DataFrame:
    return table("orders", [(account_id, each, amount, known_on or each) for each in days])


def facts(*days: str, **tables: pd.DataFrame) -> Facts:
    return Facts(accounts=account(), orders=ordered(*days), **tables)


def quiet(*rows: tuple[float, str, str, str, str]) -> pd.DataFrame:
    """Rows: account_id, country, from_day, until_day, known_on."""
    return table("quiet", [(*row, "closed") for row in rows])


def reading(known: Facts, as_of: str, params: Json = PARAMS, signal: OrderRhythm = SIGNAL) -> dict[str, Any]:
    record = json_records(signal.compute(known, params, day(as_of)))[0]
    return {**record, **record["details"], "sentence": signal.explain(record)}


def after(number: int) -> str:
    return str(dt.date(2024, 1, 1) + dt.timedelta(days=number))


# --- figures ---------------------------------------------------------------------------------------------


def test_weekly_account_in_rhythm() -> None:
    found = reading(facts(*WEEKLY), "2026-01-09", FIRM)
    assert (found["status"], found["value"], found["baseline"]) == ("ok", 4, 7)
    assert (found["order_days"], found["gaps"], found["horizon_days"]) == (53, 52, 30)
    assert found["regularity"] > 10
    assert found["p_no_order"] == round(found["level"], 6) < 0.1
    assert found["p_gap_this_long"] > 0.9
    assert found["p_slowed"] < 0.05
    assert found["expected_next"] == "2026-01-12"
    assert (
        found["most_from"] <= found["half_from"] <= found["expected_next"] <= found["half_until"] <= found["most_until"]
    )
    assert found["evidence"] == {"tab": "orders", "count": 53, "from": "2025-01-06", "until": "2026-01-05", "ids": None}
    assert found["sentence"] == "In rhythm: ordered 4 days ago, usual gap 7 days (middle half 7, 52 gaps)."


def test_late_account_says_how_unlikely_the_gap_was() -> None:
    found = reading(facts(*WEEKLY), "2026-02-16", FIRM)
    assert found["level"] > 0.9
    assert found["p_gap_this_long"] < 0.001
    assert found["due"] == "2026-01-12"
    assert found["expected_next"] > "2026-02-16"
    assert found["sentence"] == (
        "Last order 42 days ago. Usual gap 7 days (middle half 7, 52 gaps). A gap this long had less than 0.1 % chance."
    )


def test_silence_on_the_day_of_an_order_is_none() -> None:
    found = reading(facts(*WEEKLY), "2026-01-05", FIRM)
    assert found["value"] == 0
    assert found["p_gap_this_long"] == pytest.approx(1)
    assert found["sentence"].startswith("In rhythm: ordered today, usual gap 7 days")


def test_slower_account_says_what_was_usual_a_year_ago() -> None:
    fortnightly = [after(14 * number) for number in range(40)]
    slower = [after(39 * 14 + 38 * number) for number in range(1, 6)]
    found = reading(facts(*fortnightly, *slower), after(39 * 14 + 5 * 38 + 12), FIRM)
    assert found["p_slowed"] > 0.5
    assert found["sentence"] == "Orders every 38 days, against 14 a year ago. Last order 12 days ago."


def test_irregular_account_has_no_dependable_rhythm() -> None:
    days, at = [], 0
    for number in range(30):
        days.append(after(at))
        at += 60 if number % 6 == 0 else 1
    found = reading(facts(*days), after(at + 5))
    assert found["regularity"] < 0.8
    assert not found["dependable"]
    assert found["sentence"].endswith("No dependable rhythm: gaps vary more than by chance alone.")


@pytest.mark.parametrize(
    ("mean_gap", "horizon"),
    [(1, 30), (10, 30), (11, 33), (60, 180), (61, 183), (100, 300), (121.6, 365), (200, 365)],
)
def test_own_horizon_is_three_mean_gaps_within_limits(mean_gap: float, horizon: float) -> None:
    assert own_horizon(np.array([mean_gap]))[0] == horizon


def test_horizon_can_be_set_for_all() -> None:
    found = reading(facts(*WEEKLY), "2026-01-09", signal=OrderRhythm(horizon_days=3))
    assert found["horizon_days"] == 3
    assert found["p_no_order"] > reading(facts(*WEEKLY), "2026-01-09")["p_no_order"]


# --- quiet periods and missing data ----------------------------------------------------------------------


def test_quiet_period_stops_the_clock_and_is_named() -> None:
    closed = quiet((1.0, "", "2026-01-08", "2026-02-06", "2026-01-02"))
    found = reading(facts(*WEEKLY, quiet=closed), "2026-02-16", FIRM)
    assert (found["elapsed_days"], found["value"]) == (42, 12)
    assert found["level"] < reading(facts(*WEEKLY), "2026-02-16", FIRM)["level"]
    assert "30 days of quiet or missing data since then left out." in found["sentence"]


def test_quiet_period_ahead_puts_the_expected_day_behind_it() -> None:
    closed = quiet((np.nan, "", "2026-01-10", "2026-01-31", "2025-12-01"))
    found = reading(facts(*WEEKLY, quiet=closed), "2026-01-09", FIRM)
    assert found["expected_next"] == "2026-02-03"  # three open days after the 9th: 1, 2 and 3 February
    assert found["level"] == reading(facts(*WEEKLY), "2026-01-09", FIRM)["level"]


def test_quiet_period_that_was_not_known_yet_changes_nothing() -> None:
    closed = quiet((1.0, "", "2026-01-08", "2026-02-06", "2026-02-17"))
    assert reading(facts(*WEEKLY, quiet=closed), "2026-02-16") == reading(facts(*WEEKLY), "2026-02-16")


def test_silence_of_the_whole_feed_is_not_held_against_an_account() -> None:
    rows = [(who, after(each), 100.0, after(each)) for who in range(1, 31) for each in range(who % 7, 400, 7)]
    many = Facts(accounts=accounts(*((who, "", 30, 45, np.nan) for who in range(1, 31))), orders=table("orders", rows))
    as_of = day(after(430))
    params = SIGNAL.fit(many, as_of)
    assert params["missing"] == [[after(400), after(430)]]
    found = SIGNAL.compute(many, params, as_of)
    assert (found["value"] <= 7).all()
    assert (found["level"] < 0.2).all()


# --- statuses --------------------------------------------------------------------------------------------


def test_fifth_order_day_makes_a_rhythm() -> None:
    four = reading(facts(*WEEKLY[:4]), "2025-02-10")
    assert (four["status"], four["level"], four["from_portfolio"]) == ("insufficient_history", None, True)
    assert 0 < four["p_no_order"] < 1
    assert four["sentence"] == "Last order 14 days ago; 4 order days known, 5 needed for a rhythm."
    assert reading(facts(*WEEKLY[:5]), "2025-02-10")["status"] == "ok"


def test_one_order_has_chances_from_the_portfolio_and_no_usual_gap() -> None:
    found = reading(facts("2026-01-05"), "2026-01-06")
    assert (found["status"], found["usual_gap_days"], found["baseline"]) == ("insufficient_history", None, None)
    assert found["sentence"] == "Last order 1 day ago; 1 order day known, 5 needed for a rhythm."


def test_returned_order_leaves_no_data() -> None:
    returned = pd.concat([ordered("2026-01-05"), ordered("2026-01-20", amount=-100)], ignore_index=True)
    found = reading(Facts(accounts=account(), orders=returned), "2026-02-01")
    assert (found["status"], found["level"]) == ("no_data", None)
    assert found["sentence"] == "Unknown: no orders are known."
    assert found["evidence"]["count"] == 2
    # Before it came back it was an order.
    assert reading(Facts(accounts=account(), orders=returned), "2026-01-19")["status"] == "insufficient_history"


def test_late_feed_is_stale_and_unused_one_not_used() -> None:
    late = freshness((1, "orders", "2026-01-05", 1.0, True))
    found = reading(facts(*WEEKLY, freshness=late), "2026-01-08")
    assert (found["status"], found["level"]) == ("stale", None)
    assert found["sentence"] == "Unknown: orders are complete only until 5 Jan 2026."
    assert reading(facts(*WEEKLY, freshness=late), "2026-01-07")["status"] == "ok"
    unused = freshness((1, "orders", "2026-01-05", 1.0, False))
    found = reading(facts(*WEEKLY, freshness=unused), "2026-01-08")
    assert (found["status"], found["sentence"]) == ("not_used", "Not used here: orders.")


# --- sentences -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.0009, "less than 0.1 %"),
        (0.004, "a 0.4 %"),
        (0.08, "an 8.0 %"),
        (0.11, "an 11 %"),
        (0.2, "a 20 %"),
    ],
)
def test_chance_is_written_with_its_article(chance: float, words: str) -> None:
    record = json_records(SIGNAL.compute(facts(*WEEKLY), FIRM, day("2026-02-16")))[0]
    record["details"]["p_gap_this_long"] = chance
    assert f"A gap this long had {words} chance." in SIGNAL.explain(record)


# --- what must not matter --------------------------------------------------------------------------------


@lru_cache
def several(seed: int) -> Facts:
    """Thirty accounts of all sorts, returns among them."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in range(1, 31):
        at = np.cumsum(np.ceil(rng.gamma(rng.choice([0.7, 2, 9]), rng.choice([4, 20, 60]), rng.integers(0, 50))))
        for each in at[at < 900]:
            amount = round(float(rng.normal(300, 200)), 2)
            rows.append((who, after(int(each)), amount, after(int(each) + int(rng.choice([0, 0, 2, 40])))))
    return Facts(accounts=accounts(*((who, "", 30, 45, np.nan) for who in range(1, 31))), orders=table("orders", rows))


def computed(known: Facts, as_of: dt.date) -> pd.DataFrame:
    return SIGNAL.compute(known, SIGNAL.fit(known, as_of), as_of)


@settings(max_examples=12)
@given(seed=st.integers(0, 9), number=st.integers(30, 900))
def test_replay_is_the_same_to_the_last_bit_whatever_comes_later_and_in_whatever_order(seed: int, number: int) -> None:
    whole, as_of = several(seed), day(after(number))
    orders = whole.orders
    known = orders[(orders["day"] <= pd.Timestamp(as_of)) & (orders["known_on"] <= pd.Timestamp(as_of))]
    shuffled = replace(whole, orders=known.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(computed(shuffled, as_of), computed(whole, as_of), check_exact=True)


@settings(max_examples=8)
@given(seed=st.integers(0, 9), factor=st.sampled_from([0.01, 0.3, 7, 1e6]))
def test_scale_of_amounts_is_irrelevant(seed: int, factor: float) -> None:
    whole, as_of = several(seed), day(after(700))
    scaled = replace(whole, orders=whole.orders.assign(amount=whole.orders["amount"] * factor))
    pd.testing.assert_frame_equal(computed(scaled, as_of), computed(whole, as_of), check_exact=True)


@settings(max_examples=15)
@given(seed=st.integers(0, 9), number=st.integers(0, 1500))
def test_readings_are_whole(seed: int, number: int) -> None:
    found = computed(several(seed), day(after(number)))
    good = found[found["status"] == "ok"]
    assert good["level"].between(0, 1).all()
    assert good[["value", "baseline"]].notna().all().all()
    needed = ["p_no_order", "p_stopped", "p_slowed", "p_gap_this_long", "expected_next", "due", "usual_gap_days"]
    for details in good["details"]:
        assert all(details[name] is not None for name in needed)
        assert all(0 <= details[name] <= 1 for name in needed[:4])
    assert found.loc[found["status"] != "ok", "level"].isna().all()


@settings(max_examples=30)
@given(days=few_days, silence=st.integers(0, 300), more=st.integers(1, 300))
def test_level_grows_with_silence_beyond_the_longest_gap(days: list[int], silence: int, more: int) -> None:
    days = sorted(days)
    longest = int(np.diff(days).max())
    known = facts(*(after(each) for each in days))
    sooner, later = (reading(known, after(days[-1] + longest + each), FIRM) for each in (silence, silence + more))
    assert sooner["level"] <= later["level"] + 1e-12


def test_fit_can_begin_where_the_last_one_ended() -> None:
    whole = several(1)
    cold = SIGNAL.fit(whole, day(after(700)))
    warm = SIGNAL.fit(whole, day(after(701)), start=cold)
    again = SIGNAL.fit(whole, day(after(701)))
    assert warm["prior"]["alpha"] == pytest.approx(again["prior"]["alpha"], rel=0.05)
