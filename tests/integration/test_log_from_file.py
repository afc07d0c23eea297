"""A mail or a meeting handed in opens the log filled in; nothing is written, and only for whom the reader logs."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts_app.models import Account, Company, Contact, Interaction, Role, User
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    InteractionFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

URL = "/log/from-file/"
MAIL = """From: Ada Solheim <{sender}>
To: {to}
Date: Fri, 20 Nov 2026 23:30:00 +0000
Subject: The seals
{more}
Dear Jonas, this is secret.
"""
MEETING = """BEGIN:VCALENDAR
BEGIN:VEVENT
{lines}
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(autouse=True)
def morning(tmp_path: Path, settings: Any) -> Iterator[Any]:
    settings.UPLOAD_DIR = tmp_path
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "Europe/Oslo"})
        yield clock


@dataclass
class Desk:
    manager: User
    account: Account
    ada: Contact
    client: Client

    def hand_in(
        self, text: str | bytes, *, status: int = 200, htmx: bool = True, name: str = "a.eml", **said: Any
    ) -> str:
        file = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
        return self.send(said | {"file": file}, status=status, htmx=htmx)

    def send(self, body: dict[str, Any], *, status: int = 200, htmx: bool = True) -> str:
        response = self.client.post(URL, body, headers={"HX-Request": "true"} if htmx else {})
        assert response.status_code == status
        return html.unescape(response.content.decode())


@pytest.fixture
def desk() -> Desk:
    team = TeamFactory()
    manager = UserFactory(name="Jonas Okafor", email="jonas@vigil.example", teams=[team])
    ColleagueFactory(name="Jonas Okafor", user=manager)
    account = AccountFactory(name="Halvorsen", team=team, owner=manager, mail_domain="halvorsen.example")
    ada = ContactFactory(account=account, name="Ada Solheim", email="Ada@Halvorsen.example")
    client = Client()
    client.force_login(manager)
    return Desk(manager, account, ada, client)


def mail(sender: str = "ada@halvorsen.example", to: str = "jonas@vigil.example", more: str = "") -> str:
    return MAIL.format(sender=sender, to=to, more=more)


def meeting(*lines: str) -> str:
    return MEETING.format(lines="\n".join(lines))


def chosen(text: str, name: str) -> list[str]:
    inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', text)
    return [re.findall(r'value="([^"]*)"', one)[0] for one in inputs if " checked" in one]


def note(text: str) -> str:
    found: list[str] = re.findall(r'<textarea name="note"[^>]*>\s*(.*?)</textarea>', text, flags=re.DOTALL)
    return found[0]


def typed_day(text: str) -> list[str]:
    return re.findall(r'name="happened_on_other"[^>]*value="([^"]*)"', text) + re.findall(
        r'value="([\d-]*)"[^>]*name="happened_on_other"', text
    )


# What a draft says


def test_a_mail_opens_the_log_with_what_its_header_says(desk: Desk) -> None:
    text = desk.hand_in(mail())
    assert chosen(text, "contacts") == [str(desk.ada.pk)]
    assert (chosen(text, "channel"), chosen(text, "initiator")) == (["mail"], ["them"])
    assert (chosen(text, "happened_on"), typed_day(text)) == (["other"], ["2026-11-21"])  # the company's day
    assert note(text).strip() == "The seals"
    assert "secret" not in text
    assert not Interaction.objects.exists()


def test_a_mail_of_ours_was_started_by_us(desk: Desk) -> None:
    text = desk.hand_in(mail(sender="jonas@vigil.example", to="ada@halvorsen.example"))
    assert (chosen(text, "initiator"), chosen(text, "contacts")) == (["us"], [str(desk.ada.pk)])


def test_a_meeting_names_our_people_by_their_users(desk: Desk) -> None:
    other = ColleagueFactory(name="Maren Moe", user=UserFactory(email="maren@vigil.example"))
    text = desk.hand_in(
        meeting(
            "DTSTART:20261120T090000Z",
            "LOCATION:Quay 4",
            "ORGANIZER:mailto:maren@vigil.example",
            "ATTENDEE:mailto:ada@halvorsen.example",
        ),
        name="a.ics",
    )
    assert chosen(text, "colleagues") == [str(other.pk)]
    assert (chosen(text, "channel"), chosen(text, "initiator")) == (["visit"], ["us"])


