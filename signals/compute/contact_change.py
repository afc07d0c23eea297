"""Did the people we know at the customer leave, or say that they will?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from signals.compute.base import Facts, Json, Status, evidence, json_records, lookup, result_frame
from signals.compute.contact_change_text import contact_headline, contact_sentence
from signals.compute.freshness import source_status

ROLE_WEIGHTS = {"decision_maker": 1.0, "champion": 0.8, "influencer": 0.6, "gatekeeper": 0.4, "user": 0.3}
LEVEL_WEIGHTS = {"executive": 1.0, "management": 0.8, "operational": 0.6}
DAYS_OF_A_YEAR = 365


@dataclass(frozen=True)
class ContactChange:
    """Weight of the contacts who left, less where a successor is known and met, and less with time.

    Attributes
    ----------
    role_weights, level_weights : dict of str to float
        Share of the relationship that hangs on a contact, in 0..1; multiplied. Assumption: no study gives
        them; the order (who decides before who uses, above before below) is common account practice.
    primary_weight : float
        Least weight of a primary contact, whatever role and level. Assumption.
    named_factor, met_factor : float
        What remains of the weight once a successor is named, and once we met the successor. Assumption.
    announced_factor : float
        What an announced leaving weighs of a done one: the person is still there to hand over. Assumption.
    handover_days : int
        A meeting with the successor this long before the leaving counts as a hand-over. Assumption.
    half_life_days : int
        Days after which a leaving weighs half: by then a successor has decided about suppliers. Assumption.
    recent_meetings : int
        A main contact absent from this many last meetings is mentioned (a hint, no level).
    """

    key: ClassVar[str] = "contact_change"
    title: ClassVar[str] = "Contact change"
    unit: ClassVar[str] = "contacts"
    family: ClassVar[str] = "people"
    sources: ClassVar[tuple[str, ...]] = ("contacts",)

    role_weights: Mapping[str, float] = field(default_factory=lambda: dict(ROLE_WEIGHTS))
    level_weights: Mapping[str, float] = field(default_factory=lambda: dict(LEVEL_WEIGHTS))
    primary_weight: float = 0.8
    named_factor: float = 0.9
    met_factor: float = 0.25
    announced_factor: float = 0.5
    handover_days: int = 30
    half_life_days: int = 180
    recent_meetings: int = 5

    def fit(self, facts: Facts, as_of: dt.date) -> Json:  # noqa: ARG002 - the protocol's arguments
        """Learn nothing: weights are elicited until outcomes are known."""
        return {}

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:  # noqa: ARG002 - as above
        """Return level 1 - Π(1 - impact), impact = weight · successor factor · 2^(-age / half-life).

        Notes
        -----
        An announced leaving has the impact of one today, times `announced_factor`; once the announced day has
        passed without a word of it, it fades like a done one. `value` counts the contacts who left within a year;
        there is no baseline, a leaving is judged by itself.
        """
        known = facts.until(as_of)
        left, absent = self._left(known, as_of), self._absent(known, as_of)
        index, status = facts.accounts.index, self._status(facts, known, as_of)
        announced = self._announced(known, as_of)
        gone = left["contact_id"].tolist()
        staying = known.contacts[~known.contacts["contact_id"].isin(gone)].groupby("account_id").size()
        details = pd.DataFrame(
            {
                "left": _by_account(left.drop(columns="recent"), index),
                "announced": _by_account(announced, index),
                "not_seen": _by_account(absent, index),
                "contacts_known": staying.reindex(index, fill_value=0),
                "complete_to": source_status(facts, self.sources, as_of)["complete_to"],
            },
            index=index,
        ).assign(recent_meetings=self.recent_meetings)
        felt = pd.concat([left[["account_id", "impact"]], announced[["account_id", "impact"]]])
        remaining = (1 - felt["impact"]).groupby(felt["account_id"]).prod().reindex(index, fill_value=1.0)
        return result_frame(
            facts,
            value=left.groupby("account_id")["recent"]
            .sum()
            .reindex(index, fill_value=0)
            .where(status != Status.NO_DATA),
            baseline=np.full(len(index), np.nan),
            level=(1 - remaining).clip(0, 1),
            status=status,
            details=json_records(details),
            evidence=[
                _evidence(people + going, count)
                for people, going, count in zip(
                    details["left"], details["announced"], details["contacts_known"], strict=True
                )
            ],
        )

    def _status(self, facts: Facts, known: Facts, as_of: dt.date) -> Any:
        source = source_status(facts, self.sources, as_of)["status"]
        without = ~facts.accounts.index.isin(known.contacts["account_id"])
        return np.select(
            [source == Status.NOT_USED, without, source == Status.STALE],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE],
            Status.OK,
        )

    def _left(self, known: Facts, as_of: dt.date) -> pd.DataFrame:
        """Return who has left, the weightiest first within an account."""
        day = pd.Timestamp(as_of)
        left = _with_successor(known.contacts[known.contacts["left_on"] <= day], known.contacts)
        age = (day - left["left_on"]).dt.days
        felt = self._felt(left, known.attendance, age, "left_on")
        return felt.assign(recent=age.loc[felt.index] < DAYS_OF_A_YEAR)

    def _announced(self, known: Facts, as_of: dt.date) -> pd.DataFrame:
        """Return who is still there and will leave, the weightiest first within an account."""
        day = pd.Timestamp(as_of)
        people = known.contacts
        going = people[people["leaving_known_on"].notna() & ~(people["left_on"] <= day)]
        going = _with_successor(going, people)
        age = (day - going["leaving_on"]).dt.days.clip(lower=0).fillna(0)
        felt = self._felt(going, known.attendance, age, "leaving_on", "leaving_known_on")
        return felt.assign(impact=felt["impact"] * self.announced_factor)

    def _felt(self, people: pd.DataFrame, attendance: pd.DataFrame, age: pd.Series, *days: str) -> pd.DataFrame:
        """Return how much each leaving is felt, given its age in days; `days` are the columns that tell when."""
        met_on = self._met(people.assign(gone_on=people[days[0]].fillna(people[days[-1]])), attendance)
        weight = self._weight(people)
        factor = np.select([met_on.notna(), people["successor_id"].notna()], [self.met_factor, self.named_factor], 1.0)
        columns = ["account_id", "contact_id", "name", "role", "level", "primary", *days]
        return (
            people[[*columns, "successor_id", "successor_name"]]
            .assign(
                successor_met_on=met_on,
                weight=weight,
                impact=weight * factor * 0.5 ** (age / self.half_life_days),
            )
            .sort_values(["account_id", "impact", "contact_id"], ascending=[True, False, True])
        )

    def _weight(self, contacts: pd.DataFrame) -> pd.Series:
        """Return the weight of each contact; an unknown role or level counts as the middle of its list."""
        role = contacts["role"].map(dict(self.role_weights)).fillna(float(np.median([*self.role_weights.values()])))
        level = contacts["level"].map(dict(self.level_weights)).fillna(float(np.median([*self.level_weights.values()])))
        weight = role.astype(float) * level.astype(float)
        return weight.clip(lower=self.primary_weight).where(contacts["primary"], weight)

    def _met(self, left: pd.DataFrame, attendance: pd.DataFrame) -> pd.Series:
        """Return the first meeting with each successor since the hand-over began (NaT: none), like `left`."""
        pairs = left[["account_id", "contact_id", "successor_id", "gone_on"]].merge(
            attendance[["account_id", "contact_id", "day"]].astype({"contact_id": float}),
            left_on=["account_id", "successor_id"],
            right_on=["account_id", "contact_id"],
            suffixes=("", "_met"),
        )
        since = pairs["gone_on"] - pd.Timedelta(days=self.handover_days)
        first = pairs[pairs["day"] >= since].groupby("contact_id")["day"].min()
        return lookup(first, left["contact_id"])

    def _absent(self, known: Facts, as_of: dt.date) -> pd.DataFrame:
        """Return the main contacts still there who were in none of the last meetings, all of them after they came."""
        meetings = known.attendance[["account_id", "interaction_id", "day"]].drop_duplicates(
            ["account_id", "interaction_id"]
        )
        newest = (
            meetings.sort_values(["account_id", "day", "interaction_id"])
            .groupby("account_id")
            .tail(self.recent_meetings)
        )
        per_account = newest.groupby("account_id")["day"].agg(["size", "min"])
        begin = per_account["min"].where(per_account["size"] >= self.recent_meetings)
        people = known.contacts
        met = known.attendance.merge(people[["account_id", "contact_id"]], on=["account_id", "contact_id"])
        seen = met[met["interaction_id"].isin(newest["interaction_id"])]
        main = people[
            (people["primary"] | (people["role"] == "decision_maker"))
            & ~(people["left_on"] <= pd.Timestamp(as_of))
            & ~people["contact_id"].isin(seen["contact_id"])
        ]
        first_meeting = lookup(begin, main["account_id"])
        last_seen = met.groupby("contact_id")["day"].max()
        here = first_meeting.notna() & ~(main["since"] > first_meeting)
        return (
            main[here][["account_id", "contact_id", "name", "role", "primary"]]
            .assign(last_seen_on=lookup(last_seen, main[here]["contact_id"]))
            .sort_values(["account_id", "contact_id"])
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say who left or will and whether a successor was met; then which main contact was long not seen."""
        return contact_sentence(reading)

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say who left or will, without the successor."""
        return contact_headline(reading)


def _with_successor(left: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Add the successor's name; a successor who is not known at the same account is none."""
    people = contacts[["account_id", "contact_id", "name"]].astype({"contact_id": float})
    found = left.merge(
        people.set_axis(["account_id", "successor_id", "successor_name"], axis=1),
        on=["account_id", "successor_id"],
        how="left",
    )
    return found.assign(successor_id=found["successor_id"].where(found["successor_name"].notna()))


def _by_account(people: pd.DataFrame, accounts: "pd.Index[int]") -> list[list[Json]]:
    """Collect rows as JSON lists, one list per account."""
    rows: dict[int, list[Json]] = {account: [] for account in accounts}
    records = json_records(people.drop(columns="account_id").round({"weight": 3, "impact": 3}))
    for account, record in zip(people["account_id"].tolist(), records, strict=True):
        if account in rows:
            rows[account].append(record)
    return list(rows.values())


def _evidence(left: list[Json], contacts_known: int) -> Json:
    if left:
        return evidence("contacts", len(left), ids=[person["contact_id"] for person in left])
    return evidence("contacts", contacts_known)
