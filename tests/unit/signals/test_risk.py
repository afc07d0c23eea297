import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.compute.base import json_records
from signals.compute.risk import assess, coverage, largest_remainder, portfolio_base_rate
from signals.compute.rules import DEFAULT_RULES, SignalWeight

KEYS = ("order_rhythm", "silence", "proactive_gap", "contact_change")
STATUSES = ("ok", "insufficient_history", "no_data", "stale", "not_used")


def frame(levels: list[float | None], statuses: list[str] | None = None) -> pd.DataFrame:
    known = ["ok" if level is not None else "no_data" for level in levels]
    count = len(levels)
    return pd.DataFrame(
        {
            "value": np.nan,
            "baseline": np.nan,
            "level": pd.Series(levels, dtype=float),
            "status": statuses or known,
            "details": [{"of": number} for number in range(count)],
            "evidence": [{} for _ in range(count)],
        }
    ).set_axis(pd.RangeIndex(1, count + 1), axis=0)


def readings(**levels: float | None) -> dict[str, pd.DataFrame]:
    return {key: frame([levels.get(key)]) for key in KEYS}


def judge(base: float = 0.1, previous: pd.Series | None = None, **levels: float | None) -> dict[str, Any]:
    return json_records(assess(readings(**levels), DEFAULT_RULES, base, previous))[0]


def points(result: dict[str, Any]) -> dict[str, int]:
    return {item["key"]: item["points"] for item in result["contributions"]}


def logit(chance: float) -> float:
    return math.log(chance / (1 - chance))


def test_own_chance_of_no_order_is_the_risk_when_nothing_else_is_known() -> None:
    for base in (0.05, 0.1, 0.3):
        assert judge(base, order_rhythm=0.42)["probability"] == pytest.approx(0.42)


def test_risk_is_worked_by_hand() -> None:
    # c = .7 ln 3 = .7690 for contact change; .7 ln 1.5 = .2838 and half of .5 of it for the dialogue family
    result = judge(order_rhythm=0.3, silence=0.5, proactive_gap=1.0, contact_change=1.0)
    log_odds = logit(0.3) + 0.7 * math.log(3) + 0.7 * math.log(1.5) * (1 + 0.5 / 2)
    assert result["probability"] == pytest.approx(1 / (1 + math.exp(-log_odds)))
    assert result["risk"] == 57
    assert result["starting_points"] == 10
    assert points(result) == {"order_rhythm": 26, "contact_change": 15, "proactive_gap": 5, "silence": 1}
    assert result["top_key"] == "order_rhythm"


def test_unknown_signals_contribute_nothing() -> None:
    result = judge(base=0.14)
    assert (result["risk"], result["starting_points"], result["top_key"]) == (14, 14, None)
    assert set(points(result).values()) == {0}


def test_level_of_a_reading_that_is_not_ok_is_ignored() -> None:
    doubtful = {**readings(), "contact_change": frame([1.0], ["stale"])}
    assert assess(doubtful, DEFAULT_RULES, 0.1)["risk"].tolist() == [10]


def test_calm_rhythm_takes_points_away() -> None:
    result = judge(base=0.2, order_rhythm=0.05)
    assert (result["risk"], points(result)["order_rhythm"]) == (5, -15)
    assert result["top_key"] is None


def test_contributions_that_cancel_out_are_still_shown() -> None:
    ratio = math.exp((logit(0.2) - logit(0.1)) / 0.7)
    rules = replace(
        DEFAULT_RULES, weights={**DEFAULT_RULES.weights, "contact_change": SignalWeight("people", ratio, coverage=8)}
    )
    result = assess(readings(order_rhythm=0.1, contact_change=1.0), rules, 0.2).iloc[0]
    assert result["risk"] == 20
    # b (1 - b) = .16 per unit of log odds: .8109 · 16 = 13
    assert [item["points"] for item in result["contributions"]] == [13, 0, 0, -13]