def test_somebody_unknown_is_matched_to_the_account_by_the_domain(desk: Desk) -> None:
    text = desk.hand_in(mail(sender="bo@mail.halvorsen.example", to="eve@else.example"))
    assert "With whom" in text
    assert chosen(text, "contacts") == []
    assert "Not known among the people you log for: eve@else.example." in text


def test_what_was_typed_before_stays(desk: Desk) -> None:
    text = desk.hand_in(mail(), note="asked twice", purpose="review", token="6a0d7b7e-8b07-4fd4-9d9c-1d5e7e0f8a11")
    assert note(text).split() == ["The", "seals", "asked", "twice"]
    assert chosen(text, "purpose") == ["review"]
    assert "6a0d7b7e-8b07-4fd4-9d9c-1d5e7e0f8a11" in text


@pytest.mark.parametrize(("channel", "planned"), [("mail", 1), ("visit", 0)])
def test_a_plan_is_taken_for_it_only_where_it_fits(desk: Desk, channel: str, planned: int) -> None:
    plan = {"state": "planned", "happened_on": None, "happened_known_on": None, "planned_on": date(2026, 11, 20)}
    InteractionFactory(account=desk.account, channel=channel, purpose="review", **plan)
    text = desk.hand_in(mail())
    assert len([one for one in chosen(text, "planned") if one]) == planned
    assert chosen(text, "purpose") == (["review"] if planned else [])


def test_a_draft_is_logged_as_any_other_and_nothing_of_the_file_is_kept(desk: Desk, tmp_path: Path) -> None:
    text = desk.hand_in(mail(more="Content-Type: text/plain\n"))
    token = re.findall(r'name="token" value="([^"]+)"', text)[0]
    body = {
        "token": token,
        "account": desk.account.pk,
        "contacts": chosen(text, "contacts"),
        "happened_on": "other",
        "happened_on_other": typed_day(text)[0],
        "channel": "mail",
        "purpose": "consultation",
        "initiator": "them",
        "note": "",  # the subject is cleared
    }
    assert desk.client.post("/log/contact/", body, headers={"HX-Request": "true"}).status_code == 200
    row = Interaction.objects.get()
    assert (row.happened_on, row.channel, row.initiator, row.note) == (date(2026, 11, 21), "mail", "them", "")
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


# Who is asked what


def test_several_accounts_are_asked_for_and_the_answer_opens_the_form(desk: Desk) -> None:
    brenner = AccountFactory(name="Brenner", owner=desk.manager)
    bo = ContactFactory(account=brenner, name="Bo Lund", email="bo@brenner.example")
    text = desk.hand_in(mail(to="bo@brenner.example"), note="typed")
    assert "With which account was it?" in text
    assert f"contacts={bo.pk}" in text  # or with all of them at once
    header = re.findall(r'name="header" value="([^"]+)"', text)[0]
    answered = desk.send({"header": header, "account": brenner.pk, "note": "typed"})
    assert chosen(answered, "contacts") == [str(bo.pk)]
    assert note(answered).split() == ["The", "seals", "typed"]


def test_several_meetings_are_asked_for(desk: Desk) -> None:
    lines = ("DTSTART:20261120T090000Z", "SUMMARY:first", "END:VEVENT", "BEGIN:VEVENT", "DTSTART:20261119T090000Z")
    text = desk.hand_in(meeting(*lines, "SUMMARY:second", "ATTENDEE:mailto:ada@halvorsen.example"))
    assert "Which meeting was it?" in text
    header = re.findall(r'name="header" value="([^"]+)"', text)[0]
    answered = desk.send({"header": header, "event": "1"})
    assert (note(answered).strip(), chosen(answered, "contacts")) == ("second", [str(desk.ada.pk)])
    assert "Which meeting was it?" in desk.send({"header": header, "event": "7"})


def test_a_header_nobody_signed_is_no_header(desk: Desk) -> None:
    assert "Choose a file." in desk.send({"header": "WzFd:x:y", "event": "0"}, status=422)


def test_a_series_asks_for_its_day_and_a_cancelled_meeting_warns(desk: Desk) -> None:
    text = desk.hand_in(meeting("DTSTART:20260901T090000Z", "RRULE:FREQ=DAILY", "STATUS:CANCELLED"))
    assert (chosen(text, "happened_on"), typed_day(text)) == (["other"], [])
    assert "choose which day it was" in text
    assert "It was cancelled" in text


