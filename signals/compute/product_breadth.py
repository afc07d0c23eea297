"""Which product groups has it stopped buying?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from signals.compute.base import Facts, Json, Status, evidence_spans, json_records, result_frame
from signals.compute.columns import day_number
from signals.compute.freshness import source_status
from signals.compute.group_runs import GroupRuns, chance_of_run, fit_shares, group_runs
from signals.compute.order_days import IntArray, day_numbers
from signals.compute.renewal import FloatArray
from signals.compute.wording import days_text, explain_unknown

# As many as a sentence can name.
MOST_NAMED = 2
DECIMALS = 6


@dataclass(frozen=True)
class ProductBreadth:
    """Share of purchases in product groups that were bought in a rhythm and are missing from the latest orders.

    Attributes
    ----------
    window_days : int
        Purchases looked at: two years, so that a season is seen twice. A group lost long ago fades out of it.
    least_bought : int
        Order days with a group that make it one bought in a rhythm. Assumption.
    least_missed : int
        Orders in a row without the group, at least. Assumption: two may be chance even of what is in each.
    stopped_chance : float
        A group counts as stopped where so many orders without it had less than this chance. Assumption:
        at five groups an account, one steady account in ten names one.
    full_share : float
        Share of purchases whose stopping gives level 1. Assumption: more than a quarter raises an alert.
    """

    key: ClassVar[str] = "product_breadth"
    title: ClassVar[str] = "Product breadth"
    unit: ClassVar[str] = "product groups"
    family: ClassVar[str] = "orders"
    sources: ClassVar[tuple[str, ...]] = ("orders",)

    window_days: int = 730
    least_bought: int = 4
    least_missed: int = 3
    stopped_chance: float = 0.02
    full_share: float = 0.4

    def fit(self, facts: Facts, as_of: dt.date) -> Json:
        """Learn how the shares of orders that hold a group differ between groups and accounts."""
        runs = group_runs(facts.until(as_of).lines, facts.accounts.index, as_of, self.window_days)
        return {"share": list(fit_shares(runs, self.least_bought))}

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return level = min(1, Σ share · stopped / full_share), stopped = max(0, 1 - chance / stopped_chance).

        Notes
        -----
        `value` is the number of groups stopped, `baseline` that of the groups bought in a rhythm.
        """
        known, index = facts.until(as_of), facts.accounts.index
        runs = group_runs(known.lines, index, as_of, self.window_days)
        usual = runs.bought >= self.least_bought
        chance = chance_of_run(runs, *params["share"])
        stopped = np.clip(1 - chance / self.stopped_chance, 0, 1) * (usual & (runs.missed >= self.least_missed))
        total = np.bincount(runs.account, runs.amount, minlength=len(index))
        share = runs.amount / np.where(total > 0, total, np.nan)[runs.account]
        lost = np.bincount(runs.account, np.nan_to_num(share * stopped), minlength=len(index))
        counts = _counts(runs, {"stopped": stopped > 0, "usual": usual}, index)
        source = source_status(facts, self.sources, as_of)
        figures = {"stopped": stopped, "share": share, "chance": chance}
        details = counts.assign(
            order_days=runs.order_days,
            groups=pd.Series(_told(runs, figures, day_number(as_of), len(index)), index=index, dtype=object),
            complete_to=source["complete_to"],
        )
        status = self._status(source["status"], details, index.isin(known.lines["account_id"]))
        judged = status == Status.OK
        return result_frame(
            facts,
            value=details["stopped"].where(judged),
            baseline=details["usual"].where(judged),
            level=np.round(np.clip(lost / self.full_share, 0, 1), DECIMALS),
            status=status,
            details=json_records(details),
            evidence=_evidence(known.orders, runs, stopped > 0, index),
        )

    def _status(self, source: pd.Series, details: pd.DataFrame, has_lines: Any) -> Any:
        return np.select(
            [source == Status.NOT_USED, ~has_lines, source == Status.STALE, details["usual"] == 0],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE, Status.INSUFFICIENT_HISTORY],
            Status.OK,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Name the groups that are no longer bought, with their share, their silence and their usual gap."""
        details = reading["details"]
        if reading["status"] == Status.INSUFFICIENT_HISTORY:
            return f"No product group was bought on {self.least_bought} order days in two years, so none can be missed."
        if reading["status"] == Status.NO_DATA:
            return "Unknown: no order lines with a product group are known."
        if reading["status"] != Status.OK:
            return explain_unknown("orders", reading)
        if not details["stopped"]:
            return _all_bought(details["usual"])
        named = "; ".join(_group(one) for one in details["groups"][:MOST_NAMED])
        return f"Stopped: {named}{_others(details)}."

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Name the groups only."""
        details = reading["details"]
        if reading["status"] != Status.OK or not details["stopped"]:
            return self.explain(reading)
        named = ", ".join(_name(one) for one in details["groups"][:MOST_NAMED])
        return f"Stopped: {named}{_others(details)}."


