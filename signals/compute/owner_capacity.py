"""What our people have promised their accounts, in hours a week, against the hours they have."""

import datetime as dt

import numpy as np
import pandas as pd

from signals.compute.base import Facts, lookup
from signals.compute.owners import owners_on
from signals.compute.proactive_gap import PROACTIVE_PURPOSES

DAYS_OF_WEEK = 7
# Absences are counted over the coming four weeks: shorter, and a day off looks like overload.
AHEAD_DAYS = 28


def hours_needed(facts: Facts, as_of: dt.date) -> pd.Series:
    """Return the hours a week each owner needs for the promised contacts of all accounts.

    Parameters
    ----------
    facts : Facts
        Of the whole portfolio; `accounts` with `contact_hours` (hours one contact takes; NaN: nothing is promised)
        and `ideal_days` (days from one contact to the next).
    as_of : date
        Who owns which account is taken as it was known then.

    Returns
    -------
    Series of float
        Hours a week, index = owner id (float), ascending. Owners of no account are left out.

    Notes
    -----
    The sum over the owner's accounts of `7 · contact_hours / ideal_days`: every contact at its ideal interval,
    preparation and travel as far as the tier's hours include them.
    """
    weekly = weekly_hours(facts.accounts["contact_hours"], facts.accounts["ideal_days"])
    return weekly.groupby(owners_on(facts, as_of)).sum().sort_index()


def weekly_hours(contact_hours: pd.Series, ideal_days: pd.Series) -> pd.Series:
    """Return the hours a week that promised contacts take.

    Parameters
    ----------
    contact_hours, ideal_days : Series of float
        Hours one contact takes; days from one to the next.
    """
    return DAYS_OF_WEEK * contact_hours / ideal_days


def hours_available(colleagues: pd.DataFrame, absences: pd.DataFrame, as_of: dt.date) -> pd.Series:
    """Return the hours a week each owner has for accounts, less the absences of the coming four weeks.

    Parameters
    ----------
    colleagues : DataFrame
        As in `Facts`: `owner_id` and `hours_a_week` of each.
    absences : DataFrame
        As in `Facts`, those ahead too.
    as_of : date
        First day of the four weeks; absences learnt later are not counted.

    Returns
    -------
    Series of float
        Hours a week, index = owner id (float). Owners whose hours are not known are left out.
    """
    ours = colleagues.dropna(subset=["owner_id", "hours_a_week"]).drop_duplicates("owner_id")
    ours = ours.set_index("colleague_id")
    away = _working_days_away(absences[absences["known_on"] <= pd.Timestamp(as_of)], as_of)
    share = 1 - away.reindex(ours.index, fill_value=0) / _weekdays(as_of)
    return pd.Series((ours["hours_a_week"] * share).to_numpy(), index=pd.Index(ours["owner_id"])).sort_index()


def _weekdays(as_of: dt.date) -> int:
    return int(np.busday_count(as_of, as_of + dt.timedelta(days=AHEAD_DAYS)))


def _working_days_away(absences: pd.DataFrame, as_of: dt.date) -> pd.Series:
    """Count each weekday once, however many absences cover it."""
    days = pd.bdate_range(as_of, periods=_weekdays(as_of))
    spans = zip(absences["colleague_id"], absences["from_day"], absences["until_day"], strict=True)
    away: dict[int, set[pd.Timestamp]] = {}
    for colleague, begin, end in spans:
        away.setdefault(int(colleague), set()).update(days[(days >= begin) & (days <= end)])
    return pd.Series({key: len(covered) for key, covered in away.items()}, dtype=float)


def promises_kept(facts: Facts, as_of: dt.date) -> pd.DataFrame:
    """Return of how many accounts each owner keeps the longest interval between proactive contacts.

    Parameters
    ----------
    facts : Facts
        Of the whole portfolio, cut to `as_of`.
    as_of : date

    Returns
    -------
    DataFrame
        Index = owner id (float); `judged` accounts with a promise and any contact on record, `kept` those of them
        whose last proactive contact (without one: the first contact on record) lies within `max_days`.
    """
    accounts, known = facts.accounts, facts.interactions
    ours = known[(known["initiator"] == "us") & known["purpose"].isin(PROACTIVE_PURPOSES)]
    last = ours.groupby("account_id")["day"].max().reindex(accounts.index)
    since = last.fillna(known.groupby("account_id")["day"].min().reindex(accounts.index))
    judged = since.notna() & accounts["max_days"].notna() & accounts["contact_hours"].notna()
    kept = (pd.Timestamp(as_of) - since).dt.days <= accounts["max_days"]
    counts = pd.DataFrame({"judged": judged, "kept": judged & kept}).astype("int64")
    return counts.groupby(owners_on(facts, as_of)).sum().sort_index()


def new_owners(facts: Facts, as_of: dt.date) -> pd.DataFrame:
    """Return since when an account's owner is another than before, and whether there was contact since.

    Parameters
    ----------
    facts : Facts
        Cut to `as_of`.
    as_of : date

    Returns
    -------
    DataFrame
        Index = accounts; `owner_id`, `changed_on` (NaT where no change is on record), `met` and `planned`: whether
        the owner was in touch since, or is to be. A contact whose author is not named counts for the owner.
    """
    owner, records = owners_on(facts, as_of), facts.ownerships.sort_values(["account_id", "from_day"], kind="stable")
    begun = records[records["from_day"] <= pd.Timestamp(as_of)]
    before = begun.groupby("account_id")["owner_id"].shift()
    changed = begun[before.notna() & (before != begun["owner_id"])].drop_duplicates("account_id", keep="last")
    changed_on = changed.set_index("account_id")["from_day"].reindex(owner.index).where(owner.notna())
    return pd.DataFrame(
        {
            "owner_id": owner,
            "changed_on": changed_on,
            "met": _any_since(facts.interactions, owner, changed_on),
            "planned": _any_since(facts.planned, owner, changed_on.where(changed_on.isna(), pd.Timestamp(as_of))),
        }
    )


def _any_since(rows: pd.DataFrame, owner: pd.Series, since: pd.Series) -> pd.Series:
    by_owner = rows["owner_id"].isna() | (rows["owner_id"] == lookup(owner, rows["account_id"]))
    found = rows[by_owner & (rows["day"] >= lookup(since, rows["account_id"]))]
    return pd.Series(owner.index.isin(found["account_id"]), index=owner.index)


def vacant_since(facts: Facts, as_of: dt.date) -> pd.Series:
    """Return the day on which the last owner on record stopped; NaT where somebody answers or nobody ever did.

    Parameters
    ----------
    facts : Facts
        Cut to `as_of`.
    as_of : date
    """
    owner, day = owners_on(facts, as_of), pd.Timestamp(as_of)
    ended = facts.ownerships[facts.ownerships["until_day"] <= day].groupby("account_id")["until_day"].max()
    return ended.reindex(owner.index).where(owner.isna())
