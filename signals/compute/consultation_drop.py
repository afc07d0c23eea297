"""Does the customer ask for advice and quotations less?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betainc, gammaln

from signals.compute.base import Facts, Json, Status, evidence, json_records, result_frame
from signals.compute.freshness import delivered, source_status
from signals.compute.row_ids import ids_by_account
from signals.compute.wording import days_text, explain_unknown

Floats = npt.NDArray[np.float64]

YEAR_DAYS = 365.25
# How far accounts may differ in how often they ask: coefficient of variation 1 / sqrt(strength), 140 % down to 18 %.
STRENGTHS = np.geomspace(0.5, 32, 25)


@dataclass(frozen=True)
class ConsultationDrop:
    """Chance that the customer now asks at most half as often as before.

    Attributes
    ----------
    recent_days, past_days : int
        Now, and the own past before that: half a year holds some questions of most accounts, two whole years
        hold each season twice.
    least_past_days : int
        So many days of own past are needed for a level: half a year. Assumption.
    drop : float
        Asking at most this share as often counts as less: half, which nobody explains by chance or season alone.
        Assumption.
    own_past_strength : float
        Questions that the own past is worth in judging the present. Assumption: at 1, an account that asks nine
        times a year and then for half a year not at all reaches a level of 0.8.
    """

    key: ClassVar[str] = "consultation_drop"
    title: ClassVar[str] = "Consultation drop"
    unit: ClassVar[str] = "questions"
    family: ClassVar[str] = "dialogue"
    sources: ClassVar[tuple[str, ...]] = ("inquiries", "interactions")

    recent_days: int = 180
    past_days: int = 730
    least_past_days: int = 180
    drop: float = 0.5
    own_past_strength: float = 1.0

    def fit(self, facts: Facts, as_of: dt.date) -> Json:
        """Learn how often accounts ask in a year, and how much they differ, from the past span."""
        known = facts.until(as_of)
        spans = self._spans(_asks(known), known, as_of, facts.accounts.index)
        past = spans[spans["past_years"] > 0]
        mean = float((past["before"].sum() + 1) / (past["past_years"].sum() + 1))
        strength = _strength(past["before"].to_numpy(dtype=float), past["past_years"].to_numpy(dtype=float), mean)
        return {"a_year": round(mean, 6), "strength": strength}

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return level = 2 · max(0, p - 1/2), p = P(rate now < drop · rate before).

        Notes
        -----
        A question is a day on which the customer asked: an inquiry that was ours to answer, or an interaction it
        started for advice; both on one day are one. Own rate before ~ Gamma(k + n0, k / m + t0), m and k of the
        portfolio; now ~ Gamma(d + n1, d / mean before + t1), d = `own_past_strength`; p is an incomplete beta
        function. The past begins the day after the first record of the account (whatever it is of), so that
        this record does not count itself. `value` are the questions now, `baseline` those that the
        own past makes usual in as many days.
        """
        known, index = facts.until(as_of), facts.accounts.index
        asks = _asks(known)
        spans = self._spans(asks, known, as_of, index)
        chance = self._chance(spans, params)
        late = source_status(facts, self.sources, as_of)
        status = self._status(facts, as_of, spans, late["status"])
        usual = (spans["before"] / spans["past_years"].where(spans["past_years"] > 0)) * self.recent_days / YEAR_DAYS
        seen = ~np.isin(status, [Status.NO_DATA, Status.NOT_USED])
        details = spans.assign(
            chance=np.round(chance, 4),
            recent_days=self.recent_days,
            complete_to=late["complete_to"],
            late_source=late["source"],
        )
        return result_frame(
            facts,
            value=spans["now"].where(seen),
            baseline=usual.where(seen),
            # Whoever never asked cannot ask less, however curious the others are.
            level=np.where(spans["before"] > 0, 2 * np.clip(chance - 0.5, 0, None), 0.0),
            status=status,
            details=json_records(details.assign(past_years=details["past_years"].round(2))),
            evidence=_evidence(known, self._begin(as_of), index),
        )

    def _spans(self, asks: pd.DataFrame, known: Facts, as_of: dt.date, index: "pd.Index[int]") -> pd.DataFrame:
        """Return how often each account asked now and before, and the years of its past that are known."""
        border = pd.Timestamp(as_of) - pd.Timedelta(days=self.recent_days)
        begin = self._begin(as_of)
        first = _first_record(known, index)
        since = first.mask(first < begin, begin)
        of_account = since.reindex(asks["account_id"].to_numpy()).to_numpy()
        before = asks[(asks["day"] <= border) & (asks["day"] > of_account)]
        now = asks[asks["day"] > border]
        return pd.DataFrame(
            {
                "now": now.groupby("account_id").size().reindex(index, fill_value=0),
                "before": before.groupby("account_id").size().reindex(index, fill_value=0),
                "past_years": ((border - since).dt.days.clip(lower=0) / YEAR_DAYS).fillna(0.0),
                "asked_ever": asks.groupby("account_id").size().reindex(index, fill_value=0),
                "first_on": first,
                "last_on": asks.groupby("account_id")["day"].max().reindex(index),
            },
            index=index,
        )

    def _begin(self, as_of: dt.date) -> pd.Timestamp:
        return pd.Timestamp(as_of) - pd.Timedelta(days=self.recent_days + self.past_days)

    def _chance(self, spans: pd.DataFrame, params: Json) -> Floats:
        k, d = params["strength"], self.own_past_strength
        shape, rate = k + spans["before"].to_numpy(dtype=float), k / params["a_year"] + spans["past_years"].to_numpy()
        shape_now = d + spans["now"].to_numpy(dtype=float)
        rate_now = d * rate / shape + self.recent_days / YEAR_DAYS
        chance = betainc(shape_now, shape, self.drop * rate_now / (self.drop * rate_now + rate))
        return np.asarray(chance, dtype=np.float64)

    def _status(self, facts: Facts, as_of: dt.date, spans: pd.DataFrame, late: pd.Series) -> Any:
        """Return not used only where neither source is: one of them alone tells of questions as well."""
        states = [source_status(facts, (source,), as_of)["status"] for source in self.sources]
        unused = (states[0] == Status.NOT_USED) & (states[1] == Status.NOT_USED)
        is_late = (states[0] == Status.STALE) | (states[1] == Status.STALE) | (late == Status.STALE)
        unseen = (spans["asked_ever"] == 0) & ~delivered(facts, self.sources[0])
        short = spans["past_years"] * YEAR_DAYS < self.least_past_days
        return np.select(
            [unused, unseen, is_late, short],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE, Status.INSUFFICIENT_HISTORY],
            Status.OK,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say how often they asked us, and how often is usual."""
        details = reading["details"]
        if reading["status"] == Status.INSUFFICIENT_HISTORY:
            return f"{_times(details['now'], details)}; half a year of records before that is needed to judge."
        if reading["status"] != Status.OK:
            return explain_unknown(details["late_source"] or "inquiries", reading)
        return f"{_times(details['now'], details)}; usual are {_usual(reading['baseline'])}{_chance_text(reading)}."

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the same without the chance."""
        if reading["status"] != Status.OK:
            return self.explain(reading)
        return f"{_times(reading['details']['now'], reading['details'])}, usually {_usual(reading['baseline'])}."


