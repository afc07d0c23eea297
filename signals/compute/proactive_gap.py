"""How long since we came to the customer with no incident and no deal behind it?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.base import Facts, Json, Status, evidence_spans, json_records, lookup, result_frame
from signals.compute.freshness import source_status
from signals.compute.wording import day_text, days_text, explain_unknown

PROACTIVE_PURPOSES = ("proactive", "review")


def due_on(
    last_proactive: dt.date | pd.Series | None, ideal_days: npt.ArrayLike, max_days: npt.ArrayLike
) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    """Return when the next proactive contact is due, and the last day on which it still keeps the promise.

    Parameters
    ----------
    last_proactive : date, or Series of datetime64
        Day of the last proactive contact; missing (None, NaT) gives NaT.
    ideal_days, max_days : float or array of float
        The account's promised interval in whole days.

    Returns
    -------
    due, latest : ndarray of datetime64[D]
        `last_proactive + ideal_days` and `last_proactive + max_days`; zero-dimensional for scalars, whose
        `.item()` is a date. The contact is overdue from the day after `latest`.

    Notes
    -----
    Counts from the last proactive contact whether or not a transaction is open, and in calendar days: what
    is promised is an interval, not a weekday.
    """
    last = np.asarray(last_proactive, dtype="datetime64[D]")
    ideal = np.asarray(ideal_days, dtype=float).astype("timedelta64[D]")
    longest = np.asarray(max_days, dtype=float).astype("timedelta64[D]")
    return last + ideal, last + longest


def gap_level(days: pd.Series, ideal_days: pd.Series, max_days: pd.Series) -> pd.Series:
    """Return 0 until the ideal interval, 1/2 at the maximum, 1 at twice the maximum, linear between."""
    within = (days - ideal_days) / (max_days - ideal_days).where(max_days > ideal_days)
    beyond = (days - max_days) / max_days
    level = (0.5 + 0.5 * beyond).where(days >= max_days, 0.5 * within)
    return level.clip(0, 1).where(days > ideal_days, 0.0)


@dataclass(frozen=True)
class ProactiveGap:
    """Days since the last proactive contact against the promised interval.

    Attributes
    ----------
    window_days : int
        Span over which the share of proactive contacts is counted: a year, so that no season weighs more.
    """

    key: ClassVar[str] = "proactive_gap"
    title: ClassVar[str] = "Proactive gap"
    unit: ClassVar[str] = "days"
    family: ClassVar[str] = "dialogue"
    sources: ClassVar[tuple[str, ...]] = ("interactions",)

    window_days: int = 365

    def fit(self, facts: Facts, as_of: dt.date) -> Json:  # noqa: ARG002 - the protocol's arguments
        """Learn nothing: the yardstick is what was promised."""
        return {}

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:  # noqa: ARG002 - as above
        """Return the days since the last proactive contact and their level (`gap_level`).

        Notes
        -----
        Without any proactive contact the gap counts from the first interaction known: the silence before
        that may be a lack of records, and is not held against anybody.
        """
        known = facts.until(as_of).interactions
        figures = self._figures(known, facts.accounts, as_of)
        source = source_status(facts, self.sources, as_of)
        status = np.select(
            [
                (source["status"] == Status.NOT_USED) | figures["ideal_days"].isna() | figures["max_days"].isna(),
                figures["since_on"].isna(),
                source["status"] == Status.STALE,
            ],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE],
            Status.OK,
        )
        since = lookup(figures["since_on"], known["account_id"])
        recent = known[known["day"] >= since].groupby("account_id")["day"]
        rows = recent.size().reindex(figures.index, fill_value=0)
        return result_frame(
            facts,
            value=figures["days"],
            baseline=figures["ideal_days"],
            level=gap_level(figures["days"], figures["ideal_days"], figures["max_days"]),
            status=status,
            details=json_records(figures.assign(complete_to=source["complete_to"])),
            evidence=evidence_spans("interactions", rows, figures["since_on"], recent.max().reindex(figures.index)),
        )

    def _figures(self, known: pd.DataFrame, accounts: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
        ours = known[(known["initiator"] == "us") & known["purpose"].isin(PROACTIVE_PURPOSES)]
        last = ours.groupby("account_id")["day"].max().reindex(accounts.index)
        first_known = known.groupby("account_id")["day"].min().reindex(accounts.index)
        since = last.fillna(first_known)
        due, latest = due_on(since, accounts["ideal_days"], accounts["max_days"])
        return pd.DataFrame(
            {
                "days": (pd.Timestamp(as_of) - since).dt.days,
                "ideal_days": accounts["ideal_days"],
                "max_days": accounts["max_days"],
                "since_on": since,
                "last_proactive_on": last,
                "due_on": due.astype("datetime64[s]"),
                "latest_on": latest.astype("datetime64[s]"),
                **self._year(known, ours, accounts.index, as_of),
            }
        )

    def _year(
        self, known: pd.DataFrame, ours: pd.DataFrame, index: "pd.Index[int]", as_of: dt.date
    ) -> dict[str, pd.Series]:
        """Count the contacts of the window: all, proactive ones, and of these the ones that brought value."""
        begin = pd.Timestamp(as_of) - pd.Timedelta(days=self.window_days)
        recent = ours[ours["day"] > begin]
        contacts, proactive, with_value = (
            table.groupby("account_id").size().reindex(index, fill_value=0)
            for table in (known[known["day"] > begin], recent, recent[recent["with_value"]])
        )
        share = (proactive / contacts.where(contacts > 0)).round(3)
        return {
            "contacts_in_window": contacts,
            "proactive_in_window": proactive,
            "with_value_in_window": with_value,
            "proactive_share": share,
        }

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say how long we have not come by ourselves, and what was promised."""
        details = reading["details"]
        if reading["status"] == Status.NOT_USED and details["ideal_days"] is None:
            return "Not used here: no contact interval is promised to this account."
        if reading["status"] != Status.OK:
            return explain_unknown("interactions", reading)
        promise = f"Promised: every {days_text(details['ideal_days'])}."
        if details["last_proactive_on"] is None:
            since = day_text(details["since_on"])
            return (
                f"No contact that we started since records begin on {since} ({days_text(details['days'])}). {promise}"
            )
        if details["days"] > details["ideal_days"]:
            return f"{days_text(details['days'])} without a contact that we started. {promise}"
        return f"Our last proactive contact was {_ago(details['days'])}. {promise}"

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say how long we have not come, against what was promised, in one short sentence."""
        details = reading["details"]
        if reading["status"] != Status.OK or details["days"] <= details["ideal_days"]:
            return self.explain(reading)
        return f"No proactive contact for {days_text(details['days'])}, promised every {round(details['ideal_days'])}."


def _ago(days: int) -> str:
    return "today" if days == 0 else f"{days_text(days)} ago"
