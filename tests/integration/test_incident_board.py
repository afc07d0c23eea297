"""The open clocks of all accounts: order, scope, filters, and no money anywhere."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Company, Incident, IncidentPause, Role, Team, Tier, User
from tests.factories import AccountFactory, IncidentFactory, OrderFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


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
def operations() -> User:
    return UserFactory(role=Role.OPERATIONS)


def opened(account: Account, title: str, days: float, severity: str = "minor", **fields: object) -> Incident:
    return IncidentFactory(
        account=account, title=title, severity=severity, opened_at=NOW - timedelta(days=days), **fields
    )


def get(user: User, query: str = "", **headers: str) -> str:
    client = Client(headers=headers)
    client.force_login(user)
    response = client.get("/incidents/" + query)
    assert response.status_code == 200
    return response.content.decode()


def titles(html: str) -> list[str]:
    return [found.strip() for found in re.findall(r'class="cell-title"[^>]*><a [^>]*>([^<]+)<', html)]


def test_furthest_over_target_stands_first_whatever_its_age(operations: User) -> None:
    strategic = AccountFactory(tier=Tier.objects.get(key="strategic"))
    other = AccountFactory(tier=Tier.objects.get(key="other"))
    opened(other, "old but slow target", 16)  # 1 day over 15
    opened(strategic, "young but critical", 3, "critical")  # 2 days over 1
    waiting = opened(strategic, "paused", 30)  # 5 days of 7
    IncidentPause.objects.create(incident=waiting, from_at=NOW - timedelta(days=25), reason="waiting")
    opened(strategic, "within", 1)
    assert titles(get(operations)) == ["young but critical", "old but slow target", "paused", "within"]
    assert "4 open, 2 over target" in get(operations)


def test_what_was_resolved_lately_follows_and_older_is_left_out(operations: User) -> None:
    account = AccountFactory()
    for title, days in (("last month", 29), ("long ago", 31)):
        resolved = NOW - timedelta(days=days)
        opened(account, title, 40, resolved_at=resolved, resolved_known_on=resolved.date())
    html = get(operations)
    assert titles(html) == ["last month"]
    assert "Nothing is open" in html


def test_each_sees_the_incidents_of_the_own_accounts(team: Team) -> None:
    opened(AccountFactory(team=team, name="North one"), "north", 1)
    opened(AccountFactory(name="South one"), "south", 1)
    assert titles(get(UserFactory(teams=[team]))) == ["north"]
    assert sorted(titles(get(UserFactory(role=Role.OPERATIONS)))) == ["north", "south"]


def test_filters_live_in_the_address_and_combine(operations: User) -> None:
    aldeburgh, nordlys = AccountFactory(name="Aldeburgh Pumps"), AccountFactory(name="Ärø Energi")
    opened(aldeburgh, "a1", 1, "major", kind="quality")
    opened(aldeburgh, "a2", 1, "minor", kind="delivery")
    opened(nordlys, "n1", 1, "major", kind="delivery")
    assert titles(get(operations, "?severity=major&kind=delivery")) == ["n1"]
    assert sorted(titles(get(operations, "?q=pump"))) == ["a1", "a2"]
    assert titles(get(operations, "?q=aro")) == ["n1"]
    assert len(titles(get(operations, "?severity=huge&kind=weather"))) == 3
    assert "No open incident fits" in get(operations, "?q=nobody")


def test_htmx_gets_only_the_rows_within_scope(team: Team) -> None:
    opened(AccountFactory(name="South one"), "south", 1)
    html = get(UserFactory(teams=[team]), **{"HX-Request": "true"})
    assert html.strip().startswith('<section class="rows"')
    assert titles(html) == []


def test_no_money_and_no_risk_for_operations(operations: User) -> None:
    account = AccountFactory()
    OrderFactory(account=account, number="O-777")
    opened(account, "leak", 9)
    html = get(operations)
    assert "€" not in html
    assert "O-777" not in html
    assert not re.search(r"band--|/alerts/|/orders/|href=\"/accounts/\d+/\"", html)


def test_each_links_to_its_own_page_and_its_account(operations: User) -> None:
    account = AccountFactory()
    incident = opened(account, "leak", 9)
    html = get(operations)
    assert f'class="row-link" href="/incidents/{incident.pk}/"' in html
    assert f'class="quiet-link" href="/accounts/{account.pk}/incidents/"' in html


def test_only_who_may_act_is_offered_to(team: Team) -> None:
    own = UserFactory(teams=[team])
    opened(AccountFactory(team=team, owner=own), "own", 1)
    opened(AccountFactory(team=team), "colleague's", 2)
    pressed = re.compile(r"/incidents/\d+/acknowledge/")

    def offered(user: User) -> tuple[int, bool]:
        html = get(user)
        return len(set(pressed.findall(html))), 'id="incident-line"' in html

    assert offered(own) == (1, True)
    assert offered(UserFactory(role=Role.SALES_LEADER, teams=[team])) == (2, True)
    assert offered(UserFactory(role=Role.OPERATIONS)) == (2, True)
    assert offered(UserFactory(role=Role.READ_ONLY, teams=[team])) == (0, False)


def test_a_paused_one_says_so_and_offers_to_go_on(operations: User) -> None:
    incident = opened(AccountFactory(), "leak", 9)
    IncidentPause.objects.create(incident=incident, from_at=NOW - timedelta(days=1), reason="customer on holiday")
    html = get(operations)
    assert re.search(r"paused</span> since <time[^>]*>29.Jun</time>: customer on holiday", html)
    assert f"/incidents/{incident.pk}/resume/" in html
    assert f"/incidents/{incident.pk}/pause/" not in html


def test_nothing_but_reading_is_allowed(operations: User) -> None:
    client = Client()
    client.force_login(operations)
    assert client.post("/incidents/").status_code == 405


def test_the_number_of_queries_does_not_follow_the_rows(operations: User) -> None:
    client = Client()
    client.force_login(operations)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/incidents/")
        return len(captured)

    def add(number: int) -> None:
        for _ in range(number):
            incident = opened(AccountFactory(owner=UserFactory()), "one", 1)
            IncidentPause.objects.create(incident=incident, from_at=incident.opened_at, reason="waiting")
            opened(incident.account, "gone", 3, resolved_at=NOW, resolved_known_on=date(2026, 6, 30))

    add(1)
    few = queries()
    add(30)
    assert queries() == few
    assert few <= 15
