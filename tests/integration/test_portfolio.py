"""The portfolio page: scope, order, filters, figures, notices, and what it costs."""

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Company, Feed, FeedKind, Role, Team, Tier, User
from signals.models import Alert, Band, RiskDay, Run, Standing
from signals.strips import build_strip
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import AS_OF, finished_run, judged

pytestmark = pytest.mark.django_db
Get = Callable[..., str]


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def company() -> Company:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    return Company.the()


@pytest.fixture
def north() -> Team:
    return TeamFactory(name="North")


@pytest.fixture
def manager(north: Team) -> User:
    return UserFactory(name="Jonas Okafor", teams=[north])


@pytest.fixture
def leader(north: Team) -> User:
    return UserFactory(role=Role.SALES_LEADER, teams=[north])


def page(user: User, query: str = "", **headers: str) -> str:
    client = Client(headers=headers)
    client.force_login(user)
    response = client.get("/" + query)
    assert response.status_code == 200
    return response.content.decode()


def names(html: str) -> list[str]:
    return re.findall(r'class="row-link" href="[^"]+">([^<]+)<', html)


def row(html: str, name: str) -> str:
    found = re.search(rf"<tr>(?:(?!</tr>).)*?>{name}<.*?</tr>", html, re.DOTALL)
    assert found, f"no row of {name}"
    return found[0]


def spoken(html: str) -> str:
    """The words of a page, without markup and with plain spaces."""
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", re.sub(r"<[^>]+>", " ", html))


# Who sees what


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


# Order


def four_bands(team: Team) -> None:
    for name, band, revenue in (
        ("Calm", Band.HEALTHY, 9_000_000),
        ("Slow", Band.DRIFTING, 50_000),
        ("Gone", Band.AT_RISK, 20_000),
        ("Dark", Band.UNKNOWN, 70_000),
    ):
        judged(AccountFactory(name=name, team=team), band, revenue=revenue)


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


# Narrowing


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
    assert names(page(leader, "?tier=strategic")) == ["Both", "Tier only", "Another reason"]


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


# Address and fragment


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


# Figures


def test_key_figures_count_the_scope_whatever_narrows_the_list(leader: User, north: Team, company: Company) -> None:
    four_bands(north)
    html = page(leader, "?band=healthy&q=calm")
    figures = spoken(html[html.index('class="kpis"') : html.index('id="table"')])
    at_risk = (
        Decimal("0.08") * 9_000_000 + Decimal("0.44") * 50_000 + Decimal("0.72") * 20_000 + Decimal("0.12") * 70_000
    )
    assert at_risk == 764_800
    assert "Revenue at risk, 12 months € 765 k of € 9.14 M" in figures
    assert 'title="€\N{NO-BREAK SPACE}764,800.00"' in html


def test_bands_are_compared_with_a_week_before(leader: User, north: Team) -> None:
    four_bands(north)
    for name, then in (
        ("Gone", Band.HEALTHY),
        ("Slow", Band.DRIFTING),
        ("Calm", Band.HEALTHY),
        ("Dark", Band.DRIFTING),
    ):
        account = Account.objects.get(name=name)
        # The last day at least a week ago counts; what is nearer or two weeks older does not.
        for ago, band in ((3, Band.AT_RISK), (8, then), (13, Band.AT_RISK)):
            RiskDay.objects.create(
                account=account, day=AS_OF - timedelta(days=ago), band=band, risk=5, coverage=1, origin="history"
            )
    html = page(leader)
    figures = spoken(html[html.index('class="kpis"') : html.index('id="table"')])
    assert "At risk 1 +1 in a week" in figures
    assert "Drifting 1 −1 in a week" in figures


def test_a_week_of_which_little_is_known_is_not_compared(leader: User, north: Team) -> None:
    four_bands(north)
    account = Account.objects.get(name="Gone")
    week_ago = AS_OF - timedelta(days=7)
    RiskDay.objects.create(account=account, day=week_ago, band=Band.HEALTHY, risk=5, coverage=1, origin="history")
    assert "in a week" not in spoken(page(leader))


def test_open_alerts_count_the_scope_and_the_menu_counts_all(manager: User, north: Team) -> None:
    own, other = AccountFactory(team=north, owner=manager), AccountFactory(team=north)
    for account in (own, other, other):
        signal = f"s{Alert.objects.count()}"
        Alert.objects.create(
            account=account, signal=signal, opened_on=AS_OF, judged_on=AS_OF, released_on=AS_OF, level=0.8
        )
    html = page(manager)
    assert "Open alerts 1 want attention" in spoken(html)
    assert "Alerts 3 open" in spoken(html[: html.index("<main")])


# A row


def test_a_row_says_band_reason_contact_plan_and_money(
    leader: User, manager: User, north: Team, company: Company
) -> None:
    account = AccountFactory(name="Halvorsen", team=north, owner=manager, tier=Tier.objects.get(key="strategic"))
    judged(
        account,
        Band.AT_RISK,
        revenue=2_410_000,
        change_30d=19,
        last_proactive_on=AS_OF - timedelta(days=112),
        last_contact_on=AS_OF - timedelta(days=6),
        next_planned_on=date(2026, 7, 26),
        next_planned_channel="call",
        expected_next_on=date(2026, 7, 4),
        strip=build_strip([], [], [], late_from=AS_OF - timedelta(days=20), no_data_from=None, as_of=AS_OF),
        open_incidents=3,
    )
    words = spoken(row(page(leader), "Halvorsen"))
    assert "Strategic · J. Okafor" in words
    assert "At risk 72 +19 in 30 days coverage 90 %" in words
    assert "No contact either way for 40 days; usual gap 12 days." in words
    assert "112 d , longer than the 45 d promised any 6 d" in words
    assert "26 Jul call" in words
    assert "4 Jul 20 d late" in words
    assert "€ 2.41 M" in words


