"""The calendar behind its secret address: whose, what, and what is gone at once."""

import datetime as dt
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Interaction, Role, Team, User
from cadence.models import Audit, CalendarFeed
from cadence.services.audit_corrections import supersede
from cadence.services.audit_signing import sign_as_leader, sign_as_owner
from cadence.services.calendar_feeds import renew, revoke
from tests.factories import (
    AccountFactory,
    ContactFactory,
    ContractFactory,
    InteractionFactory,
    TeamFactory,
    UserFactory,
    ValueItemFactory,
)
from tests.factories.audits import answer_all, open_audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]

SOON = dt.date(2026, 7, 10)


def read(token: str, **headers: str) -> Any:
    return Client().get(f"/calendar/{token}.ics", headers=headers)


def summaries(token: str) -> list[str]:
    response = read(token)
    assert response.status_code == 200
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(response.content).walk("VEVENT")]


def moment(event: icalendar.Component, name: str) -> dt.date:
    """The day or the moment that a property of the event says."""
    said = event[name]
    assert isinstance(said, icalendar.vDDDTypes)
    assert isinstance(said.dt, dt.date)
    return said.dt


def plan(account: Account, on: dt.date = SOON, **fields: Any) -> Interaction:
    days = {"planned_on": on, "happened_on": None, "happened_known_on": None}
    return InteractionFactory(account=account, state="planned", channel="visit", **days, **fields)


@pytest.fixture
def brenner(manager: User, north: Team) -> Account:
    return AccountFactory(name="Brenner", team=north, owner=manager)


def test_an_entry_names_whom_and_what_and_no_note(manager: User, brenner: Account) -> None:
    planned = plan(brenner, by=manager, note="they doubt us", value_item=ValueItemFactory(title="New norms"))
    planned.contacts.add(ContactFactory(account=brenner, name="Ana Ruiz", note="secretive"))
    response = read(renew(manager))
    (event,) = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert moment(event, "DTSTART") == SOON
    assert str(event["SUMMARY"]) == "Visit: Brenner"
    told = str(event["DESCRIPTION"]).splitlines()
    assert told == ["Whom: Ana Ruiz", "To bring: New norms", f"http://localhost/accounts/{brenner.pk}/"]
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "text/calendar; charset=utf-8",
        "private, no-cache",
    )


def test_a_moved_plan_is_the_same_entry_with_a_higher_number(manager: User, brenner: Account) -> None:
    planned, token = plan(brenner, by=manager), renew(manager)
    (before,) = icalendar.Calendar.from_ical(read(token).content).walk("VEVENT")
    planned.planned_on = SOON + dt.timedelta(days=3)
    planned.save()
    (after,) = icalendar.Calendar.from_ical(read(token).content).walk("VEVENT")
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert moment(after, "DTSTART") == SOON + dt.timedelta(days=3)


@pytest.mark.parametrize("ending", [{"state": "voided", "void_reason": "closed"}, {"state": "done"}])
def test_what_is_not_planned_any_more_is_gone(manager: User, brenner: Account, ending: dict[str, str]) -> None:
    planned, token = plan(brenner, by=manager), renew(manager)
    assert summaries(token) == ["Visit: Brenner"]
    done = {"happened_on": SOON, "happened_known_on": SOON} if ending["state"] == "done" else {}
    Interaction.objects.filter(pk=planned.pk).update(**ending, **done)
    assert summaries(token) == []


def test_it_shows_what_may_be_seen_now(manager: User, brenner: Account) -> None:
    plan(brenner, by=manager)
    token = renew(manager)
    Account.objects.filter(pk=brenner.pk).update(owner=None, team=TeamFactory(name="South"))
    assert summaries(token) == []


def test_a_colleague_s_plans_are_not_mine(manager: User, brenner: Account, north: Team) -> None:
    other = UserFactory(teams=[north])
    plan(brenner, by=other)
    plan(AccountFactory(name="Other", team=north, owner=other), by=other)
    assert summaries(renew(manager)) == ["Visit: Brenner"]
    assert sorted(summaries(renew(other))) == ["Visit: Brenner", "Visit: Other"]


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"ends_on": dt.date(2026, 12, 31), "notice_days": 92}, dt.date(2026, 9, 30)),
        ({"ends_on": dt.date(2028, 3, 1), "notice_days": 1}, dt.date(2028, 2, 29)),
        ({"ends_on": dt.date(2026, 12, 31), "no_cause": True}, None),
        ({"ends_on": None}, None),
        ({"ends_on": dt.date(2026, 12, 31), "notice_received_on": dt.date(2026, 6, 1)}, None),
        ({"ends_on": dt.date(2025, 12, 31)}, None),
    ],
)
def test_the_last_day_for_notice(manager: User, brenner: Account, fields: dict[str, Any], day: dt.date | None) -> None:
    received = {"notice_received_known_on": fields.get("notice_received_on")}
    ContractFactory(account=brenner, starts_on=dt.date(2024, 1, 1), **{"notice_days": 0, **fields, **received})
    found = icalendar.Calendar.from_ical(read(renew(manager)).content).walk("VEVENT")
    assert [moment(event, "DTSTART") for event in found] == ([day] if day else [])
    assert all("Last day for notice: Brenner" in str(event["SUMMARY"]) for event in found)


