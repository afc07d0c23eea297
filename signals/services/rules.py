"""The rules in force."""

from signals.compute.rules import DEFAULT_RULES, RuleSetValues
from signals.models import RuleSet


def current_rules() -> RuleSet:
    """The newest version; the first is made of the defaults when it is first asked for."""
    newest = RuleSet.objects.order_by("-version").first()
    return newest or RuleSet.objects.get_or_create(version=1, defaults={"weights": DEFAULT_RULES.to_json()})[0]


def values_of(rule_set: RuleSet) -> RuleSetValues:
    return RuleSetValues.from_json(rule_set.weights)
