"""Playbooks on alerts and in the settings: ticked by whom, kept in their words, never written over."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts_app.models import Account, Company, Role, Team, User
from signals.models import AlarmBudget, Alert, Playbook, PlaybookTick
from signals.services import playbooks
from signals.services.alarm_budgets import release_within_budget
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import AS_OF, judged

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company() -> None:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})


@pytest.fixture
def on_that_morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="North")


@pytest.fixture
def manager(team: Team) -> User:
    return UserFactory(name="Jonas Okafor", teams=[team])


@pytest.fixture
def leader(team: Team) -> User:
    return UserFactory(name="Paolo Deluca", role=Role.SALES_LEADER, teams=[team])


@pytest.fixture
def account(team: Team, manager: User) -> Account:
    account: Account = AccountFactory(name="Halvorsen", team=team, owner=manager)
    judged(account)
    return account


@pytest.fixture
def alert(account: Account) -> Alert:
    return opened(account)


def opened(account: Account, **fields: Any) -> Alert:
    days = {"opened_on": AS_OF, "judged_on": AS_OF, "released_on": AS_OF}
    usual = {"signal": "silence", "level": 0.9, "sentence": "No contact.", "priority": 10, "at_stake": 10, **days}
    return Alert.objects.create(account=account, **(usual | fields))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def spoken(html: str) -> str:
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", re.sub(r"<[^>]+>", " ", html))


def post(user: User, address: str, data: Mapping[str, Any] | None = None, htmx: bool = False) -> Any:
    return client_of(user).post(address, data or {}, headers={"HX-Request": "true"} if htmx else None)


def form_of(signal: str, **changes: str) -> dict[str, str]:
    """What the page of a playbook sends back as it stands, with some fields typed over."""
    playbook = playbooks.in_force()[signal]
    data = {"seen_version": str(playbook.version)}
    for n in range(playbooks.MOST_STEPS):
        step = playbook.steps[n] if n < len(playbook.steps) else {"key": "", "text": "", "act": ""}
        data |= {f"{name}-{n}": step[name] for name in ("key", "text", "act")} | {f"place-{n}": str(n + 1)}
    return data | changes


# On an alert


def test_every_signal_has_a_playbook_from_the_start() -> None:
    found = playbooks.in_force()
    assert len(found) == 15
    assert all(3 <= len(playbook.steps) <= playbooks.MOST_STEPS for playbook in found.values())


def test_a_step_is_ticked_off_and_taken_back(manager: User, alert: Alert) -> None:
    answer = post(manager, f"/alerts/{alert.pk}/steps/step-2/tick/", htmx=True)
    text = spoken(answer.content.decode())
    assert "What to do: 1 of 4 done" in text
    assert "done by J. Okafor" in text
    assert '<details class="playbook" open>' in answer.content.decode()
    post(manager, f"/alerts/{alert.pk}/steps/step-2/untick/")
    assert "What to do: 0 of 4 done" in spoken(client_of(manager).get("/alerts/").content.decode())
    tick = PlaybookTick.objects.get()
    assert (tick.by, tick.undone_by) == (manager, manager)


def test_of_two_who_tick_the_first_did_it(manager: User, leader: User, alert: Alert) -> None:
    for user in (manager, leader):
        playbooks.tick(alert, "step-1", by=user)
    assert PlaybookTick.objects.get().by == manager


def test_a_step_of_a_closed_alert_is_not_ticked(manager: User, alert: Alert) -> None:
    Alert.objects.filter(pk=alert.pk).update(state="faded", closed_on=AS_OF)
    post(manager, f"/alerts/{alert.pk}/steps/step-1/tick/")
    assert not PlaybookTick.objects.exists()


def test_a_step_opens_the_dialog_that_does_it(manager: User, alert: Alert) -> None:
    html = client_of(manager).get("/alerts/").content.decode()
    assert f"/log/contact/?account={alert.account_id}" in html
    assert f"/accounts/{alert.account_id}/interactions/plan/" in html


def test_what_was_ticked_in_an_old_playbook_stays_readable(manager: User, leader: User, alert: Alert) -> None:
    playbooks.tick(alert, "step-1", by=manager)
    playbooks.tick(alert, "step-2", by=manager)
    before = playbooks.in_force()["silence"]
    changed = [dict(before.steps[1], text="Quite another step.")]  # the first is dropped, the second reworded
    playbooks.save("silence", changed, by=leader, seen_version=before.version)
    text = spoken(client_of(manager).get("/alerts/").content.decode())
    assert "What to do: 2 of 2 done" in text
    assert before.steps[0]["text"] + " (no longer in the playbook)" in text
    assert before.steps[1]["text"] in text
    assert "Quite another step." not in text


# In the settings


def test_a_change_is_a_new_version(leader: User) -> None:
    data = form_of("silence", **{"text-0": "Ask around first.", "place-0": "9", "text-7": "", "act-1": "log_incident"})
    assert post(leader, "/settings/playbooks/silence/", data).status_code == 302
    found = playbooks.in_force()["silence"]
    assert (found.version, found.made_by) == (2, leader)
    assert [step["key"] for step in found.steps] == ["step-2", "step-3", "step-4", "step-1"]
    assert found.steps[0]["act"] == "log_incident"
    assert Playbook.objects.get(signal="silence", version=1).steps[0]["text"] != "Ask around first."


def test_saving_the_same_makes_no_version(leader: User) -> None:
    post(leader, "/settings/playbooks/silence/", form_of("silence"))
    assert playbooks.in_force()["silence"].version == 1


def test_what_somebody_changed_meanwhile_is_not_written_over(leader: User) -> None:
    data = form_of("silence", **{"text-0": "Mine."})
    post(leader, "/settings/playbooks/silence/", form_of("silence", **{"text-0": "Theirs."}))
    answer = post(leader, "/settings/playbooks/silence/", data)
    assert answer.status_code == 422
    assert "Somebody changed this playbook meanwhile" in answer.content.decode()
    assert "Mine." in answer.content.decode()
    assert playbooks.in_force()["silence"].steps[0]["text"] == "Theirs."


def test_a_playbook_needs_a_step(leader: User) -> None:
    nothing = {f"text-{n}": "" for n in range(playbooks.MOST_STEPS)}
    answer = post(leader, "/settings/playbooks/silence/", form_of("silence", **nothing))
    assert answer.status_code == 422
    assert "at least one step" in answer.content.decode()


def test_managers_do_not_write_playbooks(manager: User) -> None:
    assert client_of(manager).get("/settings/playbooks/").status_code == 403


# The alarm budget


def test_a_manager_with_an_own_number_is_shown_that_many(manager: User, leader: User, account: Account) -> None:
    address = f"/settings/alarm-budget/{manager.pk}/"
    assert post(leader, address, {"weekly": "2"}).status_code == 302
    for number in range(4):
        opened(account, signal=f"signal_{number}", released_on=None, priority=number)
    release_within_budget(AS_OF)
    assert Alert.objects.wanting_attention().count() == 2
    assert post(leader, address, {"weekly": ""}).status_code == 302
    release_within_budget(AS_OF)
    assert Alert.objects.wanting_attention().count() == 4


def test_the_usual_number_is_the_administrators(leader: User, account: Account) -> None:
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    assert post(leader, "/settings/alarm-budget/usual/", {"weekly": "1"}).status_code == 403
    assert post(administrator, "/settings/alarm-budget/usual/", {"weekly": "1"}).status_code == 302
    assert AlarmBudget.objects.get(manager=None).weekly == 1
    assert post(administrator, "/settings/alarm-budget/usual/", {"weekly": "0"}).status_code == 422
    for number in range(3):
        opened(account, signal=f"signal_{number}", released_on=None, priority=number)
    release_within_budget(AS_OF)
    assert Alert.objects.waiting().count() == 2


@pytest.mark.parametrize(("days", "shown"), [(6, 5), (7, 7)])
def test_the_number_counts_seven_days(account: Account, days: int, shown: int) -> None:
    """Five are shown on one day: the sixth day after it is still of that week, the seventh is not."""
    for number in range(7):
        opened(account, signal=f"signal_{number}", released_on=None, priority=number)
    release_within_budget(AS_OF)
    release_within_budget(AS_OF + timedelta(days=days))
    assert Alert.objects.wanting_attention().count() == shown


def test_one_is_released_by_hand_counts_and_goes_back(manager: User, account: Account, on_that_morning: None) -> None:
    waiting = opened(account, released_on=None, signal="silence")
    later = opened(account, released_on=None, signal="loyalty", priority=1)
    AlarmBudget.objects.create(manager=manager, weekly=1)
    text = spoken(client_of(manager).get("/alerts/").content.decode())
    assert "2 wait: 0 of 1 shown in the last 7 days" in text
    assert post(manager, f"/alerts/{waiting.pk}/release/").status_code == 302
    waiting.refresh_from_db()
    assert waiting.released_on == AS_OF
    release_within_budget(AS_OF)
    later.refresh_from_db()
    assert later.released_on is None  # the week is spent
    post(manager, f"/alerts/{waiting.pk}/undo/")
    waiting.refresh_from_db()
    assert waiting.released_on is None


def test_leaders_see_whose_alerts_wait(leader: User, account: Account, on_that_morning: None) -> None:
    hidden = AccountFactory(owner=UserFactory(name="Foreign Person"))
    for where in (account, hidden):
        opened(where, released_on=None)
    text = spoken(client_of(leader).get("/alerts/").content.decode())
    assert "Jonas Okafor: 1 waits: 0 of 5 shown in the last 7 days" in text
    assert "Foreign Person" not in text
