"""Small fact tables for tests: rows as tuples in the order of the columns, days as ISO dates."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
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
    """Rows: account_id, country, ideal_days, max_days, owner_id[, contact_hours]."""
    full = [row if len(row) > 5 else (*row, 1.0) for row in rows]
    frame = pd.DataFrame(full, columns=["account_id", *COLUMNS["accounts"]], dtype=object)
    return frame.astype({"account_id": "int64", **COLUMNS["accounts"]}).set_index("account_id")


def account(account_id: int = 1, *, ideal: float = 30, longest: float = 45, owner: float = np.nan) -> pd.DataFrame:
    return accounts((account_id, "DE", ideal, longest, owner))


def interactions(*rows: Row) -> pd.DataFrame:
    """Rows: account_id, day, initiator, purpose[, owner_id[, with_value[, known_on[, tone]]]]; ids count from 1."""
    full = []
    for number, row in enumerate(rows, start=1):
        account_id, day, initiator, purpose, *rest = row
        owner_id, with_value, known_on, tone = [*rest, *[np.nan, False, day, np.nan][len(rest) :]]
        full.append((account_id, number, day, known_on, initiator, purpose, owner_id, with_value, tone))
    return table("interactions", full)


def touches(account_id: int, *days: str, initiator: str = "us", purpose: str = "order") -> list[Row]:
    return [(account_id, day, initiator, purpose) for day in days]


def attendance(*rows: Row) -> pd.DataFrame:
    """Rows: interaction_id, account_id, contact_id, day[, colleague_id]."""
    return table("attendance", [(*row[:3], row[4] if len(row) > 4 else np.nan, row[3], row[3]) for row in rows])


def colleagues(*rows: Row) -> pd.DataFrame:
    """Rows: colleague_id, name, level[, owner_id, hours_a_week]."""
    return table("colleagues", [row if len(row) > 3 else (*row, np.nan, np.nan) for row in rows])


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
            float(choose([-1, 0, 1, np.nan])),
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
        colleagues=colleagues(
            *(
                (number, f"Colleague {number}", level, float(number) if number < 4 else np.nan, 6.0 * number)
                for number, level in enumerate(LEVELS * 2, 1)
            )
        ),
        links=links(
            *(
                (person[0], person[1], int(choose([1, 2, 5])), int(choose([1, 2, 3])), spoken[number])
                for number, person in enumerate(people[::2])
            )
        ),
        **_tickets(rng, end, with_rows),
        **_business(Draw(np.random.default_rng(seed + 100), end, with_rows)),
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
        kind = "complaint" if number % 4 == 0 else "delivery"
        rows.append((account_id, number, begin.normalize(), known_on, since, *ending, severity, kind))
        if number % 3 == 0:
            stops.append((account_id, number, since + lasts / 4, since + lasts / 2))
    return {"incidents": table("incidents", rows), "pauses": table("pauses", stops)}


@dataclass(frozen=True)
class Draw:
    """Draws facts about accounts, some of them learnt late or still to come."""

    rng: np.random.Generator
    end: pd.Timestamp
    of: list[int]

    def dated(self, count: int) -> list[tuple[int, int, pd.Timestamp, pd.Timestamp]]:
        """Return for each a number, an account, a day and the day it was learnt."""
        ids, offsets = self.rng.choice(self.of, count), self.rng.integers(-700, 60, count)
        days = [self.end + pd.Timedelta(days=int(offset)) for offset in offsets]
        learnt = [day + pd.Timedelta(days=int(late)) for day, late in zip(days, self.late(count), strict=True)]
        return [
            (number, int(key), day, known)
            for number, (key, day, known) in enumerate(zip(ids, days, learnt, strict=True), start=1)
        ]

    def late(self, count: int) -> list[int]:
        return list(self.rng.choice([0, 0, 3, 90], count))

    def after(self, day: pd.Timestamp, longest: int) -> pd.Timestamp:
        return day + pd.Timedelta(days=int(self.rng.integers(1, longest)))

    def ending(self, day: pd.Timestamp, longest: int, chance: float) -> tuple[Any, Any]:
        """Return a later day and when it was learnt, or neither."""
        if self.rng.random() > chance:
            return None, None
        ended = self.after(day, longest)
        return ended, ended + pd.Timedelta(days=int(self.late(1)[0]))

    def one_of(self, *values: Any) -> Any:
        return values[int(self.rng.integers(len(values)))]


def _business(draw: Draw) -> dict[str, pd.DataFrame]:
    """Draw what is bought, asked, answered, agreed and planned, and who of us answered for it."""
    size = len(draw.of)
    bought = [(key, day, draw.one_of("seals", "pumps"), 50.0, known) for _n, key, day, known in draw.dated(5 * size)]
    plans = [
        (key, day + pd.Timedelta(days=60), known, "visit", draw.one_of("proactive", "review"), 1.0)
        for _number, key, day, known in draw.dated(2 * size)
    ]
    happened = [
        (key, number, day, known, draw.one_of("merger", "new_executive"), f"Event {number}")
        for number, key, day, known in draw.dated(3 * size)
    ]
    away = [(number, draw.end - pd.Timedelta(days=9), draw.end, draw.end) for number in (1, 2)]
    return {
        "lines": table("lines", bought),
        "planned": table("planned", plans),
        "events": table("events", happened),
        "absences": table("absences", away),
        "ownerships": table("ownerships", [row for key in draw.of for row in _owners(draw, key)]),
        "inquiries": table("inquiries", [_inquiry(draw, *one) for one in draw.dated(12 * size)]),
        "answers": table("answers", [_answer(draw, *one) for one in draw.dated(6 * size)]),
        "contracts": table("contracts", [_contract(draw, *one) for one in draw.dated(2 * size)]),
    }


def _owners(draw: Draw, account_id: int) -> list[Row]:
    since = draw.end - pd.Timedelta(days=600)
    change = draw.after(since, 650)
    learnt = change + pd.Timedelta(days=draw.one_of(0, 30))
    first = (account_id, 1.0, since, change, since, learnt)
    return [first, (account_id, 2.0, change, None, learnt, None)] if account_id % 3 else [first]


def _inquiry(draw: Draw, number: int, account_id: int, asked: pd.Timestamp, known: pd.Timestamp) -> Row:
    decided = draw.ending(asked, 90, 0.7)
    outcome = "open" if decided[0] is None else draw.one_of("won", "lost", "elsewhere")
    rival = "Rival" if outcome in {"lost", "elsewhere"} else ""
    kind = draw.one_of("quotation", "consultation")
    amount = draw.one_of(np.nan, 100.0, 800.0)
    return (account_id, number, asked, known, kind, outcome, *decided, amount, rival, f"Job {number}")


def _answer(draw: Draw, number: int, account_id: int, asked: pd.Timestamp, known: pd.Timestamp) -> Row:
    answered = draw.ending(asked, 30, 0.7)
    score = np.nan if answered[0] is None else float(draw.rng.integers(0, 11))
    return (account_id, number, draw.one_of(np.nan, 1.0, 5.0), asked, known, *answered, score)


def _contract(draw: Draw, number: int, account_id: int, starts: pd.Timestamp, known: pd.Timestamp) -> Row:
    ends = draw.one_of(None, *(draw.after(starts, 1200) for _ in range(4)))
    renewal = (True, 12.0) if number % 3 == 0 else (False, np.nan)
    notice = draw.ending(starts, 600, 0.2)
    value = draw.one_of(np.nan, 5000.0)
    return (account_id, number, f"Frame {number}", known, starts, ends, 90.0, number % 7 == 0, *renewal, *notice, value)


def inquiry(inquiry_id: int, asked: str, account_id: int = 1, **other: Any) -> Row:
    row = {
        "account_id": account_id,
        "inquiry_id": inquiry_id,
        "day": asked,
        "known_on": asked,
        "kind": "quotation",
        "outcome": "open",
        "decided_on": None,
        "decided_known_on": other.get("decided_on"),
        "amount": np.nan,
        "awarded_to": "",
        "title": f"Job {inquiry_id}",
        **other,
    }
    return tuple(row[column] for column in COLUMNS["inquiries"])


def contract(contract_id: int, starts: str, ends: str | None, account_id: int = 1, **other: Any) -> Row:
    row = {
        "account_id": account_id,
        "contract_id": contract_id,
        "title": f"Frame {contract_id}",
        "known_on": starts,
        "starts_on": starts,
        "ends_on": ends,
        "notice_days": 0.0,
        "no_cause": False,
        "auto_renews": "renewal_months" in other,
        "renewal_months": np.nan,
        "notice_received_on": None,
        "notice_received_known_on": other.get("notice_received_on"),
        "amount": np.nan,
        **other,
    }
    return tuple(row[column] for column in COLUMNS["contracts"])


def orders(*rows: Row) -> pd.DataFrame:
    """Rows: account_id, day, amount."""
    return table("orders", [(*row, row[1]) for row in rows])
