"""Theme, menu, policy, weight and queries."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts_app.models import Account, Role, Team, Tier, User
from signals.models import Band, BandChange, PortfolioVisit, Standing
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
    relationship = ["Cadence", "Audits", "Values", "Reviews", "Contracts", "Economics", "Team"]
    everybody = ["Alerts", "Incidents", *relationship, "Backtest", "Losses"]
    assert menus[Role.READ_ONLY] == ["Portfolio", *everybody]
    assert menus[Role.ADMINISTRATOR] == ["Portfolio", "Today", *everybody, "Data", "Settings", "Administration"]


def test_the_first_page_weighs_less_than_120_kilobytes(leader: User, north: Team) -> None:
    tier = Tier.objects.get(key="key")
    for account in Account.objects.bulk_create(Account(name=f"Works {n}", team=north, tier=tier) for n in range(50)):
        judged(account)
    html = page(leader)
    assets = re.findall(r'(?:src|href)="/static/([^"]+\.(?:css|js|svg))"', html)
    files = [Path(str(finders.find(name))).read_bytes() for name in assets]
    assert len(files) >= 12
    assert sum(len(gzip.compress(content)) for content in (html.encode(), *files)) < 120_000


@pytest.mark.parametrize("away_hours", [0, 1, 20], ids=["first visit", "same visit", "new visit"])
def test_the_page_costs_the_same_queries_for_20_and_2000_accounts(leader: User, north: Team, away_hours: int) -> None:
    few = _queries(leader, north, 20, away_hours)
    many = _queries(leader, north, 1980, away_hours)
    # Five of them ask whether anything was written since the last look: here something was.
    assert few == many <= 23


def test_a_fragment_and_a_row_cost_less(leader: User, north: Team) -> None:
    _queries(leader, north, 20, 0)
    client = Client(headers={"HX-Request": "true"})
    client.force_login(leader)
    with CaptureQueriesContext(connection) as table:
        client.get("/?tier=key")
    with CaptureQueriesContext(connection) as row:
        client.get(reverse("signals:portfolio_row", args=[Account.objects.values_list("pk", flat=True)[0]]))
    assert len(table) <= 13
    assert len(row) <= 6


def _queries(user: User, team: Team, number: int, away_hours: int) -> int:
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
    seen_at = timezone.now() - timedelta(hours=away_hours)
    PortfolioVisit.objects.filter(user=user).delete()
    if away_hours:
        PortfolioVisit.objects.create(user=user, seen_at=seen_at, since_at=seen_at - timedelta(days=1))
        BandChange.objects.bulk_create(
            BandChange(account=account, at=timezone.now(), from_band=Band.AT_RISK, from_risk=60) for account in accounts
        )
    with connection.cursor() as cursor:
        # As the server does by itself: what it knows of these tables may be that they are empty.
        cursor.execute("ANALYZE accounts_app_account, signals_standing, signals_bandchange")
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        html = client.get("/").content.decode()
    assert len(names(html)) >= 20
    assert ("was At risk 60" in html) == bool(away_hours)
    return len(captured)
