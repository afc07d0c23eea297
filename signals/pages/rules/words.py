"""A rule set in words: what each number is called, where it stands, and what differs between two versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signals.compute.registry import BY_KEY, SIGNALS
from signals.compute.rules import DEFAULT_RULES, NUMBERS

Text = str | Promise
Flat = dict[str, Any]

LABELS: Mapping[str, Text] = {
    "eta": gettext_lazy("Damping of what overlaps"),
    "default_base_rate": gettext_lazy("Starting point without order history"),
    "max_base_rate": gettext_lazy("Highest starting point"),
    "drifting_from": gettext_lazy("Drifting from"),
    "at_risk_from": gettext_lazy("At risk from"),
    "band_margin": gettext_lazy("A band is left this far below its line"),
    "healthy_coverage": gettext_lazy("Healthy needs a coverage of"),
    "alert_opens_at": gettext_lazy("An alert opens at"),
    "alert_closes_under": gettext_lazy("It closes by itself under"),
    "snooze_breaks_at": gettext_lazy("It breaks a snooze at"),
    "rhythm_alert_chance": gettext_lazy("Order rhythm opens one when so long a gap is rarer than"),
}
GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (gettext_lazy("Bands"), ("drifting_from", "at_risk_from", "band_margin", "healthy_coverage")),
    (gettext_lazy("Alerts"), ("alert_opens_at", "alert_closes_under", "snooze_breaks_at", "rhythm_alert_chance")),
    (gettext_lazy("Risk"), ("default_base_rate", "max_base_rate", "eta")),
)
FAMILIES: Mapping[str, Text] = {
    "orders": gettext_lazy("orders"),
    "dialogue": gettext_lazy("dialogue"),
    "people": gettext_lazy("people"),
    "service": gettext_lazy("service"),
    "our side": gettext_lazy("our side"),
    "money": gettext_lazy("money"),
}
PARTS: Mapping[str, Text] = {
    "family": gettext_lazy("family"),
    "likelihood_ratio": gettext_lazy("odds factor"),
    "coverage": gettext_lazy("weight in coverage"),
}
DEFAULTS = DEFAULT_RULES.to_json()


@dataclass(frozen=True)
class Difference:
    """One number (or family) that is another in a later version."""

    name: str
    label: str
    before: str
    after: str


def field_name(part: str, key: str) -> str:
    """How a form calls one part of a signal's weight."""
    return f"{part}__{key}"


def flat(stored: Mapping[str, Any]) -> Flat:
    """A stored rule set as one value a field; signals this program has not are left out."""
    numbers = {name: stored[name] for name in _numbers() if name in stored}
    weights = stored.get("weights") or {}
    parts = {
        field_name(part, signal.key): weights[signal.key][part]
        for signal in SIGNALS
        for part in PARTS
        if signal.key in weights
    }
    return numbers | parts


def unflat(values: Flat, base: Mapping[str, Any]) -> dict[str, Any]:
    """The rule set to store: `base` with these values in their places."""
    weights = {key: dict(weight) for key, weight in base["weights"].items()}
    for signal in SIGNALS:
        weights[signal.key] = {part: values[field_name(part, signal.key)] for part in PARTS}
    return {**base, **{name: values[name] for name in _numbers()}, "weights": weights}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What a later rule set says otherwise; what one of them does not name is no difference."""
    old, new = flat(before), flat(after)
    return [
        Difference(name, label_of(name), plain(old[name]), plain(new[name]))
        for name in new
        if name in old and old[name] != new[name]
    ]


def sentence_of(found: Iterable[Difference]) -> str:
    """All differences in one line."""
    return "; ".join(f"{one.label} {one.before} → {one.after}" for one in found)


def label_of(name: str) -> str:
    part, _separator, key = name.partition("__")
    if not key:
        return str(LABELS.get(name, name.replace("_", " ").capitalize()))
    return f"{BY_KEY[key].title}, {PARTS[part]}"


def groups() -> list[tuple[Text, list[str]]]:
    """The numbers by heading; one that no heading names stands under the last."""
    named = {name for _title, names in GROUPS for name in names}
    known = set(_numbers())
    shown = [(title, [name for name in names if name in known]) for title, names in GROUPS]
    shown[-1][1].extend(name for name in _numbers() if name not in named)
    return shown


def plain(value: Any) -> str:
    """A number as somebody would type it."""
    if value is None:
        return _("own odds")
    return f"{value:g}" if isinstance(value, int | float) else str(FAMILIES.get(value, value))


def _numbers() -> tuple[str, ...]:
    return tuple(setting.name for setting in NUMBERS)
