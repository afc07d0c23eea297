"""What a mail or a meeting says in its header, however it is written; and that no file can hold anybody up."""

import io
import time
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts_app.meeting_files import Fault, Header, UnreadableError, read_file
from accounts_app.meeting_files.event import MOST_EVENTS
from accounts_app.meeting_files.header import MOST_ADDRESSES, addresses_in, one_line
from accounts_app.meeting_files.mail import HEADER_BYTES

OSLO = ZoneInfo("Europe/Oslo")
SECONDS = 3


def read(text: str | bytes) -> list[Header]:
    return read_file(io.BytesIO(text.encode() if isinstance(text, str) else text), OSLO)


def mail(*lines: str, body: str = "Dear Jonas, the secret.") -> Header:
    (header,) = read("\r\n".join([*lines, "", body]))
    return header


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def calendar(*events: str, method: str = "REQUEST") -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", *events, "END:VCALENDAR", ""])


def meeting(*lines: str) -> Header:
    (header,) = read(calendar(event(*lines)))
    return header


def fault(text: str | bytes) -> Fault:
    with pytest.raises(UnreadableError) as refusal:
        read(text)
    return refusal.value.fault


START = "DTSTART:20261103T090000Z"
FROM, DATE = "From: Ada Solheim <ada@halvorsen.example>", "Date: Tue, 3 Nov 2026 09:00:00 +0100"


# Mails


def test_a_mail_says_who_when_and_about_what() -> None:
    header = mail(FROM, "To: Jonas <JONAS@Vigil.example>", "Cc: bo@halvorsen.example", DATE, "Subject: The seals")
    assert header == Header(
        day=date(2026, 11, 3),
        subject="The seals",
        sender="ada@halvorsen.example",
        others=("jonas@vigil.example", "bo@halvorsen.example"),
        channel="mail",
    )


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("Sun, 29 Mar 2026 23:30:00 +0000", date(2026, 3, 30)),  # summer time began that night
        ("Sun, 25 Oct 2026 22:30:00 +0000", date(2026, 10, 25)),  # and ended in this one
        ("Thu, 29 Feb 2024 12:00:00 -0000", date(2024, 2, 29)),
        ("31 Dec 2026 23:30:00 -0500", date(2027, 1, 1)),
        ("Tue, 31 Jun 2026 09:00:00 +0000", None),
        ("Tue, 3 Nov 99999 09:00:00 +0000", None),
        ("yesterday", None),
    ],
)
def test_a_day_is_the_companys(moment: str, day: date | None) -> None:
    header = mail(FROM, f"Date: {moment}")
    assert header.day == day
    assert header.remarks == (() if day else ("no_day",))


@pytest.mark.parametrize(
    ("written", "subject", "is_read"),
    [
        ("=?utf-8?q?Tetningen_p=C3=A5?=\r\n =?utf-8?q?_plass?=", "Tetningen på plass", True),
        ("folded\r\n\tonce", "folded once", True),
        ("=?x-no-such?q?caf=E9?=", "café", False),
        ("=?utf-8?q?caf=E9?=", "café", False),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?=", False),
        ("på plass", "på plass", True),
        ("a\x07b" * 300, "a b" * 66 + "a ", True),
    ],
)
def test_a_subject_is_a_line_whatever_it_is_written_in(written: str, subject: str, is_read: bool) -> None:
    header = mail(FROM, DATE, f"Subject: {written}")
    assert (header.subject.strip(), header.remarks) == (subject.strip(), () if is_read else ("charset",))


def test_letters_beyond_ascii_are_read_as_latin_1_too() -> None:
    (header,) = read(f"{FROM}\r\n{DATE}\r\nSubject: p".encode() + b"\xe5 plass\r\n\r\n")
    assert header.subject == "på plass"


