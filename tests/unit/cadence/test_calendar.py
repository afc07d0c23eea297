"""The calendar, read back by programs that are not ours."""

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events  # type: ignore[import-untyped]
import time_machine

from cadence.calendar import Entry, Invitation, Person, feed, invitation

CHANGED = dt.datetime(2026, 6, 1, 9, 30, 15, 999_999, tzinfo=dt.UTC)
ZONES = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"]
# Both clock changes of both hemispheres' neighbours, leap days, the ends of quarters and of years.
EDGES = [
    dt.date(2026, 3, 29),
    dt.date(2026, 10, 25),
    dt.date(2026, 11, 1),
    dt.date(2028, 2, 29),
    dt.date(2026, 3, 31),
    dt.date(2026, 6, 30),
    dt.date(2026, 9, 30),
    dt.date(2026, 12, 31),
    dt.date(2027, 1, 1),
]


def entry(day: dt.date = dt.date(2026, 6, 30), **fields: object) -> Entry:
    values = {"uid": f"contact-1-{day}@vigil", "day": day, "summary": "Visit: Brenner", "changed_at": CHANGED}
    return Entry(**{**values, **fields})  # type: ignore[arg-type]


def only(content: bytes) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def moment(event: icalendar.Component, name: str) -> dt.date:
    """The day or the moment that a property of the event says."""
    said = event[name]
    assert isinstance(said, icalendar.vDDDTypes)
    assert isinstance(said.dt, dt.date)
    return said.dt


@pytest.mark.parametrize("zone", ZONES)
def test_no_day_becomes_another_in_any_zone(zone: str) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 28, 23, 59, tzinfo=ZoneInfo(zone)), tick=False):
        calendar = icalendar.Calendar.from_ical(feed(map(entry, EDGES), "Vigil"))
    for day in EDGES:
        (found,) = recurring_ical_events.of(calendar).at(day)
        assert (found["DTSTART"].dt, found["DTEND"].dt) == (day, day + dt.timedelta(days=1))
        assert not isinstance(found["DTSTART"].dt, dt.datetime)
    found_on = [event["DTSTART"].dt for event in recurring_ical_events.of(calendar).between((2026, 1, 1), (2029, 1, 1))]
    assert sorted(found_on) == sorted(EDGES)


def test_the_same_rows_in_any_order_give_the_same_bytes() -> None:
    rows = [entry(day) for day in EDGES]
    assert feed(rows, "Vigil") == feed(reversed(rows), "Vigil")


def test_an_entry_says_when_and_how_often_it_changed() -> None:
    event = only(feed([entry(sequence=3, url="https://vigil.example/accounts/1/")], "Vigil"))
    assert (event["UID"], event["SEQUENCE"], event["URL"]) == (
        "contact-1-2026-06-30@vigil",
        3,
        "https://vigil.example/accounts/1/",
    )
    assert moment(event, "LAST-MODIFIED") == CHANGED.replace(microsecond=0)
    assert event["TRANSP"] == "TRANSPARENT"


HOSTILE = "Brenner\r\nATTENDEE:mailto:eve@example.test\x00\u2028END:VEVENT; \\n, \ud800" + "x" * 5000


def test_hostile_names_stay_one_line_of_the_file() -> None:
    content = feed([entry(summary=HOSTILE, description=HOSTILE)], HOSTILE)
    event = only(content)
    assert "ATTENDEE" not in event
    assert str(event["SUMMARY"]).startswith("Brenner ATTENDEE:mailto:eve@example.test")
    assert len(str(event["SUMMARY"])) == 500
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert b"\x00" not in content


def test_a_name_ends_no_parameter() -> None:
    eve = Person('Eve";CUTYPE=ROOM\r\nX-EVIL:1', "eve@example.test")
    event = only(invitation(Invitation(entry=entry(), organizer=eve, invited=(eve,))))
    assert "X-EVIL" not in event
    assert "CUTYPE" not in event["ATTENDEE"].params
    assert str(event["ORGANIZER"]) == "mailto:eve@example.test"


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (dt.datetime(2026, 3, 28, 9, 0), dt.datetime(2026, 3, 28, 8, 0, tzinfo=dt.UTC)),  # noqa: DTZ001
        (dt.datetime(2026, 3, 29, 9, 0), dt.datetime(2026, 3, 29, 7, 0, tzinfo=dt.UTC)),  # noqa: DTZ001
        (dt.datetime(2026, 10, 24, 9, 0), dt.datetime(2026, 10, 24, 7, 0, tzinfo=dt.UTC)),  # noqa: DTZ001
        (dt.datetime(2026, 10, 25, 9, 0), dt.datetime(2026, 10, 25, 8, 0, tzinfo=dt.UTC)),  # noqa: DTZ001
    ],
)
def test_an_hour_is_that_of_the_company_on_both_sides_of_a_clock_change(local: dt.datetime, utc: dt.datetime) -> None:
    starts_at = local.replace(tzinfo=ZoneInfo("Europe/Berlin"))
    jonas, ana = Person("Jonas Okafor", "jonas@vigil.example"), Person("Ana", "ana@brenner.example")
    asked = Invitation(
        entry=entry(local.date()), organizer=jonas, invited=(ana,), starts_at=starts_at, length=dt.timedelta(minutes=90)
    )
    content = invitation(asked)
    event = only(content)
    assert icalendar.Calendar.from_ical(content)["METHOD"] == "REQUEST"
    assert (moment(event, "DTSTART"), moment(event, "DTEND") - moment(event, "DTSTART")) == (
        utc,
        dt.timedelta(minutes=90),
    )
    assert (str(event["ATTENDEE"]), event["ATTENDEE"].params["RSVP"]) == ("mailto:ana@brenner.example", "TRUE")


def test_without_an_hour_an_invitation_is_for_the_day() -> None:
    jonas = Person("Jonas Okafor", "jonas@vigil.example")
    event = only(invitation(Invitation(entry=entry(), organizer=jonas, invited=(jonas,))))
    assert moment(event, "DTSTART") == dt.date(2026, 6, 30)
