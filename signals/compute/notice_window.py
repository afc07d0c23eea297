"""May they leave soon: until when may notice be given, and on how much money?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.base import Facts, Json, Status, json_records, result_frame
from signals.compute.contract_terms import ANY_DAY, BY_DAY, ENDING, RECEIVED, present_terms
from signals.compute.freshness import delivered, source_status
from signals.compute.row_ids import evidence_by_ids
from signals.compute.wording import day_text, days_text, explain_unknown, money_text

Floats = npt.NDArray[np.float64]
REVENUE_DAYS = 365


@dataclass(frozen=True)
class NoticeWindow:
    """How near the day is on which notice may last be given, by the money under contract.

    Attributes
    ----------
    far_days, near_days : int
        A deadline farther than the first weighs nothing, one nearer than the second fully, straight between: half
        a year is what preparing a term takes, in the last month it is decided. Assumption.
    any_day_weight : float
        What a contract weighs that may be ended on any day: it is always open, so by itself it must raise no alert.
        Assumption.
    """

    key: ClassVar[str] = "notice_window"
    title: ClassVar[str] = "Notice window"
    unit: ClassVar[str] = "days"
    family: ClassVar[str] = "money"
    sources: ClassVar[tuple[str, ...]] = ("contracts",)

    far_days: int = 180
    near_days: int = 30
    any_day_weight: float = 0.5

    def fit(self, facts: Facts, as_of: dt.date) -> Json:  # noqa: ARG002 - the protocol's arguments
        """Learn nothing: a contract says it all."""
        return {}

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:  # noqa: ARG002 - as above
        """Return level = √(Σ nearness² · amount / all), over the contracts in force (`present_terms`).

        Notes
        -----
        nearness is 1 from `near_days` before the deadline and once notice was received, 0 at `far_days`. all is
        the larger of the amounts under contract and of the orders of 12 months. The root, since half of the
        business in the window is reason enough. A contract of unknown worth counts as the account's
        others on average; where none is known, as everything. `value` is days to the nearest deadline.
        """
        known, index = facts.until(as_of), facts.accounts.index
        terms = present_terms(known.contracts, as_of)
        terms = terms.assign(near=self._nearness(terms), amount_or_mean=_amounts(terms))
        terms["weight"] = terms["near"] ** 2 * terms["amount_or_mean"]
        first = _deciding(terms).reindex(index)
        ever = known.contracts.groupby("account_id")["contract_id"].nunique().reindex(index, fill_value=0)
        source = source_status(facts, self.sources, as_of)
        status = self._status(source["status"], ever > 0, delivered(facts, self.sources[0]))
        details = _details(first, terms, index).assign(contracts=ever, complete_to=source["complete_to"])
        return result_frame(
            facts,
            value=details["days"],
            baseline=np.full(len(index), np.nan),
            level=_level(terms, known.orders, as_of, index),
            status=status,
            details=json_records(details),
            evidence=evidence_by_ids("contracts", terms, "contract_id", ever),
        )

    def _nearness(self, terms: pd.DataFrame) -> pd.Series:
        by_day = ((self.far_days - terms["days"]) / (self.far_days - self.near_days)).clip(0, 1).fillna(0.0)
        open_always = by_day.clip(lower=self.any_day_weight)
        return by_day.where(terms["state"] != ANY_DAY, open_always).where(terms["state"] != RECEIVED, 1.0)

    def _status(self, source: pd.Series, has_rows: pd.Series, is_fed: pd.Series) -> Any:
        """Return ok without a contract only where a feed of contracts shows that they are recorded here."""
        return np.select(
            [source == Status.NOT_USED, ~has_rows & ~is_fed, source == Status.STALE],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE],
            Status.OK,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say until when notice may be given, on how much a year, and when the contract ends."""
        details = reading["details"]
        if reading["status"] != Status.OK:
            return explain_unknown("contracts", reading)
        if details["state"] is None:
            return _none(details)
        return f"{_sentence(details)}.{_others(details)}"

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the same of the deciding contract alone, without its end."""
        details = reading["details"]
        if reading["status"] != Status.OK or details["state"] not in (BY_DAY, RECEIVED):
            return self.explain(reading)
        if details["state"] == RECEIVED:
            return f"Notice received on {day_text(details['received_on'])}{_money(details)}."
        return f"May give notice until {day_text(details['notice_by'])} ({days_text(details['days'])})."


def _amounts(terms: pd.DataFrame) -> pd.Series:
    """Return the yearly amounts; of unknown ones the mean of the account's others, 1 where none is known."""
    mean = terms.groupby("account_id")["amount"].transform("mean")
    amounts: pd.Series = terms["amount"].fillna(mean).fillna(1.0)
    return amounts


