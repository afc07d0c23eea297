"""Has contact with the customer stopped, either way?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from signals.compute.base import Facts, Json, Status, evidence_spans, json_records, lookup, result_frame
from signals.compute.freshness import source_status
from signals.compute.wording import day_text, days_text, explain_unknown

FEED_LATE, OWNER_SILENT = "feed_late", "owner_silent"


@dataclass(frozen=True)
class Silence:
    """Days without contact against the account's own contact gaps.

    Attributes
    ----------
    min_contact_days : int
        Contact days needed before gaps are judged. Assumption (signals.md): four gaps are the fewest that
        can tell usual from unusual.
    owner_silent_days : int
        Days without an entry on any account after which an owner is taken not to log. Assumption (signals.md).
    """

    key: ClassVar[str] = "silence"
    title: ClassVar[str] = "Silence"
    unit: ClassVar[str] = "days"
    family: ClassVar[str] = "dialogue"
    sources: ClassVar[tuple[str, ...]] = ("interactions",)

    min_contact_days: int = 5
    owner_silent_days: int = 30

    def fit(self, facts: Facts, as_of: dt.date) -> Json:
        """Find the day each owner last logged a contact, on any account.

        Notes
        -----
        Needs the whole portfolio, not a sample. A contact whose author the source does not name counts for
        the account's owner: else a feed without authors would make every owner look silent.
        """
        interactions = facts.until(as_of).interactions
        owner_of_account = lookup(facts.accounts["owner_id"], interactions["account_id"])
        author = interactions["owner_id"].fillna(owner_of_account)
        last = interactions["day"].groupby(author).max().dt.strftime("%Y-%m-%d")
        owners = last.index.astype("int64").astype(str)
        return {"owner_last_logged": dict(zip(owners, last, strict=True))}

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return level 2 max(0, F - 1/2), F = share of own contact gaps shorter than the present one.

        Notes
        -----
        Contacts of one day count once. `details` holds contact of either side (`_any`) and contact that
        the customer started (`_inbound`).
        """
        known = facts.until(as_of).interactions
        figures = _rhythm(known, facts.accounts.index, as_of).add_suffix("_any")
        inbound = _rhythm(known[known["initiator"] == "them"], facts.accounts.index, as_of).add_suffix("_inbound")
        states = self._states(facts, params, as_of, figures["contact_days_any"])
        details = pd.concat([states, figures.drop(columns="share_shorter_any"), inbound], axis=1)
        rows = known.groupby("account_id").size().reindex(facts.accounts.index, fill_value=0)
        return result_frame(
            facts,
            value=figures["days_any"],
            baseline=figures["usual_gap_any"],
            level=(2 * (figures["share_shorter_any"] - 0.5)).clip(lower=0),
            status=states["status"],
            details=json_records(details.drop(columns=["status", "share_shorter_inbound"])),
            evidence=evidence_spans("interactions", rows, figures["first_any"], figures["last_any"]),
        )

    def _states(self, facts: Facts, params: Json, as_of: dt.date, contact_days: pd.Series) -> pd.DataFrame:
        """Return status and reason; the first that applies: not used, no data, feed late, owner silent, too few."""
        source = source_status(facts, self.sources, as_of)
        owner = facts.accounts["owner_id"]
        logged = {float(key): pd.Timestamp(day) for key, day in params["owner_last_logged"].items()}
        last_logged = lookup(pd.Series(logged, dtype="datetime64[s]", index=pd.Index(logged, dtype=float)), owner)
        logging = (pd.Timestamp(as_of) - last_logged).dt.days < self.owner_silent_days
        owner_silent = owner.notna() & ~logging
        late = source["status"] == Status.STALE
        status = np.select(
            [
                source["status"] == Status.NOT_USED,
                contact_days == 0,
                late | owner_silent,
                contact_days < self.min_contact_days,
            ],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE, Status.INSUFFICIENT_HISTORY],
            Status.OK,
        )
        return pd.DataFrame(
            {
                "status": status,
                "reason": pd.Series(np.where(late, FEED_LATE, OWNER_SILENT), index=owner.index).where(
                    status == Status.STALE, None
                ),
                "complete_to": source["complete_to"],
                "owner_id": owner.where(owner_silent),
                "owner_last_logged_on": last_logged.where(owner_silent),
            },
            index=owner.index,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say how long nobody was in touch, and how long is usual."""
        details = reading["details"]
        if reading["status"] == Status.OK:
            usual = f"usual gap {days_text(details['usual_gap_any'])} ({_contact_days(details)})"
            return f"{_gap_sentence(details)}; {usual}.{_inbound_sentence(details)}"
        if reading["status"] == Status.INSUFFICIENT_HISTORY:
            too_few = f"{_contact_days(details)} known, {self.min_contact_days} needed to judge"
            return f"{_gap_sentence(details)}; {too_few}."
        if reading["status"] == Status.STALE and details["reason"] == OWNER_SILENT:
            return _owner_sentence(details)
        return explain_unknown("interactions", reading)

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say how long there was no contact, against the usual, in one short sentence."""
        details = reading["details"]
        if reading["status"] != Status.OK or details["usual_gap_any"] is None:
            return self.explain(reading)
        return f"{_gap_sentence(details)}, usual gap {round(details['usual_gap_any'])}."


def _rhythm(interactions: pd.DataFrame, accounts: "pd.Index[int]", as_of: dt.date) -> pd.DataFrame:
    """Return per account the present gap, its own gaps' median and the share of them that is shorter."""
    touch = interactions[["account_id", "day"]].drop_duplicates().sort_values(["account_id", "day"])
    by_account = touch.groupby("account_id")["day"]
    first, last = by_account.min().reindex(accounts), by_account.max().reindex(accounts)
    days = (pd.Timestamp(as_of) - last).dt.days
    gap = by_account.diff().dt.days
    shorter = (gap < lookup(days, touch["account_id"])).astype(float).where(gap.notna())
    return pd.DataFrame(
        {
            "contact_days": by_account.size().reindex(accounts, fill_value=0),
            "first": first,
            "last": last,
            "days": days,
            "usual_gap": gap.groupby(touch["account_id"]).median().reindex(accounts),
            "share_shorter": shorter.groupby(touch["account_id"]).mean().reindex(accounts),
        }
    )


def _gap_sentence(details: Json) -> str:
    days = details["days_any"]
    return "Contact today" if days == 0 else f"No contact either way for {days_text(days)}"


def _contact_days(details: Json) -> str:
    count = details["contact_days_any"]
    return "1 contact day" if count == 1 else f"{count} contact days"


def _inbound_sentence(details: Json) -> str:
    if details["days_inbound"] is None:
        return " They never came to us."
    if details["days_inbound"] == details["days_any"]:
        return ""
    return f" They last came to us {days_text(details['days_inbound'])} ago."


def _owner_sentence(details: Json) -> str:
    last = details["owner_last_logged_on"]
    if last is None:
        return "Unknown: the owner has never logged a contact, on any account."
    return f"Unknown: the owner has logged no contact on any account since {day_text(last)}."
