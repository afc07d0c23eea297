"""The facts as they were known at the end of a day, table by table."""

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from signals.compute.columns import day_number

# Kept from the day they were known on; of those that happened, from their own day, too.
KNOWN = ("orders", "lines", "interactions", "planned", "attendance", "absences", "links", "events", "quiet")
HAPPENED = ("orders", "lines", "interactions", "attendance", "events")
# Taken back in part: what was learnt later of a row known before.
GROWING = ("contacts", "incidents", "pauses", "ownerships", "inquiries", "answers", "contracts")
CUT = (*KNOWN, *GROWING)


def known_until(tables: Mapping[str, pd.DataFrame], as_of: dt.date) -> dict[str, pd.DataFrame]:
    """Return the tables of `CUT` without what happened or was learnt after a day.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Columns and dtypes as in `COLUMNS`.
    as_of : datetime.date
        The last day whose knowledge is kept.
    """
    day = pd.Timestamp(as_of)
    known = {name: _known(tables[name], day) for name in KNOWN}
    return {
        **known,
        **{name: _where(rows, rows["day"] <= day) for name, rows in known.items() if name in HAPPENED},
        "contacts": _contacts(tables["contacts"], day),
        "incidents": _incidents(tables["incidents"], day),
        "pauses": _pauses(tables["pauses"], day),
        "ownerships": _undone(_known(tables["ownerships"], day), day, "until_known_on", "until_day"),
        "inquiries": _inquiries(tables["inquiries"], day),
        "answers": _undone(_happened(tables["answers"], day), day, "answered_known_on", "answered_on", "score"),
        "contracts": _undone(_known(tables["contracts"], day), day, "notice_received_known_on", "notice_received_on"),
    }


def _known(table: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    return _where(table, table["known_on"] <= day)


def _where(table: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """Return the rows chosen; a night is to judge all of millions, and needs no copy of them."""
    return table if chosen.all() else table[chosen]


def _happened(table: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    return _where(table, (table["day"] <= day) & (table["known_on"] <= day))


def _undone(table: pd.DataFrame, day: pd.Timestamp, known_on: str, *columns: str) -> pd.DataFrame:
    """Take back what was learnt later than `day`, and the day of learning with it."""
    learnt = table[known_on] <= day
    return table.assign(**{name: table[name].where(learnt) for name in (*columns, known_on)})


def _inquiries(inquiries: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    asked = _happened(inquiries, day)
    learnt = (asked["decided_known_on"] <= day) & (asked["decided_on"] <= day)
    known = asked.assign(
        outcome=asked["outcome"].where(learnt, "open"), awarded_to=asked["awarded_to"].where(learnt, "")
    )
    return _undone(known, day, "decided_known_on", "decided_on")


def _contacts(contacts: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    known = contacts[(contacts["known_on"] <= day) & ~(contacts["since"] > day)]
    # Without a day of learning an ending counts as learnt when it happened.
    learnt = known["left_known_on"].fillna(known["left_on"]) <= day
    announced = known["leaving_known_on"] <= day
    return known.assign(
        left_on=known["left_on"].where(learnt),
        left_known_on=known["left_known_on"].where(learnt),
        leaving_on=known["leaving_on"].where(announced),
        leaving_known_on=known["leaving_known_on"].where(announced),
        successor_id=known["successor_id"].where(learnt | announced),
    )


def _incidents(incidents: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    known = incidents[(incidents["day"] <= day) & (incidents["known_on"] <= day)]
    learnt = (known["resolved"] < day_number(day) + 1) & (known["resolved_known_on"] <= day)
    return known.assign(
        resolved=known["resolved"].where(learnt), resolved_known_on=known["resolved_known_on"].where(learnt)
    )


def _pauses(pauses: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    end = day_number(day) + 1
    begun = pauses[pauses["begun"] < end]
    return begun.assign(ended=begun["ended"].where(begun["ended"] < end))
