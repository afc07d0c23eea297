"""A contact who leaves: asked who follows, the hand-over contact planned, all of it taken back."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts_app.models import Account, Colleague, Contact, Feed, Interaction, User
from accounts_app.services.contact_departure import UNDO_SECONDS
from tests.factories import ColleagueFactory, ContactFactory, InteractionFactory
from tests.integration.facts.conftest import Read, Send, error_of, spoken
from tests.integration.facts.test_fact_forms import seen

pytestmark = pytest.mark.django_db
LEVELS = {"level": "management", "role": "decision_maker"}


@pytest.fixture
def solheim(account: Account) -> Contact:
    feed = Feed.objects.get(name="vigil")
    return ContactFactory(account=account, name="Ingrid Solheim", feed=feed, title="Head of purchasing", **LEVELS)


@pytest.fixture
def aas(account: Account) -> Contact:
    return ContactFactory(account=account, name="Petter Aas")


@pytest.fixture
def okafor(manager: User) -> Colleague:
    return ColleagueFactory(name=manager.name, user=manager)


def body(contact: Contact, read: Read, **said: Any) -> dict[str, Any]:
    form = seen(read(f"contacts/{contact.pk}/edit"))
    return {"name": contact.name, "title": contact.title, "seen": form, **LEVELS, **said}


def leave(contact: Contact, read: Read, send: Send, *, status: int = 302, **said: Any) -> Any:
    told = {"left_on": "2026-06-26", "hand_over": "on", **said}
    return send(f"contacts/{contact.pk}/edit", body(contact, read, **told), status=status)


def hand_over() -> Interaction:
    return Interaction.objects.planned().get()


def test_whoever_leaves_is_asked_about_and_nobody_is_an_answer(solheim: Contact, read: Read, send: Send) -> None:
    refused = leave(solheim, read, send, status=422)
    assert "Who follows?" in error_of(refused, "successor")
    leave(solheim, read, send, nobody_follows="on")
    solheim.refresh_from_db()
    assert (solheim.left_on, solheim.successor) == (date(2026, 6, 26), None)
    assert not Interaction.objects.exists()


def test_a_successor_is_met_within_two_weeks(
    solheim: Contact, aas: Contact, okafor: Colleague, read: Read, send: Send
) -> None:
    leave(solheim, read, send, successor=aas.pk)
    solheim.refresh_from_db()
    assert solheim.successor == aas
    plan = hand_over()
    assert (plan.planned_on, plan.channel, plan.purpose) == (date(2026, 7, 7), "visit", "proactive")
    assert (list(plan.contacts.all()), list(plan.colleagues.all())) == ([aas], [okafor])
    assert plan.note == "Hand-over: Petter Aas follows Ingrid Solheim."


def test_somebody_new_is_added_in_the_same_step(solheim: Contact, account: Account, read: Read, send: Send) -> None:
    leave(solheim, read, send, new_successor="  Nina Dahl ", new_level="executive", hand_over_on="2026-07-03")
    dahl = Contact.objects.get(name="Nina Dahl")
    solheim.refresh_from_db()
    assert solheim.successor == dahl
    assert (dahl.account, dahl.level, dahl.title, dahl.feed.name) == (
        account, "executive", "Head of purchasing", "vigil",
    )  # fmt: skip
    assert hand_over().planned_on == date(2026, 7, 3)


def test_an_announced_leaving_plans_the_contact_with_both_before_the_last_day(
    solheim: Contact, aas: Contact, read: Read, send: Send
) -> None:
    leave(solheim, read, send, left_on="", leaving_on="2026-07-05", successor=aas.pk)
    plan = hand_over()
    assert set(plan.contacts.all()) == {solheim, aas}
    assert plan.planned_on == date(2026, 7, 3)  # the Friday before that Sunday
    assert plan.note == "Hand-over: Ingrid Solheim introduces Petter Aas before leaving."


def test_unticked_nothing_is_planned(solheim: Contact, aas: Contact, read: Read, send: Send) -> None:
    leave(solheim, read, send, successor=aas.pk, hand_over="")
    assert not Interaction.objects.exists()


def test_a_contact_planned_already_is_not_planned_twice(
    solheim: Contact, aas: Contact, account: Account, read: Read, send: Send
) -> None:
    planned = {"happened_on": None, "happened_known_on": None, "planned_on": date(2026, 7, 1)}
    InteractionFactory(account=account, state="planned", **planned).contacts.add(aas)
    leave(solheim, read, send, successor=aas.pk)
    assert hand_over().planned_on == date(2026, 7, 1)


def test_a_correction_afterwards_plans_nothing(solheim: Contact, aas: Contact, read: Read, send: Send) -> None:
    left = {"left_on": date(2026, 1, 5), "left_known_on": date(2026, 1, 5), "successor": aas}
    Contact.objects.filter(pk=solheim.pk).update(**left)
    assert not re.search(r'name="hand_over"[^>]*checked', read(f"contacts/{solheim.pk}/edit"))


# What is refused


def test_a_successor_who_left_is_refused(solheim: Contact, account: Account, read: Read, send: Send) -> None:
    day = date(2026, 5, 4)
    gone = ContactFactory(account=account, name="Karin Lund", left_on=day, left_known_on=day)
    refused = leave(solheim, read, send, status=422, successor=gone.pk)
    assert "Karin Lund left on 4 May as well" in spoken(error_of(refused, "successor"))


def test_nobody_follows_in_a_ring(solheim: Contact, aas: Contact, account: Account, read: Read, send: Send) -> None:
    lund = ContactFactory(account=account, name="Karin Lund", successor=solheim)
    Contact.objects.filter(pk=aas.pk).update(successor=lund)
    refused = leave(solheim, read, send, status=422, successor=aas.pk)
    assert "in a ring" in error_of(refused, "successor")


def test_a_contact_of_another_account_does_not_follow(solheim: Contact, read: Read, send: Send) -> None:
    refused = leave(solheim, read, send, status=422, successor=ContactFactory(name="Zanzibar").pk)
    assert "not one of the available choices" in error_of(refused, "successor")
    assert "Zanzibar" not in refused.content.decode()


@pytest.mark.parametrize(
    "case",
    [
        ({"new_successor": "petter aas"}, "new_successor", "known here already"),
        ({"new_successor": "Nina Dahl", "successor": "aas"}, "new_successor", "not both"),
        ({"new_successor": "Nina Dahl", "left_on": ""}, "new_successor", "Somebody who stays has no successor"),
        ({"new_successor": "Nina Dahl", "hand_over_on": "2026-06-29"}, "hand_over_on", "has passed"),
        ({"new_successor": "Nina Dahl", "hand_over_on": "2036-06-29"}, "hand_over_on", "within a year"),
        ({"new_successor": "Nina Dahl", "hand_over_on": "soon"}, "hand_over_on", "valid date"),
        ({"new_successor": "Nina Dahl", "new_level": "boss"}, "new_level", "valid choice"),
        (
            {"new_successor": "N", "left_on": "", "leaving_on": "2026-07-01", "hand_over_on": "2026-07-09"},
            "hand_over_on",
            "After the last day",
        ),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    case: tuple[dict[str, str], str, str], solheim: Contact, aas: Contact, read: Read, send: Send
) -> None:
    said, field, words = case
    told = {name: aas.pk if value == "aas" else value for name, value in said.items()}
    refused = leave(solheim, read, send, status=422, **told)
    assert words in error_of(refused, field)
    assert Contact.objects.count() == 2
    assert not Interaction.objects.exists()


def test_two_at_once_make_one_successor(solheim: Contact, read: Read, send: Send) -> None:
    mine = body(solheim, read, left_on="2026-06-26", hand_over="on", new_successor="Nina Dahl", new_level="management")
    leave(solheim, read, send, new_successor="Nina Dahl", new_level="management")
    refused = send(f"contacts/{solheim.pk}/edit", mine, status=422)
    assert "known here already" in refused.content.decode()
    assert Contact.objects.filter(name="Nina Dahl").count() == Interaction.objects.count() == 1


def test_whoever_was_slower_overwrites_nothing(solheim: Contact, aas: Contact, read: Read, send: Send) -> None:
    mine = body(solheim, read, left_on="2026-06-26", hand_over="on", successor=aas.pk)
    leave(solheim, read, send, new_successor="Nina Dahl", new_level="management")
    refused = send(f"contacts/{solheim.pk}/edit", mine, status=422)
    assert "Nothing was overwritten" in refused.content.decode()
    assert hand_over().contacts.get().name == "Nina Dahl"


# Taken back


def undo_of(response: Any) -> str:
    assert set(json.loads(response["HX-Trigger"])) == {"dialog:close", "facts:changed"}
    found = re.search(r'hx-post="/accounts/\d+/(contacts/undo/[^"]+)/"', response.content.decode())
    assert found
    return found[1]


def left_with_undo(contact: Contact, read: Read, send: Send, **said: Any) -> str:
    told = body(contact, read, **{"left_on": "2026-06-26", "hand_over": "on", **said})
    response = send(f"contacts/{contact.pk}/edit", told, status=200, htmx=True)
    assert "Hand-over contact planned for 7 Jul." in spoken(response.content.decode())
    return undo_of(response)


def test_taken_back_it_is_as_if_it_had_not_been(solheim: Contact, read: Read, send: Send) -> None:
    undo = left_with_undo(solheim, read, send, new_successor="Nina Dahl", new_level="management")
    assert "Taken back" in send(undo, status=200, htmx=True).content.decode()
    solheim.refresh_from_db()
    assert (solheim.left_on, solheim.left_known_on, solheim.successor) == (None, None, None)
    assert not Contact.objects.filter(name="Nina Dahl").exists()
    assert Interaction.objects.get().state == "voided"


def test_what_somebody_did_since_stays(solheim: Contact, read: Read, send: Send, okafor: Colleague) -> None:
    undo = left_with_undo(solheim, read, send, new_successor="Nina Dahl", new_level="management")
    dahl = Contact.objects.get(name="Nina Dahl")
    InteractionFactory(account=solheim.account).contacts.add(dahl)
    Interaction.objects.planned().update(planned_on=date(2026, 7, 9))
    send(undo, status=200, htmx=True)
    assert Contact.objects.filter(name="Nina Dahl").exists()
    assert hand_over().planned_on == date(2026, 7, 9)


def test_a_person_changed_since_is_left_alone(solheim: Contact, aas: Contact, read: Read, send: Send) -> None:
    undo = left_with_undo(solheim, read, send, successor=aas.pk)
    Contact.objects.filter(pk=solheim.pk).update(note="Now at Kestrel")
    assert "was changed since" in send(undo, status=200, htmx=True).content.decode()
    solheim.refresh_from_db()
    assert solheim.left_on == date(2026, 6, 26)


def test_it_is_taken_back_for_a_while_and_by_who_may(solheim: Contact, aas: Contact, read: Read, send: Send) -> None:
    undo = left_with_undo(solheim, read, send, successor=aas.pk)
    send("contacts/undo/forged:1:x", status=404)
    late = datetime(2026, 6, 30, 8, 0, 1, tzinfo=UTC) + timedelta(seconds=UNDO_SECONDS)
    with time_machine.travel(late, tick=False):
        assert "can no longer be taken back" in send(undo, status=200, htmx=True).content.decode()
    solheim.refresh_from_db()
    assert solheim.left_on
