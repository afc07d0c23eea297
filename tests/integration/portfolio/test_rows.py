"""One row by itself, accounts without an owner, former ones and prospects, and the order chosen on a phone."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts_app.models import Account, Role, Team, User
from signals.models import Band
from tests.factories import AccountFactory, UserFactory
from tests.factories.judgement import judged
from tests.integration.portfolio.reading import four_bands, names, page, row, spoken

pytestmark = pytest.mark.django_db


def one(user: User, account: Account) -> str:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(user)
    response = client.get(reverse("signals:portfolio_row", args=[account.pk]))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", [Role.SALES_LEADER, Role.READ_ONLY, Role.ADMINISTRATOR])
def test_a_row_by_itself_is_the_row_of_the_list(role: Role, north: Team) -> None:
    account = AccountFactory(name="Halvorsen", team=north)
    judged(account, Band.AT_RISK)
    user = UserFactory(role=role, teams=[north])
    assert one(user, account).strip().endswith(row(page(user), "Halvorsen"))
    assert f'<tr id="account-{account.pk}" data-account="{account.pk}"' in one(user, account)


def test_a_row_is_only_for_who_sees_its_account(north: Team, leader: User) -> None:
    foreign, own = AccountFactory(), AccountFactory(team=north)
    client = Client()
    address = reverse("signals:portfolio_row", args=[own.pk])
    assert client.get(address).status_code == 302
    client.force_login(leader)
    assert client.get(reverse("signals:portfolio_row", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("signals:portfolio_row", args=[2_000_000_000])).status_code == 404
    assert client.post(address).status_code == 405
    client.force_login(UserFactory(role=Role.OPERATIONS))
    assert client.get(address).status_code == 403


def test_accounts_without_an_owner_stand_first_for_who_assigns_them(leader: User, manager: User, north: Team) -> None:
    judged(AccountFactory(name="Rich", team=north, owner=manager), Band.AT_RISK, revenue=9_000_000)
    judged(AccountFactory(name="Vacant", team=north), Band.HEALTHY, revenue=10)
    html = page(leader)
    assert names(html) == ["Vacant", "Rich"]
    assert "without an owner first" in html
    assert "data-dialog" in row(html, "Vacant")
    assert "/portfolio/bulk/owner/?account=" in row(html, "Vacant")
    assert "bulk/owner" not in row(html, "Rich")
    by_name = page(leader, "?sort=name")
    assert names(by_name) == ["Rich", "Vacant"]
    assert "without an owner first" not in by_name
    assert names(page(manager, "?whose=team")) == ["Rich", "Vacant"]
    assert "bulk/owner" not in page(manager, "?whose=team")


def test_accounts_without_an_owner_are_a_choice_of_the_filter(leader: User, manager: User, north: Team) -> None:
    AccountFactory(name="Owned", team=north, owner=manager)
    assert '<option value="none"' not in page(leader)
    AccountFactory(name="Vacant", team=north)
    assert names(page(leader, "?owner=none")) == ["Vacant"]
    assert '<option value="none" selected>no owner' in page(leader, "?owner=none")


def test_former_accounts_leave_list_and_figures_unless_asked_for(leader: User, north: Team) -> None:
    four_bands(north)
    Account.objects.filter(name="Gone").update(status="former")
    Account.objects.filter(name="Dark").update(status="prospect")
    html = page(leader)
    assert sorted(names(html)) == ["Calm", "Dark", "Slow"]
    assert "At risk 0" in spoken(html[html.index('class="kpis"') : html.index('id="table"')])
    assert "Prospect" in row(html, "Dark")
    assert "Prospect" not in row(html, "Slow")
    former = page(leader, "?status=former")
    assert names(former) == ["Gone"]
    assert "Former" in row(former, "Gone")
    assert "1 account " in spoken(former)
    assert names(page(leader, "?status=prospect")) == ["Dark"]
    assert names(page(leader, "?status=active&sort=name")) == ["Calm", "Slow"]
    assert len(names(page(leader, "?status=all"))) == 4


def test_who_has_former_accounts_only_can_reach_them(leader: User, north: Team) -> None:
    judged(AccountFactory(name="Gone", team=north, status="former"))
    assert "No account matches" in page(leader)
    assert names(page(leader, "?status=former")) == ["Gone"]


def test_the_order_is_a_choice_too_also_when_turned_round(leader: User, north: Team) -> None:
    four_bands(north)

    def choices(html: str) -> list[str]:
        return re.findall(r"<option[^>]*>([^<]*)<", html.split('id="choice-sort"')[1].split("</select>", maxsplit=1)[0])

    plain, turned = page(leader), page(leader, "?sort=-name")
    assert choices(plain)[:3] == ["name", "risk", "days since proactive contact"]
    assert '<option value="-at_risk" selected>' in plain
    assert '<option value="-name" selected>name, turned round' in turned
    assert len(choices(turned)) == len(choices(plain)) + 1
