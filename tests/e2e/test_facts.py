"""The facts of an account in a browser: typed in, seen at once, taken back, refused where they are typed."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Page, ViewportSize, expect

from accounts_app.models import Account, Company, Contact, Feed, Inquiry, SurveyAnswer, User
from signals.models import Band
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults, settled
from tests.factories import (
    AccountFactory,
    ChangeEventFactory,
    ContactFactory,
    ContractFactory,
    InquiryFactory,
    LossFactory,
    QuietPeriodFactory,
    SurveyAnswerFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db(transaction=True)

TABS = ("contacts", "inquiries", "contracts", "events", "loyalty", "details")
ACTS = {
    "contacts": "Add a contact",
    "inquiries": "Add an inquiry",
    "contracts": "Add a contract",
    "events": "Record a loss",
    "loyalty": "Add an answer",
    "details": "Edit",
}


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def manager() -> User:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    return UserFactory(name="Jonas Okafor", teams=[TeamFactory(name="North")])


@pytest.fixture
def account(manager: User) -> Account:
    account = AccountFactory(name="Halvorsen Marine", owner=manager, team=manager.teams.get(), country="NO")
    judged(account, Band.DRIFTING)
    return account


@pytest.fixture
def filled(account: Account) -> Account:
    """A row of every kind, typed in by people and delivered by a feed."""
    own, crm = Feed.objects.get(name="vigil"), Feed.objects.get_or_create(name="crm", defaults={"title": "CRM"})[0]
    money = {"amount": 48000, "currency": "EUR", "reporting_amount": 48000}
    decided = {"outcome": "elsewhere", "decided_on": date(2026, 4, 1), "decided_known_on": date(2026, 4, 3)}
    left = {"left_on": date(2026, 5, 4), "left_known_on": date(2026, 5, 4)}
    for feed in (own, crm):
        ContactFactory(account=account, feed=feed, name=f"Ingrid Solheim of {feed}", title="Head of purchasing")
        InquiryFactory(account=account, feed=feed, title="Seal kits", **money)
        ContractFactory(account=account, feed=feed, ends_on=date(2026, 9, 30), notice_days=60)
        ChangeEventFactory(account=account, feed=feed)
        SurveyAnswerFactory(account=account, feed=feed)
        LossFactory(account=account, feed=feed, part="Spare seals", went_to="Kestrel")
        QuietPeriodFactory(account=account, feed=feed)
    InquiryFactory(account=account, feed=own, awarded_to="Kestrel", **decided)
    ContactFactory(account=account, feed=own, name="Petter Aas", **left)
    answered = {
        "answered_on": date(2026, 3, 9),
        "answered_known_on": date(2026, 3, 9),
        "score": 4,
        "comment": "Too quiet.",
    }
    SurveyAnswerFactory(account=account, feed=own, **answered)
    return account


def open_form(page: Page, account: Account, tab: str, act: str = "") -> None:
    page.goto(f"/accounts/{account.pk}/{tab}/")
    page.get_by_role("link", name=act or ACTS[tab]).first.click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Save")).to_be_visible()


def test_an_answer_is_added_where_it_is_read_and_taken_back(
    page: Page, account: Account, manager: User, log_in: LogIn
) -> None:
    log_in(page, manager)
    open_form(page, account, "loyalty")
    page.get_by_label("Asked on").fill("2026-06-01")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="did not answer")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/loyalty/$"))
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nobody was asked yet")).to_be_visible()
    assert not SurveyAnswer.objects.exists()


def test_what_is_refused_is_said_at_the_field_and_nothing_typed_is_lost(
    page: Page, account: Account, manager: User, log_in: LogIn
) -> None:
    log_in(page, manager)
    open_form(page, account, "inquiries")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("About").fill("Seal kits")
    dialog.get_by_label("Amount").fill("1200")
    dialog.get_by_label("Currency").fill("sek")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Currency")).to_have_accessible_description(
        "No rate from SEK to EUR is known for 30 Jun 2026."
    )
    expect(dialog.get_by_label("About")).to_have_value("Seal kits")
    dialog.get_by_label("Currency").fill("EUR")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="Seal kits")).to_contain_text("€ 1.20 k")
    assert Inquiry.objects.get().reporting_amount == 1200


def test_an_inquiry_is_decided_and_only_then_asks_when_and_by_whom(
    page: Page, filled: Account, manager: User, log_in: LogIn
) -> None:
    log_in(page, manager)
    open_form(page, filled, "inquiries", "Edit or decide")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Decided on")).to_be_hidden()
    dialog.get_by_label("Outcome").select_option("won")
    expect(dialog.get_by_label("Decided on")).to_be_visible()
    expect(dialog.get_by_label("Awarded to")).to_be_hidden()
    dialog.get_by_label("Outcome").select_option("lost")
    dialog.get_by_label("Awarded to").fill("Kestrel")
    dialog.get_by_label("Decided on").fill("2026-06-29")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="29 Jun · to Kestrel")).to_be_visible()


def test_somebody_who_leaves_is_said_beside_the_name(page: Page, filled: Account, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    open_form(page, filled, "contacts", "Edit Ingrid Solheim of CRM")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Name and addresses come from CRM")).to_be_visible()
    dialog.get_by_label("Will leave").check()
    dialog.get_by_label("Announced last day").fill("2026-09-30")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="of CRM")).to_contain_text("leaves 30 Sep")
    assert Contact.objects.get(name__endswith="CRM").leaving_known_on == date(2026, 6, 30)


def test_two_editors_do_not_overwrite_each_other(
    page: Page, browser: Browser, base_url: str, account: Account, log_in: LogIn
) -> None:
    manager = account.owner
    assert manager
    other = browser.new_context(base_url=base_url).new_page()
    for one in (page, other):
        log_in(one, manager)
        open_form(one, account, "details")
        one.get_by_label("Industry").fill("Marine" if one is page else "Rail")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".facts").first).to_contain_text("Marine")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("dialog")).to_contain_text("Nothing was overwritten")
    expect(other.get_by_role("dialog")).to_contain_text("Industry: Marine")
    assert Account.objects.get().industry == "Marine"
    other.get_by_role("button", name="Save").click()
    expect(other.locator(".facts").first).to_contain_text("Rail")
    other.context.close()


def test_without_script_it_is_pages(
    browser: Browser, base_url: str, account: Account, manager: User, log_in: LogIn
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    log_in(page, manager)
    page.goto(f"/accounts/{account.pk}/contracts/")
    page.get_by_role("link", name="Add a contract").click()
    page.get_by_label("First day").fill("2026-07-01")
    page.get_by_label("Last day").fill("2026-06-01")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Ends before it starts.")).to_be_visible()
    page.get_by_label("Last day").fill("2027-06-30")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"/contracts/$"))
    expect(page.get_by_role("row").filter(has_text="365 days left")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("No contract is known")).to_be_visible()
    context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_lists_and_forms(
    look: tuple[Any, ViewportSize], page: Page, filled: Account, manager: User, log_in: LogIn
) -> None:
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, manager)
    for tab in TABS:
        open_form(page, filled, tab)
        assert accessibility_faults(page) == [], f"form of {tab}"
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        settled(page)
        assert accessibility_faults(page) == [], tab
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], tab
