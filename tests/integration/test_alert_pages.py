"""The list of alerts and the acts on them: with htmx and without script, for those who may, and never twice."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Company, Role, Team, User
from signals.models import Alert, AlertAction, Band
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import AS_OF, judged

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
VERBS = ("acknowledge", "snooze", "resolve", "undo")
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def company() -> Company:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    return Company.the()


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="North")


@pytest.fixture
def manager(team: Team) -> User:
    return UserFactory(name="Jonas Okafor", teams=[team])


@pytest.fixture
def account(team: Team, manager: User) -> Account:
    return AccountFactory(name="Halvorsen", team=team, owner=manager)


@pytest.fixture
def alert(account: Account) -> Alert:
    return opened(account)


def opened(account: Account, **fields: Any) -> Alert:
    usual = {
        "signal": "silence", "opened_on": AS_OF - timedelta(days=3), "judged_on": AS_OF, "released_on": AS_OF,
        "level": 0.9, "priority": 1000, "at_stake": 1000, "sentence": "No contact either way for 58 days.",
        "evidence": {"tab": "interactions", "count": 20, "from": "2026-01-01", "until": "2026-05-03", "ids": None},
    }  # fmt: skip
    return Alert.objects.create(account=account, **(usual | fields))


def logged_in(user: User, **headers: str) -> Client:
    client = Client(headers=headers)
    client.force_login(user)
    return client


def listed(user: User, query: str = "") -> str:
    response = logged_in(user).get("/alerts/" + query)
    assert response.status_code == 200
    return response.content.decode()


def ids(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="alert-(\d+)"', html)]


def spoken(html: str) -> str:
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", re.sub(r"<[^>]+>", " ", html))


def act(
    user: User, alert: Alert, verb: str, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Any:
    return logged_in(user, **(headers or {})).post(f"/alerts/{alert.pk}/{verb}/", data or {})


def state(alert: Alert) -> str:
    alert.refresh_from_db()
    return alert.state


# The list


def test_most_money_at_stake_stands_first(manager: User, account: Account) -> None:
    small = opened(account, priority=10, signal="silence")
    large = opened(account, priority=9000, signal="proactive_gap")
    assert ids(listed(manager)) == [large.pk, small.pk]


def test_a_row_says_what_where_since_when_and_how_much(manager: User, account: Account, alert: Alert) -> None:
    judged(account, Band.AT_RISK)
    text = spoken(listed(manager))
    assert "Halvorsen Key · J. Okafor At risk 72 Silence No contact either way for 58 days. 20 rows" in text
    assert "At stake € 1.00 k Opened 27 Jun 3 d" in text


def test_states_are_told_apart_and_counted(manager: User, account: Account) -> None:
    signals = iter(f"signal_{number}" for number in range(9))
    until, closed = AS_OF + timedelta(days=9), {"closed_on": AS_OF}
    shown = {
        "open": [opened(account, signal=next(signals))],
        "acknowledged": [opened(account, signal=next(signals), state="acknowledged", priority=1)],
        "snoozed": [opened(account, signal=next(signals), state="snoozed", snoozed_until=until)],
        "waiting": [opened(account, signal=next(signals), released_on=None)],
        "closed": [
            opened(account, signal=next(signals), state="faded", **closed),
            opened(account, signal=next(signals), state="resolved", outcome="false", **closed),
        ],
    }
    for key, alerts in shown.items():
        assert sorted(ids(listed(manager, f"?state={key}"))) == [alert.pk for alert in alerts], key
    todo = listed(manager, "?state=whatever")
    assert ids(todo) == [shown["open"][0].pk, shown["acknowledged"][0].pk]
    assert "To do 2 Open 1 Acknowledged 1 Snoozed 1 Waiting 1 Closed 2" in spoken(todo)


def test_mine_team_and_all(manager: User, account: Account, alert: Alert, team: Team) -> None:
    of_team = opened(AccountFactory(team=team))
    deputised = opened(AccountFactory(deputy=manager))
    opened(AccountFactory())
    assert sorted(ids(listed(manager))) == [alert.pk, deputised.pk]
    assert sorted(ids(listed(manager, "?whose=team"))) == [alert.pk, of_team.pk]
    assert sorted(ids(listed(manager, "?whose=all"))) == [alert.pk, of_team.pk, deputised.pk]


def test_one_signal_alone(manager: User, account: Account, alert: Alert) -> None:
    gap = opened(account, signal="proactive_gap")
    assert ids(listed(manager, "?signal=proactive_gap")) == [gap.pk]
    assert len(ids(listed(manager, "?signal=nonsense"))) == 2


def test_an_empty_list_says_when_an_alert_opens(manager: User) -> None:
    assert "An alert opens when a signal crosses its line" in listed(manager)


def test_who_may_not_act_sees_no_buttons(team: Team, alert: Alert) -> None:
    for user in (UserFactory(role=Role.READ_ONLY, teams=[team]), UserFactory(teams=[team])):
        html = listed(user, "?whose=all")
        assert ids(html) == [alert.pk]
        assert "acknowledge/" not in html


def test_the_number_of_queries_does_not_follow_the_rows(manager: User, team: Team) -> None:
    client = logged_in(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/alerts/")
        return len(captured)

    def add(number: int) -> None:
        for _ in range(number):
            account = AccountFactory(team=team, owner=manager)
            judged(account)
            act(manager, opened(account), "acknowledge")

    add(1)
    few = queries()
    add(30)
    assert queries() == few
    assert few <= 16


# Acting


def test_acknowledge_swaps_the_row_and_offers_to_undo(manager: User, alert: Alert) -> None:
    response = act(manager, alert, "acknowledge", headers=HTMX)
    html = response.content.decode()
    assert state(alert) == "acknowledged"
    assert ids(html) == [alert.pk]
    assert (response["HX-Retarget"], response["HX-Reswap"]) == (f"#alert-{alert.pk}", "outerHTML")
    assert "<html" not in html
    assert f'hx-post="/alerts/{alert.pk}/undo/"' in html
    assert "Acknowledged · J. Okafor, " in spoken(html)


def test_the_count_in_the_menu_comes_along(manager: User, alert: Alert) -> None:
    html = act(manager, alert, "resolve", {"outcome": "false"}, headers=HTMX).content.decode()
    assert re.search(r'id="open-alert-count" hx-swap-oob="true"></span>', html)


def test_snooze_needs_a_day_to_come_and_a_reason(manager: User, alert: Alert) -> None:
    response = act(manager, alert, "snooze", {"until": "2026-06-30", "reason": "tender in July"}, headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Choose a day from tomorrow on" in html
    assert 'value="tender in July"' in html
    assert 'value="2026-06-30"' in html
    assert re.search(r"<details[^>]* open>\s*<summary[^>]*snooze", html)
    assert state(alert) == "open"
    assert act(manager, alert, "snooze", {"until": "2026-07-01", "reason": " "}, headers=HTMX).status_code == 422
    done = act(manager, alert, "snooze", {"until": "2026-07-01", "reason": "tender in July"}, headers=HTMX)
    assert done.status_code == 200
    assert state(alert) == "snoozed"
    assert alert.snoozed_until == date(2026, 7, 1)
    assert "“tender in July”" in spoken(done.content.decode())


def test_an_impossible_day_is_answered_at_its_field(manager: User, alert: Alert) -> None:
    response = act(manager, alert, "snooze", {"until": "2026-02-30", "reason": "x"}, headers=HTMX)
    assert response.status_code == 422
    assert f'id="alert-{alert.pk}-snooze-until_error"' in response.content.decode()


def test_resolving_a_real_alert_asks_for_its_cause(manager: User, alert: Alert) -> None:
    response = act(manager, alert, "resolve", {"outcome": "real", "note": "told by phone"}, headers=HTMX)
    assert response.status_code == 422
    assert "Say what the cause was." in response.content.decode()
    assert 'value="told by phone"' in response.content.decode()
    act(manager, alert, "resolve", {"outcome": "real", "cause": "competitor", "note": "told by phone"}, headers=HTMX)
    assert state(alert) == "resolved"
    assert (alert.outcome, alert.cause) == ("real", "competitor")
    assert AlertAction.objects.get().reason == "told by phone"


@pytest.mark.parametrize("outcome", ["false", "too_early"])
def test_a_cause_chosen_before_does_not_stand_in_the_way(manager: User, alert: Alert, outcome: str) -> None:
    act(manager, alert, "resolve", {"outcome": outcome, "cause": "competitor"}, headers=HTMX)
    assert state(alert) == "resolved"
    assert (alert.outcome, alert.cause) == (outcome, "")


def test_undo_brings_back_what_was(manager: User, alert: Alert) -> None:
    act(manager, alert, "acknowledge")
    act(manager, alert, "resolve", {"outcome": "false"})
    response = act(manager, alert, "undo", headers=HTMX)
    assert state(alert) == "acknowledged"
    assert "Taken back." in response.content.decode()


def test_nothing_to_undo_is_said_and_nothing_changes(manager: User, alert: Alert) -> None:
    response = act(manager, alert, "undo", headers=HTMX)
    assert response.status_code == 422
    assert "There is nothing to undo" in response.content.decode()
    assert state(alert) == "open"


def test_an_alert_closed_meanwhile_is_said_to_be_closed(manager: User, alert: Alert) -> None:
    act(manager, alert, "resolve", {"outcome": "false"})
    response = act(manager, alert, "acknowledge", headers=HTMX)
    assert response.status_code == 422
    assert "closed already" in response.content.decode()


# Without script


def test_without_script_an_act_leads_back_to_where_it_was_done(manager: User, alert: Alert) -> None:
    came_from = "http://testserver/alerts/?whose=team&done=1"
    response = act(manager, alert, "acknowledge", headers={"referer": came_from})
    assert response.status_code == 302
    assert response["Location"] == f"/alerts/?whose=team&done={alert.pk}"
    html = logged_in(manager).get(response["Location"]).content.decode()
    assert re.search(rf'class="toast".*action="/alerts/{alert.pk}/undo/"', html, re.DOTALL)
    assert act(manager, alert, "undo", headers={"referer": came_from})["Location"] == "/alerts/?whose=team"


@pytest.mark.parametrize("came_from", ["https://evil.example/alerts/", "//evil.example", "javascript:alert(1)", ""])
def test_nobody_is_led_away_from_here(manager: User, alert: Alert, came_from: str) -> None:
    response = act(manager, alert, "acknowledge", {"next": came_from})
    assert response["Location"] == f"/alerts/?done={alert.pk}"


def test_without_script_a_refusal_is_a_page_that_keeps_what_was_typed(manager: User, alert: Alert) -> None:
    response = act(manager, alert, "snooze", {"until": "2020-01-01", "reason": "tender", "next": "/alerts/?whose=all"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "<html" in html
    assert 'value="tender"' in html
    assert "Choose a day from tomorrow on" in html
    assert 'name="next" value="/alerts/?whose=all"' in html


def test_the_offer_to_undo_is_only_made_to_whoever_acted(manager: User, alert: Alert, team: Team) -> None:
    act(UserFactory(role=Role.SALES_LEADER, teams=[team]), alert, "acknowledge")
    for done in (str(alert.pk), "9" * 30, "1; drop", "²"):
        assert 'class="toast"' not in listed(manager, f"?done={done}")


# Who may


@pytest.mark.parametrize("verb", VERBS)
def test_only_those_who_may_edit_the_account_may_act(verb: str, team: Team, alert: Alert) -> None:
    data = {"until": "2026-07-09", "reason": "x", "outcome": "false"}
    expected = {
        UserFactory(teams=[team]): 403,  # of the team, but neither owner nor deputy
        UserFactory(role=Role.READ_ONLY, teams=[team]): 403,
        UserFactory(role=Role.OPERATIONS): 403,
        UserFactory(teams=[TeamFactory()]): 404,
        UserFactory(role=Role.SALES_LEADER, teams=[TeamFactory()]): 404,
    }
    for user, status in expected.items():
        for headers in ({}, HTMX):
            assert act(user, alert, verb, data, headers).status_code == status
    assert not AlertAction.objects.exists()
    assert state(alert) == "open"


@pytest.mark.parametrize("verb", VERBS)
def test_an_act_is_never_a_link(verb: str, manager: User, alert: Alert) -> None:
    response = logged_in(manager).get(f"/alerts/{alert.pk}/{verb}/")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert act(manager, Alert(pk=alert.pk + 1000), verb).status_code == 404


def test_a_forged_act_is_refused(manager: User, alert: Alert) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    assert client.post(f"/alerts/{alert.pk}/acknowledge/").status_code == 403
    assert state(alert) == "open"
