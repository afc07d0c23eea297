"""Two people at work: what one of them saves, the other's open page shows by itself."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts_app.models import Account, Company, Role
from accounts_app.services.changes import mark_changed
from signals.models import Run
from tests.e2e.conftest import LogIn, settled
from tests.factories import AccountFactory, ContactFactory, InteractionFactory, TeamFactory, UserFactory
from tests.worker import CeleryWorker

# From the save to the other page: recomputed within 5 s, looked for every 5 s; and a machine that has more to do.
SEEN_MS = 20_000


@pytest.fixture
def account(transactional_db: None, celery_worker_process: Callable[..., CeleryWorker]) -> Account:
    """An account that the schedule of a real worker has judged."""
    team = TeamFactory(name="North")
    owner = UserFactory(name="Marta Sanz", teams=[team])
    account = AccountFactory(name="Halvorsen Marine", team=team, owner=owner)
    ContactFactory(account=account, name="Ingrid Solheim")
    today = Company.the().day_of(timezone.now())
    InteractionFactory(account=account, happened_on=today.replace(day=1), known_on=today.replace(day=1))
    celery_worker_process(beat=True)
    return account


@pytest.fixture
def second_page(browser: Browser, base_url: str) -> Iterator[Page]:
    """Another person's browser."""
    context = browser.new_context(base_url=base_url)
    yield context.new_page()
    context.close()


def until_judged(page: Page) -> None:
    while not Run.objects.assessments().filter(state=Run.State.DONE).exists():
        page.wait_for_timeout(200)


def log_a_contact(page: Page, note: str) -> None:
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("group", name="What for", exact=True).first.get_by_label("Proactive", exact=True).check()
    dialog.get_by_label("Note").fill(note)
    dialog.get_by_role("button", name="Log", exact=True).click()
    expect(dialog).to_be_hidden()


def test_two_browsers_see_each_other_s_save(
    page: Page, second_page: Page, log_in: LogIn, account: Account, live_server: Any
) -> None:
    until_judged(page)
    log_in(page, UserFactory(role=Role.SALES_LEADER, teams=[account.team]))
    log_in(second_page, account.owner)  # type: ignore[arg-type]
    page.goto(f"/accounts/{account.pk}/")
    second_page.goto(f"/accounts/{account.pk}/interactions/")
    tabs = page.get_by_role("navigation", name="Pages of this account")
    expect(tabs.get_by_text("Interactions 1")).to_be_visible()

    log_a_contact(second_page, "Asked about the new seal kits")
    expect(tabs.get_by_text("Interactions 2")).to_be_visible(timeout=SEEN_MS)
    # One's own page shows it as well.
    expect(second_page.get_by_text("Asked about the new seal kits")).to_be_visible(timeout=SEEN_MS)

    page.goto(f"/accounts/{account.pk}/interactions/")
    log_a_contact(page, "Came along to the plant")
    expect(second_page.get_by_text("Came along to the plant")).to_be_visible(timeout=SEEN_MS)
    settled(page)


def test_what_operations_log_appears_on_the_account_and_moves_its_judgement(
    page: Page, second_page: Page, log_in: LogIn, account: Account, live_server: Any
) -> None:
    until_judged(page)
    log_in(page, account.owner)  # type: ignore[arg-type]
    log_in(second_page, UserFactory(role=Role.OPERATIONS))
    page.goto(f"/accounts/{account.pk}/")
    tabs = page.get_by_role("navigation", name="Pages of this account")
    expect(tabs.get_by_text("Incidents 0 open")).to_be_visible()
    before = page.locator("#main").get_attribute("data-version")

    second_page.goto(f"/accounts/{account.pk}/incidents/")
    second_page.keyboard.press("i")
    dialog = second_page.get_by_role("dialog")
    dialog.get_by_label("Delivery", exact=True).check()
    dialog.get_by_label("What is wrong?").fill("Two pallets short")
    dialog.get_by_role("button", name="Log incident").click()
    expect(tabs.get_by_text("Incidents 1 open")).to_be_visible(timeout=SEEN_MS)
    assert float(page.locator("#main").get_attribute("data-version") or 0) > float(before or 0)


def test_what_somebody_is_typing_is_left_alone(page: Page, log_in: LogIn, account: Account, live_server: Any) -> None:
    until_judged(page)
    log_in(page, account.owner)  # type: ignore[arg-type]
    page.goto(f"/accounts/{account.pk}/")
    page.evaluate(
        """() => {
            const form = Object.assign(document.createElement("form"), { method: "post" });
            form.append(Object.assign(document.createElement("input"), { name: "typed" }));
            document.getElementById("main").append(form);
        }"""
    )
    page.locator("#main input[name=typed]").fill("half a sentence")
    InteractionFactory(account=account)
    mark_changed([account.pk])
    expect(page.get_by_text("There is news on this page.")).to_be_visible(timeout=SEEN_MS)
    expect(page.locator("#main input[name=typed]")).to_have_value("half a sentence")


def test_a_row_of_the_portfolio_renews_itself_where_it_stands(
    page: Page, log_in: LogIn, account: Account, live_server: Any
) -> None:
    until_judged(page)
    log_in(page, account.owner)  # type: ignore[arg-type]
    page.goto("/")
    row = page.locator(f"#account-{account.pk}")
    expect(row).to_contain_text("Halvorsen Marine")
    expect(row).to_contain_text("none planned")
    plan = Company.the().day_of(timezone.now())
    InteractionFactory(
        account=account, state="planned", channel="visit", planned_on=plan, happened_on=None, happened_known_on=None
    )
    mark_changed([account.pk])
    expect(row).to_contain_text("visit", timeout=SEEN_MS)
    expect(row).to_be_visible()
