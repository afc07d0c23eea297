"""One occasion with several accounts: a contact for each, written once, taken back as one, for own accounts only."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Company, Contact, Interaction, User
from accounts_app.services.interaction_corrections import correctable, voidable
from tests.factories import AccountFactory, ContactFactory, InteractionFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)  # a Monday
URL = "/log/group/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def morning() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
        yield clock


@dataclass
class Fair:
    manager: User
    halvorsen: Account
    brenner: Account
    ada: Contact
    bo: Contact
    client: Client
    token: uuid.UUID = field(default_factory=uuid.uuid4)
    said: str = ""

    def post(self, *, status: int = 200, htmx: bool = True, **changes: Any) -> str:
        body = {
            "token": str(self.token),
            "contacts": [self.ada.pk, self.bo.pk],
            "happened_on": str(TODAY),
            "channel": "event",
            "purpose": "proactive",
            "initiator": "us",
            "note": "hall 4",
        }
        response = self.client.post(URL, body | changes, headers=HTMX if htmx else {})
        assert response.status_code == status, response.content.decode()
        self.said = response.content.decode()
        return self.said

    def undo(self) -> str:
        (address,) = set(re.findall(r"/log/group/undo/\?of=[\w-]+", self.said))
        return self.client.post(address, headers=HTMX).content.decode()


@pytest.fixture
def fair() -> Fair:
    team = TeamFactory()
    manager = UserFactory(name="Jonas Okafor", email="jonas@vigil.example", teams=[team])
    own = {"team": team, "owner": manager}
    halvorsen = AccountFactory(name="Halvorsen", mail_domain="halvorsen.example", **own)
    brenner = AccountFactory(name="Brenner", mail_domain="brenner.example", **own)
    client = Client()
    client.force_login(manager)
    ada = ContactFactory(account=halvorsen, name="Ada Solheim", email="ada@halvorsen.example")
    bo = ContactFactory(account=brenner, name="Bo Lund", email="bo@brenner.example")
    return Fair(manager, halvorsen, brenner, ada, bo, client)


def ticked(text: str, name: str) -> list[int]:
    inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', text)
    return [int(re.findall(r'value="(\d+)"', one)[0]) for one in inputs if " checked" in one]


def people_by_account() -> dict[str, list[str]]:
    rows = Interaction.objects.done().select_related("account")
    return {one.account.name: [contact.name for contact in one.contacts.all()] for one in rows}


# What is written


def test_each_account_gets_its_contact_with_its_own_people(fair: Fair) -> None:
    nordlys = AccountFactory(name="Nordlys", owner=fair.manager)
    assert "Logged for 3 accounts." in fair.post(accounts=[nordlys.pk, fair.brenner.pk])
    assert people_by_account() == {"Halvorsen": ["Ada Solheim"], "Brenner": ["Bo Lund"], "Nordlys": []}
    assert set(Interaction.objects.values_list("note", "channel", "happened_on")) == {("hall 4", "event", TODAY)}


def test_the_same_press_twice_writes_once_and_is_taken_back_as_one(fair: Fair) -> None:
    fair.post()
    fair.post()
    assert Interaction.objects.count() == 2
    assert "Taken back." in fair.undo()
    assert set(Interaction.objects.values_list("state", flat=True)) == {"voided"}
    assert "nothing to take back" in fair.undo()


def test_the_next_is_planned_as_promised_where_none_is(fair: Fair) -> None:
    plan = {"state": "planned", "happened_on": None, "happened_known_on": None, "planned_on": date(2026, 12, 1)}
    InteractionFactory(account=fair.brenner, **plan)
    assert "Planned next with 1." in fair.post(plans_next="on")
    next_on = Interaction.objects.planned().get(account=fair.halvorsen).planned_on
    assert next_on is not None
    assert next_on > TODAY
    assert Interaction.objects.planned().filter(account=fair.brenner).count() == 1
    fair.undo()
    assert not Interaction.objects.planned().filter(account=fair.halvorsen).exists()


def test_what_somebody_changed_since_stops_the_undo_of_all(fair: Fair) -> None:
    fair.post()
    Interaction.objects.filter(account=fair.halvorsen).update(note="corrected")
    assert "Halvorsen: It has been changed since" in fair.undo()
    assert Interaction.objects.done().count() == 2


def test_each_can_be_corrected_and_voided(fair: Fair) -> None:
    fair.post()
    assert correctable(Interaction.objects.all()).count() == voidable(Interaction.objects.all()).count() == 2
    row = Interaction.objects.get(account=fair.brenner)
    page = fair.client.get(f"/interactions/{row.pk}/void/").content.decode()
    seen = re.findall(r'name="seen" value="(\w+)"', page)[0]
    body = {"seen": seen, "reason": "was not there"}
    assert fair.client.post(f"/interactions/{row.pk}/void/", body, headers=HTMX).status_code == 200
    assert list(Interaction.objects.done().values_list("account__name", flat=True)) == ["Halvorsen"]


# What is refused, whole


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"contacts": []}, "Choose at least one person, or an account."),
        ({"happened_on": "2026-12-01"}, "This day is still to come"),
        ({"purpose": ""}, "Say what it was for."),
        ({"addresses": "nobody@else.example"}, "Nobody you log for has these addresses"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(fair: Fair, changes: dict[str, Any], said: str) -> None:
    text = fair.post(status=422, **changes)
    assert said in text
    assert ticked(text, "contacts") == ([] if "contacts" in changes else [fair.bo.pk, fair.ada.pk])
    assert not Interaction.objects.exists()


def test_people_one_does_not_log_for_are_refused(fair: Fair) -> None:
    zoe = ContactFactory(account=AccountFactory(name="Zanzibar", mail_domain="zanzibar.example"), name="Zoe")
    text = fair.post(status=422, contacts=[fair.ada.pk, zoe.pk])
    assert "Zoe" not in text
    assert not Interaction.objects.exists()
    zanzibar = fair.post(status=422, accounts=[zoe.account_id])
    assert "Choose among your accounts." in zanzibar
    assert "Zanzibar" not in zanzibar


def test_undo_is_the_writers_alone(fair: Fair) -> None:
    fair.post()
    fair.client.force_login(UserFactory(teams=list(fair.manager.teams.all())))
    assert "nothing to take back" in fair.undo()
    assert Interaction.objects.done().count() == 2


# How people are chosen


def test_names_are_found_beside_who_is_chosen(fair: Fair) -> None:
    ContactFactory(account=AccountFactory(), name="Bodil Elsewhere")
    query: dict[str, Any] = {"people_search": "bo", "contacts": [fair.ada.pk], "accounts": [fair.brenner.pk]}
    text = fair.client.get("/log/group/people/", query, headers=HTMX).content.decode()
    assert (ticked(text, "contacts"), ticked(text, "accounts")) == ([fair.ada.pk], [fair.brenner.pk])
    assert "Bo Lund" in text
    assert "Bodil" not in text


def test_a_company_s_name_finds_its_people(fair: Fair) -> None:
    text = fair.client.get("/log/group/people/", {"people_search": "halvors"}, headers=HTMX).content.decode()
    assert ("Ada Solheim · Halvorsen" in text, "Halvorsen, nobody named" in text) == (True, True)


def test_finding_without_script_keeps_what_was_typed_and_complains_of_nothing(fair: Fair) -> None:
    text = fair.post(find="people", people_search="Halvor", purpose="", htmx=False, contacts=[fair.bo.pk])
    assert "Halvorsen, nobody named" in text
    assert "hall 4" in text
    assert "field__errors" not in text


def test_pasted_addresses_become_people_and_whole_accounts(fair: Fair) -> None:
    pasted = "Ada <ADA@halvorsen.example>; new@brenner.example, x@else.example, me@vigil.example"
    text = fair.post(find="addresses", contacts=[], addresses=pasted)
    assert (ticked(text, "contacts"), ticked(text, "accounts")) == ([fair.ada.pk], [fair.brenner.pk])
    assert ">\nx@else.example</textarea>" in text
    assert "Nobody you log for has these addresses" in text
    assert "Logged for 2 accounts." in fair.post(contacts=[], addresses=pasted.replace("x@else.example,", ""))


def test_the_list_opens_it_with_the_chosen_accounts(fair: Fair) -> None:
    foreign = AccountFactory(name="Zambezi", team=fair.halvorsen.team)
    query = f"?account={fair.halvorsen.pk}&account={fair.brenner.pk}&account={foreign.pk}"
    text = fair.client.get(f"/portfolio/bulk/met/{query}", follow=True).content.decode()
    assert ticked(text, "accounts") == [fair.brenner.pk, fair.halvorsen.pk]
    assert "1 account is not yours and is left out." in text
    assert re.search(r'value="event"[^>]*checked', text)
    assert "Choose between one account" in fair.client.get("/portfolio/bulk/met/", follow=True).content.decode()


def test_the_form_asks_the_database_no_more_for_more_people(fair: Fair) -> None:
    def queries(contacts: list[int]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert fair.client.get(URL, {"contacts": contacts}).status_code == 200
        return len(asked)

    few = queries([fair.ada.pk])
    more = [ContactFactory(account=AccountFactory(owner=fair.manager)).pk for _n in range(8)]
    assert queries(more) == few
