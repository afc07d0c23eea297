"""What narrows the list, and the address that says so."""

import pytest
from django.test import Client

from accounts_app.models import Account, Team, Tier, User
from signals.models import Band
from tests.factories import AccountFactory
from tests.factories.judgement import judged
from tests.integration.portfolio.reading import four_bands, names, page, spoken

pytestmark = pytest.mark.django_db


def test_a_band_narrows_the_list_and_every_chip_keeps_its_count(leader: User, north: Team) -> None:
    four_bands(north)
    AccountFactory(name="New", team=north)
    html = page(leader, "?band=unknown")
    assert names(html) == ["Dark", "New"]
    chips = spoken(html[html.index('class="chips"') : html.index("pill-select")])
    assert "At risk 1 Drifting 1 Unknown 2 Healthy 1" in chips
    assert "2 accounts" in spoken(html)


def test_tier_owner_and_reason_narrow_together(leader: User, manager: User, north: Team) -> None:
    strategic = Tier.objects.get(key="strategic")
    both = AccountFactory(name="Both", team=north, tier=strategic, owner=manager)
    judged(both, Band.AT_RISK)
    judged(AccountFactory(name="Tier only", team=north, tier=strategic), Band.AT_RISK)
    judged(
        AccountFactory(name="Another reason", team=north, tier=strategic, owner=manager), top_reasons=["order_rhythm"]
    )
    assert names(page(leader, f"?tier=strategic&owner={manager.pk}&signal=silence")) == ["Both"]
    assert names(page(leader, "?tier=strategic&sort=name")) == ["Another reason", "Both", "Tier only"]


def test_search_finds_a_part_of_a_name_without_its_accents(leader: User, north: Team) -> None:
    for name in ("Ängström Pumpen", "50% Stahl_bau", "Other"):
        AccountFactory(name=name, team=north)
    assert names(page(leader, "?q=ANGSTROM")) == ["Ängström Pumpen"]
    assert names(page(leader, "?q=%25")) == ["50% Stahl_bau"]
    assert names(page(leader, "?q=_")) == ["50% Stahl_bau"]


@pytest.mark.parametrize(
    "query",
    ["?band=bad", "?sort=drop", "?whose=theirs", "?owner=99999999999999999999999", "?owner=x", "?page=-3", "?page=x"],
)
def test_what_is_not_understood_is_passed_over(query: str, leader: User, north: Team) -> None:
    judged(AccountFactory(name="Only", team=north))
    assert names(page(leader, query)) == ["Only"]


@pytest.mark.parametrize("query", ["?q=%00", "?tier=%00x", "?signal=%00", "?band=%00", "?q=" + "x" * 5000])
def test_hostile_values_give_a_page(query: str, leader: User, north: Team) -> None:
    AccountFactory(team=north)
    assert "<h1>Portfolio</h1>" in page(leader, query)


def test_markup_in_names_is_shown_as_text(leader: User, north: Team) -> None:
    judged(AccountFactory(name="<b>Bold</b>", team=north))
    html = page(leader, "?q=%22%3E%3Cscript%3E")
    assert "<script>" not in html
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page(leader)


def test_htmx_gets_the_table_alone_and_the_address_to_show(leader: User, north: Team) -> None:
    four_bands(north)
    client = Client(headers={"HX-Request": "true"})
    client.force_login(leader)
    response = client.get("/?band=drifting&tier=&owner=&signal=&q=&sort=-at_risk&whose=team")
    html = response.content.decode()
    assert html.lstrip().startswith('<section class="portfolio" id="table"')
    assert names(html) == ["Slow"]
    assert "HX-Request" in response["Vary"]
    assert response["HX-Push-Url"] == "/?band=drifting"


def test_the_whole_page_also_varies(leader: User, north: Team) -> None:
    client = Client()
    client.force_login(leader)
    response = client.get("/")
    assert "HX-Request" in response["Vary"]
    assert response["Cache-Control"] == "no-store"


def test_every_link_keeps_the_rest_of_the_state(leader: User, north: Team) -> None:
    four_bands(north)
    html = page(leader, "?whose=all&q=o&sort=-risk")
    assert 'href="?whose=all&amp;band=drifting&amp;q=o&amp;sort=-risk"' in html
    assert 'href="?whose=all&amp;q=o&amp;sort=name"' in html
    assert '<input type="hidden" name="sort" value="-risk">' in html


def test_fifty_rows_a_page(leader: User, north: Team) -> None:
    tier = Tier.objects.get(key="key")
    Account.objects.bulk_create(Account(name=f"Works {n}", team=north, tier=tier) for n in range(51))
    first, second = page(leader), page(leader, "?page=2")
    assert len(names(first)) == 50
    assert len(names(second)) == 1
    assert 'href="?page=2"' in first
    assert "51–51 of 51" in second
    assert names(page(leader, "?page=99")) == names(second)