def test_contribution_is_the_reading_with_key_and_points() -> None:
    item = judge(contact_change=0.123456)["contributions"][0]
    assert item == {
        "key": "contact_change",
        "points": 1,
        "value": None,
        "baseline": None,
        "level": 0.1235,
        "status": "ok",
        "details": {"of": 0},
        "evidence": {},
    }
    json.dumps(item, allow_nan=False)


def test_certainty_stays_within_1_and_99() -> None:
    assert judge(order_rhythm=1.0, contact_change=1.0, silence=1.0)["risk"] == 99
    assert judge(order_rhythm=0.0)["risk"] == 1


@pytest.mark.parametrize(
    ("levels", "statuses", "expected"),
    [
        ({"order_rhythm": 0.1}, {}, 30 / 58),
        ({"order_rhythm": 0.1, "silence": 0.0, "proactive_gap": 0.0}, {}, 50 / 58),
        ({"order_rhythm": 0.1}, {"contact_change": "not_used"}, 30 / 50),
        ({"order_rhythm": 0.1}, {"silence": "insufficient_history", "proactive_gap": "stale"}, 30 / 58),
        ({}, dict.fromkeys(KEYS, "not_used"), 0.0),
        (dict.fromkeys(KEYS, 0.0), {}, 1.0),
    ],
)
def test_coverage_is_the_share_of_weight_that_is_known(
    levels: dict[str, float], statuses: dict[str, str], expected: float
) -> None:
    given_readings = {key: frame([levels.get(key)], [statuses[key]] if key in statuses else None) for key in KEYS}
    assert coverage(given_readings, DEFAULT_RULES).tolist() == [pytest.approx(expected)]


def test_health_needs_coverage_and_danger_does_not() -> None:
    assert judge(order_rhythm=0.1)["band"] == "unknown"  # 30 of 58
    assert judge(order_rhythm=0.1, silence=0.0)["band"] == "healthy"  # 40 of 58
    assert judge(order_rhythm=0.5)["band"] == "drifting"
    assert judge(order_rhythm=0.8)["band"] == "at_risk"
    assert judge()["band"] == "unknown"


@pytest.mark.parametrize(
    ("risk", "previous", "band"),
    [
        (34, None, "healthy"),
        (35, None, "drifting"),
        (59, "drifting", "drifting"),
        (60, "drifting", "at_risk"),
        (55, "at_risk", "at_risk"),
        (54, "at_risk", "drifting"),
        (30, "at_risk", "drifting"),
        (30, "drifting", "drifting"),
        (29, "drifting", "healthy"),
        (34, "unknown", "healthy"),
    ],
)
def test_band_is_left_five_points_below_its_line(risk: int, previous: str | None, band: str) -> None:
    before = None if previous is None else pd.Series([previous], index=[1])
    result = judge(previous=before, order_rhythm=risk / 100, silence=0.0)
    assert (result["risk"], result["band"]) == (risk, band)


def test_previous_band_is_matched_by_account() -> None:
    both = {key: frame([0.32 if key == "order_rhythm" else 0.0] * 2) for key in KEYS}
    assert assess(both, DEFAULT_RULES, 0.1, pd.Series(["drifting"], index=[2]))["band"].tolist() == [
        "healthy",
        "drifting",
    ]


def test_starting_point_is_the_same_for_every_account() -> None:
    base = portfolio_base_rate(pd.Series([0.137, 0.138]), DEFAULT_RULES)
    chances = np.linspace(0, 1, 101).tolist()
    only_orders = {key: frame(chances if key == "order_rhythm" else [None] * 101) for key in KEYS}
    assert set(assess(only_orders, DEFAULT_RULES, base)["starting_points"]) == {14}


