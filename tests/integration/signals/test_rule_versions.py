"""Rule sets are followed by a new version, never completed in place."""

import copy
from collections.abc import Callable

import pytest

from signals.compute.registry import SIGNALS
from signals.compute.rules import DEFAULT_RULES
from signals.models import Reading, RuleSet, Run, Standing
from signals.services.rules import current_rules, values_of
from tests.integration.signals.portfolio import DAY

pytestmark = pytest.mark.django_db

NEW = {"single_thread", "incident_delay"}


def of_four_signals() -> RuleSet:
    """The rules as an installation made them before there were six signals, with a line of its own."""
    weights = copy.deepcopy(DEFAULT_RULES.to_json()) | {"drifting_from": 40}
    for key in NEW:
        del weights["weights"][key]
    return RuleSet.objects.create(version=1, weights=weights)


def test_the_first_version_is_the_defaults() -> None:
    assert values_of(current_rules()) == DEFAULT_RULES
    assert current_rules().version == 1


def test_new_signals_make_a_new_version_with_its_reason_and_keep_what_was_set() -> None:
    earlier = of_four_signals()
    rules = current_rules()
    assert rules.version == 2
    assert rules.reason == "Signals new in this program, with their defaults: Single thread, Incident delay."
    assert set(values_of(rules).weights) >= {signal.key for signal in SIGNALS}
    assert values_of(rules).drifting_from == 40
    earlier.refresh_from_db()
    assert not NEW & set(earlier.weights["weights"])
    assert current_rules() == rules
    assert RuleSet.objects.count() == 2


def test_the_next_run_uses_the_new_version_and_a_run_of_the_old_one_counts_the_old_signals(
    portfolio: list[int], assess: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = of_four_signals()
    with monkeypatch.context() as patched:
        patched.setattr("signals.services.runs.current_rules", lambda: earlier)
        assert assess().state == Run.State.DONE
    assert not Reading.objects.filter(signal__in=NEW).exists()
    run = assess(DAY)
    assert (run.rule_set.version, run.state) == (2, Run.State.DONE)
    assert set(Reading.objects.values_list("signal", flat=True)) == {signal.key for signal in SIGNALS}
    for standing in Standing.objects.all():
        points = standing.starting_points + sum(one["points"] for one in standing.contributions)
        assert points == standing.risk
