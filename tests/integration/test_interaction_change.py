"""Plans moved, contacts corrected and voided: what changes, what is kept, who is told of whose change."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, AccountMark, Company, Feed, Interaction, Role, User
from tests.factories import AccountFactory, ContactFactory, InteractionFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
        yield


@pytest.fixture
def manager() -> User:
    return UserFactory(name="Jonas Okafor", teams=[TeamFactory()])


@pytest.fixture
def account(manager: User) -> Account:
    return AccountFactory(name="Halvorsen", team=manager.teams.get(), owner=manager)


@pytest.fixture
def client(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


@pytest.fixture
def done(account: Account, manager: User) -> Interaction:
    feed, day = Feed.objects.get(name="vigil"), TODAY - timedelta(5)
    return InteractionFactory(account=account, feed=feed, by=manager, happened_on=day, note="first words")


@pytest.fixture
def planned(account: Account) -> Interaction:
    days = {"happened_on": None, "happened_known_on": None, "planned_on": TODAY + timedelta(3), "due_on": TODAY}
    return InteractionFactory(account=account, state="planned", channel="call", **days)


def address(interaction: Interaction, verb: str) -> str:
    return f"/interactions/{interaction.pk}/{verb}/"


def seen(client: Client, interaction: Interaction, verb: str) -> str:
    """What the form carries when it is opened."""
    html = client.get(address(interaction, verb), headers=HTMX).content.decode()
    return str(re.findall(r'name="seen" value="(\w+)"', html)[0])


def correction(client: Client, interaction: Interaction, **changes: Any) -> Any:
    body = {
        "seen": changes.pop("seen", None) or seen(client, interaction, "correct"),
        "happened_on": "other",
        "happened_on_other": str(interaction.happened_on),
        "channel": "visit",
        "purpose": "order",
        "initiator": "them",
        "note": "second words",
    }
    return client.post(address(interaction, "correct"), body | changes, headers=HTMX)


# Correct


def test_a_correction_keeps_what_was_there_and_whose_it_was(client: Client, done: Interaction) -> None:
    known = done.happened_known_on
    assert correction(client, done, tone="-1").status_code == 200
    before = done
    done = Interaction.objects.get(pk=before.pk)
    assert (done.channel, done.purpose, done.initiator, done.note) == ("visit", "order", "them", "second words")
    assert (done.by, done.happened_on, done.happened_known_on) == (before.by, before.happened_on, known)
    (kept,) = done.events.all()  # type: ignore[attr-defined]
    assert (kept.note, kept.channel, kept.pgh_label) == ("first words", "call", "replaced")
    assert AccountMark.objects.filter(account=done.account).exists()


def test_it_opens_with_what_was_logged_also_with_who_left_since(
    client: Client, done: Interaction, account: Account
) -> None:
    done.contacts.add(ContactFactory(account=account, name="Gone Since", left_on=TODAY, left_known_on=TODAY))
    ContactFactory(account=account, name="Left Before", left_on=TODAY, left_known_on=TODAY)
    html = client.get(address(done, "correct"), headers=HTMX).content.decode()
    assert "first words" in html
    assert str(done.happened_on) in html
    assert ("Gone Since" in html, "Left Before" in html) == (True, False)


def test_the_second_editor_is_told_and_overwrites_nothing(client: Client, done: Interaction) -> None:
    old = seen(client, done, "correct")
    correction(client, done)
    refused = correction(client, done, seen=old, note="third words", contacts=[])
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Somebody changed this contact meanwhile." in text
    assert "Stored now: Done, 18\N{NO-BREAK SPACE}Nov, Visit, Order, second words" in text
    assert "third words" in text
    done.refresh_from_db()
    assert done.note == "second words"
    # Whoever has read that and saves again means it.
    again = re.findall(r'name="seen" value="(\w+)"', text)[0]
    assert correction(client, done, seen=again, note="third words").status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"happened_on_other": str(TODAY + timedelta(1))}, "This day is still to come"),
        ({"purpose": ""}, "Say what it was for."),
        ({"happened_on_other": ""}, "Choose the day."),
    ],
)
def test_a_correction_is_held_to_the_same_rules(
    client: Client, done: Interaction, changes: dict[str, str], said: str
) -> None:
    response = correction(client, done, **changes)
    assert response.status_code == 422
    assert said in response.content.decode()


@pytest.mark.parametrize("verb", ["correct", "void"])
def test_what_came_from_a_feed_is_corrected_there(client: Client, account: Account, verb: str) -> None:
    imported = InteractionFactory(account=account)
    assert "comes from another system" in client.get(address(imported, verb), headers=HTMX).content.decode()
    assert client.post(address(imported, verb), {"reason": "x"}, headers=HTMX).status_code == 422
    imported.refresh_from_db()
    assert imported.state == "done"


# Move


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"planned_on": "2026-11-30"}, date(2026, 11, 30)),
        ({"planned_on": "other", "planned_on_other": "2027-01-11"}, date(2027, 1, 11)),
        ({"planned_on": str(TODAY)}, TODAY),
    ],
)
def test_a_plan_moves_and_keeps_the_day_it_was_due(
    client: Client, planned: Interaction, body: dict[str, str], wanted: date
) -> None:
    fields = {"seen": seen(client, planned, "move"), "channel": "visit", "purpose": "review"}
    assert client.post(address(planned, "move"), fields | body, headers=HTMX).status_code == 200
    planned.refresh_from_db()
    assert (planned.state, planned.planned_on, planned.due_on) == ("planned", wanted, TODAY)
    assert (planned.channel, planned.purpose) == ("visit", "review")
    assert AccountMark.objects.filter(account=planned.account).exists()


def test_a_plan_does_not_move_into_the_past_nor_over_another_move(client: Client, planned: Interaction) -> None:
    fields = {"seen": seen(client, planned, "move"), "channel": "visit", "purpose": "review"}
    past = client.post(address(planned, "move"), fields | {"planned_on": "2026-11-20"}, headers=HTMX)
    assert "This day has passed" in past.content.decode()
    Interaction.objects.update(planned_on=date(2026, 12, 1))
    late = client.post(address(planned, "move"), fields | {"planned_on": "2026-11-30"}, headers=HTMX)
    assert (past.status_code, late.status_code) == (422, 422)
    assert "Somebody changed this contact meanwhile." in late.content.decode()
    assert Interaction.objects.get().planned_on == date(2026, 12, 1)


def test_a_day_that_has_passed_is_not_offered_again(client: Client, planned: Interaction) -> None:
    assert str(planned.planned_on) in client.get(address(planned, "move"), headers=HTMX).content.decode()
    Interaction.objects.update(planned_on=TODAY - timedelta(1))
    html = client.get(address(planned, "move"), headers=HTMX).content.decode()
    assert " checked" not in html.split("How</legend>")[0]


# Void


@pytest.mark.parametrize("which", ["done", "planned"])
def test_voiding_needs_a_reason_and_deletes_nothing(
    client: Client, done: Interaction, planned: Interaction, which: str
) -> None:
    row = {"done": done, "planned": planned}[which]
    fields = {"seen": seen(client, row, "void")}
    refused = client.post(address(row, "void"), fields, headers=HTMX)
    assert (refused.status_code, "Say why it does not count." in refused.content.decode()) == (422, True)
    assert client.post(address(row, "void"), fields | {"reason": "entered twice"}, headers=HTMX).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.void_reason, row.account_id) == ("voided", "entered twice", done.account_id)
    gone = client.get(address(row, "void"), headers=HTMX).content.decode()
    assert "Not open any more" in gone


# Plan


def test_a_contact_is_planned_from_the_tab(client: Client, account: Account, manager: User) -> None:
    url = f"/accounts/{account.pk}/interactions/plan/"
    assert 'name="planned_on"' in client.get(url, headers=HTMX).content.decode()
    body = {"planned_on": "2026-11-30", "channel": "call", "purpose": "proactive"}
    late = client.post(url, body | {"planned_on": "2026-11-20"}, headers=HTMX)
    assert (late.status_code, "This day has passed" in late.content.decode()) == (422, True)
    assert client.post(url, body | {"planned_on": ""}, headers=HTMX).status_code == 422
    response = client.post(url, body, headers=HTMX)
    assert "Planned for 30\N{NO-BREAK SPACE}Nov." in response.content.decode()
    assert Interaction.objects.planned().get().by == manager


# For whom


@pytest.mark.parametrize("verb", ["correct", "move", "void", "undo", "plan"])
def test_strangers_find_nothing_and_others_are_refused(
    done: Interaction, planned: Interaction, verb: str, account: Account
) -> None:
    row = planned if verb == "move" else done
    url = f"/accounts/{account.pk}/interactions/plan/" if verb == "plan" else address(row, verb)
    whose = [
        (UserFactory(teams=[TeamFactory()]), 404),
        (UserFactory(teams=[account.team]), 403),  # a colleague of the team sees it, and does not answer for it
        (UserFactory(role=Role.READ_ONLY, teams=[account.team]), 403),
        (UserFactory(role=Role.OPERATIONS), 403),
    ]
    for user, status in whose:
        client = Client()
        client.force_login(user)
        assert client.post(url).status_code == status
        if verb != "undo":
            assert client.get(url).status_code == status


@pytest.mark.parametrize("verb", ["correct", "move", "void"])
def test_a_page_without_script_and_a_part_for_the_dialog(
    client: Client, done: Interaction, planned: Interaction, verb: str
) -> None:
    row = planned if verb == "move" else done
    page, part = (client.get(address(row, verb), headers=headers).content.decode() for headers in ({}, HTMX))
    assert "<html" in page
    assert part.lstrip().startswith('<h2 id="dialog-title">')
    response = client.post(address(row, verb), {})
    assert response.status_code == 422
    assert "<html" in response.content.decode()


# The tab


def tab(client: Client, account: Account, query: str = "") -> str:
    return client.get(f"/accounts/{account.pk}/interactions/{query}").content.decode()


def test_plans_stand_on_top_with_what_may_be_done(
    client: Client, account: Account, planned: Interaction, done: Interaction
) -> None:
    html = tab(client, account)
    assert html.index(address(planned, "move")) < html.index(address(done, "correct"))
    assert f"/log/contact/?account={account.pk}&amp;planned={planned.pk}" in html
    assert address(planned, "void") in html
    assert address(planned, "correct") not in html
    assert address(done, "move") not in html
    assert address(planned, "move") not in tab(client, account, "?state=done")


def test_who_only_looks_is_offered_nothing(account: Account, planned: Interaction, done: Interaction) -> None:
    reader = Client()
    reader.force_login(UserFactory(role=Role.READ_ONLY, teams=[account.team]))
    html = tab(reader, account)
    assert "Planned" in html
    assert "/interactions/" not in re.sub(rf"/accounts/{account.pk}/interactions/", "", html)


def test_imported_rows_say_where_they_come_from(client: Client, account: Account) -> None:
    imported = InteractionFactory(account=account)
    html = tab(client, account)
    assert "from erp" in html
    assert address(imported, "correct") not in html


def test_the_cost_of_the_tab_does_not_follow_its_rows(client: Client, account: Account, manager: User) -> None:
    def add(number: int) -> None:
        for n in range(number):
            InteractionFactory(account=account, feed=Feed.objects.get(name="vigil"), by=manager)
            InteractionFactory(account=account)
            InteractionFactory(
                account=account,
                state="planned",
                happened_on=None,
                happened_known_on=None,
                planned_on=TODAY + timedelta(n),
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            tab(client, account)
        return len(captured)

    add(1)
    few = queries()
    add(15)
    assert queries() == few
