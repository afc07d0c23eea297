"""Who sees which accounts, in what order."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts_app.models import Account, Role, Team, User
from signals.models import Band
from tests.factories import AccountFactory, UserFactory
from tests.factories.judgement import judged
from tests.integration.portfolio.reading import four_bands, names, page, spoken

pytestmark = pytest.mark.django_db


def test_anonymous_is_asked_to_log_in() -> None:
    response = Client().get("/?band=at_risk")
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/%3Fband%3Dat_risk")


def test_operations_are_led_to_the_incidents() -> None:
    judged(AccountFactory(name="Secret Works"), Band.AT_RISK)
    client = Client()
    client.force_login(UserFactory(role=Role.OPERATIONS))
    response = client.get("/?band=at_risk")
    assert response.status_code == 302
    assert response["Location"] == "/incidents/"
    assert b"Secret" not in response.content


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_refused(method: str, leader: User) -> None:
    client = Client()
    client.force_login(leader)
    assert getattr(client, method)("/").status_code == 405


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.SALES_LEADER, Role.READ_ONLY])
@pytest.mark.parametrize("query", ["?whose=all", "?whose=team", "?q=foreign", "?band=at_risk"])
def test_accounts_of_other_teams_stay_out_of_rows_and_figures(role: Role, query: str, north: Team) -> None:
    judged(AccountFactory(name="Own Works", team=north), Band.AT_RISK, revenue=1000)
    judged(AccountFactory(name="Foreign Works", owner=UserFactory(name="Eve Other")), Band.AT_RISK, revenue=900_000)
    html = page(UserFactory(role=role, teams=[north]), query)
    assert "Foreign" not in html
    assert "Eve Other" not in html
    assert "900" not in spoken(html)


def test_an_account_manager_begins_with_the_own_accounts(manager: User, north: Team) -> None:
    own, deputised, team = (AccountFactory(name=name, team=north) for name in ("Own", "Deputised", "Of the team"))
    Account.objects.filter(pk=own.pk).update(owner=manager)
    Account.objects.filter(pk=deputised.pk).update(deputy=manager)
    abroad = AccountFactory(name="Abroad", owner=manager)
    assert names(page(manager)) == ["Abroad", "Deputised", "Own"]
    assert names(page(manager, "?whose=team")) == ["Deputised", "Of the team", "Own"]
    assert names(page(manager, "?whose=all")) == ["Abroad", "Deputised", "Of the team", "Own"]
    assert {abroad.name, team.name} == {"Abroad", "Of the team"}


def test_an_administrator_sees_every_account_and_no_choice_of_whose(north: Team) -> None:
    AccountFactory(name="Anyone", team=north)
    html = page(UserFactory(role=Role.ADMINISTRATOR), "?whose=mine")
    assert names(html) == ["Anyone"]
    assert "segmented" not in html


def test_the_most_revenue_at_risk_stands_first(leader: User, north: Team) -> None:
    four_bands(north)
    assert names(page(leader)) == ["Calm", "Slow", "Gone", "Dark"]


def test_unknown_and_not_judged_stand_between_drifting_and_healthy(leader: User, north: Team) -> None:
    four_bands(north)
    AccountFactory(name="New", team=north)
    assert names(page(leader, "?sort=-risk")) == ["Gone", "Slow", "Dark", "New", "Calm"]
    assert names(page(leader, "?sort=risk")) == ["Calm", "New", "Dark", "Slow", "Gone"]


def test_never_visited_counts_as_the_longest_without_a_proactive_contact(leader: User, north: Team) -> None:
    for name, day in (("Lately", date(2026, 6, 1)), ("Never", None), ("Long ago", date(2025, 1, 1))):
        judged(AccountFactory(name=name, team=north), last_proactive_on=day)
    assert names(page(leader, "?sort=-proactive")) == ["Never", "Long ago", "Lately"]
    assert names(page(leader, "?sort=proactive")) == ["Lately", "Long ago", "Never"]


@pytest.mark.parametrize(
    ("sort", "field", "values"),
    [
        ("next", "next_planned_on", (date(2026, 7, 1), date(2026, 7, 9), None)),
        ("expected", "expected_next_on", (date(2026, 7, 1), date(2026, 7, 9), None)),
        ("-incidents", "open_incidents", (5, 2, 0)),
        ("-revenue", "revenue_12m", (Decimal(900), Decimal(5), Decimal(1))),
    ],
)
def test_every_heading_sorts_with_nothing_known_last(
    sort: str, field: str, values: tuple[object, ...], leader: User, north: Team
) -> None:
    for name, value in zip(("First", "Second", "Third"), values, strict=True):
        fields: dict[str, Any] = {field: value}
        judged(AccountFactory(name=name, team=north), **fields)
    html = page(leader, f"?sort={sort}")
    assert names(html) == ["First", "Second", "Third"]
    assert html.count('aria-sort="') == 1


def test_names_sort_without_regard_to_case_and_accents(leader: User, north: Team) -> None:
    for name in ("Zeta", "Ängström", "alpha", "Beta"):
        AccountFactory(name=name, team=north)
    assert names(page(leader, "?sort=name")) == ["alpha", "Ängström", "Beta", "Zeta"]
    assert names(page(leader, "?sort=-name")) == ["Zeta", "Beta", "Ängström", "alpha"]
