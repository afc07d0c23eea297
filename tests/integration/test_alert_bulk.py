"""Several alerts at once, and what became of those that were closed."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Company, Role, Team, User
from signals.models import Alert, AlertAction, BulkAct
from signals.pages.alerts.quality import FEW, Quality, qualities
from signals.services import alerts, playbooks
from tests.factories import AccountFactory, IncidentFactory, InteractionFactory, TeamFactory, UserFactory
from tests.factories.judgement import AS_OF, judged

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company() -> None:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="North")


@pytest.fixture
def manager(team: Team) -> User:
    return UserFactory(name="Jonas Okafor", teams=[team])


@pytest.fixture
def account(team: Team, manager: User) -> Account:
    account: Account = AccountFactory(name="Halvorsen", team=team, owner=manager)
    judged(account)
    return account


def opened(account: Account, signal: str = "silence", **fields: Any) -> Alert:
    days = {"opened_on": AS_OF, "judged_on": AS_OF, "released_on": AS_OF}
    return Alert.objects.create(account=account, signal=signal, level=0.9, sentence="s", **(days | fields))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def keys(*chosen: Alert) -> str:
    return ",".join(str(alert.pk) for alert in chosen)


def states(*chosen: Alert) -> list[str]:
    return [Alert.objects.get(pk=alert.pk).state for alert in chosen]


def spoken(html: str) -> str:
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", re.sub(r"<[^>]+>", " ", html))


# Bulk


def test_the_page_names_what_is_chosen_and_leaves_the_rest_alone(manager: User, account: Account, team: Team) -> None:
    mine, closed = opened(account), opened(account, "loyalty", state="faded", closed_on=AS_OF)
    colleagues = opened(AccountFactory(name="Lindqvist", team=team))
    foreign = opened(AccountFactory(name="Zanzibar"))
    query = "&".join(f"alert={alert.pk}" for alert in (mine, closed, colleagues, foreign))
    text = spoken(client_of(manager).get(f"/alerts/bulk/resolve/?{query}").content.decode())
    assert "1 alert: Halvorsen (Silence)" in text
    assert "2 are closed or not yours to act on, and are left alone." in text
    assert "Zanzibar" not in text


@pytest.mark.parametrize(
    ("verb", "body", "state"),
    [
        ("acknowledge", {}, "acknowledged"),
        ("snooze", {"until": str(date.today() + timedelta(days=9)), "reason": "fair"}, "snoozed"),  # noqa: DTZ011
        ("resolve", {"outcome": "real", "cause": "competitor", "note": "told us"}, "resolved"),
    ],
)
def test_all_are_done_and_taken_back_as_one(
    manager: User, account: Account, verb: str, body: dict[str, str], state: str
) -> None:
    chosen = [opened(account, signal) for signal in ("silence", "loyalty", "order_rhythm")]
    client = client_of(manager)
    assert client.post(f"/alerts/bulk/{verb}/", {"alerts": keys(*chosen), **body}).status_code == 302
    assert states(*chosen) == [state] * 3
    act = BulkAct.objects.get()
    assert (act.kind, len(act.items)) == ("alerts", 3)
    assert client.post(f"/portfolio/bulk/{act.pk}/undo/").headers["Location"] == "/alerts/"
    assert states(*chosen) == ["open"] * 3
    assert AlertAction.objects.filter(kind="undo").count() == 3


def test_what_is_refused_changes_nothing(manager: User, account: Account) -> None:
    chosen = [opened(account, signal) for signal in ("silence", "loyalty")]
    answer = client_of(manager).post("/alerts/bulk/resolve/", {"alerts": keys(*chosen), "outcome": "real"})
    assert answer.status_code == 422
    assert "Say what the cause was." in answer.content.decode()
    assert states(*chosen) == ["open", "open"]


def test_a_foreign_alert_is_not_acted_on(manager: User, account: Account) -> None:
    mine, foreign = opened(account), opened(AccountFactory())
    client_of(manager).post("/alerts/bulk/acknowledge/", {"alerts": keys(mine, foreign)})
    assert states(mine, foreign) == ["acknowledged", "open"]


def test_one_acted_on_since_is_left_alone(manager: User, account: Account, team: Team) -> None:
    other = AccountFactory(name="Lindqvist", team=team, owner=manager)
    judged(other)
    first, second = opened(account), opened(other)
    client = client_of(manager)
    client.post("/alerts/bulk/acknowledge/", {"alerts": keys(first, second)})
    alerts.resolve(second, by=manager, outcome=Alert.Outcome.FALSE, today=AS_OF)
    act = BulkAct.objects.get()
    assert client.post(f"/portfolio/bulk/{act.pk}/undo/").status_code == 409
    assert states(first, second) == ["acknowledged", "resolved"]
    client.post(f"/portfolio/bulk/{act.pk}/undo/", {"only_unchanged": "1"})
    assert states(first, second) == ["open", "resolved"]


def test_an_act_on_nothing_is_refused(manager: User, account: Account) -> None:
    assert client_of(manager).post("/alerts/bulk/acknowledge/", {"alerts": ""}).status_code == 422
    assert "No alert is chosen" in client_of(manager).get("/alerts/bulk/snooze/").content.decode()


# Quality


def closed_as(account: Account, outcome: str, signal: str = "silence", **fields: Any) -> Alert:
    return opened(account, signal, state="resolved", outcome=outcome, closed_on=AS_OF, **fields)


def faded(account: Account, **fields: Any) -> Alert:
    return opened(account, state="faded", closed_on=AS_OF + timedelta(days=20), **fields)


def silence_of(alerts_counted: Any) -> Quality:
    return next(row for row in qualities(alerts_counted) if row.key == "silence")


def test_each_outcome_is_counted_by_signal(account: Account) -> None:
    for outcome in ("real", "false", "false", "too_early"):
        closed_as(account, outcome)
    opened(account, "loyalty")
    found = silence_of(Alert.objects.filter(closed_on__isnull=False))
    assert (found.real, found.false, found.too_early, found.judged) == (1, 2, 1, 4)
    assert found.share_text == "2 of 4 false"
    assert found.interval_text == "15-85 %, too few to say more"


def test_enough_of_them_make_a_rate() -> None:
    row = Quality("silence", real=FEW - 5, false=5)
    assert (row.share_text, row.interval_text) == ("25 % false (5 of 20 false)", "11-47 %")
    assert Quality("silence").share_text == "none judged yet"


@pytest.mark.parametrize(
    ("days", "purpose", "acted"), [(20, "proactive", 1), (21, "proactive", 0), (-1, "review", 0), (3, "order", 0)]
)
def test_what_faded_after_a_contact_of_ours_stands_apart(account: Account, days: int, purpose: str, acted: int) -> None:
    """It faded on the 20th day: what came later cannot be why."""
    faded(account)
    InteractionFactory(account=account, purpose=purpose, initiator="us", happened_on=AS_OF + timedelta(days=days))
    found = silence_of(Alert.objects.all())
    assert (found.acted, found.faded) == (acted, 1 - acted)


def test_a_ticked_step_and_a_settled_incident_are_acts_too(account: Account, manager: User) -> None:
    ticked = opened(account)
    playbooks.tick(ticked, "step-1", by=manager)
    Alert.objects.filter(pk=ticked.pk).update(state="faded", closed_on=AS_OF)
    assert silence_of(Alert.objects.all()).acted == 1
    for day, acted in ((20, 1), (21, 0)):
        other = AccountFactory()
        faded(other)
        settled_on = AS_OF + timedelta(days=day)
        IncidentFactory(
            account=other,
            opened_at=datetime(2026, 6, 1, tzinfo=UTC),
            resolved_at=datetime(settled_on.year, settled_on.month, settled_on.day, 12, tzinfo=UTC),
            resolved_known_on=settled_on,
        )
        assert silence_of(Alert.objects.filter(account=other)).acted == acted


def test_the_page_counts_what_the_reader_may_see(manager: User, account: Account) -> None:
    closed_as(account, "false")
    closed_as(AccountFactory(), "false")
    text = spoken(client_of(manager).get("/alerts/quality/?period=all").content.decode())
    assert "1 alert was judged" in text
    assert "1 of 1 false" in text
    assert "Silence · 1 of 1 judged was false" in spoken(client_of(manager).get("/alerts/").content.decode())


def test_period_and_team_narrow_it(account: Account, team: Team) -> None:
    south = TeamFactory(name="South")
    closed_as(account, "false")
    closed_as(AccountFactory(team=south), "real")
    leader = UserFactory(role=Role.SALES_LEADER, teams=[team, south])
    client = client_of(leader)
    assert "2 alerts were judged" in spoken(client.get("/alerts/quality/?period=all").content.decode())
    one = spoken(client.get(f"/alerts/quality/?period=all&team={south.pk}").content.decode())
    assert "1 alert was judged" in one
    Alert.objects.update(closed_on=AS_OF - timedelta(days=4000))
    assert "0 alerts were judged" in spoken(client.get("/alerts/quality/").content.decode())


@pytest.mark.parametrize("address", ["/alerts/quality/?period=all", "/alerts/?whose=all", "/alerts/bulk/resolve/"])
def test_the_number_of_queries_does_not_follow_the_rows(
    manager: User, team: Team, account: Account, address: str
) -> None:
    client = client_of(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    def add(number: int) -> None:
        for _ in range(number):
            fresh = AccountFactory(team=team, owner=manager)
            judged(fresh)
            closed_as(fresh, "false")
            playbooks.tick(opened(fresh, "loyalty"), "step-1", by=manager)
            opened(fresh, "order_rhythm", released_on=None)

    add(1)
    few = queries()
    add(20)
    assert queries() == few
