"""Operations in a browser: log in fifteen seconds, pause, resolve and reopen without leaving the board."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from accounts_app.models import Account, Company, Incident, IncidentPause, Role, User
from tests.e2e.conftest import DESKTOP, LOOKS, PHONE, LogIn, accessibility_faults, settled
from tests.factories import AccountFactory, ContactFactory, IncidentFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

# Beyond the line of text that says what is wrong.
MOST_PRESSES = 8
# The poll of open pages, and what it sets off.
LIVE_MS = 12_000


@pytest.fixture(autouse=True)
def company() -> Company:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "Europe/Berlin"})
    return Company.the()


@pytest.fixture
def clerk() -> User:
    return UserFactory(name="Mia Sanz", role=Role.OPERATIONS)


@pytest.fixture
def accounts() -> list[Account]:
    return [AccountFactory(name=name) for name in ("Aldeburgh Pumps", "Halvorsen Marine", "Nordlys Energi")]


@pytest.fixture
def incident(accounts: list[Account]) -> Incident:
    ContactFactory(account=accounts[1], name="Ingrid Solheim", phone="+47 55 10", primary=True)
    return IncidentFactory(
        account=accounts[1], number="T-77", title="Seal kit short", opened_at=timezone.now() - timedelta(days=3)
    )


@pytest.fixture
def other_browser(browser: Browser, base_url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=base_url, viewport=DESKTOP)
    yield context
    context.close()


class Hand:
    """Presses keys and taps, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def key(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.presses += 1

    def tap(self, target: Locator) -> None:
        target.click()
        self.presses += 1


def row(page: Page, title: str = "Seal kit short") -> Locator:
    return page.locator("tr", has=page.get_by_role("link", name=title, exact=True))


def press(page: Page, act: str, title: str = "Seal kit short") -> None:
    row(page, title).get_by_role("button", name=act).or_(row(page, title).get_by_role("link", name=act)).click()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def undo(page: Page) -> None:
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back.")
    settled(page)


def test_by_keys_an_incident_is_logged_from_anywhere(
    page: Page, clerk: User, accounts: list[Account], log_in: LogIn
) -> None:
    page.set_viewport_size(DESKTOP)
    log_in(page, clerk)
    page.goto("/incidents/")
    hand = Hand(page)
    hand.key("i")
    expect(dialog(page).get_by_role("combobox", name="Account")).to_be_focused()
    hand.key("h", "a", "Enter")
    expect(dialog(page).locator("select")).to_have_value(str(accounts[1].pk))
    hand.key("Tab")
    page.keyboard.type("Two seals of five missing")
    hand.key("Tab", "Space", "Enter")
    expect(dialog(page)).to_be_hidden()
    expect(row(page, "Two seals of five missing")).to_contain_text("Halvorsen Marine")
    logged = Incident.objects.get()
    assert (logged.account, logged.kind, logged.severity) == (accounts[1], "delivery", "minor")
    assert hand.presses <= MOST_PRESSES
    undo(page)
    expect(row(page, "Two seals of five missing")).to_have_count(0)
    assert not Incident.objects.exists()


def test_on_a_phone_an_incident_is_logged_by_taps(
    page: Page, clerk: User, accounts: list[Account], log_in: LogIn
) -> None:
    page.set_viewport_size(PHONE)
    log_in(page, clerk)
    page.goto(f"/accounts/{accounts[0].pk}/contacts/")
    hand = Hand(page)
    hand.tap(page.get_by_role("link", name="Log an incident"))
    # On an account's page the account is known: the words come first.
    title = dialog(page).get_by_label("What is wrong?")
    expect(title).to_be_focused()
    page.keyboard.type("Invoice names the wrong order")
    hand.tap(dialog(page).get_by_role("radio", name="Invoice"))
    hand.tap(dialog(page).get_by_role("radio", name="Major"))
    hand.tap(dialog(page).get_by_role("button", name="Log incident"))
    expect(page.locator("#toasts")).to_contain_text(re.compile(r"V-\d+ logged\."))
    logged = Incident.objects.get()
    assert (logged.account, logged.kind, logged.severity) == (accounts[0], "invoice", "major")
    assert hand.presses <= MOST_PRESSES


def test_the_line_on_top_of_the_board_logs_one_after_another(
    page: Page, clerk: User, accounts: list[Account], log_in: LogIn
) -> None:
    log_in(page, clerk)
    page.goto("/incidents/")
    line = page.get_by_role("form", name="Log an incident")
    for account, title in zip(accounts, ("first", "second"), strict=False):
        line.get_by_role("combobox", name="Account").press_sequentially(account.name[:4])
        page.keyboard.press("Enter")
        expect(line.locator("select")).to_have_value(str(account.pk))
        line.get_by_label("What is wrong?").fill(title)
        line.get_by_role("radio", name="Technical").click()
        page.keyboard.press("Enter")
        expect(row(page, title)).to_contain_text(account.name)
        settled(page)
        expect(line.get_by_label("What is wrong?")).to_have_value("")
        expect(line.get_by_role("combobox", name="Account")).to_be_focused()
    assert set(Incident.objects.values_list("account", "title")) == {
        (accounts[0].pk, "first"),
        (accounts[1].pk, "second"),
    }


def test_the_line_says_what_is_missing_and_keeps_the_rest(
    page: Page, clerk: User, accounts: list[Account], log_in: LogIn
) -> None:
    log_in(page, clerk)
    page.goto("/incidents/")
    line = page.get_by_role("form", name="Log an incident")
    line.get_by_label("What is wrong?").fill("Seals missing")
    page.keyboard.press("Enter")
    expect(line.get_by_text("Choose the account.")).to_be_visible()
    expect(line.get_by_text("Choose what kind it is.")).to_be_visible()
    expect(line.get_by_label("What is wrong?")).to_have_value("Seals missing")
    line.get_by_text("Opened now …").click()
    line.get_by_label("Opened", exact=True).fill("2100-01-01T10:00")
    line.get_by_role("button", name="Log incident").click()
    expect(line.get_by_text("This moment lies in the future.")).to_be_visible()
    expect(line.get_by_label("Opened", exact=True)).to_have_value("2100-01-01T10:00")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_acknowledging_to_reopening_without_leaving_the_board(
    size: ViewportSize, page: Page, clerk: User, incident: Incident, log_in: LogIn
) -> None:
    page.set_viewport_size(size)
    log_in(page, clerk)
    page.goto("/incidents/?severity=minor")
    press(page, "Acknowledge")
    expect(row(page)).not_to_contain_text("not acknowledged")
    press(page, "Pause")
    dialog(page).get_by_label("Why the clock stands").fill("customer is on holiday")
    page.keyboard.press("Enter")
    expect(row(page)).to_contain_text("customer is on holiday")
    undo(page)
    expect(row(page)).not_to_contain_text("customer is on holiday")
    press(page, "Pause")
    dialog(page).get_by_label("Why the clock stands").fill("waiting for a photo")
    page.keyboard.press("Enter")
    press(page, "Resume")
    expect(row(page).get_by_role("link", name="Pause")).to_be_visible()
    press(page, "Update")
    dialog(page).get_by_role("radio", name="Quality").click()
    dialog(page).get_by_label("What is known by now").fill("Two of five.")
    dialog(page).get_by_role("button", name="Save").click()
    expect(row(page)).to_contain_text("Quality")
    press(page, "Resolve")
    dialog(page).get_by_label("What was done?").fill("kit sent by courier")
    page.keyboard.press("Enter")
    expect(row(page)).to_contain_text("kit sent by courier")
    expect(page.locator("#toasts")).to_contain_text("T-77 resolved.")
    press(page, "Reopen")
    expect(row(page).get_by_role("link", name="Resolve")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/incidents/\?severity=minor$"))
    incident.refresh_from_db()
    assert (incident.is_open, incident.kind, incident.note) == (True, "quality", "Two of five.")
    assert IncidentPause.objects.get().until_at is not None


def test_a_resolution_before_the_opening_is_refused_in_the_dialog(
    page: Page, clerk: User, incident: Incident, log_in: LogIn
) -> None:
    log_in(page, clerk)
    page.goto("/incidents/")
    press(page, "Resolve")
    dialog(page).get_by_label("What was done?").fill("kit sent")
    dialog(page).get_by_text("Resolved now …").click()
    dialog(page).get_by_label("Resolved", exact=True).fill("2026-01-01T10:00")
    dialog(page).get_by_role("button", name="Resolve").click()
    expect(dialog(page).get_by_text("It was opened later than this.")).to_be_visible()
    expect(dialog(page).get_by_label("What was done?")).to_have_value("kit sent")
    incident.refresh_from_db()
    assert incident.is_open


def test_two_editors_side_by_side_see_each_other_and_overwrite_nothing(
    page: Page, other_browser: BrowserContext, clerk: User, incident: Incident, log_in: LogIn
) -> None:
    log_in(page, clerk)
    page.goto("/incidents/")
    press(page, "Update")
    dialog(page).get_by_label("What is known by now").fill("typed for a while")
    theirs = other_browser.new_page()
    log_in(theirs, UserFactory(name="Ola Berg", role=Role.OPERATIONS))
    theirs.goto(f"/incidents/{incident.pk}/")
    theirs.get_by_role("link", name="Update").click()
    dialog(theirs).get_by_role("radio", name="Critical").click()
    dialog(theirs).get_by_role("button", name="Save").click()
    expect(theirs.locator("#toasts")).to_contain_text("T-77 updated.")
    expect(theirs.locator(".incident-history")).to_contain_text("Severity Minor → Critical", timeout=LIVE_MS)
    # The board behind the dialog fetches its rows; what is typed stays.
    expect(page.locator(f"#incident-{incident.pk}")).to_contain_text("Critical", timeout=LIVE_MS)
    expect(dialog(page).get_by_label("What is known by now")).to_have_value("typed for a while")
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page)).to_contain_text("O. Berg: Severity Minor → Critical")
    expect(dialog(page).get_by_label("What is known by now")).to_have_value("typed for a while")
    incident.refresh_from_db()
    assert (incident.severity, incident.note) == ("critical", "")
    dialog(page).get_by_role("radio", name="Critical").click()
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page)).to_be_hidden()
    incident.refresh_from_db()
    assert (incident.severity, incident.note) == ("critical", "typed for a while")


