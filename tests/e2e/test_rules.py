"""The rules and a person's own judgement in a browser: typed, looked at, saved, taken back."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, ViewportSize, expect

from accounts_app.models import Account, Company, Role, User
from signals.compute.base import Status
from signals.models import Band, ManualJudgement, Reading, RuleSet
from signals.services.rules import current_rules, values_of
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults, settled
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import AS_OF, judged

OpenAs = Callable[[Any, ViewportSize], Page]
pytestmark = pytest.mark.django_db(transaction=True)

FIRST_RISKS = {"Halvorsen Marine": 0.72, "Kestrel Rail": 0.44, "Ferro & Figli": 0.08}
BANDS = {"Halvorsen Marine": Band.AT_RISK, "Kestrel Rail": Band.DRIFTING, "Ferro & Figli": Band.HEALTHY}


@pytest.fixture
def leader() -> User:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    return UserFactory(name="Mara Sanz", role=Role.SALES_LEADER, teams=[TeamFactory(name="North")])


@pytest.fixture
def accounts(leader: User) -> dict[str, Account]:
    """Three accounts of which only the order rhythm is known, each in its own band."""
    with connection.cursor() as cursor:
        # The factory's run took the first ticket without drawing it.
        cursor.execute("SELECT setval('signals_run_ticket', 100)")
    made = {name: AccountFactory(name=name, team=leader.teams.get()) for name in FIRST_RISKS}
    for name, account in made.items():
        standing = judged(account, BANDS[name], coverage=0.9)
        Reading.objects.create(
            account=account, signal="order_rhythm", as_of=AS_OF, ticket=standing.ticket, status=str(Status.OK),
            level=FIRST_RISKS[name], details={"p_gap_this_long": 0.5, "mean_gap_days": 15, "p_gap_before": 0.9},
        )  # fmt: skip
    return made


def test_rules_are_looked_at_saved_and_taken_back(
    page: Page, leader: User, accounts: dict[str, Account], log_in: LogIn
) -> None:
    log_in(page, leader)
    page.goto("/")
    page.get_by_role("link", name="Settings").click()
    field = page.get_by_label("Drifting from", exact=True)
    field.fill("70")
    page.get_by_role("button", name="Show what this changes").click()
    settled(page)
    refused = page.get_by_label("At risk from", exact=True)
    expect(refused).to_have_accessible_description(re.compile("Must lie above “Drifting from” .70.", re.DOTALL))
    expect(field).to_have_value("70")
    field.fill("50")
    page.get_by_role("button", name="Show what this changes").click()
    settled(page)
    outlook = page.get_by_role("region", name="What this would change")
    expect(outlook).to_contain_text("Drifting from: 35 → 50")
    row = outlook.get_by_role("row").filter(has_text="Kestrel Rail")
    expect(row).to_contain_text("Drifting 44")
    expect(row).to_contain_text("Healthy 44")
    expect(outlook.get_by_role("row").filter(has_text="Halvorsen")).to_have_count(0)
    page.get_by_role("button", name="Save as version 2").click()
    settled(page)
    expect(page.get_by_text("Say why: whoever reads the history")).to_be_visible()
    assert RuleSet.objects.count() == 1
    page.get_by_label("Why these rules change").fill("Too many drifting")
    page.get_by_role("button", name="Save as version 2").click()
    expect(page.get_by_text("Version 2 is saved.")).to_be_visible()
    expect(page.get_by_text("every account is being judged by version 2")).to_be_visible()
    assert values_of(current_rules()).drifting_from == 50
    page.get_by_role("link", name="All versions").click()
    expect(page.get_by_role("row").filter(has_text="Version 2")).to_contain_text("Mara Sanz")
    page.get_by_role("row").filter(has_text="Version 1").get_by_role("link", name="Take up again").click()
    expect(page.get_by_text("Filled with version 1. Nothing is saved yet.")).to_be_visible()
    page.get_by_role("button", name="Save as version 3").click()
    expect(page.get_by_text("Version 3 is saved.")).to_be_visible()
    assert values_of(current_rules()).drifting_from == 35


def test_a_judgement_is_said_shown_and_withdrawn(
    page: Page, leader: User, accounts: dict[str, Account], log_in: LogIn
) -> None:
    log_in(page, leader)
    account = accounts["Halvorsen Marine"]
    page.goto(f"/accounts/{account.pk}/")
    page.get_by_role("link", name="Say your own").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Choose one.")).to_be_visible()
    dialog.get_by_role("radio", name="Healthy").check()
    dialog.get_by_label("Why").fill("Their plant moves; orders resume in September")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    card = page.get_by_role("region", name="Own judgement")
    expect(card).to_contain_text("differs from the computed")
    expect(card).to_contain_text("Their plant moves")
    expect(page.get_by_role("link", name="M. Sanz holds it to be")).to_be_visible()
    page.goto("/?judged=differs")
    expect(page.get_by_role("row").filter(has_text="Halvorsen")).to_contain_text("M. Sanz: Healthy")
    expect(page.get_by_role("row").filter(has_text="Kestrel")).to_have_count(0)
    page.goto(f"/accounts/{account.pk}/")
    page.get_by_role("button", name="Withdraw").click()
    expect(card).to_contain_text("Nobody has said otherwise")
    expect(page.get_by_role("link", name="M. Sanz holds it to be")).to_have_count(0)
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(card).to_contain_text("differs from the computed")
    assert ManualJudgement.objects.get().ending == ""


@pytest.fixture
def open_as(browser: Browser, live_server: Any, leader: User, log_in: LogIn) -> Iterator[OpenAs]:
    """A page of the leader's in a theme and size."""
    contexts = []

    def opened(theme: Any, viewport: ViewportSize) -> Page:
        context = browser.new_context(base_url=live_server.url, color_scheme=theme, viewport=viewport)
        contexts.append(context)
        page = context.new_page()
        log_in(page, leader)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_pages_are_accessible_and_fit(open_as: OpenAs, leader: User, accounts: dict[str, Account], look: Any) -> None:
    account, today = accounts["Halvorsen Marine"], datetime.now(UTC).date()
    ManualJudgement.objects.create(
        account=account, band="healthy", reason="Plant moves", by=leader, judged_on=today,
        holds_until=today + ManualJudgement.HOLDS,
    )  # fmt: skip
    current_rules()
    page = open_as(*look)
    for address in (
        "/settings/rules/?version=1",
        "/settings/rules/history/",
        f"/accounts/{account.pk}/changes/",
        f"/accounts/{account.pk}/judgements/",
    ):
        page.goto(address)
        settled(page)
        assert accessibility_faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
