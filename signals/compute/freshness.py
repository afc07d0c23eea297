"""Whether the feeds behind a signal are used and fresh."""

import datetime as dt
from collections.abc import Collection

import numpy as np
import pandas as pd

from signals.compute.base import Facts, Status

# A feed is late once it misses two of its intervals (domain.md).
STALE_INTERVALS = 2


def source_status(facts: Facts, sources: Collection[str], as_of: dt.date) -> pd.DataFrame:
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
    worst = late.sort_values(["complete_to", "source"]).drop_duplicates("account_id").set_index("account_id")
    result: pd.DataFrame = worst[["source", "complete_to"]].reindex(facts.accounts.index)
    is_late, is_unused = result.index.isin(worst.index), result.index.isin(unused)
    result.insert(
        0,
        "status",
        np.select([is_unused, is_late], [Status.NOT_USED, Status.STALE], Status.OK),
    )
    return result


def delivered(facts: Facts, source: str) -> pd.Series:
    """Say for every account whether a feed says up to which day it brought this source: then no row means none.

    Parameters
    ----------
    facts : Facts
    source : str

    Returns
    -------
    Series of bool
        Index = accounts. A feed that is only expected, or declared not used here, says nothing.
    """
    rows = facts.freshness
    here = rows[(rows["source"] == source) & rows["used"] & rows["complete_to"].notna()]
    index = facts.accounts.index
    return pd.Series(index.isin(here["account_id"]), index=index)