def test_a_gap_is_marked_only_beyond_the_promised_interval(leader: User, north: Team) -> None:
    for name, days in (("Kept", 60), ("Broken", 61)):
        judged(AccountFactory(name=name, team=north), last_proactive_on=AS_OF - timedelta(days=days))
    html = page(leader)
    assert "longer than" not in row(html, "Kept")
    assert "longer than" in row(html, "Broken")


def test_an_unknown_account_shows_its_coverage_and_no_number(leader: User, north: Team) -> None:
    judged(AccountFactory(name="Dark", team=north), Band.UNKNOWN, coverage=0.38)
    words = spoken(row(page(leader), "Dark"))
    assert "Unknown" in words
    assert "38 % known" in words
    assert "12" not in words.split("Unknown")[1].split("38")[0]


def test_an_account_that_could_not_be_computed_says_so(leader: User, north: Team) -> None:
    judged(
        AccountFactory(name="Poison", team=north),
        Band.UNKNOWN,
        state=Standing.State.NOT_COMPUTED,
        risk=None,
        contributions=[],
        top_reasons=[],
    )
    words = spoken(row(page(leader), "Poison"))
    assert "not computed" in words
    assert "Not judged yet." in words


# What the page says of itself


def test_the_page_says_of_when_it_is(leader: User, north: Team, company: Company) -> None:
    judged(AccountFactory(team=north))
    Company.objects.update(time_zone="Europe/Berlin")
    assert "as of today 05:12" in spoken(page(leader))


def test_a_past_day_is_named_with_when_it_was_computed(leader: User, north: Team) -> None:
    judged(AccountFactory(team=north), as_of=date(2011, 12, 9))
    assert "as of 9 Dec 2011, computed today 03:12" in spoken(page(leader))


def test_simulated_data_are_called_so(leader: User, company: Company) -> None:
    assert "Simulated data." not in page(leader)
    Company.objects.update(simulated=True)
    assert "Simulated data." in page(leader)


def test_an_incomplete_run_a_filling_history_and_a_late_feed_are_said(leader: User, north: Team) -> None:
    judged(AccountFactory(team=north))
    Run.objects.update(state=Run.State.INCOMPLETE)
    finished_run(kind=Run.Kind.HISTORY, from_day=AS_OF, ticket=2, state=Run.State.OPEN, finished_at=None)
    feed = Feed.objects.create(name="erp", title="ERP")
    for source, behind in (("orders", 15), ("contacts", 14)):
        complete_to = AS_OF - timedelta(days=behind)
        FeedKind.objects.create(feed=feed, source=source, complete_to=complete_to, expected_days=7)
    words = spoken(page(leader))
    assert "The run of 30 Jun is incomplete" in words
    assert "still being filled in (0 of 0 parts)" in words
    assert "ERP is late, complete to 15 Jun only (orders)" in words


def test_before_the_first_run_the_page_says_what_starts_it(leader: User, north: Team) -> None:
    AccountFactory(team=north)
    assert "Nothing is judged yet" in spoken(page(leader))
    finished_run(state=Run.State.OPEN, finished_at=None)
    words = spoken(page(leader))
    assert "Nothing is judged yet" not in words
    assert "judged for the first time (0 of 0 parts)" in words


def test_an_owner_who_logs_nothing_is_named_to_the_leader_only(leader: User, manager: User, north: Team) -> None:
    judged(AccountFactory(team=north, owner=manager))
    notice = {"kind": "owner_silent", "owner_id": manager.pk, "since": "2026-05-01", "accounts": 4}
    Run.objects.update(notices=[notice])
    said = "Jonas Okafor has logged no contact on any account since 1 May: silence is unknown for 4 accounts."
    assert said in spoken(page(leader))
    assert said not in spoken(page(manager))
    assert said not in spoken(page(UserFactory(role=Role.SALES_LEADER, teams=[TeamFactory()])))


def test_without_any_account_the_page_teaches_how_to_begin() -> None:
    html = page(UserFactory(role=Role.ADMINISTRATOR))
    assert "manage.py import_file orders FILE --feed NAME --create-accounts" in html
    assert "manage.py" not in page(UserFactory(role=Role.READ_ONLY))


def test_without_own_accounts_a_manager_is_shown_the_way_to_all(manager: User, north: Team) -> None:
    AccountFactory(team=north)
    assert 'href="?whose=all">Show all that I may see</a>' in page(manager)


def test_where_nothing_matches_the_filters_can_be_cleared(leader: User, north: Team) -> None:
    AccountFactory(team=north)
    html = page(leader, "?q=nothing&sort=name&tier=key")
    assert "No account matches" in html
    assert 'href="?sort=name">Clear the filters</a>' in html


# Theme, policy, cost


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