def test_what_is_to_come_is_planned(desk: Desk) -> None:
    text = desk.hand_in(meeting("DTSTART:20270112T090000Z", "LOCATION:Quay 4", "ATTENDEE:mailto:ada@halvorsen.example"))
    assert "What is still to come is planned, not logged." in text
    plan_url = re.findall(r'href="([^"]+/plan/[^"]*)"', text)[0]
    form = desk.client.get(plan_url).content.decode()
    assert 'value="2027-01-12"' in form
    assert chosen(form, "channel") == ["visit"]


def test_addresses_of_ours_only_name_nobody(desk: Desk) -> None:
    text = desk.hand_in(mail(sender="jonas@vigil.example", to="someone@vigil.example"))
    assert "Only addresses of ours are named" in text
    assert "Nobody of your accounts" not in text


# For whom


def test_people_one_does_not_log_for_are_nobody(desk: Desk) -> None:
    foreign = AccountFactory(name="Zanzibar", mail_domain="zanzibar.example")
    ContactFactory(account=foreign, name="Zoe Zanzibar", email="zoe@zanzibar.example")
    colleagues_account = AccountFactory(name="Zambezi", team=desk.account.team, mail_domain="zambezi.example")
    ContactFactory(account=colleagues_account, name="Zack", email="zack@zambezi.example")
    text = desk.hand_in(mail(sender="zoe@zanzibar.example", to="zack@zambezi.example"))
    assert "Nobody of your accounts is named" in text
    assert not re.search("Zoe|Zack|Zambezi", text)
    assert "Zoe" not in desk.hand_in(mail(sender="zoe@zanzibar.example"), account=foreign.pk)


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.OPERATIONS])
def test_who_does_not_log_hands_nothing_in(desk: Desk, role: Role) -> None:
    client = Client()
    client.force_login(UserFactory(role=role))
    assert client.post(URL, {"file": SimpleUploadedFile("a.eml", mail().encode())}).status_code == 403


# What is refused


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"PK\x03\x04zip", "neither a mail nor a meeting"),
        (b"", "The file is empty."),
        (b"hello", "neither who wrote it nor when"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", "no meeting in this calendar"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False], ids=["dialog", "page"])
def test_what_is_neither_is_said_at_the_field_and_nothing_else_is_touched(
    desk: Desk, text: bytes, said: str, htmx: bool
) -> None:
    answer = desk.hand_in(text, status=422, htmx=htmx)
    assert said in answer
    assert ("<html" in answer) is not htmx
    assert 'name="note"' not in answer


def test_a_file_beyond_the_limit_is_refused_in_words(desk: Desk, settings: Any) -> None:
    settings.ATTACHED_BYTES = 1 << 20
    assert "larger than 1 MB" in desk.hand_in(mail() + "x" * (3 << 20), status=422)


def test_it_works_without_script(desk: Desk) -> None:
    text = desk.hand_in(mail(), htmx=False)
    assert "<html" in text
    assert chosen(text, "contacts") == [str(desk.ada.pk)]


def test_another_account_chosen_in_the_draft_keeps_what_the_file_said(desk: Desk) -> None:
    nordlys = AccountFactory(name="Nordlys", owner=desk.manager)
    body = {"drafted": "1", "find": "account", "account": nordlys.pk, "channel": "mail", "initiator": "them"}
    text = desk.client.post("/log/contact/", body, headers={"HX-Request": "true"}).content.decode()
    assert (chosen(text, "channel"), chosen(text, "initiator")) == (["mail"], ["them"])


@pytest.mark.parametrize("name", ["sample.eml", "sample.ics"])
def test_the_demo_s_samples_become_a_draft_with_an_own_contact(desk: Desk, name: str) -> None:
    assert desk.client.get(URL + name).status_code == 404
    assert "sample" not in desk.client.get(URL).content.decode()
    Company.objects.update(simulated=True)
    assert URL + name in desk.client.get(URL).content.decode()
    sample = desk.client.get(URL + name)
    assert sample["Content-Disposition"] == f'attachment; filename="{name}"'
    page = desk.hand_in(sample.content, name=name)
    assert chosen(page, "contacts") == [str(desk.ada.pk)]
    assert not Interaction.objects.exists()