def test_deadlines_of_the_team_are_the_leader_s_and_not_the_colleague_s(
    leader: User, brenner: Account, north: Team
) -> None:
    ContractFactory(account=brenner, starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2026, 12, 31))
    ContractFactory(account=AccountFactory(name="South"), ends_on=dt.date(2026, 12, 31))
    assert summaries(renew(leader)) == ["Last day for notice: Brenner"]
    assert summaries(renew(UserFactory(teams=[north]))) == []


def days(user: User) -> dict[str, dt.date]:
    events = icalendar.Calendar.from_ical(read(renew(user)).content).walk("VEVENT")
    return {str(event["SUMMARY"]): moment(event, "DTSTART") for event in events}


def test_audit_days_are_those_of_who_has_something_to_do(
    manager: User, leader: User, brenner: Account, north: Team
) -> None:
    reviewer = UserFactory(teams=[north])
    audit = open_audit(brenner, reviewer)
    answers = {"Audit 2026-Q2: answers due": dt.date(2026, 7, 14)}
    signatures = {"Audit 2026-Q2: signatures due": dt.date(2026, 7, 24)}
    for user, expected in ((manager, signatures), (leader, signatures), (reviewer, answers)):
        assert days(user) == expected
    assert days(UserFactory(teams=[north])) == {}
    answer_all(audit, reviewer)
    assert days(reviewer) == answers  # nobody has agreed to the action yet
    sign_as_owner(audit, by=manager)
    action = {"Action of the audit 2026-Q2: Brenner": dt.date(2026, 8, 31)}
    for user, expected in ((manager, {}), (leader, signatures), (reviewer, action)):
        assert days(user) == expected
    assert "Present the plan" not in read(renew(reviewer)).content.decode()
    sign_as_leader(audit, by=leader)
    supersede(audit, "The award was counted twice.", by=leader)
    assert summaries(renew(reviewer)).count("Action of the audit 2026-Q2: Brenner") == 1


def test_a_leader_s_own_account_is_signed_by_another_leader(leader: User, north: Team) -> None:
    open_audit(AccountFactory(team=north, owner=leader), None, owner=leader)
    Audit.objects.update(state="owner_signed")
    assert days(leader) == {}
    assert list(days(UserFactory(role=Role.SALES_LEADER, teams=[north]))) == ["Audit 2026-Q2: signatures due"]


def test_wrong_revoked_renewed_and_former_are_all_missing(manager: User) -> None:
    first = renew(manager)
    second = renew(manager)
    assert [read(token).status_code for token in (first, second, "x" * 43, "%F0%9F%98%80")] == [404, 200, 404, 404]
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert read(second).status_code == 404
    User.objects.filter(pk=manager.pk).update(is_active=True, role=Role.OPERATIONS)
    assert read(second).status_code == 404
    User.objects.filter(pk=manager.pk).update(role=Role.READ_ONLY)
    assert read(second).status_code == 200
    revoke(manager)
    assert read(second).status_code == 404


def test_a_wrong_address_costs_one_look_whoever_has_one(manager: User) -> None:
    renew(manager)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        read("x" * 43)
    assert len(asked) == 1


def test_nothing_new_is_not_sent_again(manager: User, brenner: Account) -> None:
    token = renew(manager)
    etag = read(token)["ETag"]
    same = read(token, **{"If-None-Match": etag})
    assert (same.status_code, same.content, same["Cache-Control"]) == (304, b"", "private, no-cache")
    plan(brenner, by=manager)
    assert read(token, **{"If-None-Match": etag}).status_code == 200


def test_the_number_of_statements_is_the_same_for_any_number_of_plans(manager: User, north: Team) -> None:
    token = renew(manager)
    read(token)
    counts = []
    for number in (1, 12):
        for _n in range(number):
            account = AccountFactory(team=north, owner=manager)
            plan(account, by=manager).contacts.add(ContactFactory(account=account))
            ContractFactory(account=account, ends_on=dt.date(2026, 12, 31))
        with CaptureQueriesContext(connection) as asked:
            assert read(token).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_address_is_shown_once_and_stored_hashed(manager: User) -> None:
    client = Client()
    client.force_login(manager)
    page = client.post("/me/calendar/renew/").content.decode()
    address = page.split('id="calendar-address"')[1].split('value="')[1].split('"')[0]
    token = address.removeprefix("http://testserver/calendar/").removesuffix(".ics")
    assert read(token).status_code == 200
    assert token not in client.get("/me/").content.decode()
    assert token not in str(CalendarFeed.objects.values().get())
    client.post("/me/calendar/revoke/")
    assert read(token).status_code == 404
