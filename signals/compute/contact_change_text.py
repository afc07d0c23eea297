"""Sentences about contacts who left, will leave or were long not seen."""

from collections.abc import Mapping
from typing import Any

from signals.compute.base import Json, Status
from signals.compute.wording import day_text, explain_unknown

ROLE_WORDS = {
    "decision_maker": "decision maker",
    "champion": "champion",
    "influencer": "influencer",
    "gatekeeper": "gatekeeper",
    "user": "user",
}
# A leaving with less impact than this is history: four half-lives after a decision maker left.
LEAST_TOLD = 0.05


def contact_sentence(reading: Mapping[str, Any]) -> str:
    """Say who left or will and whether a successor was met; then which main contact was long not seen.

    Parameters
    ----------
    reading : mapping
        `status` and `details` as `ContactChange.compute` gives them.
    """
    if reading["status"] != Status.OK:
        return explain_unknown("contacts", reading)
    details = reading["details"]
    sentences = _movements(details) or [_nobody_left(details["contacts_known"])]
    if details["not_seen"]:
        absent = _described(details["not_seen"][0])
        sentences.append(f"{absent} was not in the last {details['recent_meetings']} meetings.")
    return " ".join(sentences)


def contact_headline(reading: Mapping[str, Any]) -> str:
    """Say who left or will, without the successor."""
    if reading["status"] != Status.OK:
        return contact_sentence(reading)
    left, announced = _told(reading["details"]["left"]), _told(reading["details"].get("announced", []))
    if left:
        return _left(left[0], most=1)
    return _going(announced[0], most=1) if announced else contact_sentence(reading)


def _described(person: Json, most: int = 2) -> str:
    primary = ["primary contact"] if person["primary"] else []
    role = [ROLE_WORDS[person["role"]]] if person["role"] in ROLE_WORDS else []
    words = " and ".join((primary + role)[:most])
    if not person["name"]:  # erased on request: counts and days stay
        return f"A {words or 'contact'}"
    return f"{person['name']}, {words}," if words else str(person["name"])


def _movements(details: Json) -> list[str]:
    """Say who left, then who will, as far as it is still felt."""
    left, announced = _told(details["left"]), _told(details.get("announced", []))
    sentences = [_left_sentence(person) for person in left[:1]]
    if len(left) > 1:
        sentences.append(f"{len(left) - 1} more left as well.")
    sentences += [_announced_sentence(person) for person in announced[:1]]
    if len(announced) > 1:
        sentences.append(f"{len(announced) - 1} more will leave.")
    return sentences


def _told(people: list[Json]) -> list[Json]:
    return [person for person in people if person["impact"] >= LEAST_TOLD]


def _left(person: Json, most: int = 2) -> str:
    return f"{_described(person, most)} left on {day_text(person['left_on'])}."


def _going(person: Json, most: int = 2) -> str:
    day = f" on {day_text(person['leaving_on'])}" if person["leaving_on"] else ""
    return f"{_described(person, most)} will leave{day}, said on {day_text(person['leaving_known_on'])}."


def _announced_sentence(person: Json) -> str:
    successor = "No successor is known." if person["successor_id"] is None else _successor(person)
    return f"{_going(person)} {successor}"


def _successor(person: Json) -> str:
    successor = f"The successor, {person['successor_name']}," if person["successor_name"] else "The successor"
    if person["successor_met_on"] is None:
        return f"{successor} has not been met."
    return f"{successor} was met on {day_text(person['successor_met_on'])}."


def _left_sentence(person: Json) -> str:
    successor = "No successor has been met." if person["successor_id"] is None else _successor(person)
    return f"{_left(person)} {successor}"


def _nobody_left(contacts_known: int) -> str:
    if contacts_known == 1:
        return "The one contact known is still there."
    return f"No contact left lately; {contacts_known} are known."
