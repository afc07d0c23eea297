"""Logging a contact in a browser: how many taps it takes, by keyboard, without script, on every look."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from accounts_app.models import Account, Company, Interaction, User, ValueItem
from tests.e2e.conftest import LOOKS, PHONE, LogIn, accessibility_faults, settled
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    InteractionFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 8


@pytest.fixture
def manager() -> User:
    """A manager of three accounts; the first has three people."""
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "simulated": True})
    team = TeamFactory(name="North")
    manager = UserFactory(name="Jonas Okafor", teams=[team])
    ColleagueFactory(name="Jonas Okafor", user=manager)
    for name in ("Halvorsen Marine", "Brenner Umformtechnik", "Nordlys"):
        AccountFactory(name=name, team=team, owner=manager)
    for name in ("Ada Solheim", "Bo Lund", "Cato Moe"):
        ContactFactory(account=halvorsen(), name=name)
    ValueItem.objects.create(title="Seal life study", kind="information")
    return manager


def halvorsen() -> Account:
    return Account.objects.get(name="Halvorsen Marine")


def done() -> Interaction:
    return Interaction.objects.done().get()


@dataclass
class Hand:
    """A hand that counts: every tap and every key is one."""

    page: Page
    count: int = 0

    def tap(self, where: Locator) -> None:
        where.click()
        self.count += 1

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Log a contact")


def offered(page: Page) -> Locator:
    return dialog(page).get_by_role("listbox", name="Accounts found")


def group(page: Page, name: str) -> Locator:
    return dialog(page).get_by_role("group", name=name, exact=True)


def chip(page: Page, name: str, question: str) -> Locator:
    return group(page, question).first.get_by_label(name, exact=True)


def on_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)


# How quick


def test_log_and_plan_on_a_phone_from_anywhere_in_eight_taps(page: Page, manager: User, log_in: LogIn) -> None:
    on_phone(page)
    log_in(page, manager)
    page.goto("/alerts/")
    hand = Hand(page)
    hand.tap(page.get_by_role("link", name="Log a contact"))
    expect(dialog(page).get_by_role("combobox", name="Account")).to_be_focused()
    hand.press("h", "a")
    hand.tap(offered(page).get_by_role("option", name="Halvorsen Marine"))
    hand.tap(chip(page, "Ada Solheim", "Who"))
    hand.tap(chip(page, "Proactive", "What for"))
    dialog(page).get_by_label("Note").fill("The new line starts in March; wants the study.")
    hand.tap(group(page, "Next contact").get_by_label("In 2 weeks"))
    hand.tap(dialog(page).get_by_role("button", name="Log", exact=True))
    expect(page.locator("#toasts")).to_contain_text("Logged: call, Halvorsen Marine. Next:")
    expect(dialog(page)).to_be_hidden()
    assert hand.count <= MOST
    logged, planned = done(), Interaction.objects.planned().get()
    assert (logged.account.name, logged.by, logged.happened_on) == ("Halvorsen Marine", manager, timezone.localdate())
    assert [one.name for one in logged.contacts.all()] == ["Ada Solheim"]
    assert [one.name for one in logged.colleagues.all()] == ["Jonas Okafor"]
    assert logged.is_proactive
    assert (planned.planned_on or timezone.localdate()) >= timezone.localdate() + timedelta(days=14)


def test_on_the_accounts_page_there_is_room_for_tone_and_yesterday(page: Page, manager: User, log_in: LogIn) -> None:
    on_phone(page)
    log_in(page, manager)
    page.goto(f"/accounts/{halvorsen().pk}/contacts/")
    hand = Hand(page)
    hand.tap(page.locator(".acts").get_by_role("link", name="Log a contact"))
    hand.tap(chip(page, "Bo Lund", "Who"))
    hand.tap(chip(page, "Yesterday", "When"))
    hand.tap(chip(page, "Visit", "How"))
    hand.tap(chip(page, "Order", "What for"))
    hand.tap(chip(page, "Tense", "Tone"))
    hand.tap(group(page, "Next contact").get_by_label("In a month"))
    hand.tap(dialog(page).get_by_role("button", name="Log", exact=True))
    expect(page.locator("#toasts")).to_contain_text("Logged: visit, Halvorsen Marine.")
    assert hand.count <= MOST
    assert (done().tone, done().purpose, done().happened_on) == (-1, "order", timezone.localdate() - timedelta(days=1))


def test_every_target_is_large_enough_for_a_thumb(page: Page, manager: User, log_in: LogIn) -> None:
    on_phone(page)
    log_in(page, manager)
    page.goto(f"/log/contact/?account={halvorsen().pk}")
    pressed = page.locator("form.log :is(.tap, button, summary, select, input[type=search]):visible")
    heights = [(one.inner_text(), (one.bounding_box() or {"height": 0})["height"]) for one in pressed.all()]
    assert len(heights) > 25
    assert [each for each in heights if each[1] < 44] == []


# By keyboard


def test_by_keyboard_alone(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    page.keyboard.press("c")
    field = dialog(page).get_by_role("combobox", name="Account")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("or")
    expect(offered(page).get_by_role("option")).to_have_count(3)
    expect(offered(page).get_by_role("option", selected=True)).to_contain_text("Brenner")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(offered(page).get_by_role("option", selected=True)).to_contain_text("Nordlys")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Halvorsen Marine")
    settled(page)
    page.keyboard.press("Tab")
    expect(dialog(page).get_by_label("Ada Solheim")).to_be_focused()
    page.keyboard.press("Space")
    group(page, "What for").first.get_by_label("Review").focus()
    page.keyboard.press("Space")
    dialog(page).get_by_label("Note").fill("Reviewed.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Logged: call, Halvorsen Marine.")
    assert (done().purpose, done().note) == ("review", "Reviewed.")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back.")
    assert Interaction.objects.get().state == "voided"


def test_faster_than_the_answer_the_first_account_found_is_meant(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    page.keyboard.press("c")
    expect(dialog(page).get_by_role("combobox", name="Account")).to_be_focused()
    page.keyboard.type("halvrosen")
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("combobox", name="Account")).to_have_value("Halvorsen Marine")
    expect(dialog(page).get_by_label("Ada Solheim")).to_be_visible()


def test_escape_shuts_the_list_then_the_dialog_and_keeps_what_was_typed(
    page: Page, manager: User, log_in: LogIn
) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    act = page.get_by_role("link", name="Log a contact")
    act.focus()
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("combobox", name="Account")).to_be_focused()
    page.keyboard.type("no")
    expect(offered(page).get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(offered(page).get_by_role("option")).to_have_count(0)
    dialog(page).get_by_label("Note").fill("half a thought")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    expect(act).to_be_focused()
    page.keyboard.press("c")
    expect(dialog(page).get_by_label("Note")).to_have_value("half a thought")


# What it says


def test_what_is_missing_is_said_and_what_was_typed_stays(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto(f"/accounts/{halvorsen().pk}/contacts/")
    page.keyboard.press("c")
    dialog(page).get_by_label("Note").fill("all of it")
    chip(page, "Another day", "When").click()
    dialog(page).get_by_label("Which day?").first.fill(str(timezone.localdate() + timedelta(days=1)))
    dialog(page).get_by_role("button", name="Log", exact=True).click()
    expect(dialog(page).get_by_text("Say what it was for.")).to_be_visible()
    expect(dialog(page).get_by_label("Note")).to_have_value("all of it")
    chip(page, "Order", "What for").click()
    dialog(page).get_by_role("button", name="Log", exact=True).click()
    expect(dialog(page).get_by_text("This day is still to come: plan the contact instead.")).to_be_visible()
    chip(page, "Today", "When").click()
    dialog(page).get_by_role("button", name="Log", exact=True).click()
    expect(dialog(page)).to_be_hidden()
    assert done().note == "all of it"


def test_a_plan_is_done_moved_and_voided_from_the_tab(page: Page, manager: User, log_in: LogIn) -> None:
    today = timezone.localdate()
    days = {"state": "planned", "happened_on": None, "happened_known_on": None}
    for number, channel in enumerate(("visit", "video", "event")):
        InteractionFactory(account=halvorsen(), channel=channel, planned_on=today + timedelta(number), **days)
    log_in(page, manager)
    page.goto(f"/accounts/{halvorsen().pk}/interactions/")
    page.get_by_role("link", name="Done video call").click()
    tomorrow = f"{today + timedelta(1):%-d}\N{NO-BREAK SPACE}{today + timedelta(1):%b}"
    expect(group(page, "Was it planned?").get_by_role("radio", checked=True)).to_have_accessible_name(
        f"Video call planned for {tomorrow} · nothing to bring yet"
    )
    dialog(page).get_by_role("button", name="Log", exact=True).click()
    expect(page.get_by_role("link", name="Done video call")).to_have_count(0)
    page.get_by_role("link", name="Move visit").click()
    moving = page.get_by_role("dialog", name="Move a planned contact")
    moving.get_by_label("In a month").click()
    moving.get_by_role("button", name="Move").click()
    expect(moving).to_be_hidden()
    page.get_by_role("link", name="Void event").click()
    voiding = page.get_by_role("dialog", name="Void a contact")
    voiding.get_by_label("Why it does not count").fill("cancelled by them")
    voiding.get_by_role("button", name="Void").click()
    expect(page.get_by_text("cancelled by them")).to_be_visible()
    states = dict(Interaction.objects.values_list("channel", "state"))
    assert states == {"visit": "planned", "video": "done", "event": "voided"}
    assert (Interaction.objects.planned().get().planned_on or today) > today + timedelta(days=27)


def test_all_of_it_works_without_script(browser: Browser, base_url: str, manager: User, log_in: LogIn) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    log_in(page, manager)
    page.goto("/log/contact/")
    page.get_by_label("Account").first.fill("halv")
    page.get_by_role("button", name="Find").click()
    page.locator("select[name=account]").select_option(label="Halvorsen Marine")
    page.get_by_label("Note").fill("typed before")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_label("Note")).to_have_value("typed before")
    page.get_by_label("Bo Lund").click()
    page.get_by_role("group", name="What for").first.get_by_label("Consultation").click()
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Logged: call, Halvorsen Marine.")
    assert [one.name for one in done().contacts.all()] == ["Bo Lund"]
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back.")
    assert Interaction.objects.get().state == "voided"
    context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_with_the_dialog_open(
    look: tuple[Any, ViewportSize], page: Page, manager: User, log_in: LogIn
) -> None:
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, manager)
    planned = {"state": "planned", "happened_on": None, "happened_known_on": None}
    plan = InteractionFactory(account=halvorsen(), **planned, planned_on=timezone.localdate() - timedelta(days=2))
    page.goto(f"/accounts/{halvorsen().pk}/interactions/")
    assert accessibility_faults(page) == []
    page.goto("/alerts/")
    page.get_by_role("link", name="Log a contact").click()
    expect(dialog(page).get_by_role("combobox", name="Account")).to_be_focused()
    page.keyboard.type("ha")
    expect(offered(page).get_by_role("option")).to_have_count(1)
    assert accessibility_faults(page) == []
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_label("Ada Solheim")).to_be_visible()
    chip(page, "Another day", "When").click()
    group(page, "Next contact").get_by_label("In 2 weeks").click()
    dialog(page).get_by_text("What it brought, who of us was there").click()
    assert accessibility_faults(page) == []
    dialog(page).get_by_role("button", name="Log", exact=True).click()
    expect(dialog(page).get_by_text("Choose the day.")).to_be_visible()
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    for verb in ("move", "void"):
        page.goto(f"/interactions/{plan.pk}/{verb}/")
        assert accessibility_faults(page) == []
