"""The rule set as somebody types it: every number with its range, and what does not fit together said at the field."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signals.compute.registry import SIGNALS
from signals.compute.rules import (
    LARGEST_COVERAGE,
    LARGEST_RATIO,
    MOST_START,
    NUMBERS,
    Misfit,
    RuleSetValues,
    misfits,
)
from signals.models import RuleSet
from signals.pages.rules.words import DEFAULTS, FAMILIES, Flat, Text, field_name, flat, groups, label_of, plain, unflat

METADATA = {setting.name: setting.metadata for setting in NUMBERS}
DEFAULTS_FLAT = flat(DEFAULTS)


@dataclass(frozen=True)
class NumberRow:
    """A threshold or line with all that is to be known of it."""

    field: forms.BoundField
    unit: str
    source: str
    span: str
    origin: str


@dataclass(frozen=True)
class SignalRow:
    """The weight of one signal; without `ratio` its level is a chance of its own."""

    title: str
    family: forms.BoundField
    ratio: forms.BoundField | None
    coverage: forms.BoundField
    origin: str
    learned: str


class RuleSetForm(forms.Form):
    """The rules in force, changed; `base` is the version it begins with."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)
    looked_at = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why these rules change"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Stands in the history beside your name."),
    )

    def __init__(self, data: Any = None, *, base: RuleSet, start: Flat | None = None, learned: Any = None) -> None:
        values = flat(base.weights) | (start or {})
        initial = {"based_on": base.version} | as_typed(values)
        super().__init__(data, initial=initial, auto_id="rule-%s", label_suffix="")
        self.base, self.learned = base, learned or {}
        for name, metadata in METADATA.items():
            self.fields[name] = _number(label_of(name), metadata["low"], metadata["high"])
            # Read out with the field; the page shows unit, span and source below it.
            self.fields[name].help_text = f"{metadata['unit']}. {metadata['source']}."
        for signal in SIGNALS:
            self._add_weight(signal.key, with_ratio=values[field_name("likelihood_ratio", signal.key)] is not None)

    def _add_weight(self, key: str, *, with_ratio: bool) -> None:
        family, ratio, coverage = (field_name(part, key) for part in ("family", "likelihood_ratio", "coverage"))
        self.fields[family] = forms.ChoiceField(label=label_of(family), choices=list(FAMILIES.items()))
        if with_ratio:
            self.fields[ratio] = _number(label_of(ratio), 1, LARGEST_RATIO)
        self.fields[coverage] = _number(label_of(coverage), 0, LARGEST_COVERAGE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for wrong in misfits({name: cleaned[name] for name in METADATA if name in cleaned}):
            self.add_error(*_said(wrong))
        weighs = [cleaned.get(field_name("coverage", signal.key), 1) for signal in SIGNALS]
        if not any(weighs):
            first = field_name("coverage", SIGNALS[0].key)
            self.add_error(first, _("At least one signal must weigh something, else every account is Unknown."))
        return cleaned

    def stored(self) -> dict[str, Any]:
        """The rule set that was typed, as it would be stored."""
        cleaned = self.cleaned_data
        values = {name: cleaned.get(name) for name in flat(self.base.weights)}
        return unflat(values, self.base.weights)

    def values(self) -> RuleSetValues:
        return RuleSetValues.from_json(self.stored())

    def mark(self) -> str:
        """A mark of exactly these values over this base: what is saved must be what was looked at."""
        text = json.dumps([self.cleaned_data["based_on"], self.stored()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def signals(self) -> list[SignalRow]:
        return [self._signal_row(signal.key, signal.title) for signal in SIGNALS]

    def _signal_row(self, key: str, title: str) -> SignalRow:
        family, ratio, coverage = (field_name(part, key) for part in ("family", "likelihood_ratio", "coverage"))
        has_ratio = ratio in self.fields
        return SignalRow(
            title=title,
            family=self[family],
            ratio=self[ratio] if has_ratio else None,
            coverage=self[coverage],
            origin=self._origin(*([ratio] if has_ratio else []), coverage, family),
            learned=self._learned_text(key),
        )

    @property
    def groups(self) -> list[tuple[Text, list[NumberRow]]]:
        return [(title, [self._number_row(name) for name in names]) for title, names in groups()]

    def _number_row(self, name: str) -> NumberRow:
        metadata = METADATA[name]
        span = _("{low} to {high}").format(low=plain(metadata["low"]), high=plain(metadata["high"]))
        return NumberRow(self[name], metadata["unit"], metadata["source"], span, self._origin(name))

    def _origin(self, *names: str) -> str:
        """Whether the version this began with has the defaults; they are assumptions, and said to be."""
        stored = flat(self.base.weights)
        set_here = [name for name in names if stored.get(name) != DEFAULTS_FLAT.get(name)]
        if not set_here:
            return ""
        return _("default {values}").format(values=", ".join(plain(DEFAULTS_FLAT[name]) for name in set_here))

    def _learned_text(self, key: str) -> str:
        one = self.learned.get("weights", {}).get(key)
        if one is None:
            return ""
        words = _("learned from {n} outcomes: {ratio} (95 %: {low} to {high})")
        return words.format(
            n=self.learned["outcomes"], **{part: f"{one[part]:.2f}" for part in ("ratio", "low", "high")}
        )


def _said(wrong: Misfit) -> tuple[str, str]:
    """At which field two numbers in the wrong order are said, and how."""
    if wrong.lower == MOST_START:
        text = _("The starting point alone would make everybody Drifting: keep it under {high} %.")
        return "max_base_rate", text.format(high=plain(wrong.high))
    text = _("Must lie above “{lower}” ({low}).")
    return wrong.upper, text.format(lower=label_of(wrong.lower), low=plain(wrong.low))


def merged(typed: Mapping[str, Any], before: RuleSet, newest: RuleSet) -> dict[str, Any]:
    """What was typed, over the version somebody saved meanwhile: theirs holds wherever nothing was changed."""
    old, new = flat(before.weights), flat(newest.weights)
    taken = {name: value for name, value in new.items() if name in old and _is_same(typed.get(name, ""), old[name])}
    return {**typed, **as_typed(taken), "based_on": newest.version, "looked_at": ""}


def as_typed(values: Flat) -> Flat:
    """The values as their fields show them."""
    return {name: _typed(value) for name, value in values.items()}


def _is_same(typed: Any, value: Any) -> bool:
    """Whether nothing was changed: 3 and 3.0 are the same number."""
    try:
        return float(typed) == float(value)
    except (TypeError, ValueError):
        return str(typed) == str(value)


def _typed(value: Any) -> Any:
    """A number as the field shows it: 30, not 30.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(label: str, low: float, high: float) -> forms.FloatField:
    said = _("A number from {low} to {high}.").format(low=plain(low), high=plain(high))
    wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), said)
    field = forms.FloatField(label=label, min_value=low, max_value=high, error_messages=wrong)
    field.widget = forms.NumberInput({"step": "any", "inputmode": "decimal", "min": plain(low), "max": plain(high)})
    return field
