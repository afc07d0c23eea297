"""Did a significant job go elsewhere, with or without us asked?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betaln

from signals.compute.base import Facts, Json, Status, json_records, lookup, result_frame
from signals.compute.freshness import delivered, source_status
from signals.compute.row_ids import evidence_by_ids
from signals.compute.wording import day_text, explain_unknown, money_text

Floats = npt.NDArray[np.float64]

GONE = ("lost", "elsewhere")
# How far accounts may differ in the share of jobs they give us, in jobs that one account's own share is worth.
STRENGTHS = np.geomspace(1, 64, 25)
# A job with less impact than this is history, or small business.
LEAST_TOLD = 0.05
DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True)
class AwardLost:
    """Weight of the jobs that others got: by size, by how unusual it is to lose one here, and less with time.

    Attributes
    ----------
    half_size : float
        A job so many times the usual size weighs half of a job without limit; one of usual size a fifth at 2.
        Assumption: losing one of the usual jobs is business, losing twice that is news.
    half_life_days : int
        Days after which a lost job weighs half: decays over months (signals.md); a third of a year.
        Assumption.
    own_size_strength : float
        Known sizes of own jobs that the portfolio's ratio of job to yearly orders is worth in the usual size.
        Assumption.
    orders_days : int
        Span of orders that gives the yearly orders: three years even out projects and seasons.
    year_days : int
        Span over which `value` counts the jobs, and `baseline` those before.
    """

    key: ClassVar[str] = "award_lost"
    title: ClassVar[str] = "Award lost"
    unit: ClassVar[str] = "jobs"
    family: ClassVar[str] = "dialogue"
    sources: ClassVar[tuple[str, ...]] = ("inquiries",)

    half_size: float = 2.0
    half_life_days: int = 120
    own_size_strength: float = 2.0
    orders_days: int = 1095
    year_days: int = 365

    def fit(self, facts: Facts, as_of: dt.date) -> Json:
        """Learn what share of its jobs an account gives us, how much accounts differ, and the size of a job."""
        known = facts.until(as_of)
        jobs = _jobs(known)
        asked = jobs[jobs["outcome"].isin(("won", "lost"))]
        won = (asked["outcome"] == "won").groupby(asked["account_id"]).agg(["sum", "size"])
        share = float((won["sum"].sum() + 1) / (won["size"].sum() + 2))
        yearly = lookup(self._yearly_orders(known, as_of), jobs["account_id"])
        # A job quoted at nothing has no size.
        ratio = (jobs["amount"].where(jobs["amount"] > 0) / yearly).dropna()
        return {
            "won": round(share, 6),
            "strength": _strength(won["sum"].to_numpy(dtype=float), won["size"].to_numpy(dtype=float), share),
            "log_ratio": None if ratio.empty else round(float(np.log(ratio.median())), 6),
        }

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return level 1 - Π(1 - impact), impact = s² / (s² + half_size²) · surprise · 2^(-age / half-life).

        Notes
        -----
        s is the amount against the usual one of this account's other jobs, a job without a known amount counts as
        usual. surprise is 1 for a job we were not asked for; else the share of its jobs this account gave us, of
        those decided by then (Beta prior fitted on the portfolio): where we seldom win, losing is no news. A
        job ages from the day it was decided or known to be, whichever is later.
        """
        known, index = facts.until(as_of), facts.accounts.index
        jobs = _jobs(known)
        gone = self._gone(jobs, self._yearly_orders(known, as_of), params, as_of)
        remaining = (1 - gone["impact"]).groupby(gone["account_id"]).prod().reindex(index, fill_value=1.0)
        source = source_status(facts, self.sources, as_of)
        ever = known.inquiries.groupby("account_id")["inquiry_id"].nunique().reindex(index, fill_value=0)
        status = self._status(source["status"], ever > 0, delivered(facts, self.sources[0]))
        alive = ~np.isin(status, [Status.NO_DATA, Status.NOT_USED])
        recent, before = self._counts(gone, jobs, as_of, index)
        told = gone[gone["impact"] >= LEAST_TOLD]
        jobs_known = jobs.groupby("account_id").size().reindex(index, fill_value=0)
        details = _heaviest(told, index).assign(jobs_known=jobs_known, complete_to=source["complete_to"])
        return result_frame(
            facts,
            value=recent.where(alive),
            baseline=before.where(alive),
            level=(1 - remaining).clip(0, 1),
            status=status,
            details=json_records(details),
            evidence=evidence_by_ids("inquiries", told, "inquiry_id", ever),
        )

    def _yearly_orders(self, known: Facts, as_of: dt.date) -> pd.Series:
        """Return orders a year by account, over its span of orders within the window, a year at least."""
        begin = pd.Timestamp(as_of) - pd.Timedelta(days=self.orders_days)
        recent = known.orders[known.orders["day"] > begin].groupby("account_id")
        days = (pd.Timestamp(as_of) - recent["day"].min()).dt.days.clip(lower=DAYS_OF_A_YEAR)
        yearly: pd.Series = recent["amount"].sum() * DAYS_OF_A_YEAR / days
        return yearly.where(yearly > 0)

    def _gone(self, jobs: pd.DataFrame, yearly: pd.Series, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return the jobs others got, the weightiest first within an account."""
        size = self._size(jobs, lookup(yearly, jobs["account_id"]), params)
        surprise = np.where(jobs["outcome"] == "elsewhere", 1.0, _share_won_before(jobs, params))
        since = jobs[["decided_on", "decided_known_on"]].max(axis=1)
        age = (pd.Timestamp(as_of) - since).dt.days
        weight = size**2 / (size**2 + self.half_size**2)
        impact = weight * surprise * np.exp2(-age / self.half_life_days)
        gone = jobs.assign(size=size.where(jobs["amount"].notna()), age=age, impact=impact)
        gone = gone[gone["outcome"].isin(GONE)]
        return gone.sort_values(["account_id", "impact", "inquiry_id"], ascending=[True, False, True], kind="stable")

    def _size(self, jobs: pd.DataFrame, yearly: pd.Series, params: Json) -> pd.Series:
        """Return each job's amount against the geometric mean of the account's other jobs, 1 where not known."""
        amount = np.log(jobs["amount"].where(jobs["amount"] > 0))
        own = amount.groupby(jobs["account_id"])
        others, count = own.transform("sum") - amount.fillna(0), own.transform("count") - amount.notna()
        ratio = params["log_ratio"]
        peers = np.log(yearly) + (np.nan if ratio is None else ratio)
        strength = pd.Series(np.where(peers.notna(), self.own_size_strength, 0.0), index=jobs.index)
        weight = strength + count
        usual = (others + strength * peers.fillna(0)) / weight.where(weight > 0)
        size: pd.Series = np.exp(amount - usual)
        return size.fillna(1.0)

    def _counts(
        self, gone: pd.DataFrame, jobs: pd.DataFrame, as_of: dt.date, index: "pd.Index[int]"
    ) -> tuple[pd.Series, pd.Series]:
        """Return the jobs gone within a year and in the year before, the latter NaN where records begin within it."""
        years = gone["age"] // self.year_days
        recent, before = (
            gone[years == past].groupby("account_id").size().reindex(index, fill_value=0) for past in (0, 1)
        )
        reach = pd.Timestamp(as_of) - pd.Timedelta(days=2 * self.year_days)
        first = jobs.groupby("account_id")["day"].min().reindex(index)
        return recent, before.where(first <= reach).astype(float)

    def _status(self, source: pd.Series, has_rows: pd.Series, is_fed: pd.Series) -> Any:
        """Return ok without a job only where a feed, or an earlier inquiry, shows that they are recorded here."""
        return np.select(
            [source == Status.NOT_USED, ~has_rows & ~is_fed, source == Status.STALE],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE],
            Status.OK,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Name the weightiest job that went elsewhere, its size, its day and who got it."""
        details = reading["details"]
        if reading["status"] != Status.OK:
            return explain_unknown("inquiries", reading)
        if details["decided_on"] is None:
            return _none(details)
        others = details["others"]
        more = f" {others} more went elsewhere." if others else ""
        return f"{_job(details)} went {_where(details)} on {day_text(details['decided_on'])}{_asked(details)}.{more}"

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the same of that job alone, without its size."""
        details = reading["details"]
        if reading["status"] != Status.OK or details["decided_on"] is None:
            return self.explain(reading)
        return f"{details['title'] or 'A job'} went {_where(details)} on {day_text(details['decided_on'])}."


def _jobs(known: Facts) -> pd.DataFrame:
    """Return what was to be ordered: quotations, and whatever was given to others; each inquiry once."""
    rows = known.inquiries.sort_values(["account_id", "day", "inquiry_id"], kind="stable")
    rows = rows.drop_duplicates("inquiry_id")
    return rows[(rows["kind"] == "quotation") | (rows["outcome"] == "elsewhere")]


def _strength(won: Floats, asked: Floats, share: float) -> float:
    """Return k of share ~ Beta(k m, k (1 - m)) with the highest marginal likelihood of the jobs won (beta-binomial)."""
    k, w, n = STRENGTHS[:, None], won[None, :], asked[None, :]
    likelihood = (betaln(k * share + w, k * (1 - share) + n - w) - betaln(k * share, k * (1 - share))).sum(axis=1)
    return round(float(STRENGTHS[int(np.argmax(np.round(likelihood, 9)))]), 6)


def _share_won_before(jobs: pd.DataFrame, params: Json) -> Floats:
    """Return for each job the share of jobs that this account had given us, of those decided on earlier days."""
    asked = jobs[jobs["outcome"].isin(("won", "lost"))]
    days = asked.assign(won=asked["outcome"] == "won").groupby(["account_id", "decided_on"])["won"].agg(["sum", "size"])
    before = days.groupby("account_id").cumsum() - days
    keys = pd.MultiIndex.from_frame(jobs[["account_id", "decided_on"]])
    found = before.reindex(keys).fillna(0.0).to_numpy(dtype=np.float64)
    k = params["strength"]
    return np.asarray((found[:, 0] + k * params["won"]) / (found[:, 1] + k), dtype=np.float64)


def _heaviest(told: pd.DataFrame, index: "pd.Index[int]") -> pd.DataFrame:
    first = told.drop_duplicates("account_id").set_index("account_id").reindex(index)
    count = told.groupby("account_id").size().reindex(index, fill_value=0)
    return pd.DataFrame(
        {
            "title": first["title"],
            "outcome": first["outcome"],
            "decided_on": first["decided_on"],
            "awarded_to": first["awarded_to"],
            "amount": first["amount"].round(2),
            "times_usual": first["size"].round(1),
            "others": (count - 1).clip(lower=0),
        },
        index=index,
    )


def _none(details: Json) -> str:
    known = details["jobs_known"]
    if not known:
        return "No job is on record, so none went elsewhere."
    return f"No job of weight went elsewhere in the last months, of {known} known."


def _job(details: Json) -> str:
    name = details["title"] or "A job"
    if details["amount"] is None:
        return f"{name} (amount not known)"
    times = details["times_usual"]
    usual = f", {times:g} times the usual size" if times is not None and times >= 1.5 else ""
    return f"{name} ({money_text(details['amount'])}{usual})"


def _where(details: Json) -> str:
    return f"to {details['awarded_to']}" if details["awarded_to"] else "elsewhere"


def _asked(details: Json) -> str:
    return ", and we were not asked" if details["outcome"] == "elsewhere" else ", though we had quoted"
