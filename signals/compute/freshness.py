"""Whether the feeds behind a signal are used and fresh, and the sentences for what is unknown."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from signals.compute.base import Facts, Status

# A feed is late once it misses two of its intervals (domain.md).
STALE_INTERVALS = 2


def source_status(
    facts: Facts, sources: Collection[str], as_of: dt.date
) -> pd.DataFrame:
    """Say for every account whether the sources of a signal are used and fresh.

    Parameters
    ----------
    facts : Facts
        `freshness` may hold several feeds per account and source.
    sources : collection of str
        The sources the signal cannot do without.
    as_of : date

    Returns
    -------
    DataFrame
        Index = accounts; `status` (ok, stale, not_used), `source` and `complete_to` of the feed that is
        furthest behind (None and NaT where none is late).

    Notes
    -----
    An account without a row here was entered by people or comes from a bare table: ok. `not_used` when all
    feeds of one source are declared so. One late feed makes the source stale, for part of its facts is
    missing. A feed that never delivered cannot be late; its account has no rows, which the signal reports.
    """
    rows = facts.freshness[facts.freshness["source"].isin(sources)]
    used = rows.groupby(["account_id", "source"])["used"].any()
    unused = used[~used].index.get_level_values("account_id")
    age_days = (pd.Timestamp(as_of) - rows["complete_to"]).dt.days
    late = rows[rows["used"] & (age_days > STALE_INTERVALS * rows["expected_days"])]
    worst = (
        late.sort_values(["complete_to", "source"])
        .drop_duplicates("account_id")
        .set_index("account_id")
    )
    result: pd.DataFrame = worst[["source", "complete_to"]].reindex(
        facts.accounts.index
    )
    is_late, is_unused = result.index.isin(worst.index), result.index.isin(unused)
    result.insert(
        0,
        "status",
        np.select([is_unused, is_late], [Status.NOT_USED, Status.STALE], Status.OK),
    )
    return result


def explain_unknown(noun: str, reading: Mapping[str, Any]) -> str:
    """Say why a signal is unknown, where the reason is the feed or the lack of any row.

    Parameters
    ----------
    noun : str
        What the signal reads, as a plural: "orders", "contacts".
    reading : mapping
        With `status`; a stale one has `complete_to` (ISO date) in its details.
    """
    if reading["status"] == Status.NOT_USED:
        return f"Not used here: no {noun} are fed."
    if reading["status"] == Status.STALE:
        return f"Unknown: {noun} are complete only until {day_text(reading['details']['complete_to'])}."
    return f"Unknown: no {noun} are known."


def day_text(iso: str) -> str:
    """Write an ISO date as "18 Jan 2026"."""
    day = dt.date.fromisoformat(iso)
    return f"{day.day} {day:%b %Y}"
