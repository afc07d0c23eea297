"""What the product and every peer say of accounts on one day, each from the past of that day alone."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.replay import btyd
from benchmarks.replay.histories import Floats, Histories, cases_on
from benchmarks.replay.learners import LEARNERS, learned, train
from signals.compute.base import Facts, Json
from signals.compute.order_rhythm import OrderRhythm

WEEK = 7.0
RULES = ("c", "c / median gap", "c / mean gap", "c / p90 gap", "60 days", "90 days", "120 days")
SPANS = ("all history", "last year")
BTYD = tuple(f"{model} {kind}, {span}" for model in btyd.MODELS for span in SPANS for kind in ("1-P(alive)", "P(none)"))
PRODUCT, PLAIN = "order rhythm", "renewal model alone"
METHODS = (PRODUCT, PLAIN, *BTYD, *LEARNERS, *RULES)
# Method or figure, and where the product's reading has it.
READ = {PRODUCT: "p_no_order", PLAIN: "p_renewal"} | {
    name: name for name in ("regularity", "p_gap_this_long", "p_gap_before", "mean_gap_days")
}


@dataclass(frozen=True)
class Fitted:
    """All that was learnt on one day: the product's parameters, the textbook models, the learners."""

    day: int
    signal: OrderRhythm
    params: Json
    models: dict[tuple[str, str], btyd.Fit]
    learners: dict[str, Any]

    @property
    def at_bound(self) -> list[str]:
        """Models whose likelihood has no inner maximum."""
        return [", ".join(name) for name, fit in self.models.items() if fit.at_bound]


def fit_on(day: int, facts: Facts, past: Histories, signal: OrderRhythm, cases: pd.DataFrame) -> Fitted:
    """Fit everything on what was known on a day.

    Parameters
    ----------
    day : int
    facts : Facts
    past : Histories
    signal : OrderRhythm
    cases : DataFrame
        Of earlier days; those whose horizon is over teach the learners.
    """
    rows = past.on(day)
    models = {
        (name, span): btyd.fit(variants, customers(past, rows, span))
        for name, variants in btyd.MODELS.items()
        for span in SPANS
    }
    known = cases[cases["origin"] + cases["horizon"] <= day]
    return Fitted(day, signal, signal.fit(facts, _date(day)), models, train(known))


def customers(past: Histories, rows: pd.DataFrame, span: str) -> btyd.Customers:
    """Return the orders behind `rows` as the models want them, in weeks.

    Of the last year they are told its orders alone: the first of them is where a customer begins.
    """
    repeats, first, log_gaps = rows["orders"] - 1, rows["first"], rows["log_gaps"]
    if span != SPANS[0]:
        rows = rows[rows["orders_365"] > 0]
        begin = past.table.iloc[rows.index.to_numpy() - rows["orders_365"].to_numpy() + 1].set_index(rows.index)
        repeats, first, log_gaps = rows["orders_365"] - 1, begin["day"], rows["log_gaps"] - begin["log_gaps"]
    return btyd.Customers(
        repeats.to_numpy(float),
        ((rows["day"] - first) / WEEK).to_numpy(float),
        ((rows["origin"] - first) / WEEK).to_numpy(float),
        (log_gaps - repeats * np.log(WEEK)).to_numpy(float),
    )


def scores(fitted: Fitted, rows: pd.DataFrame, facts: Facts, past: Histories) -> pd.DataFrame:
    """Return one column a method (higher: more likely gone), and the product's figures of the rhythm and the gap.

    Accounts without an order in the last year count as gone to models that know that year alone.
    """
    found = rules(rows) | learned(fitted.learners, rows) | _product(fitted, rows, facts)
    recent = (rows["orders_365"] > 0).to_numpy()
    for (name, span), model in fitted.models.items():
        seen = recent if span != SPANS[0] else np.ones(len(rows), dtype=bool)
        dead, none = np.ones((2, len(rows)))
        horizon = rows["horizon"].to_numpy(float)[seen] / WEEK
        dead[seen], none[seen] = model.chances(customers(past, rows[seen], span), horizon)
        found |= {f"{name} 1-P(alive), {span}": dead, f"{name} P(none), {span}": none}
    return pd.DataFrame(found, index=rows.index)


def rules(rows: pd.DataFrame) -> dict[str, Floats]:
    """Return the scores that need no fitting."""
    silence = rows["silence"].to_numpy(float)
    shares = {f"c / {name} gap": silence / rows[f"{name}_gap"].to_numpy(float) for name in ("median", "mean", "p90")}
    return {"c": silence, **shares, **{f"{days} days": (silence >= days).astype(float) for days in (60, 90, 120)}}


def _product(fitted: Fitted, rows: pd.DataFrame, facts: Facts) -> dict[str, Floats]:
    if rows.empty:
        return {name: np.zeros(0) for name in READ}
    # Given the parameters an account's reading rests on its own rows alone; account ids are positions here.
    seen = facts.for_accounts(rows["account"].to_numpy())
    readings = fitted.signal.compute(seen, fitted.params, _date(int(rows["origin"].iloc[0])))
    details = pd.DataFrame(list(readings["details"].loc[rows["account"]]))
    return {name: details[column].to_numpy(float) for name, column in READ.items()}


def replay(facts: Facts, past: Histories, signal: OrderRhythm, every: int) -> tuple[pd.DataFrame, list[Fitted]]:
    """Return the cases of every origin with their scores, and what was learnt on each."""
    parts: list[pd.DataFrame] = [cases_on(past, past.origins[0]).iloc[:0]]
    learnt = []
    for origin in range(*past.origins, every):
        learnt.append(fit_on(origin, facts, past, signal, pd.concat(parts)))
        rows = cases_on(past, origin)
        parts.append(pd.concat([rows, scores(learnt[-1], rows, facts, past)], axis=1))
    return pd.concat(parts, ignore_index=True), learnt


def _date(day: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)
