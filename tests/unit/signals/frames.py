"""Small fact tables for tests: rows as tuples in the order of the columns, days as ISO dates."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from signals.compute.base import Facts
from signals.compute.columns import COLUMNS

Row = tuple[Any, ...]
LEVELS = ("executive", "management", "operational")


def table(name: str, rows: Sequence[Row]) -> pd.DataFrame:
    columns = COLUMNS[name]
    frame = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
    return frame.astype(columns)


def accounts(*rows: Row) -> pd.DataFrame:
    """Rows: account_id, country, ideal_days, max_days, owner_id."""
    frame = pd.DataFrame(list(rows), columns=["account_id", *COLUMNS["accounts"]], dtype=object)
    return frame.astype({"account_id": "int64", **COLUMNS["accounts"]}).set_index("account_id")


def account(account_id: int = 1, *, ideal: float = 30, longest: float = 45, owner: float = np.nan) -> pd.DataFrame:
    return accounts((account_id, "DE", ideal, longest, owner))


def interactions(*rows: Row) -> pd.DataFrame:
    """Rows: account_id, day, initiator, purpose[, owner_id[, with_value[, known_on]]]; ids count from 1."""
    full = []
    for number, row in enumerate(rows, start=1):
        account_id, day, initiator, purpose, *rest = row
        owner_id, with_value, known_on = [*rest, *[np.nan, False, day][len(rest) :]]
        full.append((account_id, number, day, known_on, initiator, purpose, owner_id, with_value))
    return table("interactions", full)


def touches(account_id: int, *days: str, initiator: str = "us", purpose: str = "order") -> list[Row]:
    return [(account_id, day, initiator, purpose) for day in days]


def attendance(*rows: Row) -> pd.DataFrame:
    """Rows: interaction_id, account_id, contact_id, day[, colleague_id]."""
    return table("attendance", [(*row[:3], row[4] if len(row) > 4 else np.nan, row[3], row[3]) for row in rows])


def colleagues(*rows: Row) -> pd.DataFrame:
    """Rows: colleague_id, name, level."""
    return table("colleagues", rows)


def links(*rows: Row) -> pd.DataFrame:
    """Rows: account_id, contact_id, colleague_id, strength, known_on."""
    return table("links", rows)


def moment(text: str) -> float:
    """A moment of the company's clock as days since 1970."""
    return (pd.Timestamp(text) - pd.Timestamp(0)) / pd.Timedelta(days=1)


def incident(incident_id: int, opened: str, resolved: str | None = None, account_id: int = 1, **other: Any) -> Row:
    row = {
        "account_id": account_id,
        "incident_id": incident_id,
        "day": opened[:10],
        "known_on": opened[:10],
        "opened": moment(opened),
        "resolved": moment(resolved) if resolved else np.nan,
        "resolved_known_on": resolved[:10] if resolved else None,
        "severity": "minor",
        "kind": "delivery",
        **other,
    }
    return tuple(row[column] for column in COLUMNS["incidents"])


def incidents(*rows: Row) -> pd.DataFrame:
    return table("incidents", rows)


def pauses(*rows: Row) -> pd.DataFrame:
    """Rows: incident_id, begun, ended (text or None)[, account_id]."""
    return table(
        "pauses",
        [(row[3] if len(row) > 3 else 1, row[0], moment(row[1]), moment(row[2]) if row[2] else np.nan) for row in rows],
    )


def contact(contact_id: int, name: str = "Ingrid Solheim", account_id: int = 1, **other: Any) -> Row:
    person = {
        "level": "executive",
        "role": "decision_maker",
        "primary": False,
        "since": None,
        "known_on": "1900-01-01",
        "left_on": None,
        "left_known_on": other.get("left_on"),
        "leaving_on": None,
        "leaving_known_on": None,
        "successor_id": np.nan,
        **other,
    }
    return (account_id, contact_id, name, *(person[column] for column in list(COLUMNS["contacts"])[3:]))


def contacts(*rows: Row) -> pd.DataFrame:
    return table("contacts", rows)


def freshness(*rows: Row) -> pd.DataFrame:
    """Rows: account_id, source, complete_to, expected_days, used."""
    return table("freshness", rows)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@lru_cache
