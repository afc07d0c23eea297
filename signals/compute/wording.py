"""Words that the sentences of several signals share. English only: pure modules know no translation."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from signals.compute.base import Status


def days_text(days: float) -> str:
    """Write a number of days with its unit: "1 day", "58 days"."""
    rounded = round(days)
    return f"{rounded} day" if rounded == 1 else f"{rounded} days"


def day_text(iso: str) -> str:
    """Write an ISO date as "18 Jan 2026"."""
    day = dt.date.fromisoformat(iso)
    return f"{day.day} {day:%b %Y}"


def money_text(amount: float) -> str:
    """Write an amount of the reporting currency, in whole units: "320,000"."""
    return f"{amount:,.0f}"


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
        return f"Not used here: {noun}."
    if reading["status"] == Status.STALE:
        return f"Unknown: {noun} are complete only until {day_text(reading['details']['complete_to'])}."
    return f"Unknown: no {noun} are known."
