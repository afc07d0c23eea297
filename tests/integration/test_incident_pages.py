"""Logging and acting over HTTP: who may, page and fragment, what is refused and kept, and what two editors are told."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Company, Contact, Incident, IncidentPause, Role, Team, User
from tests.factories import AccountFactory, ContactFactory, IncidentFactory, OrderFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # already July in Berlin
VERBS = ("acknowledge", "pause", "resume", "update", "resolve", "reopen")
FORMS = ("pause", "update", "resolve")


@pytest.fixture(autouse=True)
def late_evening() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def company() -> Company:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "Europe/Berlin"})
    return Company.the()


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="North")


@pytest.fixture
def manager(team: Team) -> User:
    return UserFactory(name="Jonas Okafor", teams=[team])


@pytest.fixture
def clerk() -> User:
    return UserFactory(name="Mia Sanz", role=Role.OPERATIONS)


@pytest.fixture
def account(team: Team, manager: User) -> Account:
    return AccountFactory(name="Halvorsen", team=team, owner=manager)


@pytest.fixture
def incident(account: Account) -> Incident:
    return IncidentFactory(account=account, number="T-77", title="Seal kit short", opened_at=NOW - timedelta(days=3))


def client_of(user: User, *, htmx: bool = False) -> Client:
    client = Client(headers={"HX-Request": "true"} if htmx else {})
    client.force_login(user)
    return client


def act(user: User, incident: Incident, verb: str, *, htmx: bool = True, version: int = 1, **said: str) -> Any:
    return client_of(user, htmx=htmx).post(f"/incidents/{incident.pk}/{verb}/", {"version": version, **said})


def log(user: User, *, htmx: bool = True, **said: Any) -> Any:
    return client_of(user, htmx=htmx).post("/log/incident/", said)


def spoken(response: Any) -> str:
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


SAID: dict[str, Any] = {"title": "Two seals missing", "kind": "delivery", "severity": "minor"}


# Logging


def test_operations_log_for_any_account_and_the_page_hears_of_it(clerk: User) -> None:
    account = AccountFactory()
    response = log(clerk, **SAID, account=account.pk)
    incident = Incident.objects.get()
    assert (response.status_code, incident.account, incident.opened_at) == (200, account, NOW)
    assert json.loads(response["HX-Trigger"]).keys() == {"dialog:close", "facts:changed"}
    assert f"{incident.number} logged." in spoken(response)
    assert f'hx-post="/incidents/{incident.pk}/undo/?version=1"' in response.content.decode()
    assert incident.known_on.isoformat() == "2026-07-01"  # in the company's zone


def test_the_line_of_the_board_comes_back_empty_for_the_next(clerk: User) -> None:
    response = log(clerk, **SAID, account=AccountFactory(name="Halvorsen").pk, account_search="Halvorsen", line="1")
    html = response.content.decode()
    assert (response.status_code, response["HX-Trigger"]) == (200, "facts:changed")
    assert html.strip().startswith('<form class="card incident-line"')
    assert "Two seals missing" not in html
    assert 'value="Halvorsen"' not in html
    assert "logged." in spoken(response)


def test_without_script_it_leads_to_the_new_incident(clerk: User) -> None:
    client = client_of(clerk)
    response = client.post("/log/incident/", {**SAID, "account": AccountFactory().pk})
    assert (response.status_code, response["Location"]) == (302, f"/incidents/{Incident.objects.get().pk}/")
    assert "logged." in spoken(client.get(response["Location"]))


@pytest.mark.parametrize("line", ["", "1"])
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"account": ""}, "Choose the account."),
        ({"account": "2000000000"}, "This is no account whose incidents you may log."),
        ({"account": "99999999999999999999999"}, "This is no account whose incidents you may log."),
        ({"account": "x"}, "This is no account whose incidents you may log."),
        ({"title": " "}, "This field is required."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"kind": ""}, "Choose what kind it is."),
        ({"kind": "weather"}, "Select a valid choice"),
        ({"severity": "huge"}, "Select a valid choice"),
        ({"opened_at": "2026-07-01T00:31"}, "This moment lies in the future."),
        ({"opened_at": "1999-01-01T00:00"}, "Give a moment since the year 2000."),
        ({"opened_at": "2026-03-29T02:30"}, "couldn’t be interpreted in time zone"),
        ({"opened_at": "0001-01-01T00:00"}, "Give a moment since the year 2000."),
        ({"opened_at": "yesterday"}, "Enter a valid date/time."),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_what_was_typed_is_kept(
    line: str, wrong: dict[str, str], told: str, clerk: User
) -> None:
    said: dict[str, Any] = {**SAID, "account": str(AccountFactory().pk), "note": "", "line": line} | wrong
    response = log(clerk, **said)
    html = response.content.decode()
    assert response.status_code == 422
    assert told in unescape(html)
    assert 'class="field__errors"' in html
    assert "<html" not in html
    assert not Incident.objects.exists()
    if "title" not in wrong:
        assert 'value="Two seals missing"' in html
    page = log(clerk, **said, htmx=False)
    assert (page.status_code, "<html" in page.content.decode()) == (422, True)


def test_an_earlier_moment_is_read_in_the_zone_of_the_company(clerk: User) -> None:
    log(clerk, **SAID, account=AccountFactory().pk, opened_at="2026-06-30T09:15")
    assert Incident.objects.get().opened_at == datetime(2026, 6, 30, 7, 15, tzinfo=UTC)


def test_looking_for_an_account_without_script_keeps_the_rest(clerk: User) -> None:
    account = AccountFactory(name="Halvorsen Marine")
    response = client_of(clerk).post(
        "/log/incident/", {**SAID, "severity": "major", "account_search": "halv", "find": "account"}
    )
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<option value="{account.pk}">Halvorsen Marine</option>' in html
    assert 'value="Two seals missing"' in html
    assert re.search(r'value="major"[^>]*checked', html)
    assert "field__errors" not in html


def test_an_account_in_the_address_is_chosen_already(clerk: User, account: Account) -> None:
    client = client_of(clerk, htmx=True)
    html = client.get(f"/log/incident/?account={account.pk}").content.decode()
    assert html.strip().startswith('<h2 id="dialog-title"')
    assert f'<option value="{account.pk}" selected>' in html
    assert re.search(r'name="title"[^>]*autofocus', html)
    assert re.search(r'value="minor"[^>]*checked', html)
    assert "selected>Halvorsen" not in client.get("/log/incident/?account=x").content.decode()


def test_managers_log_only_where_they_may_change_the_account(team: Team, manager: User, account: Account) -> None:
    colleagues = AccountFactory(team=team)
    assert log(manager, **SAID, account=colleagues.pk).status_code == 422
    assert log(manager, **SAID, account=account.pk).status_code == 200
    leader = UserFactory(role=Role.SALES_LEADER, teams=[team])
    assert log(leader, **SAID, account=colleagues.pk).status_code == 200
    assert log(leader, **SAID, account=AccountFactory().pk).status_code == 422


# Acting


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_act(verb: str, team: Team, manager: User, clerk: User, incident: Incident) -> None:
    def status(user: User) -> int:
        return int(act(user, incident, verb).status_code)

    for allowed in (clerk, manager, UserFactory(role=Role.SALES_LEADER, teams=[team])):
        assert status(allowed) in {200, 422}
    assert status(UserFactory(role=Role.READ_ONLY, teams=[team])) == 403
    assert status(UserFactory(teams=[team])) == 403  # sees the account, does not answer for it
    assert status(UserFactory(teams=[TeamFactory()])) == 404
    missing = client_of(clerk).post("/incidents/2000000000/" + verb + "/", {"version": "1"})
    assert missing.status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_a_wrong_method_is_refused(verb: str, clerk: User, incident: Incident) -> None:
    client = client_of(clerk)
    assert client.put(f"/incidents/{incident.pk}/{verb}/").status_code == 405
    assert client.get(f"/incidents/{incident.pk}/{verb}/").status_code == (200 if verb in FORMS else 405)


@pytest.mark.parametrize("verb", FORMS)
def test_a_form_is_a_dialog_and_a_page(verb: str, clerk: User, incident: Incident) -> None:
    fragment = client_of(clerk, htmx=True).get(f"/incidents/{incident.pk}/{verb}/").content.decode()
    page = client_of(clerk).get(f"/incidents/{incident.pk}/{verb}/").content.decode()
    assert fragment.strip().startswith('<h2 id="dialog-title"')
    assert f'hx-post="/incidents/{incident.pk}/{verb}/"' in fragment
    assert "<html" in page
    assert "hx-post" not in page.split('class="card card--form"')[1].split("</section>")[0]
    for html in (fragment, page):
        assert 'name="version" value="1"' in html


def test_from_opening_to_reopening_over_http(clerk: User, incident: Incident) -> None:
    steps: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("acknowledge", {}, "T-77 acknowledged."),
        ("pause", {"reason": "waiting"}, "T-77 paused: its clock stands."),
        ("resume", {}, "T-77: the clock is running again."),
        ("update", {"severity": "major", "kind": "quality", "title": "Seals", "note": ""}, "T-77 updated."),
        ("resolve", {"resolution": "sent", "resolved_at": "2026-06-30T12:00"}, "T-77 resolved."),
        ("reopen", {}, "T-77 reopened: its clock runs on."),
    )
    for version, (verb, said, told) in enumerate(steps, start=1):
        response = act(clerk, incident, verb, version=version, **said)
        assert (response.status_code, told in spoken(response)) == (200, True), verb
        assert f"/incidents/{incident.pk}/undo/?version={version + 1}" in response.content.decode()
        if verb == "resolve":
            row = Incident.objects.get()
            assert row.resolved_at == datetime(2026, 6, 30, 10, 0, tzinfo=UTC)
            assert str(row.resolved_known_on) == "2026-07-01"
    assert Incident.objects.get().is_open


@pytest.mark.parametrize(
    ("verb", "said", "told"),
    [
        ("pause", {"reason": ""}, "This field is required."),
        ("resolve", {"resolution": ""}, "This field is required."),
        ("resolve", {"resolution": "sent", "resolved_at": "2026-07-01T00:31"}, "This moment lies in the future."),
        ("resolve", {"resolution": "sent", "resolved_at": "2026-06-27T23:00"}, "It was opened later than this."),
        ("update", {"severity": "minor", "kind": "weather", "title": "kept"}, "Select a valid choice"),
        ("update", {"severity": "minor", "kind": "quality", "title": ""}, "This field is required."),
    ],
)
def test_bad_input_is_said_at_the_field(
    verb: str, said: dict[str, Any], told: str, clerk: User, incident: Incident
) -> None:
    response = act(clerk, incident, verb, **said)
    html = unescape(response.content.decode())
    assert (response.status_code, told in html, 'class="field__errors"' in html) == (422, True, True)
    assert all(f'value="{text}"' in html for name, text in said.items() if text and name != "kind")
    assert Incident.objects.get().version == 1


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999"])
def test_a_form_without_its_version_is_refused(version: str, clerk: User, incident: Incident) -> None:
    response = client_of(clerk, htmx=True).post(f"/incidents/{incident.pk}/acknowledge/", {"version": version})
    assert response.status_code == 422
    assert Incident.objects.get().acknowledged_at is None


def test_a_press_that_cannot_be_is_said_by_a_message(clerk: User, incident: Incident) -> None:
    response = act(clerk, incident, "resume")
    assert (response.status_code, response["HX-Reswap"]) == (422, "none")
    assert "T-77: The clock is running: there is no pause to end." in spoken(response)
    page = act(clerk, incident, "resume", htmx=False)
    assert (page.status_code, page["Location"]) == (302, f"/incidents/{incident.pk}/")


def test_without_script_a_button_leads_back_to_its_list(clerk: User, incident: Incident) -> None:
    client = client_of(clerk)
    for referer, back in (
        ("http://testserver/incidents/?severity=minor", "/incidents/?severity=minor"),
        (f"http://testserver/accounts/{incident.account_id}/incidents/", f"/accounts/{incident.account_id}/incidents/"),
        ("http://elsewhere.test/incidents/", f"/incidents/{incident.pk}/"),
    ):
        version = Incident.objects.get().version
        response = client.post(
            f"/incidents/{incident.pk}/acknowledge/", {"version": version}, headers={"Referer": referer}
        )
        assert (response.status_code, response["Location"]) == (302, back)


# Taking back


def test_what_was_done_is_taken_back_by_the_message(clerk: User, incident: Incident) -> None:
    answer = act(clerk, incident, "pause", reason="waiting").content.decode()
    address = re.search(r'hx-post="([^"]+/undo/[^"]+)"', answer)
    assert address
    response = client_of(clerk, htmx=True).post(unescape(address[1]))
    assert (response.status_code, "Taken back." in spoken(response)) == (200, True)
    assert not IncidentPause.objects.exists()
    assert client_of(clerk, htmx=True).post(unescape(address[1])).status_code == 422


def test_an_undone_log_leads_to_the_board(clerk: User) -> None:
    log(clerk, **SAID, account=AccountFactory().pk)
    response = client_of(clerk).post(f"/incidents/{Incident.objects.get().pk}/undo/?version=1")
    assert (response.status_code, response["Location"]) == (302, "/incidents/")
    assert not Incident.objects.exists()


# Two editors


def test_the_second_editor_is_told_and_nothing_is_overwritten(manager: User, clerk: User, incident: Incident) -> None:
    first: dict[str, Any] = {"severity": "major", "kind": "delivery", "title": "Seal kit short", "note": "first"}
    assert act(manager, incident, "update", **first).status_code == 200
    typed: dict[str, Any] = {
        "severity": "critical",
        "kind": "delivery",
        "title": "Seal kit short",
        "note": "second, at length",
    }
    response = act(clerk, incident, "update", **typed)
    html, text = response.content.decode(), spoken(response)
    assert response.status_code == 422
    assert "Somebody else was faster" in text
    assert "J. Okafor: Severity Minor → Major · Note: “first”" in text
    assert "Severity Major What is known by now first" in text  # stored now, where it is not what was typed
    assert "second, at length</textarea>" in html
    row = Incident.objects.get()
    assert (row.severity, row.note) == ("major", "first")
    # Whoever sends it again has read what stands there.
    assert 'name="version" value="2"' in html
    assert act(clerk, incident, "update", version=2, **typed).status_code == 200
    assert Incident.objects.get().note == "second, at length"


def test_a_resolution_on_an_older_version_is_kept_in_the_form(manager: User, clerk: User, incident: Incident) -> None:
    act(manager, incident, "resolve", resolution="sent a courier")
    response = act(clerk, incident, "resolve", resolution="sent by post")
    assert "J. Okafor: Resolved 1 Jul 00:30: “sent a courier”" in spoken(response)
    assert 'value="sent by post"' in response.content.decode()
    again = act(clerk, incident, "resolve", version=2, resolution="sent by post")
    assert "It is resolved already: reopen it first." in spoken(again)
    assert Incident.objects.get().resolution == "sent a courier"


def test_a_press_on_an_older_version_says_who_was_faster(manager: User, clerk: User, incident: Incident) -> None:
    act(manager, incident, "pause", reason="waiting")
    text = spoken(act(clerk, incident, "acknowledge"))
    assert "T-77: Somebody else was faster. Nothing of theirs was overwritten. J. Okafor: Paused: “waiting”." in text
    assert Incident.objects.get().acknowledged_at is None


def test_an_incident_gone_meanwhile_is_missing(clerk: User, incident: Incident, monkeypatch: Any) -> None:
    Incident.objects.all().delete()
    assert act(clerk, incident, "acknowledge").status_code == 404


# One incident


def test_the_page_of_an_incident_says_all_of_it(clerk: User, incident: Incident, account: Account) -> None:
    ContactFactory(account=account, name="Ingrid Solheim", phone="+47 55 10", primary=True)
    OrderFactory(account=account, number="O-777")
    act(clerk, incident, "pause", reason="waiting for <b>parts</b>")
    act(clerk, incident, "update", version=2, severity="minor", kind="delivery", title="Seals", note="two of five")
    response = client_of(clerk).get(f"/incidents/{incident.pk}/")
    text, html = spoken(response), response.content.decode()
    for words in ("Seals", "T-77 · Delivery", "two of five", "Ingrid Solheim", "+47 55 10", "3 d of", "paused since"):
        assert words in text, words
    assert "· M. Sanz Now called “Seals”, before “Seal kit short” Note: “two of five”" in text
    assert "<b>parts" not in html
    assert "O-777" not in html
    assert "€" not in html


@pytest.mark.parametrize("htmx", [False, True])
def test_the_page_is_within_scope(htmx: bool, manager: User, incident: Incident) -> None:
    stranger = UserFactory(teams=[TeamFactory(name="South")])
    assert client_of(stranger, htmx=htmx).get(f"/incidents/{incident.pk}/").status_code == 404
    own = client_of(manager, htmx=htmx).get(f"/incidents/{incident.pk}/")
    assert (own.status_code, "<html" in own.content.decode()) == (200, not htmx)


def test_the_number_of_queries_does_not_follow_history_or_contacts(clerk: User, incident: Incident) -> None:
    client = client_of(clerk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/incidents/{incident.pk}/")
        return len(captured)

    def add(number: int) -> None:
        for _ in range(number):
            ContactFactory(account=incident.account)
            row = Incident.objects.get()
            act(UserFactory(role=Role.OPERATIONS), row, "pause", version=row.version, reason="waiting")
            act(clerk, row, "resume", version=row.version + 1)

    add(1)
    few = queries()
    add(10)
    assert queries() == few
    assert Contact.objects.count() == 11
    assert few <= 15


# News


def news(user: User, since: datetime, accounts: str = "*") -> Any:
    return client_of(user).get("/incidents/state/", {"since": str(int(since.timestamp())), "accounts": accounts})


def test_news_name_the_accounts_whose_incidents_changed(clerk: User, incident: Incident, account: Account) -> None:
    quiet = AccountFactory()
    before = datetime.now(UTC) - timedelta(days=365)
    response = news(clerk, before, f"*,{account.pk},{quiet.pk}")
    assert response.status_code == 200
    told = response.json()
    assert told["since"] == int(NOW.timestamp())
    assert told["accounts"].keys() == {"*", str(account.pk)}
    assert float(told["accounts"]["*"]) == float(told["accounts"][str(account.pk)])


def test_without_news_the_answer_is_empty(clerk: User, incident: Incident) -> None:
    # The trail is dated by the database, whose clock no test can set.
    assert news(clerk, datetime(2100, 1, 1, tzinfo=UTC)).status_code == 204
    assert news(clerk, datetime(2000, 1, 1, tzinfo=UTC), "").status_code == 204


@pytest.mark.parametrize("since", ["", "x", "-1", "1e9", "999999999999999"])
def test_what_is_no_moment_means_now(since: str, clerk: User, incident: Incident) -> None:
    response = client_of(clerk).get("/incidents/state/", {"since": since, "accounts": "*"})
    assert response.status_code in {200, 204}


def test_news_stay_within_scope(incident: Incident) -> None:
    stranger = UserFactory(teams=[TeamFactory(name="South")])
    assert news(stranger, datetime(2000, 1, 1, tzinfo=UTC), f"*,{incident.account_id}").status_code == 204


def test_news_cost_the_same_however_much_there_is(clerk: User, incident: Incident) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            news(clerk, datetime(2000, 1, 1, tzinfo=UTC))
        return len(captured)

    few = queries()
    for _ in range(20):
        IncidentFactory()
    assert queries() == few