def _level(terms: pd.DataFrame, orders: pd.DataFrame, as_of: dt.date, index: "pd.Index[int]") -> Floats:
    recent = orders[orders["day"] > pd.Timestamp(as_of) - pd.Timedelta(days=REVENUE_DAYS)]
    revenue = recent.groupby("account_id")["amount"].sum().reindex(index, fill_value=0.0)
    by_account = terms.groupby("account_id")
    # Without any known worth shares are of the number of contracts, and revenue cannot be compared with them.
    priced = by_account["amount"].count().reindex(index, fill_value=0) > 0
    agreed = by_account["amount_or_mean"].sum().reindex(index, fill_value=0.0)
    whole = agreed.where(~priced, np.maximum(agreed, revenue))
    share = by_account["weight"].sum().reindex(index, fill_value=0.0) / whole.where(whole > 0)
    level: Floats = np.sqrt(share.fillna(0.0).clip(0, 1).to_numpy(dtype=np.float64))
    return level


def _deciding(terms: pd.DataFrame) -> pd.DataFrame:
    """Return per account the contract that weighs most, the nearest of equals."""
    order = terms.assign(far=terms["days"].fillna(np.inf))
    order = order.sort_values(
        ["account_id", "weight", "far", "contract_id"], ascending=[True, False, True, True], kind="stable"
    )
    return order.drop_duplicates("account_id").set_index("account_id")


def _details(first: pd.DataFrame, terms: pd.DataFrame, index: "pd.Index[int]") -> pd.DataFrame:
    in_force = terms.groupby("account_id").size().reindex(index, fill_value=0)
    return pd.DataFrame(
        {
            "state": first["state"],
            "days": first["days"],
            "notice_by": first["notice_by"],
            "ends_on": first["ends_on"],
            "auto_renews": first["auto_renews"],
            "notice_days": first["notice_days"],
            "received_on": first["notice_received_on"],
            "amount": first["amount"].round(2),
            "in_force": in_force,
        },
        index=index,
    )


def _money(details: Json) -> str:
    return "" if details["amount"] is None else f" on {money_text(details['amount'])} a year"


def _sentence(details: Json) -> str:
    money = _money(details)
    if details["state"] == RECEIVED:
        end = f"; ends {day_text(details['ends_on'])}" if details["ends_on"] else ""
        return f"Notice received on {day_text(details['received_on'])}{money}{end}"
    if details["state"] == ANY_DAY:
        notice = f" with {days_text(details['notice_days'])}' notice" if details["notice_days"] else ""
        return f"May give notice any day{notice}{money}; {_end(details)}"
    if details["state"] == ENDING:
        return f"Ends {day_text(details['ends_on'])} ({days_text(details['days'])}){money} and does not renew by itself"
    if details["state"] == BY_DAY:
        until = f"{day_text(details['notice_by'])} ({days_text(details['days'])})"
        return f"May give notice until {until}{money}; {_end(details)}"
    return f"Runs{money} without an end"


def _end(details: Json) -> str:
    if details["ends_on"] is None:
        return "no end is set"
    verb = "else renews after" if details["auto_renews"] else "ends"
    return f"{verb} {day_text(details['ends_on'])}"


def _others(details: Json) -> str:
    others = details["in_force"] - 1
    return f" {others} more in force." if others > 0 else ""


def _none(details: Json) -> str:
    return "No contract in force that could end." if details["contracts"] else "No contract is on record."
