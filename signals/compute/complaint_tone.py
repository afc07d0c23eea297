"""Did a key contact complain, then go quiet, or did the tone fall?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.base import Facts, Json, Status, evidence, json_records, lookup, result_frame
from signals.compute.complaint_tone_text import tone_headline, tone_sentence
from signals.compute.complaints import Heard, complaints, heard
from signals.compute.freshness import delivered, source_status
from signals.compute.renewal import FloatArray
from signals.compute.silence import Silence
from signals.compute.tones import last_contacts, mean_tone, tone_count, tone_table, toned

BY_WEIGHTS = {"key": 1.0, "unknown": 0.8, "other": 0.6}
# Before there is a portfolio: a contact a month, and one good tone in four.
USUAL_GAP, USUAL_TONE, USUAL_SPREAD = 30.0, 0.25, 0.6
LEAST_SPREAD = 0.3
DECIMALS = 6


@dataclass(frozen=True)
class ComplaintTone:
    """A complaint that silence followed, or the tone of the last contacts below the own usual one.

    Attributes
    ----------
    within_days : int
        Complaints and last contacts are those of this many days. Assumption.
    by_weights : dict of str to float
        What a complaint counts by who made it: a key contact, nobody named, only others. Assumption.
    fresh_weight, half_life_days : float
        A complaint of today without silence, and the days after which it counts half: most customers who
        complain stay. Assumption.
    settling_days : int
        Contacts so soon after a complaint are about it, and do not end the silence. Assumption.
    unusual_chance : float
        Silence counts from where its chance is below this, fully at 0: four times rarer than usual. Assumption.
    prior_gaps : float
        Contact gaps that the portfolio's mean gap is worth. Assumption.
    least_contact_days : int
        Days with contact before silence is judged, as in the signal `silence`.
    latest, least_latest, least_before : int
        The last contacts compared (detection.md: five), how many of them at least, and of those before.
    tone_prior : float
        Tones that the portfolio's mean tone is worth. Assumption.
    tone_cap : float
        Level that tone alone reaches at most: words are noted by few and weigh little. Assumption; below the
        line of an alert.
    tone_from, tone_to : float
        Standard errors below the usual tone at which it begins to count and counts fully.
    """

    key: ClassVar[str] = "complaint_tone"
    title: ClassVar[str] = "Complaint and tone"
    unit: ClassVar[str] = "mean tone"
    family: ClassVar[str] = "service"
    sources: ClassVar[tuple[str, ...]] = ("interactions", "incidents")

    within_days: int = 365
    by_weights: Mapping[str, float] = field(default_factory=lambda: dict(BY_WEIGHTS))
    fresh_weight: float = 0.35
    half_life_days: float = 90.0
    settling_days: int = 30
    unusual_chance: float = 0.25
    prior_gaps: float = 2.0
    least_contact_days: int = 5
    latest: int = 5
    least_latest: int = 3
    least_before: int = 3
    tone_prior: float = 5.0
    tone_cap: float = 0.6
    tone_from: float = 1.0
    tone_to: float = 3.0

    def fit(self, facts: Facts, as_of: dt.date) -> Json:
        """Learn the usual contact gap and tone of the portfolio, and when each owner last logged a contact."""
        known = facts.until(as_of)
        told = heard(known)
        # Of a large portfolio only some accounts are handed over with who took part: the others seem silent longer.
        named = facts.accounts.index.isin(known.attendance["account_id"])
        named |= not named.any()
        gaps = np.maximum(told.days[named] - 1, 0).sum()
        tones = toned(known.interactions)["tone"].to_numpy()
        return {
            "gap": round(float((told.gap_days[named].sum() + USUAL_GAP) / (gaps + 1)), DECIMALS),
            "tone": round(float((tones.sum() + USUAL_TONE) / (len(tones) + 1)), DECIMALS),
            "spread": round(max(float(tones.std()), LEAST_SPREAD) if len(tones) else USUAL_SPREAD, DECIMALS),
            # An owner who logs nothing makes customers look silent who are not.
            "owner_last_logged": Silence().fit(known, as_of)["owner_last_logged"],
        }

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return level = 1 - (1 - tone) (1 - complaint), the latter that of the weightiest complaint.

        Notes
        -----
        More complaints never lower it: they are no contact that ends a silence, and no tone that becomes usual.
        `value` is the mean of the last tones, `baseline` the own mean before, shrunk to the portfolio's.
        """
        known, index = facts.until(as_of), facts.accounts.index
        rows = toned(known.interactions)
        tones = tone_table(rows, index, as_of, self.latest, self.within_days)
        usual = self._usual_tone(tones, params)
        judged = (tone_count(tones) >= self.least_latest) & (tone_count(tones, "_before") >= self.least_before)
        fallen = np.where(judged, self._fallen(tones, usual, params), 0.0)
        worst = self._worst(known, params, as_of)
        level = 1 - (1 - fallen) * (1 - worst["impact"].to_numpy())
        states = self._states(facts, known, as_of, has_tone=judged)
        details = pd.concat([tones, worst.drop(columns="ids"), states.drop(columns="status")], axis=1)
        details["complaints"] = worst["ids"].map(len)  # the rest stands in the other list
        details = details.assign(tone_level=fallen.round(4), tone_judged=judged, within_days=self.within_days)
        return result_frame(
            facts,
            value=mean_tone(tones).where(judged).round(DECIMALS),
            baseline=usual.where(judged).round(DECIMALS),
            level=np.round(np.clip(level, 0, 1), DECIMALS),
            status=states["status"],
            details=json_records(details),
            evidence=_evidence(worst, fallen, last_contacts(rows, as_of, self.latest, self.within_days)),
        )

    def _usual_tone(self, tones: pd.DataFrame, params: Json) -> pd.Series:
        count = tone_count(tones, "_before")
        total = tones["good_before"] - tones["bad_before"]
        usual: pd.Series = (total + self.tone_prior * params["tone"]) / (count + self.tone_prior)
        return usual

    def _fallen(self, tones: pd.DataFrame, usual: pd.Series, params: Json) -> FloatArray:
        now, before = tone_count(tones), tone_count(tones, "_before")
        error = params["spread"] * np.sqrt(1 / now.where(now > 0) + 1 / (before + self.tone_prior))
        below = (usual - mean_tone(tones)) / error
        share = ((below - self.tone_from) / (self.tone_to - self.tone_from)).clip(0, 1)
        return np.asarray(self.tone_cap * share, dtype=np.float64)

    def _worst(self, known: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return the weightiest complaint of each account, with the silence after it, and all complaints' ids."""
        index = known.accounts.index
        made, told = complaints(known, as_of, self.within_days), heard(known)
        made = made[made["account_id"].isin(index)]
        silence = self._silence(made, told, _heard_until(known, params, as_of), index)
        chance = self._chance(made, silence, told, params["gap"], index)
        age = (pd.Timestamp(as_of) - made["day"]).dt.days
        fresh = self.fresh_weight * 0.5 ** (age / self.half_life_days)
        quiet = np.clip(1 - chance / self.unusual_chance, 0, 1)
        weight = made["by"].map(self.by_weights).astype(np.float64)
        felt = made.assign(
            impact=weight * np.maximum(fresh, quiet), silence_days=silence.where(quiet > 0), chance=chance.round(4)
        )
        felt = felt.sort_values(
            ["account_id", "impact", "day", "tab", "id"], ascending=[True, False, False, True, True]
        )
        first = felt.drop_duplicates("account_id").set_index("account_id").reindex(index)
        gaps = np.where(told.days > 1, told.days - 1, np.nan)
        return first.drop(columns="id").assign(
            impact=first["impact"].fillna(0),
            last_heard=told.last,
            usual_gap_days=(told.gap_days / gaps).round(1),
            ids=pd.Series(_ids(felt, first["tab"]), index=index, dtype=object),
        )

    def _silence(self, made: pd.DataFrame, told: Heard, until: pd.Series, index: "pd.Index[int]") -> pd.Series:
        """Return the days of silence after each complaint; NaN where they were in touch later or it is not known."""
        last = lookup(told.last, made["account_id"])
        since = last.where(last > made["day"], made["day"])
        days = (lookup(until, made["account_id"]) - since).dt.days.clip(lower=0)
        enough = lookup(pd.Series(told.days, index=index), made["account_id"]) >= self.least_contact_days
        settled = last > made["day"] + pd.Timedelta(days=self.settling_days)
        return days.where(enough & ~settled)

    def _chance(
        self, made: pd.DataFrame, silence: pd.Series, told: Heard, common: float, index: "pd.Index[int]"
    ) -> pd.Series:
        place = index.get_indexer(pd.Index(made["account_id"]))
        of_complaint = Heard(told.last.iloc[place], told.days[place], told.gap_days[place])
        chance = of_complaint.chance_of_silence(silence.to_numpy(), self.prior_gaps, common)
        return pd.Series(np.where(silence.isna(), 1.0, chance), index=made.index)

    def _states(self, facts: Facts, known: Facts, as_of: dt.date, *, has_tone: "pd.Series[bool]") -> pd.DataFrame:
        """Return status and, where a feed is late, which one: either source suffices, both must be fresh."""
        index = facts.accounts.index
        talks, tickets = (source_status(facts, (source,), as_of) for source in self.sources)
        late = source_status(facts, self.sources, as_of)
        logged = delivered(facts, "incidents") | index.isin(known.incidents["account_id"])
        logged &= tickets["status"] != Status.NOT_USED
        spoken = index.isin(known.interactions.loc[known.interactions["tone"].notna(), "account_id"])
        unused = (talks["status"] == Status.NOT_USED) & (tickets["status"] == Status.NOT_USED)
        stale = (talks["status"] == Status.STALE) | (tickets["status"] == Status.STALE)
        status = np.select(
            [unused, ~logged & ~spoken, stale, ~logged & ~has_tone],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE, Status.INSUFFICIENT_HISTORY],
            Status.OK,
        )
        return pd.DataFrame(
            {"status": status, "complete_to": late["complete_to"], "late_source": late["source"], "logged": logged},
            index=index,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say who complained when and whether they were heard of since, and how the last contacts went."""
        return tone_sentence(reading)

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the heavier of the two in one short sentence."""
        return tone_headline(reading)


def _heard_until(known: Facts, params: Json, as_of: dt.date) -> pd.Series:
    """Return until which day silence can be told: today, or the day on which a silent owner last logged."""
    silent_days = Silence().owner_silent_days
    logged = {float(key): pd.Timestamp(day) for key, day in params["owner_last_logged"].items()}
    days = pd.Series(logged, dtype="datetime64[s]", index=pd.Index(logged, dtype=float))
    owner, today = known.accounts["owner_id"], pd.Timestamp(as_of)
    last = lookup(days, owner)
    return last.where(owner.notna() & ~((today - last).dt.days < silent_days), today)


def _ids(felt: pd.DataFrame, tab: pd.Series) -> list[list[int]]:
    """Return the complaints of each account that stand in the same list as the weightiest."""
    same = felt[felt["tab"] == lookup(tab, felt["account_id"]).to_numpy()]
    found: dict[Any, list[int]] = dict(same.groupby("account_id")["id"].agg(lambda ids: sorted(ids.tolist())))
    return [found.get(key, []) for key in tab.index]


def _evidence(worst: pd.DataFrame, fallen: npt.NDArray[np.float64], last: Mapping[int, list[int]]) -> list[Json]:
    """Name the complaints where they weigh most, else the last contacts with a tone."""
    found = []
    for key, tab, ids, of_complaint, of_tone in zip(
        worst.index.tolist(), worst["tab"], worst["ids"], worst["impact"], fallen, strict=True
    ):
        by_tone = (not ids or of_tone > of_complaint) and key in last
        if by_tone or not ids:
            found.append(evidence("interactions", len(last.get(key, [])), ids=last.get(key)))
        else:
            found.append(evidence(tab, len(ids), ids=ids))
    return found
