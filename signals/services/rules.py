"""The rules in force."""

from signals.compute.registry import SIGNALS
from signals.compute.rules import DEFAULT_RULES, RuleSetValues
from signals.models import RuleSet


def current_rules() -> RuleSet:
    """The newest version; the first is made of the defaults when it is first asked for.

    One that does not weigh every signal of this program is followed by the next, with the defaults of what is new:
    what is stored stays as it was, so that a replay uses exactly the rules of its version.
    """
    newest = RuleSet.objects.order_by("-version").first()
    if newest is None:
        return _make(1, DEFAULT_RULES.to_json(), "The defaults.")
    weighed = newest.weights.get("weights")
    new = [signal for signal in SIGNALS if signal.key not in (weighed or {})]
    if not new or not weighed:  # without any weights it is no rule set, which the run that uses it says
        return newest
    defaults = DEFAULT_RULES.to_json()["weights"]
    weights = newest.weights | {"weights": weighed | {signal.key: defaults[signal.key] for signal in new}}
    titles = ", ".join(signal.title for signal in new)
    return _make(newest.version + 1, weights, f"Signals new in this program, with their defaults: {titles}.")


def _make(version: int, weights: dict[str, object], reason: str) -> RuleSet:
    """Whoever comes first makes it; the others find it."""
    return RuleSet.objects.get_or_create(version=version, defaults={"weights": weights, "reason": reason})[0]


def values_of(rule_set: RuleSet) -> RuleSetValues:
    return RuleSetValues.from_json(rule_set.weights)
