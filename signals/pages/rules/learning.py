"""What the outcomes known so far say of the weights, for the page of the rules."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from signals.compute.known_outcomes import FEWEST_OUTCOMES, Outcome, reliability
from signals.compute.learned_weights import LearnedRatio, learn_weights
from signals.compute.registry import BY_KEY, SIGNALS
from signals.compute.rules import DEFAULT_RULES
from signals.models import RuleSet, Run
from signals.pages.rules.words import field_name
from signals.services.assess import BASE_RATE
from signals.services.known_outcomes import Known, known_outcomes

RATIO_DIGITS = 2


@dataclass(frozen=True)
class Proposal:
    """The weight of one signal: as elicited, and as learned with its interval."""

    key: str
    title: str
    elicited: float
    learned: LearnedRatio


@dataclass(frozen=True)
class Tens:
    """Of the accounts that were shown this many points, how many left."""

    low: int
    high: int
    accounts: int
    gone: int
    share: float
    share_low: float
    share_high: float


@dataclass(frozen=True)
class Learning:
    """How many outcomes are known and, with enough of them, what they teach."""

    outcomes: int
    cases: int = 0
    proposals: list[Proposal] = field(default_factory=list)
    reliability: list[Tens] = field(default_factory=list)
    needed: int = FEWEST_OUTCOMES

    @property
    def is_offered(self) -> bool:
        return bool(self.proposals)

    @property
    def stored(self) -> dict[str, Any]:
        """As a rule set keeps it."""
        if not self.is_offered:
            return {}
        weights = {one.key: asdict(one.learned) for one in self.proposals}
        return {"outcomes": self.outcomes, "cases": self.cases, "weights": weights}

    def proposal(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The values to try, by field name; what is in no proposal stays as stored."""
        ratios = {
            field_name("likelihood_ratio", one.key): round(one.learned.ratio, RATIO_DIGITS) for one in self.proposals
        }
        # What overlaps is in the learned factors already.
        return {**ratios, "eta": 1.0} if set(stored["weights"]) >= {one.key for one in self.proposals} else {}


def read_learning(as_of: dt.date) -> Learning:
    known = known_outcomes(as_of)
    return _learned(known) if known.is_enough else Learning(known.outcomes)


def _learned(known: Known) -> Learning:
    cases = known.cases
    levels = pd.DataFrame(cases["levels"].tolist(), index=cases.index)
    levels = levels.reindex(columns=[signal.key for signal in SIGNALS]).astype(float)
    gone = cases["outcome"].isin([Outcome.LOST, Outcome.SILENT, Outcome.REAL])
    # The elicited ones, not those in force: these may rest on the same outcomes already.
    found = learn_weights(levels, gone, DEFAULT_RULES, _base_rate())
    proposals = [
        Proposal(key, BY_KEY[key].title, DEFAULT_RULES.weights[key].likelihood_ratio or 1, ratio)
        for key, ratio in found.ratios.items()
    ]
    return Learning(known.outcomes, found.cases, proposals, _tens(cases))


def _tens(cases: pd.DataFrame) -> list[Tens]:
    """What people said of alerts is no leaving: those accounts stayed, or they would count as lost."""
    table = reliability(cases["risk"], cases["outcome"].isin([Outcome.LOST, Outcome.SILENT]))
    names = ("low", "high", "accounts", "gone", "share", "share_low", "share_high")
    return [Tens(*values) for values in zip(*(table[name].tolist() for name in names), strict=True)]


def _base_rate() -> float:
    shown = Run.objects.shown()
    learnt = shown.params_for(shown.business_date) if shown else {}
    return float(learnt.get(BASE_RATE, DEFAULT_RULES.default_base_rate))


def learnt_parts(stored: Mapping[str, Any], base: RuleSet, learning: Learning) -> dict[str, Any]:
    """What to keep beside a new version: where its factors come from, as far as they are learned ones."""
    for source in (learning.stored, base.learned):
        weights = {
            key: one
            for key, one in source.get("weights", {}).items()
            if stored["weights"][key]["likelihood_ratio"] == round(one["ratio"], RATIO_DIGITS)
        }
        if weights:
            return {**source, "weights": weights}
    return {}
