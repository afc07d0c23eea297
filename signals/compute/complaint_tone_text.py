"""Sentences of complaint and tone."""

from collections.abc import Mapping
from typing import Any

from signals.compute.base import Json, Status
from signals.compute.wording import day_text, days_text, explain_unknown

WHO = {"key": "A key contact complained", "other": "A contact complained", "unknown": "Complaint"}


def tone_sentence(reading: Mapping[str, Any]) -> str:
    """Say who complained when and whether they were heard of since, and how the last contacts went.

    Parameters
    ----------
    reading : mapping
        `status`, and `details` as `ComplaintTone.compute` gives them.

    Returns
    -------
    str
        One or two sentences, the heavier first.
    """
    details = reading["details"]
    if reading["status"] != Status.OK:
        return _unknown(reading)
    parts = [_complaint(details), _tone(details)]
    return " ".join(parts[::-1] if _by_tone(details) else parts)


def tone_headline(reading: Mapping[str, Any]) -> str:
    """Say the heavier of the two in one short sentence."""
    details = reading["details"]
    if reading["status"] != Status.OK:
        return _unknown(reading)
    if not _by_tone(details):
        return _complaint(details)
    return f"Tone has fallen: {details['bad']} of the last {_count(details)} contacts bad, {details['good']} good."


def _unknown(reading: Mapping[str, Any]) -> str:
    if reading["status"] == Status.INSUFFICIENT_HISTORY:
        count = _count(reading["details"]) + _count(reading["details"], "_before")
        noted = "1 contact has" if count == 1 else f"{count} contacts have"
        return f"Only {noted} a tone noted, too few to judge, and no incidents are known."
    if reading["status"] == Status.NO_DATA:
        return "Unknown: no tone was noted and no incidents are known."
    if reading["status"] == Status.NOT_USED:
        return "Not used here: interactions and incidents."
    return explain_unknown(reading["details"]["late_source"], reading)


def _by_tone(details: Json) -> bool:
    return bool(details["tone_level"] > details["impact"])


def _complaint(details: Json) -> str:
    if not details["complaints"]:
        return f"No complaint in {days_text(details['within_days'])}."
    begin = f"{WHO[details['by']]} {'of' if details['by'] == 'unknown' else 'on'} {day_text(details['day'])}"
    more = details["complaints"] - 1
    others = f" ({more} more in {days_text(details['within_days'])})" if more else ""
    if details["silence_days"]:
        usual = f", usual gap {round(details['usual_gap_days'])}" if details["usual_gap_days"] else ""
        return f"{begin}{others}; nothing heard from them for {days_text(details['silence_days'])}{usual}."
    if details["last_heard"] is not None and details["last_heard"] > details["day"]:
        return f"{begin}{others}; they have been in touch since."
    return f"{begin}{others}."


def _tone(details: Json) -> str:
    if not details["tone_judged"]:
        return "Too few tones noted to compare them."
    good, bad = (round(100 * details[f"{tone}_before"] / _count(details, "_before")) for tone in ("good", "bad"))
    now = f"{details['good']} good, {details['neutral']} neutral, {details['bad']} bad"
    return f"Tone of the last {_count(details)} contacts: {now}; before that {good} % good, {bad} % bad."


def _count(details: Json, when: str = "") -> int:
    return int(details[f"good{when}"] + details[f"neutral{when}"] + details[f"bad{when}"])
