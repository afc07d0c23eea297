"""The portfolio in a browser: narrowing, sorting and going back, with and without script, by mouse, key and phone."""

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from accounts_app.models import Company, Role, Tier, User
from signals.models import Band
from signals.strips import build_strip
from tests.e2e.conftest import LOOKS, PHONE, LogIn, accessibility_faults, settled
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.facts import PASSWORD
from tests.factories.judgement import AS_OF, judged

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = (
    ("Halvorsen Marine Systems", Band.AT_RISK, "strategic", 2_410_000),
    ("Aldeburgh Pumps", Band.DRIFTING, "key", 940_000),
    ("Castellan Papel", Band.UNKNOWN, "key", 610_000),
    ("Ferro & Figli", Band.HEALTHY, "key", 1_340_000),
)


@pytest.fixture
def leader() -> User:
    """A sales leader with one account in every band."""
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "simulated": True})
    team = TeamFactory(name="North")
    owner = UserFactory(name="Jonas Okafor", teams=[team])
    for name, band, tier, revenue in ROWS:
        account = AccountFactory(name=name, team=team, owner=owner, tier=Tier.objects.get(key=tier))
        judged(account, band, revenue=revenue, change_30d=3, strip=_strip(), next_planned_on=AS_OF, open_incidents=1)
    return UserFactory(name="Lena Vogt", role=Role.SALES_LEADER, teams=[team])


def _strip() -> dict[str, Any]:
    day, opened = date(2026, 3, 2), date(2026, 5, 1)
    return build_strip(
        [(day, 5.0)], [(day, True), (opened, False)], [(opened, None)], late_from=day, no_data_from=opened, as_of=AS_OF
    )


def chip(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Band").get_by_role("link", name=name, exact=True)


def rows(page: Page) -> list[str]:
    return page.locator(".row-link").all_inner_texts()


def test_after_the_log_in_the_page_asked_for_is_shown(page: Page, leader: User) -> None:
    page.goto("/?band=drifting")
    page.get_by_label("Email").fill(leader.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile(r"/\?band=drifting$"))
    assert rows(page) == ["Aldeburgh Pumps"]


def test_a_chip_swaps_the_table_only_and_back_brings_the_former_one(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/")
    page.evaluate("document.querySelector('h1').dataset.kept = 'yes'")
    chip(page, "At risk 1").click()
    settled(page)
    expect(page).to_have_url(re.compile(r"/\?band=at_risk$"))
    assert rows(page) == ["Halvorsen Marine Systems"]
    assert page.evaluate("document.querySelector('h1').dataset.kept") == "yes"
    page.go_back()
    expect(page.locator(".row-link")).to_have_count(4)
    expect(page).to_have_url(re.compile(r"/$"))


def test_typing_narrows_without_losing_the_place(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/?sort=name")
    search = page.get_by_role("searchbox")
    search.press_sequentially("pum")
    expect(page.locator(".row-link")).to_have_count(1)
    expect(search).to_be_focused()
    expect(search).to_have_value("pum")
    expect(page).to_have_url(re.compile(r"/\?q=pum&sort=name$"))
    page.get_by_role("link", name="Clear", exact=True).click()
    expect(page).to_have_url(re.compile(r"/\?sort=name$"))
    expect(search).to_have_value("")


def test_a_choice_applies_at_once_and_a_heading_keeps_the_focus(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/")
    page.get_by_label("Tier").select_option("key")
    expect(page.locator(".row-link")).to_have_count(3)
    heading = page.get_by_role("link", name="Account", exact=True)
    heading.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/\?tier=key&sort=name$"))
    settled(page)
    assert rows(page) == ["Aldeburgh Pumps", "Castellan Papel", "Ferro & Figli"]
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_focused()
    expect(page.get_by_role("columnheader", name="Account", exact=True)).to_have_attribute("aria-sort", "ascending")


def test_the_whole_row_leads_to_the_account_and_its_numbers_to_their_rows(
    page: Page, leader: User, log_in: LogIn
) -> None:
    log_in(page, leader)
    page.goto("/?q=ferro")
    row = page.locator("tbody tr")
    expect(row.get_by_role("link", name="1 open incident")).to_have_attribute("href", re.compile(r"/incidents/"))
    strip = row.locator(".cell-strip").bounding_box()
    assert strip is not None
    page.mouse.click(strip["x"] + 5, strip["y"] + 5)
    expect(page).to_have_url(re.compile(r"/accounts/\d+/$"))


def test_all_of_it_works_without_script(browser: Browser, base_url: str, leader: User, log_in: LogIn) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    log_in(page, leader)
    page.goto("/?whose=all")
    page.get_by_label("Tier").select_option("key")
    page.get_by_role("searchbox").fill("p")
    page.get_by_role("button", name="Apply").click()
    assert rows(page) == ["Aldeburgh Pumps", "Castellan Papel"]
    chip(page, "Drifting 1").click()
    assert rows(page) == ["Aldeburgh Pumps"]
    assert "whose=all" in page.url
    expect(page.locator("[data-theme-switch]")).to_be_hidden()
    context.close()


def test_a_fragment_that_fails_says_so_and_leaves_the_page(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/")
    page.route("**/*band=at_risk*", lambda route: route.abort())
    chip(page, "At risk 1").click()
    expect(page.locator("#toasts")).to_contain_text("No answer from the server")
    assert len(rows(page)) == 4
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_an_ended_session_leads_to_the_log_in_page(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/")
    page.context.clear_cookies()
    chip(page, "At risk 1").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_the_switch_holds_on_the_next_page(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.emulate_media(color_scheme="light")
    page.goto("/")
    light = _ground(page)
    page.get_by_role("button", name="Light or dark").click()
    dark = _ground(page)
    assert dark != light
    answer = page.reload()
    assert answer is not None
    assert 'data-theme="dark"' in answer.text()
    assert _ground(page) == dark


def _ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_a_phone_shows_cards_and_a_menu(page: Page, leader: User, log_in: LogIn) -> None:
    page.set_viewport_size(PHONE)
    log_in(page, leader)
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    card = page.locator("tbody tr").first.bounding_box()
    assert card is not None
    assert card["width"] > 300
    expect(page.locator(".cell-expected .cell-label").first).to_be_visible()
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Incidents")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()


def test_the_strip_draws_its_marks_at_any_width(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/?q=ferro")
    strip = page.get_by_role("img", name=re.compile("^18 months to"))
    width = strip.bounding_box()
    late = strip.locator(".strip__late").bounding_box()
    assert width is not None
    assert late is not None
    assert late["width"] > width["width"] / 10
    assert "1 order day" in (strip.get_attribute("aria-label") or "")


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_in_the_portfolio(
    scheme: Any, size: ViewportSize, page: Page, leader: User, log_in: LogIn
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, leader)
    for address in ("/", "/?q=nothing"):
        page.goto(address)
        assert accessibility_faults(page) == []


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_in_log_in_and_security(
    scheme: Any, size: ViewportSize, page: Page, leader: User, log_in: LogIn
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    page.goto("/")
    assert accessibility_faults(page) == []
    log_in(page, leader)
    for address in ("/account/2fa/", "/account/password/change/", "/account/logout/", "/not-there/"):
        page.goto(address)
        assert accessibility_faults(page) == []
