"""Acting on alerts in a browser, without leaving the list."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from accounts_app.models import Company, User
from signals.models import Alert, Band
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults, settled
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import AS_OF, judged

pytestmark = pytest.mark.django_db(transaction=True)

SIGNALS = ("order_rhythm", "silence", "contact_change")


@pytest.fixture
def manager() -> User:
    """A manager with three alerts on one account, the first worth most."""
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "simulated": True})
    team = TeamFactory(name="North")
    manager = UserFactory(name="Jonas Okafor", teams=[team])
    account = AccountFactory(name="Halvorsen", team=team, owner=manager)
    judged(account, Band.AT_RISK)
    days = {"opened_on": AS_OF, "judged_on": AS_OF, "released_on": AS_OF}
    for number, signal in enumerate(SIGNALS):
        Alert.objects.create(
            account=account, signal=signal, level=0.9, priority=9000 - number, sentence=f"Says {signal}.", **days
        )
    return manager


def rows(page: Page) -> Locator:
    return page.locator(".alert")


def of(signal: str) -> Alert:
    return Alert.objects.get(signal=signal)


def test_acknowledge_and_take_back(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    expect(page.locator("#open-alert-count")).to_contain_text("3")
    rows(page).nth(1).get_by_role("button", name="Acknowledge").click()
    settled(page)
    expect(rows(page).nth(1)).to_contain_text("Acknowledged · J. Okafor")
    expect(rows(page).nth(1)).to_be_focused()
    expect(rows(page)).to_have_count(3)
    assert of("silence").state == "acknowledged"
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("Taken back.")
    assert of("silence").state == "open"
    expect(page).to_have_url(re.compile(r"/alerts/$"))


def test_resolve_asks_for_what_is_missing_and_keeps_what_was_typed(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    rows(page).first.get_by_text("Resolve …").click()
    form = rows(page).first.locator(".form--resolve")
    expect(form.get_by_label("Cause")).to_be_hidden()
    form.get_by_label("What was it?").select_option("real")
    expect(form.get_by_label("Cause")).to_be_visible()
    form.get_by_label("Note").fill("told by phone")
    form.get_by_role("button", name="Resolve").click()
    settled(page)
    expect(form.get_by_text("Say what the cause was.")).to_be_visible()
    expect(form.get_by_label("Note")).to_have_value("told by phone")
    form.get_by_label("Cause").select_option("competitor")
    form.get_by_role("button", name="Resolve").click()
    settled(page)
    expect(rows(page).first).to_contain_text("Resolved: real, competitor · J. Okafor")
    expect(page.locator("#open-alert-count")).to_contain_text("2")
    assert (of("order_rhythm").state, of("order_rhythm").cause) == ("resolved", "competitor")


def test_snooze_by_keyboard(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    rows(page).first.locator("summary", has_text="Snooze").focus()
    page.keyboard.press("Enter")
    form = rows(page).first.locator(".form--snooze")
    form.get_by_label("Why it can wait").fill("tender in December")
    page.keyboard.press("Enter")
    settled(page)
    expect(rows(page).first).to_contain_text("Snoozed until")
    assert of("order_rhythm").snoozed_until == timezone.localdate() + timedelta(days=14)


def test_all_of_it_works_without_script(browser: Browser, base_url: str, manager: User, log_in: LogIn) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    log_in(page, manager)
    page.goto("/alerts/?whose=all")
    rows(page).first.get_by_text("Snooze …").click()
    form = rows(page).first.locator(".form--snooze")
    form.get_by_label("Until").fill("2020-01-01")
    form.get_by_label("Why it can wait").fill("tender")
    form.get_by_role("button", name="Snooze").click()
    expect(page.get_by_text("Choose a day from tomorrow on, within a year.")).to_be_visible()
    expect(page.get_by_label("Why it can wait")).to_have_value("tender")
    page.get_by_label("Until").fill((timezone.localdate() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Snooze").click()
    expect(page).to_have_url(re.compile(r"/alerts/\?whose=all&done="))
    expect(rows(page)).to_have_count(2)
    assert of("order_rhythm").state == "snoozed"
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_count(3)
    assert of("order_rhythm").state == "open"
    context.close()


def test_filters_swap_the_list_and_stay_in_the_address(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    page.get_by_label("Signal").select_option("silence")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("link", name="Snoozed 0").click()
    expect(page.get_by_text("No such alert")).to_be_visible()
    expect(page).to_have_url(re.compile(r"signal=silence&state=snoozed$"))
    page.go_back()
    expect(rows(page)).to_have_count(1)


def test_a_panel_of_the_last_row_can_be_reached(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    rows(page).last.get_by_text("Resolve …").click()
    button = rows(page).last.locator(".form--resolve").get_by_role("button", name="Resolve")
    button.scroll_into_view_if_needed()
    button.click(trial=True)


def test_several_are_resolved_and_taken_back_at_once(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/alerts/")
    bar = page.locator(".chosen")
    expect(bar).to_be_hidden()
    for place in (0, 1):
        rows(page).nth(place).get_by_role("checkbox").check()
    expect(bar).to_contain_text("2 chosen")
    bar.get_by_role("button", name="Resolve …").click()
    expect(page.get_by_text("2 alerts:")).to_be_visible()
    page.get_by_label("What were they?").select_option("false")
    page.get_by_role("button", name="Resolve", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("2 alerts resolved.")
    expect(rows(page)).to_have_count(1)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back")
    page.goto("/alerts/")
    expect(rows(page)).to_have_count(3)
    assert {of(signal).state for signal in SIGNALS} == {"open"}


def test_a_step_is_ticked_on_a_phone(page: Page, manager: User, log_in: LogIn) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, manager)
    page.goto("/alerts/")
    first = rows(page).first
    first.get_by_text("What to do: 0 of 4 done").click()
    first.get_by_role("button", name=re.compile("^Tick off")).first.click()
    settled(page)
    expect(first).to_contain_text("What to do: 1 of 4 done")
    expect(first).to_contain_text("done by J. Okafor")
    expect(first.get_by_role("button", name=re.compile("^Done, take back"))).to_be_focused()
    first.get_by_role("link", name=re.compile("^Log a contact")).first.click()
    expect(page.locator("#dialog-title")).to_be_visible()
    page.keyboard.press("Escape")
    first.get_by_role("button", name=re.compile("^Done, take back")).click()
    settled(page)
    expect(first).to_contain_text("What to do: 0 of 4 done")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_alerts(look: tuple[Any, ViewportSize], page: Page, manager: User, log_in: LogIn) -> None:
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, manager)
    page.goto("/alerts/")
    rows(page).first.get_by_role("checkbox").check()
    rows(page).first.get_by_text("What to do").click()
    rows(page).first.get_by_text("Resolve …").click()
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    for address in ("/alerts/?state=closed", "/alerts/quality/", "/alerts/bulk/resolve/?alert=1"):
        page.goto(address)
        assert accessibility_faults(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_playbooks_and_budgets(
    look: tuple[Any, ViewportSize], page: Page, manager: User, log_in: LogIn
) -> None:
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, UserFactory(role="sales_leader", teams=list(manager.teams.all())))
    budget = f"/settings/alarm-budget/{manager.pk}/"
    for address in ("/settings/playbooks/", "/settings/playbooks/silence/", "/settings/alarm-budget/", budget):
        page.goto(address)
        assert accessibility_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
