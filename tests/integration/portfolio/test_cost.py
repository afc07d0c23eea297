"""Theme, menu, policy, weight and queries."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Role, Team, Tier, User
from signals.models import Standing
from tests.factories import AccountFactory, UserFactory
from tests.factories.judgement import judged
from tests.integration.portfolio.reading import four_bands, names, page

pytestmark = pytest.mark.django_db


def test_the_chosen_theme_is_in_the_first_answer(leader: User) -> None:
    client = Client()
    client.force_login(leader)
    client.cookies["theme"] = "dark"
    assert '<html lang="en-gb" data-theme="dark">' in client.get("/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert "data-theme" not in client.get("/").content.decode().split("<head>")[0]


def test_nothing_is_inline_that_the_policy_would_block(leader: User, north: Team) -> None:
    four_bands(north)
    html = page(leader)
    assert not re.search(r"<script(?![^>]+src=)", html)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:", html)


def test_the_menu_offers_each_role_its_pages_only() -> None:
    menus = {}
    for role in (Role.READ_ONLY, Role.ADMINISTRATOR):
        html = page(UserFactory(role=role))
        menu = html[html.index('<nav class="nav"') : html.index("</nav>")]
        menus[role] = re.findall(r"\n\s+(\w+)\n", menu)
    assert menus[Role.READ_ONLY] == ["Portfolio", "Alerts", "Incidents"]
    assert menus[Role.ADMINISTRATOR] == ["Portfolio", "Alerts", "Incidents", "Administration"]


def test_the_first_page_weighs_less_than_120_kilobytes(leader: User, north: Team) -> None:
    tier = Tier.objects.get(key="key")
    for account in Account.objects.bulk_create(Account(name=f"Works {n}", team=north, tier=tier) for n in range(50)):
        judged(account)
    html = page(leader)
    assets = re.findall(r'(?:src|href)="/static/([^"]+\.(?:css|js|svg))"', html)
    files = [Path(str(finders.find(name))).read_bytes() for name in assets]
    assert len(files) >= 12
    assert sum(len(gzip.compress(content)) for content in (html.encode(), *files)) < 120_000


def test_the_page_costs_the_same_queries_for_20_and_2000_accounts(leader: User, north: Team) -> None:
    few = _queries(leader, north, 20)
    many = _queries(leader, north, 1980)
    assert few == many <= 12


def _queries(user: User, team: Team, number: int) -> int:
    tier = Tier.objects.get(key="key")
    owner = UserFactory(teams=[team])
    accounts = Account.objects.bulk_create(
        Account(name=f"Works {n}", team=team, tier=tier, owner=owner) for n in range(number)
    )
    model = judged(AccountFactory(team=team))
    fields = {
        field.attname: getattr(model, field.attname) for field in Standing._meta.fields if field.name != "account"
    }
    Standing.objects.bulk_create(Standing(account=account, **fields) for account in accounts)
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(names(client.get("/").content.decode())) >= 20
    return len(captured)
