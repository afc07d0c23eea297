"""Would they recommend us?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from signals.compute.base import Facts, Json, Status, json_records, result_frame
from signals.compute.contact_change import LEVEL_WEIGHTS, ROLE_WEIGHTS
from signals.compute.contact_change_text import ROLE_WORDS
from signals.compute.freshness import source_status
from signals.compute.row_ids import evidence_by_ids
from signals.compute.wording import day_text, explain_unknown

# The classes of the question (Reichheld 2003): promoters give 9 or 10, detractors 6 or less.
PROMOTER, DETRACTOR, TOP = 9, 6, 10
# What the answers of a portfolio are taken for before any is known: between promoter and passive.
UNKNOWN_FIRM = 0.25


@dataclass(frozen=True)
class Loyalty:
    """How far the answers lie below a promoter's, and how far they fell, by the weight of who answered.

    Attributes
    ----------
    role_weights, level_weights : dict of str to float
        How much of the decision is with whom we asked, multiplied: those of contact change. Somebody not named
        weighs the middle of each.
    left_factor : float
        What the answer of somebody who has left still weighs: it speaks of us, no longer of who decides.
        Assumption.
    distance : float
        Points below a promoter at which an answer counts fully: 4 and less at 5. Assumption.
    silent_counts : float
        What a question without answer counts as, in 0..1. Assumption: less than a detractor, more than a passive.
    silent_factor : float
        What it weighs of an answer by the same person. Assumption.
    answer_days : int
        So long a question may wait for its answer before it counts as not answered. Assumption: most answers come
        within three weeks or never.
    firm_strength : float
        Weight of the portfolio's mean in the present, in answers of a decision maker on top. Assumption.
    fall_points : float
        A fall of so many points against the own past counts fully: from promoter to detractor. Assumption.
    fall_share : float
        Share of the level that is given by the fall; the rest by where they stand. Assumption.
    recent_days, past_days : int
        Now, and the own past before that; an answer weighs half after a year.
    """

    key: ClassVar[str] = "loyalty"
    title: ClassVar[str] = "Loyalty"
    unit: ClassVar[str] = "points of 10"
    family: ClassVar[str] = "service"
    sources: ClassVar[tuple[str, ...]] = ("surveys",)

    role_weights: Mapping[str, float] = field(default_factory=lambda: dict(ROLE_WEIGHTS))
    level_weights: Mapping[str, float] = field(default_factory=lambda: dict(LEVEL_WEIGHTS))
    left_factor: float = 0.3
    distance: float = 5.0
    silent_counts: float = 0.5
    silent_factor: float = 0.5
    answer_days: int = 30
    firm_strength: float = 0.4
    fall_points: float = 4.0
    fall_share: float = 0.4
    recent_days: int = 365
    past_days: int = 730

    def fit(self, facts: Facts, as_of: dt.date) -> Json:
        """Learn the mean distance from a promoter over all answers of the recent span."""
        asked = self._asked(facts.until(as_of), as_of)
        answered = asked[asked["is_recent"] & asked["score"].notna()]
        count = len(answered)
        return {"distance": round(float((answered["counts"].sum() + UNKNOWN_FIRM) / (count + 1)), 6)}

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return level = (1 - f) · d + f · min(1, max(0, fall) / fall_points), f = `fall_share`.

        Notes
        -----
        d is the mean of what each question of the recent span counts: min(1, (9 - score) / distance) of an
        answer, never below 0, and `silent_counts` of silence; weighed by who was asked and by age, with the
        portfolio's mean as `firm_strength` of an answer more. The fall is the mean score of the years before less
        that of the recent span, both weighed alike; without either there is none. `value` and `baseline` are these.
        """
        known, index = facts.until(as_of), facts.accounts.index
        asked = self._asked(known, as_of)
        now, before = (self._sums(asked[asked["is_recent"] == here], index) for here in (True, False))
        firm = self.firm_strength
        distance = (now["counts"] + firm * params["distance"]) / (now["weight"] + firm)
        value, baseline = now["mean_score"], before["mean_score"]
        fell = ((baseline - value) / self.fall_points).clip(0, 1).fillna(0.0)
        source = source_status(facts, self.sources, as_of)
        ever = known.answers.groupby("account_id")["answer_id"].nunique().reindex(index, fill_value=0)
        details = self._details(asked, now, index).assign(complete_to=source["complete_to"])
        return result_frame(
            facts,
            value=value,
            baseline=baseline,
            level=((1 - self.fall_share) * distance + self.fall_share * fell).clip(0, 1),
            status=self._status(source["status"], details),
            details=json_records(details),
            evidence=evidence_by_ids("loyalty", asked, "answer_id", ever),
        )

    def _asked(self, known: Facts, as_of: dt.date) -> pd.DataFrame:
        """Return the questions of both spans that were answered, or could have been by now, the newest first."""
        day = pd.Timestamp(as_of)
        rows = known.answers.sort_values(
            ["account_id", "day", "answer_id"], ascending=[True, False, False], kind="stable"
        )
        rows = rows.drop_duplicates("answer_id")
        age = (day - rows["answered_on"].fillna(rows["day"])).dt.days
        waits = rows["score"].isna() & ((day - rows["day"]).dt.days < self.answer_days)
        within = ~waits & (age < self.recent_days + self.past_days)
        rows = rows.assign(age=age, is_recent=age < self.recent_days)[within]
        people = known.contacts.drop_duplicates("contact_id").set_index(["account_id", "contact_id"])
        who = pd.MultiIndex.from_arrays([rows["account_id"], rows["contact_id"]])
        of_whom = people[["role", "level", "left_on"]].reindex(who).set_axis(rows.index)
        silent = rows["score"].isna()
        fading: pd.Series = np.exp2(-rows["age"] / self.recent_days)
        weight = self._weight(of_whom, day) * fading
        distance = ((PROMOTER - rows["score"]) / self.distance).clip(0, 1)
        weighed: pd.DataFrame = rows.assign(
            role=of_whom["role"],
            weight=weight * np.where(silent, self.silent_factor, 1.0),
            counts=distance.where(~silent, self.silent_counts),
        )
        return weighed

    def _weight(self, people: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
        """Return the weight of whom we asked; a contact not named or not known weighs the middle."""
        role, level = (
            people[name].map(dict(weights)).astype(float).fillna(_middle(weights))
            for name, weights in (("role", self.role_weights), ("level", self.level_weights))
        )
        weight: pd.Series = role * level * np.where(people["left_on"] <= day, self.left_factor, 1.0)
        return weight

    def _sums(self, asked: pd.DataFrame, index: "pd.Index[int]") -> pd.DataFrame:
        """Return per account the weight, what the questions count, and the weighed mean score of the answers."""
        answered = asked["score"].notna()
        weighed = pd.DataFrame(
            {
                "account_id": asked["account_id"],
                "weight": asked["weight"],
                "counts": asked["weight"] * asked["counts"],
                "answer_weight": asked["weight"].where(answered, 0.0),
                "score": (asked["weight"] * asked["score"]).fillna(0.0),
                "asked": 1,
                "answered": answered.astype("int64"),
            }
        )
        sums = weighed.groupby("account_id").sum().reindex(index, fill_value=0)
        mean = sums["score"] / sums["answer_weight"].where(sums["answer_weight"] > 0)
        return sums.assign(mean_score=mean.round(9))

    def _details(self, asked: pd.DataFrame, now: pd.DataFrame, index: "pd.Index[int]") -> pd.DataFrame:
        latest = asked[asked["score"].notna()].drop_duplicates("account_id").set_index("account_id").reindex(index)
        ever = asked.groupby("account_id").size().reindex(index, fill_value=0)
        return pd.DataFrame(
            {
                "last_score": latest["score"],
                "last_on": latest["answered_on"],
                "last_role": latest["role"],
                "asked": now["asked"],
                "silent": now["asked"] - now["answered"],
                "asked_ever": ever,
            },
            index=index,
        )

    def _status(self, source: pd.Series, details: pd.DataFrame) -> Any:
        """Return too little history where nobody answered and a single question met silence: that may be chance."""
        unheard = details["last_score"].isna() & (details["asked_ever"] < 2)
        old = details["asked"] == 0
        return np.select(
            [source == Status.NOT_USED, details["asked_ever"] == 0, source == Status.STALE, unheard | old],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE, Status.INSUFFICIENT_HISTORY],
            Status.OK,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say what they would recommend us with, what it was before, who said so last, and who did not answer."""
        details = reading["details"]
        if reading["status"] == Status.INSUFFICIENT_HISTORY:
            return _too_little(details)
        if reading["status"] != Status.OK:
            return explain_unknown("survey answers", reading)
        if reading["value"] is None:
            times = "time" if details["silent"] == 1 else f"{details['silent']} times"
            return f"Nobody answered the last {times} we asked{_once(details)}."
        return f"{_score(reading)}. {_last(details)}{_silent(details)}."

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the score, and what it was before."""
        if reading["status"] != Status.OK or reading["value"] is None:
            return self.explain(reading)
        return f"{_score(reading)}."


def _middle(weights: Mapping[str, float]) -> float:
    return float(np.median(list(weights.values())))


def _points(score: float) -> str:
    return f"{score:.1f}".removesuffix(".0")


def _score(reading: Mapping[str, Any]) -> str:
    before = reading["baseline"]
    now = _points(reading["value"])
    earlier = f", {_points(before)} before" if before is not None and _points(before) != now else ""
    return f"Would recommend us with {now} of {TOP}{earlier}"


def _last(details: Json) -> str:
    who = ROLE_WORDS.get(details["last_role"] or "")
    name = f"A{'n' if who == 'influencer' else ''} {who}" if who else "The last to answer"
    return f"{name} gave {details['last_score']} on {day_text(details['last_on'])}"


def _silent(details: Json) -> str:
    if not details["silent"]:
        return ""
    return f"; {details['silent']} of {details['asked']} questions in a year had no answer"


def _once(details: Json) -> str:
    if details["last_on"] is None:
        return ""
    return f"; the last answer was {details['last_score']} of {TOP} on {day_text(details['last_on'])}"


def _too_little(details: Json) -> str:
    if details["last_on"] is not None:
        return f"Unknown: nobody was asked in a year; the last answer came on {day_text(details['last_on'])}."
    if details["asked"]:
        return "Unknown: asked once, and no answer came."
    return "Unknown: nobody was asked in a year."