def _counts(runs: GroupRuns, marks: Mapping[str, Any], index: "pd.Index[int]") -> pd.DataFrame:
    """Count the groups of each account that carry each mark."""
    counted = {name: np.bincount(runs.account[mark], minlength=len(index)) for name, mark in marks.items()}
    return pd.DataFrame(counted, index=index)


def _told(runs: GroupRuns, figures: Mapping[str, FloatArray], today: int, n_accounts: int) -> list[list[Json]]:
    """Say of every account which groups it stopped, the weightiest first."""
    rows = np.flatnonzero(figures["stopped"] > 0)
    weight = (figures["share"] * figures["stopped"])[rows]
    rows = rows[np.lexsort((runs.group[rows], -weight))]
    told = pd.DataFrame(
        {
            "group": [runs.names[number] for number in runs.group[rows]],
            "share": figures["share"][rows].round(4),
            "days": today - runs.last_day[rows],
            "usual_gap_days": runs.usual_gap_days(rows),
            "orders_without": runs.missed[rows],
            "chance": figures["chance"][rows].round(DECIMALS),
        }
    )
    by_account: list[list[Json]] = [[] for _ in range(n_accounts)]
    for account, group in zip(runs.account[rows].tolist(), json_records(told), strict=True):
        by_account[account].append(group)
    return by_account


def _evidence(orders: pd.DataFrame, runs: GroupRuns, stopped: Any, index: "pd.Index[int]") -> list[Json]:
    """Name the orders of the days on which the stopped groups were bought, where none is, of all groups."""
    lapsed = np.isin(runs.account, runs.account[stopped])
    rows = stopped | ~lapsed
    first, last = _span(runs, rows, len(index))
    position = index.get_indexer(pd.Index(orders["account_id"]))
    day = day_numbers(orders["day"])
    inside = (position >= 0) & (day >= first[position]) & (day <= last[position])
    count = pd.Series(np.bincount(position[inside], minlength=len(index)))
    return evidence_spans("orders", count, *(_days(days, count > 0) for days in (first, last)))


def _span(runs: GroupRuns, rows: Any, n_accounts: int) -> tuple[IntArray, IntArray]:
    first, last = np.full(n_accounts, np.iinfo(np.int64).max), np.zeros(n_accounts, dtype=np.int64)
    np.minimum.at(first, runs.account[rows], runs.first_day[rows])
    np.maximum.at(last, runs.account[rows], runs.last_day[rows])
    return first, last


def _days(numbers: IntArray, some: pd.Series) -> pd.Series:
    days = np.where(some, numbers, 0).astype("datetime64[D]").astype("datetime64[s]")
    return pd.Series(days).where(some)


def _all_bought(usual: int) -> str:
    groups = "1 product group" if usual == 1 else f"{usual} product groups"
    return f"Buys {groups} in a usual rhythm; none has stopped."


def _name(group: Json) -> str:
    return f"{group['group']} ({round(100 * group['share'])} % of purchases)"


def _group(group: Json) -> str:
    return f"{_name(group)}, last bought {days_text(group['days'])} ago, usual gap {round(group['usual_gap_days'])}"


def _others(details: Json) -> str:
    others = details["stopped"] - MOST_NAMED
    return f", and {others} more" if others > 0 else ""
