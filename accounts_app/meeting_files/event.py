"""The events of a calendar file: a few short properties of each. Nothing is expanded; what is long is cut."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from zoneinfo import ZoneInfo

from icalendar import vText
from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from accounts_app.meeting_files.header import Channel, Header, Remark, UnreadableError, addresses_in, one_line, unique

# A file with more is somebody's calendar, not a meeting.
MOST_EVENTS = 50
MOST_LINES = 500
_LONGEST_LINE = 4096
# Parts within parts, of which a proper file has three.
_DEEPEST = 8
# Who is there, when, where: attachments, texts and alarms are not among them.
_LINKS = (
    "CONFERENCE",
    "URL",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
)
_ONCE = ("DTSTART", "SUMMARY", "LOCATION", "ORGANIZER", "STATUS", "RRULE", "RDATE", *_LINKS)
_NAME = re.compile(rb"[A-Za-z0-9-]+")
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_ONLINE = re.compile(r"https?://|\b(?:teams|zoom|webex|google meet|skype|gotomeeting|jitsi)\b", re.IGNORECASE)


@dataclass
class Raw:
    """An event as its lines say."""

    once: dict[str, Contentline] = field(default_factory=dict)
    attendees: list[Contentline] = field(default_factory=list)
    lines: int = 0

    def take(self, name: str, line: str) -> None:
        self.lines += 1
        if self.lines > MOST_LINES:
            return
        if name == "ATTENDEE":
            self.attendees.append(_content(line))
        elif name in _ONCE:
            self.once.setdefault(name, _content(line))


def read_events(file: BinaryIO, zone: ZoneInfo) -> list[Header]:
    """Read every event of the file, in its order; raise `UnreadableError` where it has none, or far too many."""
    method, events = "", []
    for event in _events(file):
        if isinstance(event, str):
            method = event
            continue
        events.append(event)
        if len(events) > MOST_EVENTS:
            raise UnreadableError("many")
    if not events:
        raise UnreadableError("no_event")
    return [_header(one, zone, is_cancelled=method == "CANCEL") for one in events]


def _events(file: BinaryIO) -> Iterator[Raw | str]:
    """Each event as it ends, and the method of the file; parts within an event, such as alarms, are passed over."""
    inside: list[str] = []
    event = Raw()
    for line in _lines(file):
        name, _colon, value = line.partition(":")
        name = re.split(r"[;:]", name, maxsplit=1)[0].upper()
        part = value.strip().upper()
        if name == "BEGIN":
            inside = [*inside[-_DEEPEST:], part]
            event = Raw() if part == "VEVENT" else event
        elif name == "END":
            if part == "VEVENT" and inside[-1:] == ["VEVENT"]:
                yield event
            del inside[-1:]
        elif name == "METHOD" and len(inside) <= 1:
            yield part
        elif inside[-1:] == ["VEVENT"]:
            event.take(name, line)


def _lines(file: BinaryIO) -> Iterator[str]:
    """The lines unfolded, each cut where it is longer than anything that is asked for."""
    kept = bytearray()
    is_begun = True  # else what comes is the rest of a line that was too long to come at once
    while piece := file.readline(_LONGEST_LINE):
        is_folded = piece[:1] in (b" ", b"\t")
        if is_begun and not is_folded:
            if kept:
                yield _text(kept)
            kept = bytearray()
        if len(kept) < _LONGEST_LINE:
            kept += piece.rstrip(b"\r\n")[1 if is_begun and is_folded else 0 :]
        is_begun = piece.endswith(b"\n")
    if kept:
        yield _text(kept)


def _text(line: bytearray) -> str:
    cut = bytes(line[:_LONGEST_LINE]).removeprefix(b"\xef\xbb\xbf")
    try:
        return cut.decode("utf-8")
    except UnicodeDecodeError:
        return cut.decode("latin-1")


def _content(line: str) -> Contentline:
    return Contentline(line)  # type: ignore[no-untyped-call]


def _header(event: Raw, zone: ZoneInfo, *, is_cancelled: bool) -> Header:
    day, remarks = _day(event, zone)
    if event.once.keys() & {"RRULE", "RDATE"}:
        remarks.append("series")
    if is_cancelled or _value(event, "STATUS").upper() == "CANCELLED":
        remarks.append("cancelled")
    organiser = _addresses(event.once.get("ORGANIZER"))
    attendees = (address for line in event.attendees for address in _addresses(line))
    return Header(
        day=day,
        subject=one_line(_value(event, "SUMMARY")),
        sender=organiser[0] if organiser else "",
        others=tuple(unique(attendees)),
        channel=_channel(event),
        remarks=tuple(remarks),
    )


def _day(event: Raw, zone: ZoneInfo) -> tuple[dt.date | None, list[Remark]]:
    """The day of the start in this zone. What names no zone, or one nobody knows, is taken for a time in this one."""
    params, value = _parts(event.once.get("DTSTART"))
    found = _MOMENT.fullmatch(value.strip())
    if found is None:
        return None, ["no_day"]
    year, month, day_of_month, *clock, is_utc = found.groups()
    try:
        day = dt.date(int(year), int(month), int(day_of_month))
        if clock[0] is None:
            return day, []
        hour, minute, second = (int(part) for part in clock)
        moment = dt.datetime.combine(day, dt.time(hour, minute, min(second, 59)))
        named = str(params.get("TZID", ""))
        own = ZoneInfo("UTC") if is_utc else zone_named(named)
        remarks: list[Remark] = ["zone"] if named and own is None else []
        return moment.replace(tzinfo=own or zone).astimezone(zone).date(), remarks
    except (ValueError, OverflowError):  # 31 June, 25 o'clock, the year 0
        return None, ["no_day"]


def zone_named(name: str) -> ZoneInfo | None:
    """A zone by its name in the world's list, by Windows' name, or with something before it, as some programs write."""
    plain = name.strip().strip('"')[:100]
    candidates = [WINDOWS_TO_OLSON.get(plain, plain), "/".join(plain.split("/")[-2:])]
    for candidate in candidates:
        try:
            return ZoneInfo(candidate)
        except (ValueError, OSError, LookupError):
            continue
    return None


def _channel(event: Raw) -> Channel:
    place = _value(event, "LOCATION").strip()
    if place and not _ONLINE.search(place):
        return "visit"
    has_link = any(_value(event, name).strip().lower().startswith("http") for name in _LINKS)
    return "video" if place or has_link else ""


def _addresses(line: Contentline | None) -> list[str]:
    """Of who is invited; whoever declined was not there, and a room is nobody."""
    params, value = _parts(line)
    is_absent = str(params.get("PARTSTAT", "")).upper() == "DECLINED"
    if is_absent or str(params.get("CUTYPE", "")).upper() in {"ROOM", "RESOURCE"}:
        return []
    return addresses_in(re.sub("^mailto:", "", value.strip(), flags=re.IGNORECASE)) or addresses_in(
        str(params.get("EMAIL", ""))
    )


def _value(event: Raw, name: str) -> str:
    return str(vText.from_ical(_parts(event.once.get(name))[1]))


def _parts(line: Contentline | None) -> tuple[dict[str, object], str]:
    try:
        _name, params, value = line.parts() if line is not None else ("", {}, "")
    except ValueError:  # a line that follows no rule says nothing
        return {}, ""
    return dict(params), str(value)
