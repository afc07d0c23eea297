"""The rule set: weights, thresholds and lines by which readings become risk, band and alerts."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from signals.compute.base import Json

# Odds a hundred times higher are as good as certain; weights of coverage are meant as hundredths.
LARGEST_RATIO = 100.0
LARGEST_COVERAGE = 100.0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True)
class SignalWeight:
    """How much one signal counts.

    Attributes
    ----------
    family : str
        Signals of one family overlap: the largest counts fully, the others half.
    likelihood_ratio : float or None
        Odds factor at level 1, from 1 to 100; None: the level is itself the chance of no order ("own odds").
    coverage : float
        Weight in the share of the picture that rests on fresh data, from 0 to 100.
    """

    family: str
    likelihood_ratio: float | None
    coverage: float

    def __post_init__(self) -> None:
        """Refuse weights that would make more distance read as less risk."""
        ratio = self.likelihood_ratio
        if ratio is not None and not (_is_number(ratio) and 1 <= ratio <= LARGEST_RATIO):
            raise ValueError(f"likelihood_ratio must be a number from 1 to {LARGEST_RATIO:g} or empty, got {ratio}")
        if not (_is_number(self.coverage) and 0 <= self.coverage <= LARGEST_COVERAGE):
            raise ValueError(f"coverage must be a number from 0 to {LARGEST_COVERAGE:g}, got {self.coverage}")


ELICITED = "elicited by the authors, not measured; replaced once outcomes of one's own are known"

DEFAULT_WEIGHTS: Mapping[str, SignalWeight] = {
    "order_rhythm": SignalWeight(family="orders", likelihood_ratio=None, coverage=30),
    "order_value": SignalWeight(family="orders", likelihood_ratio=1.3, coverage=5),
    "product_breadth": SignalWeight(family="orders", likelihood_ratio=1.3, coverage=5),
    "silence": SignalWeight(family="dialogue", likelihood_ratio=1.5, coverage=10),
    "proactive_gap": SignalWeight(family="dialogue", likelihood_ratio=1.5, coverage=10),
    "consultation_drop": SignalWeight(family="dialogue", likelihood_ratio=1.3, coverage=4),
    "award_lost": SignalWeight(family="dialogue", likelihood_ratio=2.5, coverage=4),
    "contact_change": SignalWeight(family="people", likelihood_ratio=3.0, coverage=8),
    "single_thread": SignalWeight(family="people", likelihood_ratio=1.5, coverage=5),
    "change_event": SignalWeight(family="people", likelihood_ratio=1.5, coverage=2),
    "incident_delay": SignalWeight(family="service", likelihood_ratio=1.8, coverage=7),
    "complaint_tone": SignalWeight(family="service", likelihood_ratio=1.4, coverage=3),
    "loyalty": SignalWeight(family="service", likelihood_ratio=1.4, coverage=2),
    "owner_change": SignalWeight(family="our side", likelihood_ratio=1.5, coverage=3),
    "notice_window": SignalWeight(family="money", likelihood_ratio=1.0, coverage=2),
}


def _setting(default: float, *, unit: str, source: str, low: float, high: float) -> Any:
    return field(default=default, metadata={"unit": unit, "source": source, "low": low, "high": high})


@dataclass(frozen=True, kw_only=True)
class RuleSetValues:
    """One version of the rules; unit, source and range of each number stand in its field's metadata.

    Raises
    ------
    ValueError
        If a number lies outside its range, or two lines are in the wrong order.
    """

    weights: Mapping[str, SignalWeight] = field(
        default_factory=lambda: dict(DEFAULT_WEIGHTS),
        metadata={"unit": "odds factor at level 1, and weight in coverage", "source": ELICITED},
    )
    eta: float = _setting(
        0.7, unit="factor on log odds", source="guards against signals that overlap; " + ELICITED, low=0, high=1
    )
    default_base_rate: float = _setting(
        0.1, unit="chance", source="used until an account's own order rhythm gives one; " + ELICITED, low=0.01, high=0.5
    )
    max_base_rate: float = _setting(
        0.25,
        unit="chance",
        source="convention of this product: the portfolio's mean alone must make or keep nobody Drifting",
        low=0.01,
        high=0.99,
    )
    drifting_from: float = _setting(35, unit="points of risk", source=ELICITED, low=1, high=99)
    at_risk_from: float = _setting(60, unit="points of risk", source=ELICITED, low=1, high=100)
    band_margin: float = _setting(
        5,
        unit="points of risk",
        source="convention of this product: a band is left this far below its line, else it would flicker",
        low=0,
        high=50,
    )
    healthy_coverage: float = _setting(
        0.65,
        unit="share of coverage weight",
        source="convention of this product: less known than this is Unknown, never Healthy; all that does not rest "
        "on orders weighs 60 %, and an account whose orders are not known must not read healthy",
        low=0,
        high=1,
    )
    alert_opens_at: float = _setting(0.7, unit="level", source=ELICITED, low=0, high=1)
    alert_closes_under: float = _setting(0.5, unit="level", source=ELICITED, low=0, high=1)
    snooze_breaks_at: float = _setting(0.9, unit="level", source=ELICITED, low=0, high=1)
    rhythm_alert_chance: float = _setting(
        0.01,
        unit="chance of a gap this long",
        source="one false alarm in a hundred gaps of an unchanged rhythm; convention of this product",
        low=0.0001,
        high=0.5,
    )

    def __post_init__(self) -> None:
        """Check ranges and order."""
        for setting in NUMBERS:
            value, low, high = getattr(self, setting.name), setting.metadata["low"], setting.metadata["high"]
            if not (_is_number(value) and low <= value <= high):  # NaN fails every comparison
                raise ValueError(f"{setting.name} must be a number from {low} to {high}, got {value!r}")
        for wrong in misfits({setting.name: getattr(self, setting.name) for setting in NUMBERS}):
            raise ValueError(str(wrong))
        if self.weights and not any(weight.coverage for weight in self.weights.values()):
            raise ValueError("coverage: at least one signal must weigh something, else every account is Unknown")

    def is_own_odds(self, key: str) -> bool:
        """Whether a signal's level is itself the chance of no order, so that it has no odds factor."""
        return self.weights[key].likelihood_ratio is None

    def to_json(self) -> Json:
        """Return plain values, as a rule set is stored."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "RuleSetValues":
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            If a name is missing or unknown, or a value is refused: a rule set is never completed silently,
            for a replay must use exactly the rules of its version.
        """
        _same_names("rule set", stored, cls)
        if not isinstance(stored["weights"], Mapping):
            raise ValueError("weights: expected one entry per signal")  # noqa: TRY004 - stored text is wrong, not the call
        weights = {}
        for key, weight in stored["weights"].items():
            _same_names(f"weights of {key}", weight, SignalWeight)
            weights[key] = SignalWeight(**weight)
        return cls(**{**stored, "weights": weights})


