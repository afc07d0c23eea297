"""Is it buying less, season allowed for?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.base import Facts, Json, Status, evidence_spans, json_records, result_frame
from signals.compute.freshness import source_status
from signals.compute.operational_days import operational_clock
from signals.compute.order_days import OrderDays
from signals.compute.order_value_text import value_headline, value_sentence
from signals.compute.purchases import (
    QUARTER_ENDS,
    YEAR_DAYS,
    DayTotals,
    day_totals,
    observed,
    open_days,
    order_sizes,
    quarter_sums,
    row_spans,
)
from signals.compute.renewal import FloatArray
from signals.compute.shortfall import NOW, Expectation, expectation, shrunk_sizes
from signals.compute.silent_stretches import silent_stretches, stretches_from_json, stretches_to_json

HALF_YEAR = int(QUARTER_ENDS[2])
# What is taken for the portfolio's before there is one: order sizes within a factor of 1.6, gaps of shape 2.
USUAL_LOG_VARIANCE, USUAL_GAP_VARIATION = 0.25, 0.5
# The median of squares of a normal distribution is that share of its variance, whatever a few leavers do.
MEDIAN_OF_SQUARES = 0.455
# Whoever always ordered for the same amount may order for twice as much without being an outlier.
LEAST_SIZE_SPREAD = 0.3
MOST_SPREAD, MOST_CARRIED = 0.5, 0.5
DECIMALS = 6


@dataclass(frozen=True)
class OrderValue:
    """Purchases of the last 180 days against the same days of earlier years, as a lower CUSUM of two quarters.

    Attributes
    ----------
    year_weights : tuple of float
        Weight of the same quarter one, two and three years before: a half-life of one year, as in order_rhythm.
    prior_orders : float
        Order days that the portfolio's spread of order sizes and gaps is worth. Assumption.
    outlier : float
        An order day counts at most as much as lies this many standard deviations above the usual in logs; 2.5
        touches one order in 160. Assumption.
    least_spread : float
        Spread of a half-year's purchases between years that is taken as ordinary at least (log scale): a
        change by 15 % wants nobody. Assumption.
    slack : float
        What each quarter must fall short by, in standard deviations, before it counts: half of the shift to be
        found, as usual for a CUSUM (Page 1954).
    full_at : float
        CUSUM at which the level is 1, in standard deviations; calibrated, see docs/signals/order_value.md.
    least_orders, least_past_days : float, int
        Orders expected in the half-year, and order days more than a year ago, that are needed. Assumption.
    """

    key: ClassVar[str] = "order_value"
    title: ClassVar[str] = "Order value"
    unit: ClassVar[str] = "reporting currency"
    family: ClassVar[str] = "orders"
    sources: ClassVar[tuple[str, ...]] = ("orders",)

    year_weights: tuple[float, float, float] = (1.0, 0.5, 0.25)
    prior_orders: float = 10.0
    outlier: float = 2.5
    least_spread: float = 0.15
    slack: float = 0.5
    full_at: float = 4.0
    least_orders: float = 2.0
    least_past_days: int = 5

    def fit(self, facts: Facts, as_of: dt.date) -> Json:
        """Learn how unevenly accounts order, how far years differ beyond that, and how much growth lasts."""
        known = facts.until(as_of)
        totals = day_totals(known.orders, facts.accounts.index, as_of)
        sizes = order_sizes(totals)
        ordered = totals.amount > 0
        days = OrderDays(totals.account[ordered], totals.as_of_day - totals.age[ordered], len(totals.first_age))
        params: Json = {
            "log_variance": _median(sizes.log_variance, USUAL_LOG_VARIANCE),
            "gap_variation": _median(sizes.gap_variation, USUAL_GAP_VARIATION),
            "missing": stretches_to_json(silent_stretches(days, totals.as_of_day)),
        }
        expected = self._expected(totals, _open_days(known, totals, params), params)
        return params | self._between_years(expected)

    def _between_years(self, expected: Expectation) -> Json:
        """Estimate what all accounts share between years, each within bounds."""
        usable = expected.orders >= self.least_orders
        change, noise, growth = expected.change[usable], expected.chance_variance[usable], expected.growth[usable]
        excess = float(np.median(change**2) / MEDIAN_OF_SQUARES - np.median(noise)) if usable.any() else 0.0
        rising = growth > 0
        # One is added below: a few accounts do not show that growth lasts.
        carried = float((change * growth)[rising].sum() / ((growth**2)[rising].sum() + 1))
        spread = np.sqrt(np.clip(excess, self.least_spread**2, MOST_SPREAD**2))
        return {
            "spread": round(float(spread), DECIMALS),
            "carried": round(float(np.clip(carried, 0, MOST_CARRIED)), DECIMALS),
        }

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return level = min(1, CUSUM / full_at).

        Notes
        -----
        `value` is what was bought in the last 180 days, `baseline` what the same days of earlier years let
        expect, per open day, growth carried on.
        """
        known, index = facts.until(as_of), facts.accounts.index
        totals = day_totals(known.orders, index, as_of)
        days = _open_days(known, totals, params)
        expected = self._expected(totals, days, params).grown(params["carried"])
        source = source_status(facts, self.sources, as_of)
        details = self._details(known, totals, expected, days).assign(complete_to=source["complete_to"])
        status = self._status(source["status"], details)
        enough = ~np.isin(status, [Status.NO_DATA, Status.INSUFFICIENT_HISTORY])
        return result_frame(
            facts,
            value=details["bought"],
            baseline=details["expected"].where(enough),
            level=np.round(np.clip(expected.shortfall(params["spread"], self.slack) / self.full_at, 0, 1), DECIMALS),
            status=status,
            details=json_records(details),
            evidence=_evidence(totals, details["earlier"].map(len)),
        )

    def _expected(self, totals: DayTotals, days: FloatArray, params: Json) -> Expectation:
        sizes = shrunk_sizes(order_sizes(totals), params["log_variance"], params["gap_variation"], self.prior_orders)
        spread = np.maximum(np.sqrt(sizes.log_variance), LEAST_SIZE_SPREAD)
        limit = np.exp(sizes.log_mean + self.outlier * spread)
        weights = observed(totals.first_age) * np.array([0.0, *self.year_weights])[None, :, None]
        return expectation(
            quarter_sums(totals, limit),
            days,
            weights,
            np.exp(sizes.log_mean + sizes.log_variance / 2),
            np.expm1(sizes.log_variance) + sizes.gap_variation,
        )

    def _details(self, known: Facts, totals: DayTotals, expected: Expectation, days: FloatArray) -> pd.DataFrame:
        index = known.accounts.index
        halves = quarter_sums(totals, np.full(len(index), np.inf))[:, :, NOW].sum(axis=2)
        seen = np.asarray(observed(totals.first_age)[:, :, NOW].all(axis=2), dtype=np.bool_)
        return pd.DataFrame(
            {
                "bought": np.round(halves[:, 0], 2),
                "earlier": [
                    [round(amount, 2) for amount, here in zip(amounts, there, strict=True) if here]
                    for amounts, there in zip(halves[:, 1:].tolist(), seen[:, 1:].tolist(), strict=True)
                ],
                "expected": np.round(expected.amount[:, NOW].sum(axis=1), 2),
                "expected_orders": np.round(expected.orders, 1),
                "grown": np.round(expected.carried, 4),
                "more_closed_days": np.round(_usual_open(days, seen) - days[:, 0, NOW].sum(axis=1), 0),
                "order_days": np.bincount(totals.account[totals.amount > 0], minlength=len(index)),
                "past_days": np.bincount(
                    totals.account[(totals.amount > 0) & (totals.age >= YEAR_DAYS)], minlength=len(index)
                ),
                "has_year": seen[:, 1:].any(axis=1),
            },
            index=index,
        )

    def _status(self, source: pd.Series, details: pd.DataFrame) -> Any:
        few = (details["past_days"] < self.least_past_days) | ~(details["expected_orders"] >= self.least_orders)
        return np.select(
            [
                source == Status.NOT_USED,
                details["order_days"] == 0,
                source == Status.STALE,
                ~details["has_year"] | few,
            ],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE, Status.INSUFFICIENT_HISTORY],
            Status.OK,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say what was bought, what in the same half-years before, and what else was allowed for."""
        return value_sentence(reading, HALF_YEAR)

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say what was bought and what was to be expected."""
        return value_headline(reading, HALF_YEAR)


def _open_days(known: Facts, totals: DayTotals, params: Json) -> FloatArray:
    clock = operational_clock(known.accounts, known.quiet, stretches_from_json(params["missing"]))
    return open_days(clock, len(known.accounts), totals.as_of_day)


def _usual_open(days: FloatArray, seen: npt.NDArray[np.bool_]) -> FloatArray:
    """Return the open days of the half-years compared, on average; NaN where there is none."""
    years = seen[:, 1:].sum(axis=1)
    total = (days[:, 1:, NOW].sum(axis=2) * seen[:, 1:]).sum(axis=1)
    return np.asarray(total / np.where(years > 0, years, np.nan))


def _median(values: FloatArray, default: float) -> float:
    known = values[~np.isnan(values)]
    return round(float(np.median(known)), DECIMALS) if len(known) else default


def _evidence(totals: DayTotals, years: pd.Series) -> list[Json]:
    """Name the orders from the oldest half-year compared until now; of accounts without one all."""
    reach = np.where(years > 0, years * YEAR_DAYS + HALF_YEAR, np.inf)
    spans = row_spans(totals, reach)
    return evidence_spans("orders", spans["count"], spans["first"], spans["last"])
