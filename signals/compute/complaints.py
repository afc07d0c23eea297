"""Complaints of customers, who made them, and how long nothing was heard of the customer since."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from signals.compute.base import Facts, lookup
from signals.compute.renewal import FloatArray

COMPLAINT, ABOUT_INCIDENT, BAD = "complaint", "incident", -1
KEY_ROLES, KEY_LEVELS = ("decision_maker", "champion"), ("executive",)
# A contact about an incident so many days from a recorded complaint is taken to be about it.
SAME_MATTER_DAYS = 3


@dataclass(frozen=True)
class Heard:
    """When n accounts were in touch with us, complaints left out.

    Parameters
    ----------
    last : Series of datetime64
        Index accounts; the last day, NaT without one.
    days, gap_days : float arrays, shape (n_accounts,)
        Days on which they were in touch, and days from the first to the last.
    """

    last: pd.Series
    days: FloatArray
    gap_days: FloatArray

    def chance_of_silence(self, silence: FloatArray, prior_gaps: float, common_gap: float) -> FloatArray:
        """Return the chance of so many days without a word if nothing had changed, shape (n_accounts,).

        Notes
        -----
        Contacts come at a rate of Gamma(prior + n, prior · common + sum of the n own gaps), so the chance is
        (β / (β + silence)) ** α (Lomax).
        """
        gaps = np.maximum(self.days - 1, 0)
        shape, rate = prior_gaps + gaps, prior_gaps * common_gap + self.gap_days
        return np.asarray((rate / (rate + silence)) ** shape)


def is_complaint(interactions: pd.DataFrame) -> pd.Series:
    """Say which interactions are complaints: they came to us about an incident, in a bad tone."""
    about = (interactions["initiator"] == "them") & (interactions["purpose"] == ABOUT_INCIDENT)
    return about & (interactions["tone"] == BAD)


def heard(known: Facts) -> Heard:
    """Find when each customer was in touch: came to us, or took part in a contact of ours.

    Notes
    -----
    A complaint is no sign that they are still there to talk: were it one, complaining more would look better.
    """
    rows, index = known.interactions, known.accounts.index
    present = (rows["initiator"] == "them") | rows["interaction_id"].isin(known.attendance["interaction_id"])
    touch = rows.loc[present & ~is_complaint(rows), ["account_id", "day"]].drop_duplicates()
    spans = touch.groupby("account_id")["day"].agg(["size", "min", "max"]).reindex(index)
    days = spans["size"].fillna(0).to_numpy(dtype=np.float64)
    from_first = (spans["max"] - spans["min"]).dt.days.fillna(0)
    return Heard(spans["max"], days, np.asarray(from_first, dtype=np.float64))


def complaints(known: Facts, as_of: dt.date, within_days: int) -> pd.DataFrame:
    """Return the complaints of the latest days.

    Returns
    -------
    DataFrame
        Columns account_id, day, tab ("incidents" or "interactions": where it is listed), id, and by: "key" where
        a decision maker, champion, executive or the main contact took part, "other" where only others did,
        "unknown" where nobody is named.
    """
    since = pd.Timestamp(as_of) - pd.Timedelta(days=within_days)
    tickets, talks = known.incidents, known.interactions
    logged = tickets[(tickets["kind"] == COMPLAINT) & (tickets["day"] > since)]
    about = talks[(talks["purpose"] == ABOUT_INCIDENT) & (talks["initiator"] == "them") & (talks["day"] > since)]
    about = about.assign(key=lookup(_key_person(known), about["interaction_id"]).to_numpy(dtype=np.float64))
    voiced = about[is_complaint(about)]
    return pd.concat(
        [
            _rows(logged, "incidents", "incident_id", _key_of_matter(logged, about)),
            _rows(voiced, "interactions", "interaction_id", voiced["key"].to_numpy()),
        ],
        ignore_index=True,
    )


def _rows(table: pd.DataFrame, tab: str, number: str, key: FloatArray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": table["account_id"].to_numpy(),
            "day": table["day"].to_numpy(),
            "tab": tab,
            "id": table[number].to_numpy(),
            "by": np.select([key == 1, key == 0], ["key", "other"], "unknown"),
        }
    )


def _key_person(known: Facts) -> pd.Series:
    """Return by interaction 1 where a key contact took part, 0 where only others did."""
    people = known.contacts
    key = people["role"].isin(KEY_ROLES) | people["level"].isin(KEY_LEVELS) | people["primary"]
    took_part = known.attendance["contact_id"].isin(people.loc[key, "contact_id"])
    return took_part.groupby(known.attendance["interaction_id"]).max().astype(np.float64)


def _key_of_matter(logged: pd.DataFrame, about: pd.DataFrame) -> FloatArray:
    """Return the same for recorded complaints, from the contacts about an incident of those days."""
    pairs = logged[["account_id", "incident_id", "day"]].merge(
        about.dropna(subset="key")[["account_id", "day", "key"]], on="account_id", suffixes=("", "_talk")
    )
    near = (pairs["day"] - pairs["day_talk"]).abs().dt.days <= SAME_MATTER_DAYS
    found = pairs[near].groupby("incident_id")["key"].max()
    return lookup(found, logged["incident_id"]).to_numpy(dtype=np.float64)
