"""A calendar from plain rows, as other programs read it (RFC 5545, 5546): pure, the same rows give the same bytes."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Vigil//Vigil//EN"
DAY = dt.timedelta(days=1)
# Whoever subscribes asks again after so long.
REFRESH = "PT1H"
# An address or a title longer than this helps nobody, and some programs stop at such a line.
LONGEST = 500
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A day in the calendar.

    Attributes
    ----------
    uid : str
        Names the entry for ever.
    day : datetime.date
        A date, never a moment: in no time zone does it become another day.
    changed_at : datetime.datetime
        When the entry last became another, aware.
    sequence : int
        How often it did.
    """

    uid: str
    day: dt.date
    summary: str
    changed_at: dt.datetime
    description: str = ""
    url: str = ""
    sequence: int = 0


@dataclass(frozen=True)
class Person:
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What somebody is invited to.

    Attributes
    ----------
    entry : Entry
        What, on which day.
    starts_at : datetime.datetime or None
        When, aware; None for the whole day.
    length : datetime.timedelta
        How long; of no meaning for a whole day.
    """

    entry: Entry
    organizer: Person
    invited: tuple[Person, ...]
    starts_at: dt.datetime | None = None
    length: dt.timedelta = field(default=dt.timedelta(hours=1))


def feed(entries: Iterable[Entry], name: str) -> bytes:
    """Return a calendar to subscribe to.

    Parameters
    ----------
    entries : iterable of Entry
        In any order.
    name : str
        What the calendar is called.

    Returns
    -------
    bytes
        The file, its entries by day.
    """
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", _line(name))
    calendar.add("refresh-interval", vText(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for entry in sorted(entries, key=lambda one: (one.day, one.uid)):
        calendar.add_component(_whole_day(entry))
    return _written(calendar)


def invitation(invited: Invitation) -> bytes:
    """Return a file that asks people to come.

    Parameters
    ----------
    invited : Invitation
        What, when, by whom and who.

    Returns
    -------
    bytes
        A calendar with the method REQUEST. A time of day is written in UTC: no table of time zones has to be right.
    """
    calendar = _calendar("REQUEST")
    event = _timed(invited.entry, invited.starts_at, invited.length) if invited.starts_at else _whole_day(invited.entry)
    event.add("organizer", _address(invited.organizer))
    for person in invited.invited:
        parameters = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
        event.add("attendee", _address(person), parameters=parameters)
    event.add("status", "CONFIRMED")
    calendar.add_component(event)
    return _written(calendar)


def _written(calendar: Calendar) -> bytes:
    content: bytes = calendar.to_ical()
    return content


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _whole_day(entry: Entry) -> Event:
    event = _event(entry)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + DAY)
    event.add("transp", "TRANSPARENT")  # a contact to make some time that day keeps no hour busy
    return event


def _timed(entry: Entry, starts_at: dt.datetime, length: dt.timedelta) -> Event:
    event = _event(entry)
    start = starts_at.astimezone(dt.UTC)
    event.add("dtstart", start)
    event.add("dtend", start + length)
    return event


def _event(entry: Entry) -> Event:
    changed_at = entry.changed_at.astimezone(dt.UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", entry.uid)
    event.add("summary", _line(entry.summary))
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", entry.sequence)
    if entry.description:
        event.add("description", _clean(entry.description))
    if entry.url:
        event.add("url", entry.url)
    return event


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{_line(person.email)}")
    # A quote would end the parameter.
    address.params["CN"] = vText(_line(person.name).replace('"', "'") or _line(person.email))
    return address


def _line(text: str) -> str:
    return " ".join(_clean(text).split())[:LONGEST]


def _clean(text: str) -> str:
    """The text without what would end a line of the file; line feeds stay, they are written as a backslash and n."""
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n")).strip()
