"""Is the next order later than this account's rhythm allows, or are its orders getting rarer?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from signals.compute.base import Facts, Json, Status, evidence_spans, json_records, result_frame
from signals.compute.freshness import source_status
from signals.compute.order_days import order_days
from signals.compute.order_history import OrderHistory, order_history
from signals.compute.order_outlook import LearntChance, learn_chance
from signals.compute.order_rhythm_text import rhythm_headline, rhythm_sentence
from signals.compute.renewal import VAGUE_PRIOR, Prior
from signals.compute.renewal_fit import fit_gaps, fit_stops, sample_rows
from signals.compute.rhythm_figures import DECIMALS, rhythm_figures
from signals.compute.silent_stretches import silent_stretches, stretches_from_json, stretches_to_json


@dataclass(frozen=True)
class OrderRhythm:
    """Chance of no order within an own horizon, from the renewal process of the account's orders.

    Attributes
    ----------
    half_life_days : float
        Age at which a gap counts half. One year: ranks the early zone better than all gaps alike
        (detection.md, and docs/signals/order_rhythm.md for what was measured).
    least_order_days : int
        Order days needed before the level is given. Assumption (signals.md).
    horizon_days : float or None
        Horizon in days for all accounts; None: three times the own mean gap, within limits.
    """

    key: ClassVar[str] = "order_rhythm"
    title: ClassVar[str] = "Order rhythm"
    unit: ClassVar[str] = "days"
    family: ClassVar[str] = "orders"
    sources: ClassVar[tuple[str, ...]] = ("orders",)

    half_life_days: float = 365.0
    least_order_days: int = 5
    horizon_days: float | None = None

    def fit(self, facts: Facts, as_of: dt.date, start: Json | None = None) -> Json:
        """Learn the priors of rate, regularity and stopping, and find where the whole feed was silent.

        Parameters
        ----------
        facts : Facts
            Of the whole portfolio.
        as_of : date
        start : dict, optional
            The result of an earlier fit to begin from. Faster, but the last digits then depend on it: leave
            it out where a replay must give the same bits.
        """
        known, as_of_day = facts.until(as_of), _day_number(as_of)
        days = order_days(known.orders, facts.accounts.index)
        missing = silent_stretches(days, as_of_day)
        history = order_history(known, days, missing, as_of_day, self.half_life_days)
        ids = facts.accounts.index.to_numpy()
        rows = history.ordered[sample_rows(ids[history.ordered])]
        sums, passed = history.sums.take(rows), history.gaps.count[rows].astype(float)
        prior = fit_gaps(sums, Prior.from_json(start["prior"]) if start else VAGUE_PRIOR)
        prior = fit_stops(prior, sums, passed, history.silence[rows])
        learnt = learn_chance(
            history, ids, missing, prior, least_order_days=self.least_order_days, horizon_days=self.horizon_days
        )
        return {
            "prior": prior.to_json(),
            "missing": stretches_to_json(missing),
            "fitted_on": len(rows),
            "learnt": learnt.to_json() if learnt else None,
        }

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return level = chance of no order within the own horizon; value and baseline in operational days.

        Notes
        -----
        Below `least_order_days` the level is empty; the chances in `details` then lean on the portfolio and
        are marked `from_portfolio`.
        """
        known = facts.until(as_of)
        history = self._history(known, params, as_of)
        prior = Prior.from_json(params["prior"])
        figures = rhythm_figures(
            history, prior, self._learnt(params, prior), self.least_order_days, self.horizon_days
        ).set_index(facts.accounts.index)
        source = source_status(facts, self.sources, as_of)
        figures["complete_to"] = source["complete_to"]
        rows = known.orders.groupby("account_id")["day"].agg(["size", "min", "max"]).reindex(facts.accounts.index)
        return result_frame(
            facts,
            value=figures["silence_days"],
            baseline=figures["usual_gap_days"],
            level=figures["p_no_order"],
            status=_states(source["status"], history, self.least_order_days),
            details=json_records(figures.round(DECIMALS)),
            evidence=evidence_spans("orders", rows["size"].fillna(0).astype("int64"), rows["min"], rows["max"]),
        )

    def _learnt(self, params: Json, prior: Prior) -> LearntChance | None:
        stored = params.get("learnt")
        return LearntChance.from_json(stored, prior, self.half_life_days) if stored else None

    def _history(self, known: Facts, params: Json, as_of: dt.date) -> OrderHistory:
        return order_history(
            known,
            order_days(known.orders, known.accounts.index),
            stretches_from_json(params["missing"]),
            _day_number(as_of),
            self.half_life_days,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say when the last order was and what was usual before."""
        return rhythm_sentence(reading, self.least_order_days)

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the same in one short sentence."""
        return rhythm_headline(reading, self.least_order_days)


def _day_number(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days


def _states(source: pd.Series, history: OrderHistory, least: int) -> Any:
    """Return the status; the first that applies: not used, no data, stale, too few order days."""
    count = history.gaps.order_days
    return np.select(
        [source == Status.NOT_USED, count == 0, source == Status.STALE, count < least],
        [Status.NOT_USED, Status.NO_DATA, Status.STALE, Status.INSUFFICIENT_HISTORY],
        Status.OK,
    )
