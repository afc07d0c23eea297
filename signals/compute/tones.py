"""The tone of an account's latest contacts beside its usual one."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from signals.compute.complaints import ABOUT_INCIDENT


def toned(interactions: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts whose tone says something of the relationship.

    Notes
    -----
    Those about an incident are left out: a bad tone there is about the incident, and counts as a complaint.
    """
    return interactions[interactions["tone"].notna() & (interactions["purpose"] != ABOUT_INCIDENT)]


def tone_table(
    rows: pd.DataFrame, index: "pd.Index[int]", as_of: dt.date, latest: int, within_days: int
) -> pd.DataFrame:
    """Count the tones of the last contacts and of all before them.

    Parameters
    ----------
    rows : DataFrame
        As `toned` gives them.
    index : Index of int, shape (n_accounts,)
    as_of : date
    latest : int
        How many of the last contacts are compared with the others.
    within_days : int
        A contact longer ago than this is none of the last.

    Returns
    -------
    DataFrame
        Index accounts; good, neutral, bad of the last contacts, good_before, neutral_before, bad_before.
    """
    order = rows.sort_values(["account_id", "day", "interaction_id"])
    from_end = order.groupby("account_id").cumcount(ascending=False)
    recent = (from_end < latest) & (order["day"] > pd.Timestamp(as_of) - pd.Timedelta(days=within_days))
    position = index.get_indexer(pd.Index(order["account_id"]))
    # Three tones, now and before: six cells an account.
    cell = position * 6 + np.where(recent, 0, 3) + (1 - order["tone"].to_numpy()).astype(np.int64)
    counts = np.bincount(cell[position >= 0], minlength=6 * len(index)).reshape(-1, 6)
    names = [f"{tone}{when}" for when in ("", "_before") for tone in ("good", "neutral", "bad")]
    return pd.DataFrame(counts, index=index, columns=names)


def last_contacts(rows: pd.DataFrame, as_of: dt.date, latest: int, within_days: int) -> dict[int, list[int]]:
    """Return by account the ids of the last contacts that `tone_table` counts."""
    since = pd.Timestamp(as_of) - pd.Timedelta(days=within_days)
    order = rows[rows["day"] > since].sort_values(["account_id", "day", "interaction_id"])
    last = order.groupby("account_id").tail(latest)
    found: dict[Any, list[int]] = dict(
        last.groupby("account_id")["interaction_id"].agg(lambda ids: sorted(ids.tolist()))
    )
    return found


def mean_tone(table: pd.DataFrame, when: str = "") -> pd.Series:
    """Return the mean tone of the last contacts, or of those "_before"; NaN without one."""
    count = tone_count(table, when)
    return (table[f"good{when}"] - table[f"bad{when}"]) / count.where(count > 0)


def tone_count(table: pd.DataFrame, when: str = "") -> pd.Series:
    """Return how many tones these are."""
    return table[[f"good{when}", f"neutral{when}", f"bad{when}"]].sum(axis=1)