def test_base_rate_is_the_mean_chance_within_bounds() -> None:
    assert portfolio_base_rate(pd.Series([0.1, np.nan, 0.2]), DEFAULT_RULES) == pytest.approx(0.15)
    assert portfolio_base_rate(pd.Series([np.nan]), DEFAULT_RULES) == 0.1
    assert portfolio_base_rate(pd.Series([], dtype=float), DEFAULT_RULES) == 0.1
    assert portfolio_base_rate(pd.Series([0.9, 0.95]), DEFAULT_RULES) == 0.25
    assert portfolio_base_rate(pd.Series([0.0]), DEFAULT_RULES) == 0.01


@pytest.mark.parametrize(
    ("broken", "base", "message"),
    [
        ({}, 0.1, "no readings"),
        ({"weather": frame([0.1])}, 0.1, "no weight for weather"),
        ({"silence": frame([0.1]), "contact_change": frame([0.1, 0.2])}, 0.1, "same accounts"),
        ({"silence": frame([0.1])}, 0.0, "base_rate"),
    ],
)
def test_input_that_cannot_be_judged_is_refused(broken: dict[str, pd.DataFrame], base: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        assess(broken, DEFAULT_RULES, base)


def test_no_account_is_an_empty_result() -> None:
    result = assess({key: frame([]) for key in KEYS}, DEFAULT_RULES, 0.1)
    assert list(result["risk"]) == []
    assert set(result.columns) >= {
        "risk",
        "probability",
        "band",
        "coverage",
        "starting_points",
        "contributions",
        "top_key",
    }


def test_largest_remainder_rounds_up_the_largest_fractions() -> None:
    exact = np.array([[10.4, 3.4, -2.3], [1.5, 1.5, 0.0]])
    assert largest_remainder(exact, np.array([12, 3])).tolist() == [[11, 3, -2], [2, 1, 0]]


level = st.one_of(st.none(), st.floats(0, 1))
portfolios = st.lists(st.fixed_dictionaries(dict.fromkeys(KEYS, level)), min_size=1, max_size=6)


@given(accounts=portfolios, base=st.floats(0.001, 0.999), eta=st.floats(0, 1), ratio=st.floats(1, 50))
def test_points_add_up_for_any_readings(
    accounts: list[dict[str, float | None]], base: float, eta: float, ratio: float
) -> None:
    weights = {**DEFAULT_RULES.weights, "contact_change": SignalWeight("people", ratio, coverage=8)}
    rules = replace(DEFAULT_RULES, eta=eta, weights=weights)
    result = assess({key: frame([account[key] for account in accounts]) for key in KEYS}, rules, base)
    for row in result.to_dict("records"):
        assert row["starting_points"] + sum(item["points"] for item in row["contributions"]) == row["risk"]
        assert abs(row["risk"] - 100 * row["probability"]) <= 0.5 + 1e-9
        assert 1 <= row["risk"] <= 99
        by_points = [item["points"] for item in row["contributions"]]
        assert by_points == sorted(by_points, reverse=True)
        unknown = [item["points"] for item in row["contributions"] if item["status"] != "ok"]
        assert set(unknown) <= {0}


@given(
    levels=st.fixed_dictionaries(dict.fromkeys(KEYS, st.floats(0, 1))),
    key=st.sampled_from(KEYS),
    more=st.floats(0, 1),
)
def test_more_distance_is_never_less_risk(levels: dict[str, float], key: str, more: float) -> None:
    both = {one: frame([levels[one], min(1.0, levels[one] + more) if one == key else levels[one]]) for one in KEYS}
    before, after = assess(both, DEFAULT_RULES, 0.1)["probability"]
    assert after >= before - 1e-12


@given(accounts=portfolios)
def test_unknown_is_never_shown_from_the_drifting_line_on(accounts: list[dict[str, float | None]]) -> None:
    result = assess({key: frame([account[key] for account in accounts]) for key in KEYS}, DEFAULT_RULES, 0.1)
    assert not ((result["band"] == "unknown") & (result["risk"] >= 35)).any()
    assert (result.loc[result["band"] == "healthy", "coverage"] >= 0.65).all()
