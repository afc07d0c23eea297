"""Search in a browser: the palette by key, press and phone; the list of keys; the page without script."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from accounts_app.models import Account, Company, Role, User
from tests.e2e.conftest import LOOKS, PHONE, LogIn, accessibility_faults, settled
from tests.factories import (
    AccountFactory,
    ContactFactory,
    IncidentFactory,
    InteractionFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager() -> User:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR"})
    team = TeamFactory(name="North")
    user = UserFactory(name="Jonas Okafor", teams=[team])
    for name in ("Halvorsen Marine Systems", "Aldeburgh Pumps", "Castellan Papel"):
        account = AccountFactory(name=name, team=team, owner=user)
        judged(account)
        ContactFactory(account=account, name=f"Ingrid {name.split(maxsplit=1)[0]}")
        IncidentFactory(account=account, title="Gearbox late")
        for note in ("Asked about the gearbox", "Gearbox price agreed"):
            InteractionFactory(account=account, note=note)
    return user


@pytest.fixture
def halvorsen(manager: User) -> Account:
    return Account.objects.get(name="Halvorsen Marine Systems")


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search")


def marked(page: Page) -> Locator:
    return page.get_by_role("dialog").get_by_role("option", selected=True)


def typed(page: Page, text: str) -> None:
    field(page).press_sequentially(text)
    expect(page.locator("#palette-list")).to_have_attribute("data-query", text)
    settled(page)


def test_a_key_a_slip_and_enter_lead_to_the_account(
    page: Page, manager: User, halvorsen: Account, log_in: LogIn
) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    typed(page, "halvrosen")
    expect(marked(page)).to_contain_text("Halvorsen Marine Systems")
    expect(field(page)).to_have_attribute("aria-activedescendant", str(marked(page).get_attribute("id")))
    expect(page.locator("#palette-said")).to_have_text(re.compile(r"^\d+ results?$"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/accounts/{halvorsen.pk}/$"))
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    expect(marked(page)).to_contain_text("Log a contact with Halvorsen Marine Systems")
    page.goto("/alerts/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Opened last").get_by_role("option")).to_have_count(1)


def test_enter_before_the_answer_opens_what_was_typed_in_full(
    page: Page, manager: User, halvorsen: Account, log_in: LogIn
) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    field(page).press_sequentially("halv")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/accounts/{halvorsen.pk}/$"))


def test_arrows_move_through_all_groups_and_come_round(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    typed(page, "gearbox")
    number = page.get_by_role("dialog").get_by_role("option").count()
    assert number > 6
    first = marked(page).inner_text()
    page.keyboard.press("ArrowUp")
    expect(marked(page)).to_contain_text("All that is found for “gearbox”")
    page.keyboard.press("ArrowDown")
    assert marked(page).inner_text() == first
    for _ in range(number):
        page.keyboard.press("ArrowDown")
    assert marked(page).inner_text() == first
    expect(field(page)).to_be_focused()


def test_escape_gives_the_focus_back_and_keeps_what_was_typed(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    link = page.get_by_role("link", name="Incidents", exact=True)
    link.focus()
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    typed(page, "gearbox")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Control+k")
    expect(field(page)).to_have_value("gearbox")
    page.keyboard.press("Control+k")
    expect(field(page)).to_have_value("gearbox")


def test_keys_are_listed_and_never_act_while_somebody_types(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/search/")
    box = page.get_by_role("searchbox", name="Search")
    box.press_sequentially("c?i")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(box).to_have_value("c?i")
    page.get_by_role("heading", name="Search").click()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Log an incident")
    page.keyboard.press("c")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Control+c")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_an_action_opens_in_the_same_dialog(page: Page, manager: User, halvorsen: Account, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    typed(page, "halvorsen")
    page.get_by_role("option", name="Log a contact with").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text(re.compile("Log a contact"))
    expect(dialog.locator("input[type=search]").first).to_have_value("Halvorsen Marine Systems")
    expect(page).to_have_url(re.compile("/alerts/$"))


def test_the_theme_and_the_way_out_are_found(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.emulate_media(color_scheme="light")
    page.goto("/alerts/")
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    typed(page, "switch")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    typed_again = field(page)
    typed_again.fill("log out")
    expect(page.locator("#palette-list")).to_have_attribute("data-query", "log out")
    expect(marked(page)).to_have_text(re.compile("Log out"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_on_a_phone_the_palette_fills_the_screen(page: Page, manager: User, halvorsen: Account, log_in: LogIn) -> None:
    page.set_viewport_size(PHONE)
    log_in(page, manager)
    page.goto("/alerts/")
    page.get_by_role("link", name="Search").click()
    expect(field(page)).to_be_focused()
    typed(page, "gear")
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, PHONE["width"])
    option = page.get_by_role("dialog").get_by_role("option").first.bounding_box()
    assert option is not None
    assert option["x"] >= 0
    assert option["x"] + option["width"] <= PHONE["width"]
    assert option["height"] >= 40
    page.get_by_role("option", name="Asked about the gearbox").first.click()
    expect(page).to_have_url(re.compile(r"/interactions/\?ids=\d+$"))


def test_the_page_works_without_script(
    browser: Browser, base_url: str, manager: User, halvorsen: Account, log_in: LogIn
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    log_in(page, manager)
    page.goto("/alerts/")
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox", name="Search").fill("gearbox")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Notes", exact=True).click()
    expect(page).to_have_url(re.compile(r"/search/\?q=gearbox&kind=notes$"))
    page.get_by_role("link", name="Gearbox price agreed").first.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.goto("/keys/")
    expect(page.get_by_role("main")).to_contain_text("Ctrl K")
    context.close()


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_in_palette_page_and_keys(
    scheme: Any, size: ViewportSize, page: Page, manager: User, log_in: LogIn
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, manager)
    for address in ("/search/", "/search/?q=gear", "/search/?q=zzqq", "/search/?q=gear&kind=notes", "/keys/"):
        page.goto(address)
        assert accessibility_faults(page) == [], address
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    assert accessibility_faults(page) == []
    typed(page, "gear")
    assert accessibility_faults(page) == []


def test_operations_are_offered_their_pages_only(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, UserFactory(role=Role.OPERATIONS))
    page.goto("/incidents/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("group", name="Pages").get_by_role("option").first).to_have_text("Incidents")
    typed(page, "gearbox")
    expect(page.get_by_role("group", name="Incidents").get_by_role("option")).to_have_count(3)
    expect(page.get_by_role("group", name="Notes")).to_have_count(0)
