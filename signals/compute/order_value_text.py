"""Sentences of the order value."""

from collections.abc import Mapping
from typing import Any

from signals.compute.base import Json, Status
from signals.compute.wording import days_text, explain_unknown, money_text

# Growth carried on is told of from a twentieth, days left out from a week.
TOLD_GROWTH, TOLD_DAYS = 1.05, 7


def value_sentence(reading: Mapping[str, Any], days: int) -> str:
    """Say what was bought, what in the same half-years before, and what else was allowed for.

    Parameters
    ----------
    reading : mapping
        `status`, and `details` as `OrderValue.compute` gives them.
    days : int
        Length of the half-year.

    Returns
    -------
    str
        One to three short sentences.
    """
    details = reading["details"]
    if reading["status"] == Status.INSUFFICIENT_HISTORY:
        return _too_short(details, days)
    if reading["status"] != Status.OK:
        return explain_unknown("orders", reading)
    earlier = [_money(amount) for amount in details["earlier"]]
    same = "the same half-year before" if len(earlier) == 1 else "the same half-years before"
    return f"{_bought(details, days)}; {same}: {_listed(earlier)}.{_expected(details)}{_closed(details)}"


def value_headline(reading: Mapping[str, Any], days: int) -> str:
    """Say what was bought and what was to be expected, in one short sentence."""
    if reading["status"] != Status.OK:
        return value_sentence(reading, days)
    details = reading["details"]
    return f"{_bought(details, days)}, {_money(details['expected'])} expected."


def _too_short(details: Json, days: int) -> str:
    if not details["has_year"]:
        return "Orders do not reach back to the same half-year a year ago, so nothing can be compared."
    return f"{_bought(details, days)}; too few orders a year ago to compare."


def _bought(details: Json, days: int) -> str:
    amount = details["bought"]
    return f"Bought {_money(amount)} in the last {days} days" if amount else f"Nothing bought in {days} days"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _expected(details: Json) -> str:
    return f" It was growing before: {_money(details['expected'])} expected." if details["grown"] >= TOLD_GROWTH else ""


def _closed(details: Json) -> str:
    more = details["more_closed_days"]
    return f" {days_text(more)} more of quiet or missing data than then left out." if more >= TOLD_DAYS else ""


def _money(amount: float) -> str:
    """Three figures: nobody compares half-years by the single unit."""
    digits = len(str(int(amount)))
    return money_text(round(amount, 3 - digits) if digits > 3 else amount)
