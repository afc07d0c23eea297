"""Does the relationship hang on one person?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from signals.compute.base import Facts, Json, Status, evidence, json_records, result_frame
from signals.compute.freshness import source_status
from signals.compute.level_pairs import LEVELS, count_levels, live_pairs, met_pairs, what_is_left
from signals.compute.wording import days_text, explain_unknown

ALL_PAIRS = len(LEVELS) ** 2


@dataclass(frozen=True)
class SingleThread:
    """Live level pairs of the 3x3, and what is left of them without the person who holds most.

    Attributes
    ----------
    window_days : int
        A level pair is alive if two people of these levels were seen together within this many days: half a
        year, the window of detection.md.
    enough_left : int
        With so many level pairs left without the strongest person the relationship stands by itself: one for
        each level. Assumption.
    structure_weight : float
        Share of the level that is given by what is left; the rest by the level pairs lost within a year, for
        most small customers always knew one of us, and only a loss wants a person. Assumption.
    year_days : int
        Age of the baseline.
    """

    key: ClassVar[str] = "single_thread"
    title: ClassVar[str] = "Single thread"
    unit: ClassVar[str] = "level pairs"
    family: ClassVar[str] = "people"
    sources: ClassVar[tuple[str, ...]] = ("contacts", "interactions")

    window_days: int = 180
    enough_left: int = 3
    structure_weight: float = 0.4
    year_days: int = 365

    def fit(self, facts: Facts, as_of: dt.date) -> Json:  # noqa: ARG002 - the protocol's arguments
        """Learn nothing: an account is judged against its own past year."""
        return {}

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:  # noqa: ARG002 - as above
        """Return level = s · max(0, 1 - left / enough) + (1 - s) · max(0, lost / (before + 1)).

        Notes
        -----
        `value` is the number of live level pairs, `baseline` that of a year ago, empty where the records of
        who met whom do not reach back that far. The second part is then 0: nothing is known to be lost. One
        is added to those before since a pair more or less is chance: the loss of the only one weighs half.
        """
        known, index = facts.until(as_of), facts.accounts.index
        met = met_pairs(known.attendance, known.links, known.contacts, known.colleagues)
        pairs = live_pairs(met, pd.Timestamp(as_of), self.window_days)
        live, before = count_levels(pairs, index), self._year_ago(met, as_of, index)
        weakest = what_is_left(pairs).sort_values(["account_id", "left"], kind="stable").drop_duplicates("account_id")
        weakest = weakest.set_index("account_id").reindex(index)
        left = weakest["left"].fillna(0)
        source = source_status(facts, self.sources, as_of)
        status = self._status(source["status"], known, met, index)
        details = pd.DataFrame(
            {
                "left": left,
                "without_side": weakest["side"],
                "without_id": weakest["person_id"],
                "without": _names(weakest, known),
                "theirs": _levels(pairs, index),
                "people_known": known.contacts.groupby("account_id").size().reindex(index, fill_value=0),
                "complete_to": source["complete_to"],
                "late_source": source["source"],
            },
            index=index,
        ).assign(window_days=self.window_days)
        alive = ~pd.Series(status, index=index).isin([Status.NO_DATA, Status.NOT_USED])
        return result_frame(
            facts,
            value=live.where(alive),
            baseline=before.where(alive),
            level=self._level(live, left, before),
            status=status,
            details=[{**one, "live": count} for one, count in zip(json_records(details), live.tolist(), strict=True)],
            evidence=_evidence(pairs, details["people_known"]),
        )

    def _year_ago(self, met: pd.DataFrame, as_of: dt.date, index: "pd.Index[int]") -> pd.Series:
        """Return the level pairs alive a year ago, NaN where the records begin within that window."""
        then = pd.Timestamp(as_of) - pd.Timedelta(days=self.year_days)
        counted = count_levels(live_pairs(met, then, self.window_days), index)
        first = met.groupby("account_id")["day"].min().reindex(index)
        return counted.where(first <= then - pd.Timedelta(days=self.window_days)).astype(float)

    def _level(self, live: pd.Series, left: pd.Series, before: pd.Series) -> pd.Series:
        hangs = (1 - left / self.enough_left).clip(0, 1)
        lost = ((before - live) / (before + 1)).clip(0, 1).fillna(0)
        return self.structure_weight * hangs + (1 - self.structure_weight) * lost

    def _status(self, source: pd.Series, known: Facts, met: pd.DataFrame, index: "pd.Index[int]") -> Any:
        nobody = ~index.isin(known.contacts["account_id"])
        unnamed = ~index.isin(met["account_id"])
        return np.select(
            [source == Status.NOT_USED, nobody, source == Status.STALE, unnamed],
            [Status.NOT_USED, Status.NO_DATA, Status.STALE, Status.NO_DATA],
            Status.OK,
        )

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say how many level pairs are alive, which level is missing, and what is left without whom."""
        details = reading["details"]
        if reading["status"] == Status.NO_DATA and details["people_known"]:
            return "Unknown: no contact recorded says who of us met whom."
        if reading["status"] != Status.OK:
            return explain_unknown(details["late_source"] or "contacts", reading)
        if not reading["value"]:
            return f"No level pair of 9 alive: nobody here was seen in {days_text(details['window_days'])}."
        return f"{self._alive(reading)}{_missing(details['theirs'])}. {_without(details)}"

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the same in a few words."""
        if reading["status"] != Status.OK or not reading["value"]:
            return self.explain(reading)
        if not reading["details"]["left"]:
            return f"All hangs on {reading['details']['without'] or 'one person'}."
        return f"{reading['value']:g} of {ALL_PAIRS} level pairs alive{_missing(reading['details']['theirs'])}."

    def _alive(self, reading: Mapping[str, Any]) -> str:
        before = reading["baseline"]
        earlier = f" ({before:g} a year ago)" if before is not None and before != reading["value"] else ""
        return f"{reading['value']:g} of {ALL_PAIRS} level pairs alive{earlier}"


def _missing(theirs: list[str]) -> str:
    """Name the highest levels of the customer of whom nobody was met."""
    if LEVELS[0] in theirs:
        return ""
    return ", nobody at executive level" if LEVELS[1] in theirs else ", nobody above operational level"


def _without(details: Json) -> str:
    name = details["without"] or "one person"
    if not details["left"]:
        return f"Without {name} none would be left."
    return f"Without {name} {details['left']} would be left."


def _names(weakest: pd.DataFrame, known: Facts) -> list[str | None]:
    theirs = known.contacts.drop_duplicates("contact_id").set_index("contact_id")["name"].to_dict()
    ours = known.colleagues.set_index("colleague_id")["name"].to_dict()
    of_side = {"contact": theirs, "colleague": ours}
    return [
        of_side[side].get(int(person)) or None if isinstance(side, str) else None
        for side, person in zip(weakest["side"], weakest["person_id"], strict=True)
    ]


def _levels(pairs: pd.DataFrame, index: "pd.Index[int]") -> list[list[str]]:
    """Return the levels of the customer that take part in a live pair, from the top down."""
    met = pairs.groupby("account_id")["theirs"].agg(set)
    return [[level for level in LEVELS if level in met.get(account, ())] for account in index]


def _evidence(pairs: pd.DataFrame, people_known: pd.Series) -> list[Json]:
    """Name the contacts who hold the live pairs, where there is none all who are known."""
    held: dict[Any, list[int]] = dict(pairs.groupby("account_id")["contact_id"].agg(lambda ids: sorted(set(ids))))
    return [
        evidence("contacts", len(held[key]), ids=held[key]) if key in held else evidence("contacts", count)
        for key, count in zip(people_known.index.tolist(), people_known.tolist(), strict=True)
    ]