def portfolio(seed: int, as_of: dt.date, size: int = 12) -> Facts:
    """Draw a portfolio with rows on both sides of `as_of` and accounts without some of the facts."""
    rng = np.random.default_rng(seed)
    end = pd.Timestamp(as_of)

    def days(count: int) -> list[pd.Timestamp]:
        return [end + pd.Timedelta(days=int(offset)) for offset in rng.integers(-700, 120, count)]

    def known(happened: list[pd.Timestamp]) -> list[pd.Timestamp]:
        return [
            moment + pd.Timedelta(days=int(late))
            for moment, late in zip(happened, rng.choice([-20, 0, 0, 3, 90], len(happened)), strict=True)
        ]

    ids = list(range(1, size + 1))
    with_rows = ids[:-1]
    spoken, ordered, left = days(20 * size), days(30 * size), days(4 * size)
    choose = rng.choice
    talks = [
        (
            int(choose(with_rows)),
            number,
            happened,
            learnt,
            str(choose(["us", "them"])),
            str(choose(["proactive", "order", "review", "incident"])),
            float(choose([1, 2, np.nan])),
            bool(choose([True, False])),
        )
        for number, (happened, learnt) in enumerate(zip(spoken, known(spoken), strict=True), start=1)
    ]
    people = [
        (
            int(choose(with_rows)),
            number,
            f"Person {number}",
            str(choose(["executive", "management", "operational"])),
            str(choose(["decision_maker", "champion", "influencer", "gatekeeper", "user"])),
            bool(choose([True, False])),
            None,
            pd.Timestamp("1900-01-01"),
            *((gone, learnt) if number % 3 else (None, None)),
            *((gone + pd.Timedelta(days=30), gone) if number % 4 == 1 else (None, None)),
            float(choose([np.nan, number % 7 + 1])),
        )
        for number, (gone, learnt) in enumerate(zip(left, known(left), strict=True), start=1)
    ]
    at_account = {person[1]: person[0] for person in people}
    meetings = [
        (talk[1], talk[0], contact_id, float(choose([1, 2, 3, 4, np.nan])), talk[2], talk[3])
        for talk in talks
        for contact_id in choose(list(at_account), 2, replace=False).tolist()
        if at_account[contact_id] == talk[0]
    ]
    bought = [
        (int(choose(with_rows)), happened, float(rng.normal(100, 60)), learnt)
        for happened, learnt in zip(ordered, known(ordered), strict=True)
    ]
    return Facts(
        colleagues=colleagues(*((number, f"Colleague {number}", level) for number, level in enumerate(LEVELS * 2, 1))),
        links=links(
            *(
                (person[0], person[1], int(choose([1, 2, 5])), int(choose([1, 2, 3])), spoken[number])
                for number, person in enumerate(people[::2])
            )
        ),
        **_tickets(rng, end, with_rows),
        accounts=accounts(*((number, "DE", 30, 45, float(choose([1, 2, 3, np.nan]))) for number in ids)),
        orders=table("orders", bought),
        interactions=table("interactions", talks),
        attendance=table("attendance", meetings),
        contacts=table("contacts", people),
    )


def _tickets(rng: np.random.Generator, end: pd.Timestamp, of: list[int]) -> dict[str, pd.DataFrame]:
    """Draw six incidents an account, some of them open, learnt late or paused."""
    opened = end + pd.to_timedelta(np.round(rng.uniform(-700, 60, 6 * len(of)), 3), unit="D")
    rows: list[Row] = []
    stops: list[Row] = []
    for number, begin in enumerate(opened, start=1):
        account_id, lasts = int(rng.choice(of)), round(float(rng.lognormal(2, 1)), 3)
        resolved = begin + pd.Timedelta(days=lasts)
        learnt = (resolved + pd.Timedelta(days=int(rng.choice([0, 2, 40])))).normalize()
        ending = (moment(str(resolved)), learnt) if number % 5 else (np.nan, None)
        known_on = begin.normalize() + pd.Timedelta(days=int(rng.choice([0, 1, 30])))
        severity = str(rng.choice(["minor", "minor", "major", "critical"]))
        since = moment(str(begin))
        rows.append((account_id, number, begin.normalize(), known_on, since, *ending, severity, "delivery"))
        if number % 3 == 0:
            stops.append((account_id, number, since + lasts / 4, since + lasts / 2))
    return {"incidents": table("incidents", rows), "pauses": table("pauses", stops)}
