"""A planned contact as an invitation: who may be asked, what each reads, and what the file says."""

import datetime as dt
import uuid
from typing import Any

import icalendar
import pytest
from django.test import Client

from accounts_app.models import Account, Company, Contact, Interaction, Team, User
from cadence.models import OutgoingMail
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    InteractionFactory,
    UserFactory,
    ValueItemFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]

DAY = dt.date(2026, 10, 25)  # the clocks are changed in Europe


@pytest.fixture
def account(manager: User, north: Team) -> Account:
    Company.objects.update(name="Nordwerk", time_zone="Europe/Berlin")
    return AccountFactory(name="Brenner", team=north, owner=manager)


@pytest.fixture
def ana(account: Account) -> Contact:
    return ContactFactory(account=account, name="Ana Ruiz", email="ana@brenner.example")


@pytest.fixture
def plan(account: Account, ana: Contact, manager: User) -> Interaction:
    planned = InteractionFactory(
        account=account,
        state="planned",
        channel="visit",
        planned_on=DAY,
        happened_on=None,
        happened_known_on=None,
        by=manager,
        note="they doubt us",
        value_item=ValueItemFactory(title="New norms"),
    )
    planned.contacts.add(ana)
    planned.contacts.add(ContactFactory(account=account, name="Without", email=""))
    planned.contacts.add(ContactFactory(account=account, email="gone@brenner.example", left_on=DAY, left_known_on=DAY))
    planned.colleagues.add(ColleagueFactory(user=UserFactory(name="Mara Lind", email="mara@vigil.example")))
    planned.colleagues.add(ColleagueFactory(user=UserFactory(email="former@vigil.example", is_active=False)))
    return planned


def press(user: User, plan: Interaction, *to: str, path: str = "", **said: str) -> Any:
    client = Client()
    client.force_login(user)
    body = {"at": "", "minutes": "60", "to": list(to), "key": str(uuid.uuid4()), **said}
    return client.post(f"/interactions/{plan.pk}/invite/{path}", body)


def event_of(content: bytes | str) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def moment(event: icalendar.Component, name: str) -> dt.date:
    """The day or the moment that a property of the event says."""
    said = event[name]
    assert isinstance(said, icalendar.vDDDTypes)
    assert isinstance(said.dt, dt.date)
    return said.dt


def keys(user: User, plan: Interaction) -> set[str]:
    client = Client()
    client.force_login(user)
    form = client.get(f"/interactions/{plan.pk}/invite/").context["form"]
    return {guest.person.email for guest in form.known.values()}


def test_those_with_an_address_can_be_ticked_and_nobody_is(manager: User, plan: Interaction) -> None:
    assert keys(manager, plan) == {manager.email, "mara@vigil.example", "ana@brenner.example"}
    assert press(manager, plan).status_code == 422
    assert not OutgoingMail.objects.exists()


def test_a_customer_reads_nothing_of_ours_and_a_colleague_what_to_bring(
    manager: User, plan: Interaction, ana: Contact
) -> None:
    response = press(manager, plan, f"contact-{ana.pk}", f"user-{manager.pk}", at="09:00", minutes="90")
    assert response.status_code == 302
    theirs = OutgoingMail.objects.get(recipient="ana@brenner.example")
    ours = OutgoingMail.objects.get(recipient=manager.email)
    outward, inward = (event_of(mail.attachments[0]["text"]) for mail in (theirs, ours))
    assert str(outward["SUMMARY"]) == theirs.subject == "Visit: Nordwerk and Brenner"
    assert "DESCRIPTION" not in outward
    for word in ("New norms", "doubt", "http"):
        assert word not in theirs.text + str(theirs.attachments)
    assert "New norms" in str(inward["DESCRIPTION"])
    assert "doubt" not in ours.text + str(ours.attachments)
    assert moment(outward, "DTSTART") == dt.datetime(2026, 10, 25, 8, 0, tzinfo=dt.UTC)
    assert {str(one) for one in outward.attendees} == {"mailto:ana@brenner.example", f"mailto:{manager.email}"}
    assert theirs.headers["Reply-To"] == f"Jonas Okafor <{manager.email}>"


def test_a_press_that_arrives_twice_invites_once_and_a_second_one_replaces(
    manager: User, plan: Interaction, ana: Contact
) -> None:
    key = str(uuid.uuid4())
    for _time in range(2):
        press(manager, plan, f"contact-{ana.pk}", key=key)
    assert OutgoingMail.objects.count() == 1
    assert press(manager, plan, f"contact-{ana.pk}", at="10:00").status_code == 302
    assert len({str(event_of(mail.attachments[0]["text"])["UID"]) for mail in OutgoingMail.objects.all()}) == 1
    assert OutgoingMail.objects.count() == 2


def test_the_file_is_for_the_day_where_no_hour_is_said(manager: User, plan: Interaction) -> None:
    response = press(manager, plan, path="file/")
    assert response["Content-Disposition"] == 'attachment; filename="invitation.ics"'
    assert "method=REQUEST" in response["Content-Type"]
    event = event_of(response.content)
    assert (moment(event, "DTSTART"), "New norms" in response.content.decode()) == (DAY, False)


@pytest.mark.parametrize(
    "said", [{"at": "25:00"}, {"minutes": "100000"}, {"to": "user-999999"}, {"key": "x"}, {"at": "\x00"}]
)
def test_what_cannot_be_is_refused_and_nothing_leaves(manager: User, plan: Interaction, said: dict[str, str]) -> None:
    assert press(manager, plan, f"user-{manager.pk}", **said).status_code == 422
    assert not OutgoingMail.objects.exists()


def test_an_hour_that_the_clock_change_leaves_out_is_refused(manager: User, plan: Interaction) -> None:
    Interaction.objects.filter(pk=plan.pk).update(planned_on=dt.date(2026, 3, 29))
    assert "does not exist" in press(manager, plan, path="file/", at="02:30").content.decode()
    assert press(manager, plan, path="file/", at="03:00").status_code == 200


def test_names_begin_no_header(manager: User, plan: Interaction, ana: Contact) -> None:
    Account.objects.update(name="Brenner\r\nBcc: eve@example.test " + "x" * 100)
    User.objects.filter(pk=manager.pk).update(name="Jonas\r\nBcc: eve@example.test")
    assert press(manager, plan, f"contact-{ana.pk}").status_code == 302
    mail = OutgoingMail.objects.get()
    assert not {"\r", "\n"} & set(mail.subject + "".join(mail.headers.values()))
    assert len(mail.subject) <= 200


def test_what_is_not_planned_any_more_is_said(manager: User, plan: Interaction, ana: Contact) -> None:
    Interaction.objects.filter(pk=plan.pk).update(state="voided", void_reason="closed")
    for path in ("", "file/"):
        response = press(manager, plan, f"contact-{ana.pk}", path=path)
        assert (response.status_code, "not planned any more" in response.content.decode()) == (422, True)
    assert not OutgoingMail.objects.exists()


def test_a_colleague_of_the_team_may_look_and_not_invite(plan: Interaction, north: Team) -> None:
    assert press(UserFactory(teams=[north]), plan).status_code == 403
    assert press(UserFactory(), plan).status_code == 404