def _asks(known: Facts) -> pd.DataFrame:
    """Return the days on which an account asked us: account_id, day."""
    inquiries, talks = known.inquiries, known.interactions
    ours = inquiries.loc[inquiries["outcome"] != "elsewhere", ["account_id", "day"]]
    for_advice = (talks["initiator"] == "them") & (talks["purpose"] == "consultation")
    asks = pd.concat([ours, talks.loc[for_advice, ["account_id", "day"]]], ignore_index=True)
    return asks.drop_duplicates().sort_values(["account_id", "day"], kind="stable", ignore_index=True)


def _first_record(known: Facts, index: "pd.Index[int]") -> pd.Series:
    """Return the first day of which an inquiry, a contact or an order of the account is known."""
    tables = [table[["account_id", "day"]] for table in (known.inquiries, known.interactions, known.orders)]
    first: pd.Series = pd.concat([table.groupby("account_id")["day"].min() for table in tables]).groupby(level=0).min()
    return first.reindex(index)


def _strength(asked: Floats, years: Floats, mean: float) -> float:
    """Return k of rate ~ Gamma(k, k / mean) with the highest marginal likelihood of the counts (negative binomial)."""
    k, n, t = STRENGTHS[:, None], asked[None, :], years[None, :]
    rate = k / mean
    likelihood = (gammaln(k + n) - gammaln(k) + k * np.log(rate) - (k + n) * np.log(rate + t)).sum(axis=1)
    return round(float(STRENGTHS[int(np.argmax(np.round(likelihood, 9)))]), 6)


def _evidence(known: Facts, begin: pd.Timestamp, index: "pd.Index[int]") -> list[Json]:
    """Name the inquiries that were ours to answer; where all came in talks, these."""
    inquiries, talks = known.inquiries, known.interactions
    ours = inquiries[(inquiries["outcome"] != "elsewhere") & (inquiries["day"] > begin)]
    advice = talks[(talks["day"] > begin) & (talks["initiator"] == "them") & (talks["purpose"] == "consultation")]
    by_tab = {
        "inquiries": ids_by_account(ours, "inquiry_id"),
        "interactions": ids_by_account(advice, "interaction_id"),
    }
    return [_rows_of(by_tab, key) for key in index.tolist()]


def _rows_of(by_tab: Mapping[str, Mapping[Any, list[int]]], account: int) -> Json:
    tab = next((name for name, ids in by_tab.items() if account in ids), "inquiries")
    ids = by_tab[tab].get(account, [])
    return evidence(tab, len(ids), ids=ids or None)


def _times(number: int, details: Json) -> str:
    span = days_text(details["recent_days"])
    if not number:
        return f"Asked us for nothing in {span}"
    return f"Asked us {number} {'time' if number == 1 else 'times'} in {span}"


def _usual(number: float | None) -> str:
    return "none" if not number else "less than one" if number < 1 else str(round(number))


def _chance_text(reading: Mapping[str, Any]) -> str:
    if not reading["level"]:
        return ""
    return f" (a fall to half or less is {reading['details']['chance']:.0%} likely)".replace("%", " %")