@dataclass(frozen=True)
class Misfit:
    """Two numbers in the wrong order; each name is that of a field, or what is worked out from fields."""

    lower: str
    low: float
    upper: str
    high: float

    def __str__(self) -> str:
        return f"{self.lower} ({self.low:g}) must lie under {self.upper} ({self.high:g})"


MOST_START, LOWER_DRIFTING = "100 max_base_rate", "drifting_from - band_margin"
RISING = (
    ("default_base_rate", "max_base_rate"),
    ("band_margin", "drifting_from"),
    ("drifting_from", "at_risk_from"),
    (MOST_START, LOWER_DRIFTING),
    ("alert_closes_under", "alert_opens_at"),
    ("alert_opens_at", "snooze_breaks_at"),
)


def misfits(numbers: Mapping[str, float]) -> list[Misfit]:
    """Return which numbers of a rule set do not fit together.

    Parameters
    ----------
    numbers : mapping of str to float
        Values by field name; a pair of which one is not given is left out, as a form leaves out what it refused.
    """
    known = dict(numbers)
    if "max_base_rate" in known:
        known[MOST_START] = 100 * known["max_base_rate"]
    if {"drifting_from", "band_margin"} <= known.keys():
        known[LOWER_DRIFTING] = known["drifting_from"] - known["band_margin"]
    pairs = [(lower, upper) for lower, upper in RISING if lower in known and upper in known]
    return [
        Misfit(lower, known[lower], upper, known[upper]) for lower, upper in pairs if not known[lower] < known[upper]
    ]


NUMBERS = tuple(setting for setting in dataclasses.fields(RuleSetValues) if "low" in setting.metadata)


def _same_names(what: str, stored: Any, kind: type[Any]) -> None:
    wanted = {item.name for item in dataclasses.fields(kind)}
    if not isinstance(stored, Mapping) or set(stored) != wanted:
        raise ValueError(f"{what}: expected exactly {sorted(wanted)}")


DEFAULT_RULES = RuleSetValues()
