"""Sentences about our own side."""

from collections.abc import Mapping
from typing import Any

from signals.compute.base import Json, Status
from signals.compute.wording import day_text, days_text, explain_unknown

NOUNS = {"ownership": "owners", "colleagues": "our people", "interactions": "contacts"}


def owner_sentence(reading: Mapping[str, Any]) -> str:
    """Say what is wrong on our side, the gravest first, else who answers and with how many hours.

    Parameters
    ----------
    reading : mapping
        `status` and `details` as `OwnerChange.compute` gives them.
    """
    details = reading["details"]
    if reading["status"] != Status.OK:
        return _unknown(reading)
    if details["part"] == "vacant":
        return _vacant(details)
    told = {"hand_over": _hand_over(details), "hours": _hours(details), "promises": _promises(details)}
    if details["part"] is None:
        return f"{_who(details)} answers for the account. {told['hours']}"
    first = told.pop(details["part"])
    others = [text for part, text in told.items() if text and _is_wrong(part, details)]
    return " ".join([first, *others])


def owner_headline(reading: Mapping[str, Any]) -> str:
    """Say the gravest of it in one short sentence."""
    details = reading["details"]
    if reading["status"] != Status.OK or details["part"] == "vacant":
        return owner_sentence(reading)
    if details["part"] is None:
        return f"{_who(details)} answers for the account."
    return {"hand_over": _hand_over, "hours": _hours, "promises": _promises}[details["part"]](details)


def hours_text(hours: float) -> str:
    """Write hours as they are spoken of: whole from ten on, else with one decimal: "31", "4.5"."""
    return f"{hours:.0f}" if hours >= 10 else f"{hours:.1f}".removesuffix(".0")


def _unknown(reading: Mapping[str, Any]) -> str:
    details = reading["details"]
    if reading["status"] != Status.NO_DATA:
        return explain_unknown(NOUNS[details["late_source"] or "ownership"], reading)
    if details["lacks"] == "owner":
        return "Unknown: nobody is on record as owner."
    if details["lacks"] == "hours":
        return f"Unknown: the hours a week that {_who(details, begin=False)} has for accounts are not known."
    return f"Unknown: {_who(details, begin=False)} has logged no contact on any account in 30 days."


def _who(details: Json, *, begin: bool = True) -> str:
    return details["name"] or ("The owner" if begin else "the owner")


def _vacant(details: Json) -> str:
    if details["vacant_since"] is None:
        return "Nobody answers for this account."
    since, ago = day_text(details["vacant_since"]), days_text(details["days"])
    return f"Nobody has answered for this account since {since} ({ago})."


def _hand_over(details: Json) -> str:
    if details["changed_on"] is None or details["met"]:
        return ""
    planned = "; a contact is planned" if details["planned"] else ""
    since, ago = day_text(details["changed_on"]), days_text(details["days"])
    return f"{_who(details)} took over on {since} and has not been in touch since ({ago}){planned}."


def _hours(details: Json) -> str:
    if details["available"] is None:
        return ""
    needed, available = hours_text(details["needed"]), hours_text(details["available"])
    return f"{_who(details)} needs {needed} hours a week for the promised contacts, has {available}."


def _promises(details: Json) -> str:
    if details["judged"] is None:
        return ""
    return f"{_who(details)} keeps the promised interval for {details['kept']} of {details['judged']} accounts."


def _is_wrong(part: str, details: Json) -> bool:
    if part == "hours":
        return bool(details["needed"] > details["available"])
    return part == "hand_over" and bool(details["logs"])
