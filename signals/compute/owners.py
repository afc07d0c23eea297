"""Who answered for each account on a day, as far as was known then."""

import datetime as dt

import pandas as pd

from signals.compute.base import Facts


def owners_on(facts: Facts, day: dt.date) -> pd.Series:
    """Return who answered for each account on `day`, by what was known at its end.

    Parameters
    ----------
    facts : Facts
        `accounts.owner_id` is who answers now.
    day : date

    Returns
    -------
    Series of float
        Index = accounts; the owner's id, NaN where vacant. Before the first record it is who answers now: what
        came before the records is not known.
    """
    moment, now = pd.Timestamp(day), facts.accounts["owner_id"]
    records = facts.ownerships.sort_values(["account_id", "from_day"], kind="stable")
    known = records[(records["from_day"] <= moment) & (records["known_on"] <= moment)]
    ended = (known["until_day"] <= moment) & (known["until_known_on"] <= moment)
    holders = known[~ended].drop_duplicates("account_id", keep="last").set_index("account_id")["owner_id"]
    recorded = now.index.isin(known["account_id"])
    return holders.reindex(now.index).where(recorded, now)
