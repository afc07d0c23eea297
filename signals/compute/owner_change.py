"""Is our side stable and able?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from signals.compute.base import Facts, Json, Status, evidence, json_records, lookup, result_frame
from signals.compute.freshness import source_status
from signals.compute.owner_capacity import hours_available, hours_needed, new_owners, promises_kept, vacant_since
from signals.compute.owner_change_text import owner_headline, owner_sentence
from signals.compute.silence import Silence

USUAL_INTERVAL = 30.0  # where nothing is promised: the shortest ideal interval of the default tiers
# What a reading says first: the part with the highest level; of equals the one that stands first here.
PARTS = ("vacant", "hand_over", "hours", "promises")
# What each part needs beside the ownership itself.
RESTS_ON = {"vacant": "ownership", "hand_over": "interactions", "hours": "colleagues", "promises": "interactions"}


@dataclass(frozen=True)
class OwnerChange:
    """Whether somebody answers for the account, has been in touch since taking over, and has the hours.

    Attributes
    ----------
    hand_over_level : float
        Level of a new owner who let a whole ideal interval pass without contact. Assumption: under a vacancy,
        over the line of an alert.
    planned_factor : float
        What is left of it while a contact of the new owner is planned. Assumption.
    shared_level : float
        Highest level of what holds for all accounts of an owner alike (hours, promises). Assumption, under the
        line of an alert (0.7): one overloaded owner must not raise an alert for each account.
    overload_full : float
        Hours needed over hours available at which the overload counts fully, 2: half of it cannot be done.
    enough_kept : float
        Share of kept promises from which nothing is said (signals.md: under half).
    min_promises : int
        Accounts needed before the share is judged; of fewer, one account decides. Assumption.
    """

    key: ClassVar[str] = "owner_change"
    title: ClassVar[str] = "Owner change"
    unit: ClassVar[str] = "hours a week"
    family: ClassVar[str] = "our side"
    sources: ClassVar[tuple[str, ...]] = ("ownership", "colleagues", "interactions")

    hand_over_level: float = 0.9
    planned_factor: float = 0.5
    shared_level: float = 0.6
    overload_full: float = 2.0
    enough_kept: float = 0.5
    min_promises: int = 4

    def fit(self, facts: Facts, as_of: dt.date) -> Json:
        """Sum up hours and promises by owner, over the whole portfolio.

        Notes
        -----
        Who logged nothing for 30 days is judged by silence alone: without entries nothing says whether a promise
        was kept or a new owner was in touch.
        """
        known = facts.until(as_of)
        kept, names = promises_kept(known, as_of), known.colleagues.drop_duplicates("owner_id")
        needed = hours_needed(known, as_of)
        available = hours_available(known.colleagues, known.absences, as_of)
        owners = pd.DataFrame(
            {
                "needed": needed.round(2),
                "available": available.reindex(needed.index).round(2),
                "judged": kept["judged"],
                "kept": kept["kept"],
                "name": names.set_index("owner_id")["name"].reindex(needed.index),
            }
        )
        by_owner = {str(int(owner)): row for owner, row in zip(owners.index, json_records(owners), strict=True)}
        return {
            "ownership_recorded": not known.ownerships.empty,
            "by_owner": by_owner,
            **Silence().fit(known, as_of),
        }

    def compute(self, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return the largest of four levels: vacancy, hand-over, hours and promises.

        Notes
        -----
        vacancy: 1. Hand-over: `hand_over_level · min(1, days since the change / ideal interval)`, times
        `planned_factor` while a contact is planned, 0 once there was one. Hours: `shared_level` times needed over
        available less 1, as a share of `overload_full` less 1. Promises: `shared_level · max(0, 1 - share /
        enough_kept)`. What is known to be wrong counts whatever else is unknown; level 0 needs everything known.
        """
        known = facts.until(as_of)
        sources = {source: source_status(known, (source,), as_of) for source in self.sources}
        figures = self._figures(known, params, as_of)
        # Nothing is promised to a former customer, by anybody.
        judged = _usable(sources).mul(known.accounts["contact_hours"].notna(), axis=0)
        levels = self._levels(figures, params, as_of).where(judged, 0.0)
        worst = levels.max(axis=1)
        states = _states(figures, sources, is_wrong=worst > 0)
        details = figures.drop(columns="ideal_days").assign(
            part=levels.idxmax(axis=1).where(worst > 0, None),
            days=(pd.Timestamp(as_of) - figures["changed_on"].fillna(figures["vacant_since"])).dt.days,
            **states[["complete_to", "late_source", "lacks"]],
        )
        rows = known.ownerships.groupby("account_id").size().reindex(known.accounts.index, fill_value=0)
        return result_frame(
            facts,
            value=figures["needed"],
            baseline=figures["available"],
            level=worst,
            status=states["status"],
            details=json_records(details),
            evidence=[evidence("owner", int(count)) for count in rows],
        )

    def _figures(self, known: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
        figures = new_owners(known, as_of).assign(
            vacant_since=vacant_since(known, as_of), ideal_days=known.accounts["ideal_days"]
        )
        columns = ["needed", "available", "judged", "kept", "name"]
        owners = pd.DataFrame.from_dict(params["by_owner"], orient="index", columns=columns)
        owners = owners.set_axis(owners.index.astype(float)).astype(dict.fromkeys(columns[:4], float))
        for column in columns:
            figures[column] = lookup(owners[column], figures["owner_id"])
        logged = pd.to_datetime(pd.Series(params["owner_last_logged"], dtype="str"))
        last = lookup(logged.set_axis(logged.index.astype(float)), figures["owner_id"])
        figures["logs"] = (pd.Timestamp(as_of) - last).dt.days < Silence().owner_silent_days
        return figures

    def _levels(self, figures: pd.DataFrame, params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return the level of each part; 0 also where it is not known."""
        recorded = figures["vacant_since"].notna() | params["ownership_recorded"]
        over = (figures["needed"] / figures["available"] - 1) / (self.overload_full - 1)
        over = over.where(figures["available"] > 0, (figures["needed"] > 0).astype(float))
        short = 1 - figures["kept"] / figures["judged"].where(figures["judged"] >= self.min_promises) / self.enough_kept
        levels = {
            "vacant": (figures["owner_id"].isna() & recorded).astype(float),
            "hand_over": self._hand_over(figures, as_of),
            "hours": self.shared_level * over.where(figures["available"].notna()).clip(0, 1),
            "promises": self.shared_level * short.where(figures["logs"]).clip(0, 1),
        }
        return pd.DataFrame(levels)[list(PARTS)].fillna(0.0)

    def _hand_over(self, figures: pd.DataFrame, as_of: dt.date) -> pd.Series:
        interval = figures["ideal_days"].fillna(USUAL_INTERVAL)
        waited: pd.Series = (pd.Timestamp(as_of) - figures["changed_on"]).dt.days / interval
        level = self.hand_over_level * waited.clip(0, 1)
        level = level.where(~figures["planned"], level * self.planned_factor)
        return level.where(figures["logs"] & ~figures["met"])

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say what is wrong on our side, the gravest first, else who answers and with how many hours."""
        return owner_sentence(reading)

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the gravest of it in one short sentence."""
        return owner_headline(reading)


def _usable(sources: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Say which parts rest on feeds that are used and fresh."""
    fresh = {name: states["status"] == Status.OK for name, states in sources.items()}
    return pd.DataFrame({part: fresh["ownership"] & fresh[RESTS_ON[part]] for part in PARTS})


def _states(figures: pd.DataFrame, sources: Mapping[str, pd.DataFrame], *, is_wrong: pd.Series) -> pd.DataFrame:
    """Return the status, and what is missing where something is; what is known to be wrong needs nothing more."""
    late = pd.DataFrame({name: states["status"] == Status.STALE for name, states in sources.items()})
    unused = pd.DataFrame({name: states["status"] == Status.NOT_USED for name, states in sources.items()})
    complete_to = pd.DataFrame({name: states["complete_to"] for name, states in sources.items()})
    lacks = np.select(
        [figures["owner_id"].isna(), figures["available"].isna(), ~figures["logs"]], ["owner", "hours", "entries"], ""
    )
    status = np.select(
        [is_wrong, unused.any(axis=1), late.any(axis=1), lacks != ""],
        [Status.OK, Status.NOT_USED, Status.STALE, Status.NO_DATA],
        Status.OK,
    )
    return pd.DataFrame(
        {
            "status": status,
            "lacks": lacks,
            "late_source": late.idxmax(axis=1).where(late.any(axis=1), None),
            "complete_to": complete_to.min(axis=1),
        },
        index=figures.index,
    )
