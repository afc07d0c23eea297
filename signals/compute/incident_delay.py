"""Are small incidents taking longer than they used to for this customer?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betainc, gammaln

from signals.compute.base import Facts, Json, Status, evidence, json_records, result_frame
from signals.compute.columns import day_number
from signals.compute.freshness import delivered, source_status
from signals.compute.open_time import open_time
from signals.compute.wording import days_text, explain_unknown

Floats = npt.NDArray[np.float64]

SMALL = "minor"
SEVERITY_WEIGHTS = {"minor": 1.0, "major": 0.5, "critical": 0.25}
USUAL_DAYS = {"minor": 7.0, "major": 3.0, "critical": 1.0}
# How far accounts may differ in pace: coefficient of variation 1 / sqrt(strength), from 140 % down to 12 %.
STRENGTHS = np.geomspace(0.5, 64, 29)


@dataclass(frozen=True)
class IncidentDelay:
    """Chance that incidents now stay open at least half as long again as before, open ones counted.

    Attributes
    ----------
    recent_days, past_days : int
        Now, and the own past before that: half a year holds a few incidents of most accounts, a year evens
        out seasons.
    severity_weights : dict of str to float
        How much an incident of each severity counts. Small ones fully: large ones have somebody's attention
        anyway. Assumption.
    usual_days : dict of str to float
        Time to resolve that one incident of each severity is taken for before any is known: the targets of
        strategic and key accounts (signals.md).
    slower : float
        How many times as long counts as slower: half as long again, which a customer notices. Assumption.
    own_past_strength : float
        Closed incidents that the own past is worth in judging the present. Assumption: at 2, three small
        incidents that take four times as long as before reach a level of 0.7.
    least_incidents : int
        Incidents within both spans together that are needed for a level. Assumption.
    """

    key: ClassVar[str] = "incident_delay"
    title: ClassVar[str] = "Incident delay"
    unit: ClassVar[str] = "days"
    family: ClassVar[str] = "service"
    sources: ClassVar[tuple[str, ...]] = ("incidents",)

    recent_days: int = 180
    past_days: int = 365
    severity_weights: Mapping[str, float] = field(default_factory=lambda: dict(SEVERITY_WEIGHTS))
    usual_days: Mapping[str, float] = field(default_factory=lambda: dict(USUAL_DAYS))
    slower: float = 1.5
    own_past_strength: float = 2.0
    least_incidents: int = 3

    def fit(self, facts: Facts, as_of: dt.date) -> Json:
        """Learn the firm's days open per closed incident of each severity, and how much accounts differ."""
        spans = self._spans(facts.until(as_of), as_of)
        sums = spans[["severity", "days", "closed"]].groupby("severity").sum()
        firm = {
            severity: round(float((sums["days"].get(severity, 0) + usual) / (sums["closed"].get(severity, 0) + 1)), 6)
            for severity, usual in self.usual_days.items()
        }
        past = self._sums(spans[~spans["is_recent"]], firm, facts.accounts.index)
        small = spans[spans["is_recent"] & (spans["severity"] == SMALL)]
        return {
            "days": firm,
            "strength": _strength(past["closed"].to_numpy(), past["exposure"].to_numpy()),
            "small_now": round(float((small["days"].sum() + firm[SMALL]) / (small["closed"].sum() + 1)), 6),
        }

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return level = 2 · max(0, p - 1/2), p = P(pace now < pace before / slower).

        Notes
        -----
        Closing is counted as a rate: w closed incidents within e days open (weighted, in units of the firm's
        usual time for their severity), an open one giving days without a closing. The own past is
        Gamma(k + w0, k + e0), k fitted on all accounts: a short past leans on the firm. The present starts
        from the mean of that, worth `own_past_strength` closings, and p is an incomplete beta function.
        `value` and `baseline` are the plain days open per closed small incident, now and before; empty where
        none was closed.
        """
        known, index = facts.until(as_of), facts.accounts.index
        spans = self._spans(known, as_of)
        now, past = (self._sums(spans[spans["is_recent"] == here], params["days"], index) for here in (True, False))
        chance = self._chance(now, past, params["strength"])
        details = self._details(spans, index).assign(
            chance=np.round(chance, 4), firm_days=round(params["small_now"], 2), recent_days=self.recent_days
        )
        source = source_status(facts, self.sources, as_of)
        details["complete_to"] = source["complete_to"]
        details["is_fed"] = delivered(facts, "incidents")
        status = self._status(source["status"], details, index.isin(known.incidents["account_id"]))
        return result_frame(
            facts,
            value=details["small_days"],
            baseline=details["small_days_before"],
            level=np.where(details["incidents"] > 0, 2 * np.clip(chance - 0.5, 0, None), 0.0),
            status=status,
            details=json_records(details),
            evidence=_evidence(spans, known.incidents, index),
        )

    def _spans(self, known: Facts, as_of: dt.date) -> pd.DataFrame:
        """Return what of each incident's open time falls into the recent span, and what into the past one.

        Two rows at most per incident: `days` open less pauses, `closed` 0 or 1, `is_recent`, `age_days` open so far.
        """
        today = float(day_number(as_of))
        borders = (today, today - self.recent_days, today - self.recent_days - self.past_days)
        parts = []
        for end, begin in pairwise(borders):
            table = open_time(known.incidents, known.pauses, begin, end, today)
            parts.append(table.assign(is_recent=end == today))
        spans = pd.concat(parts, ignore_index=True)
        return spans[spans["severity"].isin(self.severity_weights.keys())]

    def _sums(self, spans: pd.DataFrame, firm: Mapping[str, float], index: "pd.Index[int]") -> pd.DataFrame:
        """Return weighted closings and exposure of each account; exposure in usual times of the severity."""
        weight = spans["severity"].map(dict(self.severity_weights)).astype(float)
        usual = spans["severity"].map(dict(firm)).astype(float)
        weighed = pd.DataFrame(
            {
                "account_id": spans["account_id"],
                "closed": weight * spans["closed"],
                "exposure": weight * spans["days"] / usual,
            }
        )
        return weighed.groupby("account_id").sum().reindex(index, fill_value=0.0)

    def _chance(self, now: pd.DataFrame, past: pd.DataFrame, strength: float) -> Floats:
        sums = past[["closed", "exposure"]].to_numpy(dtype=np.float64)
        shape, rate = strength + sums[:, 0], strength + sums[:, 1]
        drift = self.own_past_strength
        shape_now = drift + now["closed"].to_numpy(dtype=np.float64)
        rate_now = drift * rate / shape + now["exposure"].to_numpy(dtype=np.float64)
        chance = betainc(shape_now, shape, rate_now / (rate_now + self.slower * rate))
        return np.asarray(chance, dtype=np.float64)

    def _details(self, spans: pd.DataFrame, index: "pd.Index[int]") -> pd.DataFrame:
        recent, small = spans["is_recent"], spans["severity"] == SMALL
        still = recent & spans["is_open"]
        columns: dict[str, pd.Series] = {}
        for name, rows in (("small", recent & small), ("large", recent & ~small)):
            columns |= _pace(spans[rows], name, index)
        for name, rows in (("small", ~recent & small), ("large", ~recent & ~small)):
            columns |= {f"{key}_before": column for key, column in _pace(spans[rows], name, index).items()}
        return pd.DataFrame(
            {
                **columns,
                "open": spans[still].groupby("account_id").size().reindex(index, fill_value=0),
                "oldest_days": spans[still & small].groupby("account_id")["age_days"].max().round(2).reindex(index),
                "incidents": spans[recent].groupby("account_id").size().reindex(index, fill_value=0),
                "incidents_both": spans.groupby("account_id")["incident_id"].nunique().reindex(index, fill_value=0),
            }
        )

    def _status(self, source: pd.Series, details: pd.DataFrame, logged: npt.NDArray[np.bool_]) -> Any:
        """Return ok without incidents only where a fresh feed, or an own incident before, shows they are recorded."""
        quiet, few = details["incidents"] == 0, details["incidents_both"] < self.least_incidents
        return np.select(
            [source == Status.NOT_USED, ~logged & ~details["is_fed"], source == Status.STALE, quiet, few],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE, Status.OK, Status.INSUFFICIENT_HISTORY],
            Status.OK,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say how long small incidents take, how long before, and what is open."""
        details = reading["details"]
        if reading["status"] == Status.INSUFFICIENT_HISTORY:
            known = details["incidents_both"]
            word = "incident" if known == 1 else "incidents"
            return f"Only {known} {word} known, {self.least_incidents} needed to compare their times."
        if reading["status"] != Status.OK:
            return explain_unknown("incidents", reading)
        if not details["incidents"]:
            return f"No incident in {days_text(details['recent_days'])}, so none is slow."
        return f"{_now(reading)}{_open(details)}."

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the same without the open ones."""
        if reading["status"] != Status.OK or reading["value"] is None:
            return self.explain(reading)
        return f"{_now(reading)}."


def _strength(closed: Floats, exposure: Floats) -> float:
    """Return k of pace ~ Gamma(k, k) with the highest marginal likelihood of w closings in e (negative binomial)."""
    seen = (closed > 0) | (exposure > 0)
    k, w, e = STRENGTHS[:, None], closed[seen][None, :], exposure[seen][None, :]
    likelihood = (gammaln(k + w) - gammaln(k) + k * np.log(k) - (k + w) * np.log(k + e)).sum(axis=1)
    return round(float(STRENGTHS[int(np.argmax(np.round(likelihood, 9)))]), 6)


def _pace(spans: pd.DataFrame, name: str, index: "pd.Index[int]") -> dict[str, pd.Series]:
    sums = spans[["account_id", "days", "closed"]].groupby("account_id").sum().reindex(index, fill_value=0)
    return {
        f"{name}_days": (sums["days"] / sums["closed"].where(sums["closed"] > 0)).round(2),
        f"{name}_open_days": sums["days"].round(2),
        f"{name}_closed": sums["closed"].astype("int64"),
        f"{name}_count": spans.groupby("account_id").size().reindex(index, fill_value=0),
    }


def _evidence(spans: pd.DataFrame, incidents: pd.DataFrame, index: "pd.Index[int]") -> list[Json]:
    """Name the incidents of the recent span, where there is none all that are known."""
    recent = spans[spans["is_recent"]].groupby("account_id")["incident_id"].agg(lambda ids: sorted(ids.tolist()))
    known = incidents.groupby("account_id").size().reindex(index, fill_value=0)
    return [
        evidence("incidents", len(recent[account]), ids=recent[account])
        if account in recent.index
        else evidence("incidents", count)
        for account, count in zip(index.tolist(), known.tolist(), strict=True)
    ]


def _now(reading: Mapping[str, Any]) -> str:
    details, before = reading["details"], reading["baseline"]
    earlier = "" if before is None else f", {_number(before)} in the year before"
    if reading["value"] is not None:
        return f"Small incidents take {_days(reading['value'])}{earlier}"
    if details["small_count"]:
        usual = "" if before is None else f"; one took {_days(before)} in the year before"
        return f"No small incident of {details['small_count']} closed in {days_text(details['recent_days'])}{usual}"
    return f"No small incident in {days_text(details['recent_days'])}; {details['large_count']} larger"


def _open(details: Json) -> str:
    if details["oldest_days"] is not None and details["oldest_days"] >= 1:
        return f"; one open for {_days(details['oldest_days'])}"
    return ""


def _days(days: float) -> str:
    return "less than a day" if days < 0.5 else days_text(days)


def _number(days: float) -> str:
    return "less than one" if days < 0.5 else str(round(days))
