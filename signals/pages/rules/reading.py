"""A version of the rules to be read: by anybody who meets its number beside an account, in words, without a field."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from signals.compute.registry import SIGNALS
from signals.compute.rules import NUMBERS
from signals.models import RuleSet
from signals.pages.rules.words import DEFAULTS, FAMILIES, Text, flat, groups, label_of, plain


@dataclass(frozen=True)
class WeightLine:
    """What one signal weighs; `is_default`: nobody here has changed it."""

    title: str
    family: Text
    effect: str
    coverage: str
    is_default: bool


@dataclass(frozen=True)
class NumberLine:
    label: str
    value: str
    unit: str
    source: str
    is_default: bool


@dataclass(frozen=True)
class Reading:
    weights: list[WeightLine]
    groups: list[tuple[Text, list[NumberLine]]]


def reading_of(rules: RuleSet) -> Reading:
    """A signal that this version does not know yet is left out."""
    weights, defaults = rules.weights.get("weights") or {}, DEFAULTS["weights"]
    lines = [
        _weight(signal.title, weights[signal.key], is_default=weights[signal.key] == defaults[signal.key])
        for signal in SIGNALS
        if signal.key in weights
    ]
    numbers, usual = flat(rules.weights), flat(DEFAULTS)
    settings = {setting.name: setting.metadata for setting in NUMBERS if setting.name in numbers}
    told = {
        name: NumberLine(
            label_of(name), plain(numbers[name]), metadata["unit"], metadata["source"], numbers[name] == usual[name]
        )
        for name, metadata in settings.items()
    }
    return Reading(lines, [(title, [told[name] for name in names if name in told]) for title, names in groups()])


def _weight(title: str, weight: dict[str, object], *, is_default: bool) -> WeightLine:
    family = str(weight["family"])
    coverage = plain(weight["coverage"])
    return WeightLine(title, FAMILIES.get(family, family), _effect(weight["likelihood_ratio"]), coverage, is_default)


def _effect(ratio: object) -> str:
    if ratio is None:
        return _("its level is itself the chance of no order")
    return _("no points, alerts only") if ratio == 1 else _("odds of losing the account × {n}").format(n=plain(ratio))
