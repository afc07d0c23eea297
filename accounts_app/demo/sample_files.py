"""A mail and a meeting of the simulated supplier, to try out how a file becomes a draft."""

import datetime as dt
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from icalendar import Calendar, Event, vCalAddress

DOMAIN = "demo.vigil.example"
MEETING_TIME, MEETING_HOURS = dt.time(14, 0), 1


@dataclass(frozen=True)
class Occasion:
    """Who of theirs and of ours, and on which day it was."""

    contact: str
    contact_address: str
    colleague: str
    colleague_address: str
    at: dt.datetime


def sample_mail(occasion: Occasion) -> bytes:
    """A mail the contact wrote."""
    mail = EmailMessage()
    mail["From"] = f"{occasion.contact} <{occasion.contact_address}>"
    mail["To"] = f"{occasion.colleague} <{occasion.colleague_address}>"
    mail["Date"] = format_datetime(occasion.at)
    mail["Subject"] = "Spare seals for the second line"
    mail["Message-ID"] = f"<sample@{DOMAIN}>"
    mail.set_content("Simulated: this text is not read when the file is handed in.\n")
    return mail.as_bytes()


def sample_meeting(occasion: Occasion) -> bytes:
    """A meeting we invited the contact to."""
    event = Event()
    event.add("uid", f"sample@{DOMAIN}")
    event.add("summary", "Review of the second line")
    event.add("location", "At the plant")
    begins = dt.datetime.combine(occasion.at, MEETING_TIME, occasion.at.tzinfo)
    event.add("dtstamp", begins)
    event.add("dtstart", begins)
    event.add("dtend", begins + dt.timedelta(hours=MEETING_HOURS))
    event.add("organizer", vCalAddress(f"mailto:{occasion.colleague_address}"))
    event.add("attendee", vCalAddress(f"mailto:{occasion.contact_address}"))
    calendar = Calendar()
    calendar.add("prodid", "-//Vigil//Demo//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
