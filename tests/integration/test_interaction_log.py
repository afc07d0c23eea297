"""Logging a contact: what is written, what is refused, what is taken back, and for whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, AccountMark, Company, Contact, Interaction, Role, User, ValueItem
from accounts_app.services.interactions import Told, due_days, log_contact, plan_contact
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    InitiativeFactory,
    InteractionFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)  # a Monday
URL = "/log/contact/"
MOST_QUERIES = 40
PLANNED = {"state": "planned", "happened_on": None, "happened_known_on": None}


@pytest.fixture(autouse=True)
def morning() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
        yield clock


@dataclass
class Desk:
    """A manager at work on one account."""

    manager: User
    account: Account
    ada: Contact
    client: Client

    def post(self, *, htmx: bool = True, **changes: Any) -> Any:
        body = {
            "account": self.account.pk,
            "contacts": [self.ada.pk],
            "happened_on": str(TODAY),
            "channel": "call",
            "purpose": "proactive",
            "initiator": "us",
            "note": "asked about the seals",
        }
        body = {name: value for name, value in (body | changes).items() if value is not None}
        return self.client.post(URL, body, headers={"HX-Request": "true"} if htmx else {})

    def get(self, query: str = "", *, htmx: bool = True) -> str:
        response = self.client.get(URL + query, headers={"HX-Request": "true"} if htmx else {})
        assert response.status_code == 200
        return response.content.decode()

    def undo(self) -> str:
        (found,) = set(re.findall(r"/interactions/\d+/undo/", self.said))
        return self.client.post(found, headers={"HX-Request": "true"}).content.decode()

    said: str = ""

    def log(self, **changes: Any) -> Interaction:
        """Log and return the row that says what happened."""
        response = self.post(**changes)
        assert response.status_code == 200, errors(response)
        self.said = response.content.decode()
        return Interaction.objects.exclude(state="planned").order_by("-happened_known_on", "-pk")[0]


@pytest.fixture
def desk() -> Desk:
    team = TeamFactory()
    manager = UserFactory(name="Jonas Okafor", teams=[team])
    account = AccountFactory(name="Halvorsen", team=team, owner=manager)
    client = Client()
    client.force_login(manager)
    return Desk(manager, account, ContactFactory(account=account, name="Ada Solheim"), client)


def errors(response: Any) -> list[str]:
    text = response.content.decode()
    listed = re.findall(r'field__errors"[^>]*>(.*?)</ul>', text, flags=re.DOTALL)
    noticed = re.findall(r"notice--danger.*?<span>(.*?)</span>", text, flags=re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in (*listed, *noticed)]


def checked(html: str, name: str) -> list[str]:
    inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', html)
    return [re.findall(r'value="([^"]*)"', one)[0] for one in inputs if " checked" in one]


# What the form opens with


def test_it_opens_for_the_account_of_the_page_with_the_usual_answers(desk: Desk) -> None:
    ContactFactory(account=desk.account, name="Bo Lund")
    ContactFactory(account=desk.account, name="Cato Moe", left_on=date(2026, 8, 1), left_known_on=date(2026, 8, 1))
    ContactFactory(name="Somebody Elsewhere")
    html = desk.get(f"?account={desk.account.pk}")
    assert re.findall(r"<span>(\w+ \w+)</span></label>", html.split("Who</legend>")[1])[:2] == [
        "Ada Solheim",
        "Bo Lund",
    ]
    assert "Cato Moe" not in html
    assert "Somebody Elsewhere" not in html
    assert checked(html, "contacts") == checked(html, "purpose") == []
    assert (checked(html, "happened_on"), checked(html, "initiator")) == ([str(TODAY)], ["us"])
    assert (checked(html, "channel"), checked(html, "next_on")) == (["call"], [""])


def test_the_only_person_there_is_taken(desk: Desk) -> None:
    assert checked(desk.get(f"?account={desk.account.pk}"), "contacts") == [str(desk.ada.pk)]


def test_a_page_without_script_and_a_part_for_the_dialog(desk: Desk) -> None:
    page, part = desk.get(htmx=False), desk.get()
    assert "<html" in page
    assert 'hx-post="/log/contact/"' not in page
    assert part.lstrip().startswith('<h2 id="dialog-title">')
    assert 'hx-post="/log/contact/"' in part


def test_choosing_the_account_keeps_what_was_said(desk: Desk) -> None:
    response = desk.post(find="account", contacts=None, initiator="them", tone="-1", next_on="other")
    html = response.content.decode()
    assert response.status_code == 200
    assert errors(response) == []
    assert "asked about the seals" in html
    assert (checked(html, "initiator"), checked(html, "tone"), checked(html, "next_on")) == (
        ["them"],
        ["-1"],
        ["other"],
    )
    assert "Ada Solheim" in html
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("query", ["?account=abc", "?account=", "?account=99999999999999999999", "?planned=x"])
def test_an_address_that_says_nothing_opens_the_empty_form(desk: Desk, query: str) -> None:
    assert "Ada Solheim" not in desk.get(query)


# What is written


def test_a_contact_is_written_as_it_was_told(desk: Desk) -> None:
    item = ValueItem.objects.create(title="Norm 4711", kind="information")
    me, other = ColleagueFactory(user=desk.manager), ColleagueFactory()
    logged = desk.log(tone="1", value_item=item.pk, colleagues=[me.pk, other.pk, ""], channel="visit")
    values = (logged.state, logged.channel, logged.initiator, logged.purpose, logged.tone, logged.note)
    assert values == ("done", "visit", "us", "proactive", 1, "asked about the seals")
    assert (logged.happened_on, logged.happened_known_on, logged.known_on) == (TODAY, TODAY, TODAY)
    assert (logged.by, logged.value_item, logged.feed.name) == (desk.manager, item, "vigil")
    assert list(logged.contacts.all()) == [desk.ada]
    assert set(logged.colleagues.all()) == {me, other}
    assert AccountMark.objects.filter(account=desk.account).exists()
    assert "Logged: visit, Halvorsen." in desk.said


def test_the_reader_is_along_unless_said_otherwise(desk: Desk) -> None:
    me = ColleagueFactory(user=desk.manager)
    assert checked(desk.get(f"?account={desk.account.pk}"), "colleagues") == [str(me.pk)]


def test_another_day_is_typed(desk: Desk) -> None:
    assert desk.log(happened_on="other", happened_on_other="2026-10-01").happened_on == date(2026, 10, 1)
    assert desk.log(happened_on=str(TODAY - timedelta(1))).happened_on == TODAY - timedelta(1)


def test_an_attempt_is_no_contact(desk: Desk) -> None:
    logged = desk.log(attempted="on", tone="1")
    assert (logged.state, logged.tone) == ("attempted", None)
    assert not logged.is_proactive
    assert due_days([desk.account])[desk.account.pk] is None


def test_sent_twice_it_is_written_once(desk: Desk) -> None:
    token = "0b9c1f4e-8f0e-4a0e-9a53-6a3c5a0e7a11"
    first, second = desk.log(token=token, next_on="2026-12-07"), desk.log(token=token, next_on="2026-12-07")
    assert first == second
    assert Interaction.objects.count() == 2
    assert "Taken back." in desk.undo()
    assert set(Interaction.objects.values_list("state", flat=True)) == {"voided"}


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        ({"next_on": "2026-12-07"}, date(2026, 12, 7)),
        ({"next_on": "other", "next_on_other": "2027-02-01"}, date(2027, 2, 1)),
        ({"next_on": "due"}, date(2027, 1, 7)),  # 45 days on from today
        ({"next_on": "due", "purpose": "order"}, date(2026, 12, 16)),  # from the last we started, 1 November
        ({"next_on": "due", "attempted": "on"}, date(2026, 12, 16)),
    ],
)
def test_the_next_contact_is_planned_in_the_same_save(desk: Desk, chosen: dict[str, str], wanted: date) -> None:
    InteractionFactory(account=desk.account, happened_on=date(2026, 11, 1))
    desk.log(**chosen, next_channel="visit", next_purpose="review")
    planned = Interaction.objects.planned().get()
    assert (planned.planned_on, planned.channel, planned.purpose) == (wanted, "visit", "review")
    assert (planned.by, planned.known_on, planned.happened_on) == (desk.manager, TODAY, None)
    assert planned.due_on == (
        date(2026, 12, 16) if chosen.get("purpose") or chosen.get("attempted") else date(2027, 1, 7)
    )


# The plan it may have been


def plan(desk: Desk, day: date, **fields: Any) -> Interaction:
    return InteractionFactory(account=desk.account, **PLANNED | {"planned_on": day, "purpose": "review"} | fields)


@pytest.mark.parametrize(("days", "fits"), [(-31, False), (-30, True), (0, True), (7, True), (8, False)])
def test_a_plan_near_today_is_taken_for_the_one(desk: Desk, days: int, fits: bool) -> None:
    planned = plan(desk, TODAY + timedelta(days), channel="visit")
    planned.contacts.add(desk.ada)
    ContactFactory(account=desk.account)
    html = desk.get(f"?account={desk.account.pk}")
    assert checked(html, "planned") == ([str(planned.pk)] if fits else [])
    assert (checked(html, "channel"), checked(html, "purpose")) == ((["visit"], ["review"]) if fits else (["call"], []))
    assert checked(html, "contacts") == ([str(desk.ada.pk)] if fits else [])
    assert ("Planned already:" in html) is not fits


def test_the_nearest_of_several_and_the_one_whose_button_was_pressed(desk: Desk) -> None:
    plan(desk, TODAY - timedelta(20))
    near, far = plan(desk, TODAY - timedelta(2)), plan(desk, TODAY + timedelta(90))
    assert checked(desk.get(f"?account={desk.account.pk}"), "planned") == [str(near.pk)]
    assert checked(desk.get(f"?account={desk.account.pk}&planned={far.pk}"), "planned") == [str(far.pk)]
    desk.log(planned=far.pk)
    far.refresh_from_db()
    assert far.state == "done"


def test_a_plan_that_took_place_becomes_the_contact(desk: Desk) -> None:
    planned = plan(desk, TODAY - timedelta(3), due_on=TODAY)
    assert desk.log(planned=planned.pk, channel="video") == planned
    planned.refresh_from_db()
    assert (planned.state, planned.channel, planned.planned_on) == ("done", "video", TODAY - timedelta(3))
    assert (planned.due_on, planned.happened_on, planned.happened_known_on) == (TODAY, TODAY, TODAY)
    assert Interaction.objects.count() == 1


def test_an_attempt_leaves_the_plan_open(desk: Desk) -> None:
    planned = plan(desk, TODAY)
    desk.log(planned=planned.pk, attempted="on")
    planned.refresh_from_db()
    assert planned.state == "planned"
    assert Interaction.objects.filter(state="attempted").count() == 1


@pytest.mark.parametrize("state", ["done", "voided"])
def test_a_plan_used_up_meanwhile_is_refused(desk: Desk, state: str) -> None:
    planned = plan(desk, TODAY)
    Interaction.objects.update(state=state, happened_on=TODAY, happened_known_on=TODAY, void_reason="x")
    response = desk.post(planned=planned.pk)
    assert response.status_code == 422
    assert "This plan was logged, moved or voided meanwhile." in response.content.decode()
    assert Interaction.objects.count() == 1


def test_another_accounts_plan_is_refused(desk: Desk) -> None:
    other = AccountFactory(owner=desk.manager)
    assert desk.post(planned=InteractionFactory(account=other, **PLANNED, planned_on=TODAY).pk).status_code == 422


# What is refused, said at the field, with all that was typed kept


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"happened_on": str(TODAY + timedelta(1))}, "This day is still to come: plan the contact instead."),
        ({"happened_on": "other"}, "Choose the day."),
        ({"happened_on": "other", "happened_on_other": "soon"}, "Enter a valid date."),
        ({"happened_on": "2026-02-31"}, "Select a valid choice. 2026-02-31 is not one of the available choices."),
        ({"purpose": None}, "Say what it was for."),
        ({"purpose": "gossip"}, "Select a valid choice. gossip is not one of the available choices."),
        ({"account": ""}, "Choose the account."),
        ({"next_on": "other"}, "Choose the day."),
        ({"next_on": str(TODAY - timedelta(1))}, "This day has passed: choose today or a day to come."),
        ({"tone": "5"}, "Select a valid choice. 5 is not one of the available choices."),
        ({"contacts": ["abc"]}, "Choose people of this account."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(desk: Desk, changes: dict[str, Any], said: str) -> None:
    response = desk.post(**changes)
    assert response.status_code == 422
    assert said in errors(response)
    assert "asked about the seals" in response.content.decode()
    assert not Interaction.objects.exists()


def test_somebody_of_another_account_or_who_left_is_refused(desk: Desk) -> None:
    left = ContactFactory(account=desk.account, left_on=date(2026, 1, 1), left_known_on=date(2026, 1, 1))
    for stranger in (ContactFactory(), left):
        response = desk.post(contacts=[desk.ada.pk, stranger.pk])
        assert (response.status_code, errors(response)) == (422, ["Choose people of this account."])


def test_a_value_item_that_has_expired_is_not_offered(desk: Desk) -> None:
    old = ValueItem.objects.create(title="Old", kind="utility", valid_until=TODAY - timedelta(1))
    ValueItem.objects.create(title="Valid today", kind="utility", valid_until=TODAY)
    html = desk.get(f"?account={desk.account.pk}")
    assert ("Valid today" in html, ">Old<" in html) == (True, False)
    assert desk.post(value_item=old.pk).status_code == 422


def test_the_service_refuses_what_the_form_would(desk: Desk) -> None:
    told = Told(happened_on=TODAY + timedelta(1), channel="call", purpose="order", contacts=[ContactFactory()])
    with pytest.raises(ValidationError) as refusal:
        log_contact(desk.account, told, by=desk.manager, today=TODAY)
    assert set(refusal.value.error_dict) == {"happened_on", "contacts"}


# For whom


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.READ_ONLY])
def test_operations_and_readers_may_not(desk: Desk, role: Role) -> None:
    desk.client.force_login(UserFactory(role=role, teams=[desk.account.team]))
    assert desk.client.get(URL).status_code == 403
    assert desk.post().status_code == 403


def test_only_accounts_one_answers_for_are_taken(desk: Desk) -> None:
    colleague = UserFactory(teams=[desk.account.team])
    desk.client.force_login(colleague)
    assert "Ada Solheim" not in desk.get(f"?account={desk.account.pk}")
    response = desk.post()
    assert response.status_code == 422
    assert "Choose one of your accounts." in errors(response)
    desk.account.deputy = colleague
    desk.account.save()
    desk.log()


def test_a_leader_logs_for_the_team(desk: Desk) -> None:
    desk.client.force_login(UserFactory(role=Role.SALES_LEADER, teams=[desk.account.team]))
    desk.log()


# Taking it back


def test_undo_voids_what_was_logged_and_what_was_planned(desk: Desk) -> None:
    desk.log(next_on="2026-12-07")
    AccountMark.objects.all().delete()
    assert "Taken back." in desk.undo()
    assert list(Interaction.objects.values_list("state", flat=True)) == ["voided", "voided"]
    assert AccountMark.objects.filter(account=desk.account).exists()
    assert "nothing to take back any more" in desk.undo()


def test_undo_makes_a_fulfilled_plan_a_plan_again(desk: Desk) -> None:
    planned = plan(desk, TODAY - timedelta(1), channel="visit", note="bring the samples")
    planned.contacts.add(ContactFactory(account=desk.account))
    before = Interaction.objects.filter(pk=planned.pk).values().get()
    desk.log(planned=planned.pk, note="was there", tone="1")
    desk.undo()
    assert Interaction.objects.filter(pk=planned.pk).values().get() == before
    assert desk.ada not in planned.contacts.all()


def test_undo_leaves_alone_what_was_changed_since(desk: Desk) -> None:
    desk.log(next_on="2026-12-07")
    Interaction.objects.planned().update(planned_on=date(2026, 12, 9))
    assert "It has been changed since" in desk.undo()
    assert set(Interaction.objects.values_list("state", flat=True)) == {"done", "planned"}


def test_undo_is_for_who_logged_it_and_for_a_day(desk: Desk, morning: Any) -> None:
    logged = desk.log()
    stranger = Client()
    stranger.force_login(UserFactory(role=Role.ADMINISTRATOR))
    stranger.post(f"/interactions/{logged.pk}/undo/")
    assert Interaction.objects.get().state == "done"
    morning.move_to(datetime(2026, 11, 24, 9, 0, 1, tzinfo=UTC))
    assert "nothing to take back" in desk.undo()
    assert Interaction.objects.get().state == "done"


def test_without_script_it_leads_to_the_rows_with_a_message(desk: Desk) -> None:
    response = desk.post(htmx=False)
    assert response["Location"] == f"/accounts/{desk.account.pk}/interactions/"
    page = desk.client.get(response["Location"]).content.decode()
    assert "Logged: call, Halvorsen." in page
    assert f'action="/interactions/{Interaction.objects.get().pk}/undo/"' in page


# Many accounts at once


def test_one_plan_for_each_account_with_its_own_due_day(desk: Desk) -> None:
    other = AccountFactory(owner=desk.manager)
    InteractionFactory(account=other, happened_on=date(2026, 11, 1))
    planned = plan_contact(
        [desk.account, other], by=desk.manager, today=TODAY, planned_on=TODAY, channel="call", purpose="proactive"
    )
    assert [(one.account, one.due_on) for one in planned] == [(desk.account, None), (other, date(2026, 12, 16))]
    assert len({one.external_key for one in planned}) == 2
    assert set(AccountMark.objects.values_list("account", flat=True)) >= {desk.account.pk, other.pk}


def test_planning_for_many_costs_no_more_than_for_one(desk: Desk) -> None:
    def queries(number: int) -> int:
        accounts = list(Account.objects.order_by("pk")[:number])
        with CaptureQueriesContext(connection) as captured:
            plan_contact(accounts, by=desk.manager, today=TODAY, planned_on=TODAY, channel="call", purpose="proactive")
        return len(captured)

    for _number in range(9):
        InteractionFactory(account=AccountFactory(owner=desk.manager))
    assert queries(10) == queries(1)


def test_nothing_is_planned_for_the_past(desk: Desk) -> None:
    with pytest.raises(ValidationError):
        plan_contact(
            [desk.account],
            by=desk.manager,
            today=TODAY,
            planned_on=TODAY - timedelta(1),
            channel="call",
            purpose="order",
        )


# Cost


def test_the_cost_of_form_and_save_does_not_follow_the_past(desk: Desk) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as form:
            desk.get(f"?account={desk.account.pk}")
        with CaptureQueriesContext(connection) as save:
            desk.log()
        return len(form), len(save)

    desk.log()
    few = queries()
    for _number in range(10):
        ContactFactory(account=desk.account)
        InteractionFactory(account=desk.account).colleagues.add(ColleagueFactory())
        AccountFactory(owner=desk.manager)
    assert queries() == few
    assert max(few) <= MOST_QUERIES


def test_what_they_made_of_what_was_brought_is_kept_and_corrected(desk: Desk) -> None:
    item = ValueItem.objects.create(title="Norm 4711", kind="information")

    logged = desk.log(value_item=item.pk, reaction="wants_more")
    assert logged.reaction == "wants_more"

    form = desk.client.get(f"/interactions/{logged.pk}/correct/").content.decode()
    assert re.search(r'name="reaction" value="wants_more"[^>]*checked', form)
    (seen,) = re.findall(r'name="seen" value="(\w+)"', form)
    body = {"seen": seen, "happened_on": str(TODAY), "channel": "call", "purpose": "proactive", "initiator": "us"}
    said = desk.client.post(f"/interactions/{logged.pk}/correct/", body | {"value_item": item.pk, "reaction": "useful"})
    assert said.status_code == 302
    logged.refresh_from_db()
    assert logged.reaction == "useful"


@pytest.mark.parametrize("changes", [{"value_item": ""}, {"attempted": "on"}])
def test_there_is_no_reaction_where_nothing_was_brought_or_nobody_reached(desk: Desk, changes: dict[str, str]) -> None:
    item = ValueItem.objects.create(title="Norm 4711", kind="information")

    assert desk.log(**{"value_item": item.pk, "reaction": "not_useful"} | changes).reaction == ""


def test_a_reaction_to_nothing_is_refused(desk: Desk) -> None:
    told = Told(happened_on=TODAY, channel="call", purpose="proactive", reaction="useful")

    with pytest.raises(ValidationError, match="Say what was brought"):
        log_contact(desk.account, told, by=desk.manager, today=TODAY)


def test_what_suits_the_account_is_offered_first(desk: Desk) -> None:
    for title in ("Apples", "Bolts", "Cranes", "Drills"):
        ValueItem.objects.create(title=title, kind="utility")
    ValueItem.objects.create(title="Zinc", kind="utility", topic="Corrosion")
    ValueItem.objects.create(title="For others", kind="utility", industries=["Shipping"])
    InitiativeFactory(account=desk.account, topic="corrosion")

    form = desk.get(f"?account={desk.account.pk}")

    for name in ("value_item", "next_value_item"):
        (options,) = re.findall(rf'<select name="{name}".*?</select>', form, re.DOTALL)
        groups = [
            (label, re.findall(r">([A-Z][^<]*)</option>", group))
            for label, group in re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', options, re.DOTALL)
        ]
        assert groups == [
            ("Proposed for this account", ["Zinc", "Apples", "Bolts"]),
            ("All others", ["Cranes", "Drills", "For others"]),
        ]
