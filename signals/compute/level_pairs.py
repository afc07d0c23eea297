"""Which levels of the customer and of us know each other: the nine level pairs, and who holds them."""

import numpy as np
import pandas as pd

LEVELS = ("executive", "management", "operational")
# Two sides of a meeting: the people of the customer, and ours.
SIDES = {"contact": "contact_id", "colleague": "colleague_id"}


def met_pairs(
    attendance: pd.DataFrame,
    links: pd.DataFrame,
    contacts: pd.DataFrame,
    colleagues: pd.DataFrame,
) -> pd.DataFrame:
    """Return every day on which a contact and one of us were seen together.

    Parameters
    ----------
    attendance, links, contacts, colleagues : DataFrame
        As in `Facts`, cut to the day. A link counts as seen on the day it became known; a meeting that does
        not name who of us attended says nothing about level pairs.

    Returns
    -------
    DataFrame
        `account_id`, `contact_id`, `colleague_id` (int), `day`, the levels `theirs` and `ours`, and `since`
        and `left_on` of the contact. People of an unknown level are left out.
    """
    met = attendance.dropna(subset=["colleague_id"])[["account_id", "contact_id", "colleague_id", "day"]]
    told = links.rename(columns={"known_on": "day"})[["account_id", "contact_id", "colleague_id", "day"]]
    seen = pd.concat([met.astype({"colleague_id": "int64"}), told], ignore_index=True).drop_duplicates()
    people = contacts[["account_id", "contact_id", "level", "since", "left_on"]].rename(columns={"level": "theirs"})
    ours = colleagues[["colleague_id", "level"]].rename(columns={"level": "ours"})
    pairs = seen.merge(people, on=["account_id", "contact_id"]).merge(ours, on="colleague_id")
    return pairs[pairs["theirs"].isin(LEVELS) & pairs["ours"].isin(LEVELS)]


def live_pairs(met: pd.DataFrame, day: pd.Timestamp, window_days: int) -> pd.DataFrame:
    """Return who of the customer was seen with whom of us within the window, if still there on `day`.

    Returns
    -------
    DataFrame
        One row per contact and colleague, with `meetings`, the number of days they were seen together.
    """
    begin = day - pd.Timedelta(days=window_days)
    # Who is said to have come later than the meeting was there all the same.
    here = (met["day"] > begin) & (met["day"] <= day) & ~(met["left_on"] <= day)
    keys = ["account_id", "contact_id", "colleague_id", "theirs", "ours"]
    return met[here].groupby(keys, as_index=False).agg(meetings=("day", "nunique"))


def count_levels(pairs: pd.DataFrame, index: "pd.Index[int]") -> pd.Series:
    """Return the number of live level pairs of each account, 0 to 9."""
    cells = pairs.drop_duplicates(["account_id", "theirs", "ours"])
    return cells.groupby("account_id").size().reindex(index, fill_value=0)


def what_is_left(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return for every person how many level pairs stay alive without that person.

    Returns
    -------
    DataFrame
        `account_id`, `side` ("contact" or "colleague"), `person_id`, `left`, `meetings`; of each account and
        side the person whose loss costs most comes first: fewest left, most meetings, lowest id.
    """
    total = pairs.drop_duplicates(["account_id", "theirs", "ours"]).groupby("account_id").size()
    sides = [_without_one(pairs, side, column, total) for side, column in SIDES.items()]
    order = ["account_id", "side", "left", "meetings", "person_id"]
    return pd.concat(sides).sort_values(order, ascending=[True, False, True, False, True], ignore_index=True)


def _without_one(pairs: pd.DataFrame, side: str, column: str, total: pd.Series) -> pd.DataFrame:
    cell = ["account_id", "theirs", "ours"]
    people = pairs.drop_duplicates([*cell, column])
    # A level pair goes with a person where nobody else of that side keeps it.
    alone = people.groupby(cell)[column].transform("size") == 1
    held = people.assign(alone=alone).groupby(["account_id", column])["alone"].sum()
    meetings = pairs.groupby(["account_id", column])["meetings"].sum()
    table = pd.DataFrame({"held": held, "meetings": meetings}).reset_index()
    left = total.reindex(table["account_id"]).to_numpy(dtype=np.int64) - table["held"].to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            "account_id": table["account_id"],
            "side": side,
            "person_id": table[column],
            "left": left,
            "meetings": table["meetings"],
        }
    )
