import json
from typing import Any

import pytest

from signals.compute.rules import DEFAULT_RULES, NUMBERS, RuleSetValues, SignalWeight


def test_rules_survive_json() -> None:
    stored = json.loads(json.dumps(DEFAULT_RULES.to_json()))
    assert RuleSetValues.from_json(stored) == DEFAULT_RULES


def test_defaults_are_those_of_the_design() -> None:
    weights = {key: (weight.likelihood_ratio, weight.coverage) for key, weight in DEFAULT_RULES.weights.items()}
    assert weights == {
        "order_rhythm": (None, 30),
        "order_value": (1.3, 5),
        "product_breadth": (1.3, 5),
        "silence": (1.5, 10),
        "proactive_gap": (1.5, 10),
        "consultation_drop": (1.3, 4),
        "award_lost": (2.5, 4),
        "contact_change": (3.0, 8),
        "single_thread": (1.5, 5),
        "change_event": (1.5, 2),
        "incident_delay": (1.8, 7),
        "complaint_tone": (1.4, 3),
        "loyalty": (1.4, 2),
        "owner_change": (1.5, 3),
        "notice_window": (1.0, 2),
    }
    lines = (DEFAULT_RULES.drifting_from, DEFAULT_RULES.at_risk_from, DEFAULT_RULES.band_margin)
    assert lines == (35, 60, 5)


def test_what_does_not_rest_on_orders_is_not_enough_to_be_healthy() -> None:
    """An account whose orders are late or not known must not read healthy."""
    weights = DEFAULT_RULES.weights.values()
    share = sum(weight.coverage for weight in weights if weight.family != "orders") / sum(w.coverage for w in weights)
    assert share == pytest.approx(0.6)
    assert share < DEFAULT_RULES.healthy_coverage


def test_every_number_names_unit_source_and_range() -> None:
    assert {"eta", "drifting_from", "rhythm_alert_chance"} <= {setting.name for setting in NUMBERS}
    for setting in NUMBERS:
        assert setting.metadata["unit"]
        assert setting.metadata["source"]
        assert setting.metadata["low"] <= setting.default <= setting.metadata["high"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"eta": 1.01}, "eta"),
        ({"eta": float("nan")}, "eta"),
        ({"eta": True}, "eta"),
        ({"eta": "0.7"}, "eta"),
        ({"drifting_from": 60}, "drifting_from .60. must lie under at_risk_from"),
        ({"max_base_rate": 0.30}, "max_base_rate"),
        ({"default_base_rate": 0.25}, "default_base_rate"),
        ({"alert_closes_under": 0.7}, "alert_closes_under"),
        ({"snooze_breaks_at": 0.7}, "alert_opens_at"),
        ({"colour": 1}, "rule set: expected exactly"),
        ({"weights": {"silence": {"family": "dialogue"}}}, "weights of silence"),
        ({"weights": {"silence": {"family": "dialogue", "likelihood_ratio": 0.9, "coverage": 1}}}, "likelihood_ratio"),
        ({"weights": {"silence": {"family": "dialogue", "likelihood_ratio": 1.5, "coverage": -1}}}, "coverage"),
        ({"weights": {"silence": {"family": "dialogue", "likelihood_ratio": "2", "coverage": 1}}}, "likelihood_ratio"),
        ({"weights": []}, "weights"),
    ],
)
def test_refused_values_name_the_setting(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RuleSetValues.from_json({**DEFAULT_RULES.to_json(), **changed})


def test_incomplete_rules_are_refused() -> None:
    stored = DEFAULT_RULES.to_json()
    del stored["eta"]
    with pytest.raises(ValueError, match="expected exactly"):
        RuleSetValues.from_json(stored)


def test_weight_that_reads_distance_as_health_is_refused() -> None:
    assert SignalWeight("money", 1.0, 2).likelihood_ratio == 1
    with pytest.raises(ValueError, match="likelihood_ratio"):
        SignalWeight("money", 0.99, 2)