def test_the_line_is_left_alone_by_news(
    page: Page, clerk: User, incident: Incident, accounts: list[Account], log_in: LogIn
) -> None:
    log_in(page, clerk)
    page.goto("/incidents/")
    line = page.get_by_role("form", name="Log an incident")
    line.get_by_label("What is wrong?").fill("half a sentence")
    Incident.objects.update(title="Seal kit complete")
    expect(row(page, "Seal kit complete")).to_be_visible(timeout=LIVE_MS)
    expect(line.get_by_label("What is wrong?")).to_have_value("half a sentence")


def test_an_accounts_incidents_renew_themselves_for_operations(
    page: Page, clerk: User, incident: Incident, log_in: LogIn
) -> None:
    log_in(page, clerk)
    page.goto(f"/accounts/{incident.account_id}/incidents/")
    press(page, "Acknowledge")
    expect(row(page)).not_to_contain_text("not acknowledged")
    Incident.objects.update(title="Seal kit complete")
    expect(row(page, "Seal kit complete")).to_be_visible(timeout=LIVE_MS)
    expect(page.locator(".tabs")).to_contain_text("Incidents 1 open")


def test_all_of_it_works_without_script(
    browser: Browser, base_url: str, clerk: User, incident: Incident, log_in: LogIn
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    log_in(page, clerk)
    page.goto("/incidents/")
    press(page, "Acknowledge")
    expect(row(page)).not_to_contain_text("not acknowledged")
    press(page, "Pause")
    page.get_by_label("Why the clock stands").fill("waiting")
    page.get_by_role("button", name="Pause the clock").click()
    expect(page.locator(".incident-history")).to_contain_text("Paused: “waiting”")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(".incident-history")).to_contain_text("Took the last step back")
    page.get_by_role("link", name="Log an incident").click()
    page.get_by_label("Account", exact=True).first.fill("nord")
    page.get_by_role("button", name="Find").click()
    page.locator("select[name=account]").select_option(label="Nordlys Energi")
    page.get_by_label("What is wrong?").fill("Crate broken")
    page.get_by_label("Quality").check()
    page.get_by_role("button", name="Log incident").click()
    expect(page.get_by_role("heading", name="Crate broken")).to_be_visible()
    assert Incident.objects.get(title="Crate broken").account.name == "Nordlys Energi"
    context.close()


