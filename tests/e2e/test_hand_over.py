"""The changing of the guard in a browser: a manager's accounts handed over, a contact who left, and the map of both."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Page, ViewportSize, expect

from accounts_app.models import Account, Colleague, Company, Contact, Feed, Interaction, Ownership, Promise, Role, User
from accounts_app.services.ownership import assign
from signals.models import Band
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults, settled
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    InteractionFactory,
    LinkFactory,
    PromiseFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def people() -> dict[str, User]:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    team = TeamFactory(name="North")
    roles = {"Siobhán Keane": Role.SALES_LEADER}
    names = ("Siobhán Keane", "Rolf Petersen", "Elin Sandström")
    return {name: UserFactory(name=name, teams=[team], role=roles.get(name, Role.ACCOUNT_MANAGER)) for name in names}


@pytest.fixture
def colleagues(people: dict[str, User]) -> dict[str, Colleague]:
    levels = {"Rolf Petersen": "management", "Elin Sandström": "operational"}
    return {name: ColleagueFactory(name=name, user=people[name], level=level) for name, level in levels.items()}


@pytest.fixture
def account(people: dict[str, User], colleagues: dict[str, Colleague]) -> Account:
    """Petersen knows the buyer well and the director hardly; Sandström knows the buyer from one visit."""
    leaver = people["Rolf Petersen"]
    account = AccountFactory(name="Halvorsen Marine", team=leaver.teams.get())
    assign(account=account, duty=Ownership.Duty.OWNER, user=leaver, on=date(2024, 1, 1))
    own = Feed.objects.get(name="vigil")
    buyer = ContactFactory(account=account, name="Ingrid Solheim", level="operational", primary=True, feed=own)
    lund = ContactFactory(account=account, name="Karin Lund", level="executive")
    ContactFactory(account=account, name="Petter Aas", level="operational")
    for contact, colleague, days in (
        (buyer, "Rolf Petersen", 6),
        (buyer, "Elin Sandström", 90),
        (lund, "Rolf Petersen", 400),
    ):
        day = TODAY - timedelta(days=days)
        meeting = InteractionFactory(account=account, happened_on=day, known_on=day)
        meeting.contacts.add(contact)
        meeting.colleagues.add(colleagues[colleague])
    LinkFactory(contact=buyer, colleague=colleagues["Rolf Petersen"], strength=3, known_on=date(2025, 1, 1))
    PromiseFactory(account=account, by=leaver, text="Drawings of the seal", due_on=date(2026, 6, 20), feed=own)
    account.refresh_from_db()
    judged(account, Band.DRIFTING)
    return account


def test_a_leader_hands_the_accounts_of_a_leaving_manager_over(
    page: Page, account: Account, people: dict[str, User], log_in: LogIn
) -> None:
    second = AccountFactory(name="Kestrel Rail", team=account.team)
    assign(account=second, duty=Ownership.Duty.OWNER, user=people["Rolf Petersen"], on=date(2025, 1, 1))
    log_in(page, people["Siobhán Keane"])
    page.goto("/settings/hand-over/")
    page.get_by_role("link", name="Rolf Petersen").click()
    expect(page.get_by_text("1 open promise stays with its account")).to_be_visible()
    page.get_by_label("All accounts go to").select_option(label="Elin Sandström · Account manager")
    page.get_by_label("Day of the visit to Halvorsen Marine").fill("2026-07-08")
    page.get_by_label("Joint visit to Kestrel Rail").uncheck()
    page.get_by_role("button", name="Hand over").click()
    said = "2 accounts of Rolf Petersen handed over. 1 joint visit planned. 1 open promise went along."
    expect(page.get_by_role("status")).to_contain_text(said)
    visit = Interaction.objects.planned().get()
    assert (visit.account, visit.planned_on) == (account, date(2026, 7, 8))
    assert {one.name for one in visit.colleagues.all()} == {"Rolf Petersen", "Elin Sandström"}
    assert Promise.objects.get().by == people["Elin Sandström"]
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("2 accounts went back.")
    expect(page.get_by_role("row").filter(has_text="Rolf Petersen")).to_contain_text("2")
    visit.refresh_from_db()
    assert (visit.state, Promise.objects.get().by) == ("voided", people["Rolf Petersen"])


def test_the_new_owner_finds_promises_and_sees_who_came(
    page: Page, account: Account, people: dict[str, User], log_in: LogIn
) -> None:
    assign(account=account, duty=Ownership.Duty.OWNER, user=people["Elin Sandström"], on=TODAY)
    log_in(page, people["Elin Sandström"])
    page.goto(f"/accounts/{account.pk}/")
    card = page.get_by_role("region", name="Promises")
    expect(card).to_contain_text("overdue since 20 Jun")
    card.get_by_role("link", name="Drawings of the seal").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Outcome").select_option("kept")
    dialog.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("none open")
    assert Promise.objects.get().closed_on == TODAY
    page.goto(f"/accounts/{account.pk}/relationships/")
    row = page.get_by_role("listitem").filter(has_text="Elin Sandström became owner")
    expect(row).to_contain_text("after Rolf Petersen")


def test_what_is_left_without_somebody_shows_at_once_and_stays_in_the_address(
    page: Page, account: Account, people: dict[str, User], log_in: LogIn
) -> None:
    log_in(page, people["Rolf Petersen"])
    page.goto(f"/accounts/{account.pk}/relationships/")
    expect(page.get_by_text("All hangs on Ingrid Solheim")).to_be_visible()
    page.get_by_label("Rolf Petersen").check()
    said = page.locator("#what-if")
    expect(said).to_contain_text("Without Rolf Petersen: 1 of 9 level pairs alive, now 2.")
    expect(page).to_have_url(re.compile(r"without=colleague-\d+$"))
    page.get_by_label("Ingrid Solheim").check()
    expect(said).to_contain_text("0 of 9 level pairs alive, now 2")
    expect(said).to_contain_text("Petter Aas with Elin Sandström")
    page.go_back()
    expect(said).to_contain_text("1 of 9 level pairs alive")
    expect(page.get_by_label("Ingrid Solheim")).not_to_be_checked()
    page.reload()
    expect(page.get_by_label("Rolf Petersen")).to_be_checked()
    page.get_by_role("link", name="Nobody leaves").click()
    expect(said).to_contain_text("Whose loss would cost most")


def test_a_link_is_told_on_the_map(page: Page, account: Account, people: dict[str, User], log_in: LogIn) -> None:
    log_in(page, people["Rolf Petersen"])
    page.goto(f"/accounts/{account.pk}/relationships/")
    page.get_by_role("link", name="Add a link").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Theirs").select_option(label="Petter Aas")
    dialog.get_by_label("Ours").select_option(label="Elin Sandström")
    dialog.get_by_label("works with").check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("P. Aas – E. Sandström")).to_be_visible()
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("P. Aas – E. Sandström")).to_have_count(0)


def test_a_contact_who_left_gets_a_successor_and_the_hand_over_is_planned(
    page: Page, account: Account, people: dict[str, User], log_in: LogIn
) -> None:
    log_in(page, people["Rolf Petersen"])
    page.goto(f"/accounts/{account.pk}/contacts/")
    page.get_by_role("link", name="Edit Ingrid Solheim").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Has left, on").fill("2026-06-26")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Successor", exact=True)).to_have_accessible_description(re.compile("Who follows"))
    dialog.get_by_label("or somebody new, by name").fill("Nina Dahl")
    dialog.get_by_label("Level of the new person").select_option("management")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Hand-over contact planned for 7 Jul.")
    expect(page.get_by_role("row").filter(has_text="Ingrid Solheim")).to_contain_text("followed by Nina Dahl")
    plan = Interaction.objects.planned().get()
    assert [one.name for one in plan.contacts.all()] == ["Nina Dahl"]
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row").filter(has_text="Nina Dahl")).to_have_count(0)
    settled(page)
    plan.refresh_from_db()
    assert (plan.state, Contact.objects.filter(name="Nina Dahl").exists()) == ("voided", False)


def test_without_script_the_map_is_a_form(
    browser: Browser, base_url: str, account: Account, people: dict[str, User], log_in: LogIn
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    log_in(page, people["Rolf Petersen"])
    page.goto(f"/accounts/{account.pk}/relationships/")
    page.get_by_label("Ingrid Solheim").check()
    page.get_by_role("button", name="Show what is left").click()
    expect(page.locator("#what-if")).to_contain_text("Without Ingrid Solheim: 0 of 9 level pairs alive")
    context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(
    look: tuple[Any, ViewportSize], page: Page, account: Account, people: dict[str, User], log_in: LogIn
) -> None:
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, people["Siobhán Keane"])
    buyer = Contact.objects.get(name="Ingrid Solheim")
    pages = (
        f"/accounts/{account.pk}/relationships/",
        f"/accounts/{account.pk}/relationships/?without=contact-{buyer.pk}",
        f"/accounts/{account.pk}/relationships/links/add/",
        f"/accounts/{account.pk}/promises/",
        f"/accounts/{account.pk}/contacts/{buyer.pk}/edit/",
        f"/settings/hand-over/?from={people['Rolf Petersen'].pk}",
    )
    for address in pages:
        page.goto(address)
        settled(page)
        assert accessibility_faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