def test_a_mail_in_a_mail_is_not_read() -> None:
    inner = "Content-Type: message/rfc822\r\n\r\nFrom: eve@else.example\r\nSubject: inner"
    header = mail(FROM, DATE, "Content-Type: multipart/mixed; boundary=x", body=f"--x\r\n{inner}\r\n--x--")
    assert (header.addresses, header.subject) == (("ada@halvorsen.example",), "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"Solheim, Ada" <ada@a.example>, bo@b.example', ["ada@a.example", "bo@b.example"]),
        ("ada@a.example <real@b.example>", ["real@b.example"]),
        ("Team: ada@a.example, bo@b.example;", ["ada@a.example", "bo@b.example"]),
        ("ada@a.example\nbo@b.example\tADA@A.example", ["ada@a.example", "bo@b.example"]),
        ('"eve@fake.example" <ada@a.example> (mail@comment.example)', ["ada@a.example"]),
        ("nobody, @a.example, ada@, ada@localhost, <>", []),
    ],
)
def test_addresses_are_found_in_what_is_written_or_pasted(text: str, found: list[str]) -> None:
    assert addresses_in(text) == found


def test_of_a_mail_to_everybody_only_so_many_are_taken() -> None:
    header = mail(FROM, DATE, "To: " + ", ".join(f"p{n}@a.example" for n in range(1000)))
    assert len(header.others) == MOST_ADDRESSES


# Meetings


def test_a_meeting_says_who_when_and_where() -> None:
    header = meeting(
        'DTSTART;TZID="W. Europe Standard Time":20261103T233000',
        "SUMMARY:Seals\\, and the",
        "  audit",
        'ORGANIZER;CN="Okafor: Jonas":MAILTO:jonas@vigil.example',
        "ATTENDEE;CN=Ada:mailto:Ada@Halvorsen.example",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:cato@halvorsen.example",
        "ATTENDEE;CUTYPE=ROOM:mailto:room4@halvorsen.example",
        "LOCATION:Quay 4",
        "DESCRIPTION:secret",
        "BEGIN:VALARM",
        "SUMMARY:alarm",
        "END:VALARM",
    )
    assert header == Header(
        day=date(2026, 11, 3),
        subject="Seals, and the audit",
        sender="jonas@vigil.example",
        others=("ada@halvorsen.example",),
        channel="visit",
    )


@pytest.mark.parametrize(
    ("lines", "channel"),
    [
        (["LOCATION:Quay 4"], "visit"),
        (["LOCATION:Quay 4", "CONFERENCE;VALUE=URI:https://meet.example/1"], "visit"),
        (["LOCATION:Microsoft Teams Meeting"], "video"),
        (["LOCATION:https://meet.example/1"], "video"),
        (["X-GOOGLE-CONFERENCE:https://meet.example/1"], "video"),
        (["LOCATION:"], ""),
        (["URL:mailto:ada@a.example"], ""),
    ],
)
def test_how_it_took_place_is_said_only_where_it_shows(lines: list[str], channel: str) -> None:
    assert meeting(START, *lines).channel == channel


@pytest.mark.parametrize(
    ("start", "day", "remarks"),
    [
        ("DTSTART:20261103T230000Z", date(2026, 11, 4), ()),
        ("DTSTART;VALUE=DATE:20240229", date(2024, 2, 29), ()),
        ("DTSTART:20261103T233000", date(2026, 11, 3), ()),
        ("DTSTART;TZID=America/New_York:20261103T200000", date(2026, 11, 4), ()),
        ("DTSTART;TZID=/citadel.org/20070227/Asia/Tokyo:20261104T010000", date(2026, 11, 3), ()),
        ("DTSTART;TZID=Nowhere/Else:20261103T233000", date(2026, 11, 3), ("zone",)),
        ("DTSTART;TZID=../../etc/passwd:20261103T233000", date(2026, 11, 3), ("zone",)),
        ("DTSTART;TZID=:20261103T233000", date(2026, 11, 3), ()),
        ("DTSTART:20260631T090000Z", None, ("no_day",)),
        ("DTSTART:00010101T000000Z", date(1, 1, 1), ()),
        ("DTSTART:99991231T235959Z", None, ("no_day",)),
        ("DTSTART;;;=:x", None, ("no_day",)),
    ],
)
def test_a_start_is_read_in_its_zone(start: str, day: date | None, remarks: tuple[str, ...]) -> None:
    header = meeting(start)
    assert (header.day, header.remarks) == (day, remarks)