def test_the_board_can_be_narrowed(page: Page, clerk: User, accounts: list[Account], log_in: LogIn) -> None:
    for number, (account, severity) in enumerate(zip(accounts, ("minor", "major", "critical"), strict=True)):
        opened = timezone.now() - timedelta(days=9 + number)
        IncidentFactory(account=account, title=f"{severity} one", severity=severity, opened_at=opened)
    log_in(page, clerk)
    page.goto("/incidents/")
    expect(page.locator(".row-link")).to_have_text(["critical one", "major one", "minor one"])
    page.get_by_role("searchbox", name="Find an account by name").press_sequentially("halv")
    expect(page.locator(".row-link")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=halv"))
    page.locator("#severity-critical").click()
    expect(page.get_by_text("No open incident fits")).to_be_visible()
    page.get_by_role("link", name="Clear", exact=True).click()
    expect(page.locator(".row-link")).to_have_count(3)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(
    look: tuple[Any, ViewportSize], page: Page, clerk: User, incident: Incident, log_in: LogIn
) -> None:
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    IncidentPause.objects.create(
        incident=IncidentFactory(title="Paused one", opened_at=incident.opened_at),
        from_at=timezone.now() - timedelta(days=1),
        reason="waiting for the customer",
    )
    log_in(page, clerk)
    page.goto("/incidents/")
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_label("What is wrong?").click()
    page.get_by_role("button", name="Log incident").click()
    expect(page.get_by_text("Choose the account.")).to_be_visible()
    assert accessibility_faults(page) == []
    press(page, "Resolve")
    expect(dialog(page).get_by_label("What was done?")).to_be_visible()
    assert accessibility_faults(page) == []
    page.goto(f"/incidents/{incident.pk}/")
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.goto(f"/accounts/{incident.account_id}/incidents/")
    assert accessibility_faults(page) == []
    page.goto("/log/incident/")
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
