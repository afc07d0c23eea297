"""Did something big happen at the customer, and did we react?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from signals.compute.base import Facts, Json, Status, json_records, lookup, result_frame
from signals.compute.freshness import delivered, source_status
from signals.compute.row_ids import evidence_by_ids
from signals.compute.wording import day_text, explain_unknown

KIND_WEIGHTS = {
    "merger": 0.9,
    "new_executive": 0.8,
    "restructuring": 0.8,
    "divestiture": 0.7,
    "product_cancelled": 0.7,
    "litigation": 0.6,
    "market_shift": 0.5,
    "product_launched": 0.3,
}
KIND_WORDS = {
    "merger": "merger or acquisition",
    "new_executive": "new executive",
    "restructuring": "restructuring",
    "divestiture": "divestiture",
    "product_cancelled": "product cancelled",
    "litigation": "litigation",
    "market_shift": "market shift",
    "product_launched": "product launched",
}
# With whom a contact of ours reviews more than a delivery.
DECIDING_LEVELS = ("executive", "management")
# An event with less impact than this is history: four half-lives after a merger.
LEAST_TOLD = 0.05


@dataclass(frozen=True)
class ChangeEvent:
    """Weight of what happened at the customer, less with time, and half once we talked it over.

    Attributes
    ----------
    kind_weights : dict of str to float
        How much of the relationship each kind of event puts in question, in 0..1. Assumption: no study gives
        them; whoever decides anew about suppliers (merger, new executive) stands above the market.
    reviewed_factor : float
        What remains of the weight once a review contact followed (signals.md: half).
    half_life_days : int
        Days after which an event weighs half: four months, in which most of what it brings is decided.
        Assumption.
    year_days : int
        Span over which `value` counts events.
    """

    key: ClassVar[str] = "change_event"
    title: ClassVar[str] = "Change event"
    unit: ClassVar[str] = "events"
    family: ClassVar[str] = "people"
    sources: ClassVar[tuple[str, ...]] = ("change-events", "interactions")

    kind_weights: Mapping[str, float] = field(default_factory=lambda: dict(KIND_WEIGHTS))
    reviewed_factor: float = 0.5
    half_life_days: int = 120
    year_days: int = 365

    def fit(self, facts: Facts, as_of: dt.date) -> Json:  # noqa: ARG002 - the protocol's arguments
        """Learn nothing: weights are elicited until outcomes are known."""
        return {}

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:  # noqa: ARG002 - as above
        """Return level 1 - Π(1 - impact), impact = weight · (1/2 once reviewed) · 2^(-age / half-life).

        Notes
        -----
        A review contact is a done one of the purpose review, or a proactive one with somebody of executive or
        management level, on the day of the event or later. An event of one kind that two sources tell for one
        day counts once. `value` counts the events within a year; there is no baseline.
        """
        known, index = facts.until(as_of), facts.accounts.index
        felt = self._felt(known, as_of)
        remaining = (1 - felt["impact"]).groupby(felt["account_id"]).prod().reindex(index, fill_value=1.0)
        source = source_status(facts, self.sources, as_of)
        ever = known.events.groupby("account_id").size().reindex(index, fill_value=0)
        status = self._status(source["status"], ever > 0, delivered(facts, self.sources[0]))
        recent = felt[felt["age"] < self.year_days].groupby("account_id").size().reindex(index, fill_value=0)
        told = felt[felt["impact"] >= LEAST_TOLD]
        details = _heaviest(told, index).assign(complete_to=source["complete_to"], late_source=source["source"])
        return result_frame(
            facts,
            value=recent.where(~np.isin(status, [Status.NO_DATA, Status.NOT_USED])),
            baseline=np.full(len(index), np.nan),
            level=(1 - remaining).clip(0, 1),
            status=status,
            details=json_records(details),
            evidence=evidence_by_ids("events", told, "event_id", ever),
        )

    def _felt(self, known: Facts, as_of: dt.date) -> pd.DataFrame:
        """Return each event with its age, impact and the day of the first review after it."""
        events = known.events.sort_values(["account_id", "day", "kind", "event_id"], kind="stable")
        events = events.drop_duplicates(["account_id", "day", "kind"])
        # Days of the order of seconds: as_of of `merge_asof` wants both sides sorted by day alone.
        following = pd.merge_asof(
            events.sort_values("day", kind="stable"),
            _reviews(known).sort_values("reviewed_on", kind="stable"),
            by="account_id",
            left_on="day",
            right_on="reviewed_on",
            direction="forward",
        )
        age = (pd.Timestamp(as_of) - following["day"]).dt.days
        weight = following["kind"].map(dict(self.kind_weights)).astype(float).fillna(0.0)
        reacted = np.where(following["reviewed_on"].notna(), self.reviewed_factor, 1.0)
        impact = weight * reacted * np.exp2(-age / self.half_life_days)
        felt = following.assign(age=age, impact=impact)
        return felt.sort_values(["account_id", "impact", "event_id"], ascending=[True, False, True], kind="stable")

    def _status(self, source: pd.Series, has_rows: pd.Series, is_fed: pd.Series) -> Any:
        """Return ok without an event only where a feed of events, or an earlier event, shows that they are recorded."""
        return np.select(
            [source == Status.NOT_USED, ~has_rows & ~is_fed, source == Status.STALE],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE],
            Status.OK,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say what happened, when, and whether we talked it over with those who decide."""
        details = reading["details"]
        if reading["status"] != Status.OK:
            return explain_unknown(_noun(details["late_source"]), reading)
        if details["title"] is None:
            return "No change at the customer that would still count."
        return f"{_what(details)}; {_reaction(details)}.{_others(details['others'])}"

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the same of the heaviest one alone, without its kind."""
        details = reading["details"]
        if reading["status"] != Status.OK or details["title"] is None:
            return self.explain(reading)
        day = day_text(details["happened_on"])
        if details["reviewed_on"] is None:
            return f"{details['title']} ({day}), not talked over yet."
        return f"{details['title']} ({day}), talked over since."


def _reviews(known: Facts) -> pd.DataFrame:
    """Return the days of contacts in which more was talked over than business: account_id, reviewed_on."""
    done = known.interactions
    levels = known.contacts.drop_duplicates("contact_id").set_index("contact_id")["level"]
    high = lookup(levels, known.attendance["contact_id"]).isin(DECIDING_LEVELS)
    with_deciders = done["interaction_id"].isin(known.attendance.loc[high, "interaction_id"])
    proactive = (done["initiator"] == "us") & (done["purpose"] == "proactive") & with_deciders
    counted = done[(done["purpose"] == "review") | proactive]
    return counted[["account_id", "day"]].drop_duplicates().rename(columns={"day": "reviewed_on"})


def _heaviest(told: pd.DataFrame, index: "pd.Index[int]") -> pd.DataFrame:
    first = told.drop_duplicates("account_id").set_index("account_id").reindex(index)
    count = told.groupby("account_id").size().reindex(index, fill_value=0)
    return pd.DataFrame(
        {
            "title": first["title"],
            "kind": first["kind"],
            "happened_on": first["day"],
            "reviewed_on": first["reviewed_on"],
            "others": (count - 1).clip(lower=0),
        },
        index=index,
    )


def _noun(source: str | None) -> str:
    return "interactions" if source == "interactions" else "change events"


def _what(details: Json) -> str:
    kind: str = KIND_WORDS.get(details["kind"]) or details["kind"]
    title: str = details["title"] or kind
    named = title if kind in title.lower() else f"{title} ({kind})"
    return f"{named[0].upper()}{named[1:]} on {day_text(details['happened_on'])}"


def _reaction(details: Json) -> str:
    if details["reviewed_on"] is None:
        return "no review and no visit to their management since"
    return f"talked over with us on {day_text(details['reviewed_on'])}"


def _others(number: int) -> str:
    if not number:
        return ""
    return f" {number} more still {'counts' if number == 1 else 'count'}."