def test_an_endless_series_is_one_event_that_asks_for_its_day() -> None:
    header = meeting(START, "RRULE:FREQ=SECONDLY", "EXDATE:" + "20261103T090000Z," * 100_000)
    assert (header.day, header.remarks) == (date(2026, 11, 3), ("series",))


def test_a_cancelled_meeting_says_so() -> None:
    assert meeting(START, "STATUS:CANCELLED").remarks == ("cancelled",)
    (header,) = read(calendar(event(START), method="CANCEL"))
    assert header.remarks == ("cancelled",)


def test_several_meetings_come_in_their_order_and_a_calendar_is_refused() -> None:
    assert [one.subject for one in read(calendar(event(START, "SUMMARY:a"), event(START, "SUMMARY:b")))] == ["a", "b"]
    assert len(read(calendar(*[event(START)] * MOST_EVENTS))) == MOST_EVENTS
    assert fault(calendar(*[event(START)] * (MOST_EVENTS + 1))) == "many"


# What is no mail and no meeting, or means harm


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"PK\x03\x04" + b"x" * 100, "other"),
        (b"\xff\xfeF\x00r\x00", "other"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "outlook"),
        (b"hello", "no_header"),
        (b"\r\nFrom: ada@a.example", "no_header"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nDTSTART:20261103\r\nEND:VTODO\r\nEND:VCALENDAR", "no_event"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261103", "no_event"),
        (b"END:VCALENDAR\r\n" * 3, "no_header"),
    ],
)
def test_what_is_neither_is_refused_with_its_reason(text: bytes, why: Fault) -> None:
    assert fault(text) == why


HUGE = 20 << 20
HOSTILE = {
    "a mail with a huge attachment": f"{FROM}\r\n{DATE}\r\n\r\n".encode() + b"x" * HUGE,
    "an endless header": f"{FROM}\r\n{DATE}\r\nTo: ".encode() + b"a@b.example, " * (HUGE // 13),
    "a header of quotes": f"{FROM}\r\n{DATE}\r\nTo: ".encode() + b'"(<' * 100_000,
    "one endless word": f"{FROM}\r\n{DATE}\r\nTo: ".encode() + b"a" * HEADER_BYTES + b"@",
    "encoded words without end": f"{FROM}\r\n{DATE}\r\nSubject: ".encode() + b"=?utf-8?q?a?= " * 20_000,
    "a meeting with a huge attachment": calendar(event(START, "ATTACH;ENCODING=BASE64:" + "x" * HUGE)).encode(),
    "an attachment in short lines": calendar(event(START, "ATTACH:x\r\n" + " yyy\r\n" * (HUGE // 60))).encode(),
    "a hundred thousand people": calendar(event(START, *["ATTENDEE:mailto:a@b.example"] * 100_000)).encode(),
    "parts within parts": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 100_000 + b"END:VEVENT\r\n" * 40,
    "a property of parameters": calendar(event(START, "ORGANIZER" + ";A=b" * 100_000 + ":x")).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_holds_anybody_up(name: str) -> None:
    began = time.process_time()
    assert read(HOSTILE[name])
    assert time.process_time() - began < SECONDS


PIECES = st.sampled_from(
    [
        "BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "DTSTART", ";TZID=", '"', ":",
        "RRULE:FREQ=DAILY\r\n", "ATTENDEE", "mailto:", "20261103T0900", "From: ", "Date: ", "Subject: ", "=?utf-8?b?",
        "?=", "\r\n", "\r\n ", "<", ">", "@", "a.example", "(", "\\", "æ",
    ]
)  # fmt: skip
ANYTHING = st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join).map(str.encode) | st.binary(max_size=200)


@settings(max_examples=150, deadline=None)
@given(ANYTHING, st.sampled_from([b"", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"From: a@b.example\r\n"]))
def test_whatever_comes_is_read_or_refused(text: bytes, before: bytes) -> None:
    try:
        headers = read(before + text)
    except UnreadableError:
        return
    for header in headers:
        assert header.subject == one_line(header.subject)
        assert all("@" in address and address.isprintable() for address in header.addresses)
