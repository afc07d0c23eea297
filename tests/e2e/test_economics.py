"""A leader looks what is at stake, sets what is assumed, and finds the contract whose day for notice comes first."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, ViewportSize, expect

from accounts_app.models import Company, Role, User
from cadence.services.revenue import count_months
from signals.models import Band
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults
from tests.factories import AccountFactory, ContractFactory, OrderFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = (
    "/economics/", "/economics/assumptions/", "/economics/concentration/", "/economics/changes/", "/contracts/",
    "/contracts/?view=months", "/team/", "/team/{marta}/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def leader() -> User:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    team = TeamFactory(name="North")
    marta = UserFactory(name="Marta Sanz", teams=[team])
    for number, band in enumerate(Band):
        account = AccountFactory(name=f"Works {number}", owner=marta, team=team)
        judged(account, band, revenue=100_000 * (number + 1))
        ends_on = date(2026, 10, 1 + number)
        ContractFactory(
            account=account, ends_on=ends_on, annual_value=5000, reporting_annual_value=5000, currency="EUR"
        )
        for day in (date(2024, 4, 2), date(2024, 7, 1), date(2025, 7, 1), date(2026, 6, 1)):
            OrderFactory(account=account, ordered_on=day)
        count_months([account.pk])
    return UserFactory(name="Siobhán Keane", teams=[team], role=Role.SALES_LEADER)


def test_what_is_at_stake_leads_to_the_contract_to_act_on(
    page: Page, live_server: Any, log_in: LogIn, leader: User
) -> None:
    log_in(page, leader)
    page.goto(live_server.url)
    page.get_by_role("navigation").get_by_role("link", name="Economics", exact=True).first.click()
    expect(page.locator(".lead")).to_contain_text("of twelve months' revenue is with 1 account At risk")
    expect(page.locator("#assumptions")).to_contain_text("what an hour costs is not known")
    page.get_by_role("link", name="Change the assumptions").click()
    page.get_by_label("Cost of one hour").fill("100")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#assumptions")).to_contain_text("replacing them is assumed to cost")

    page.get_by_role("link", name="May leave within 90 days").click()
    expect(page.locator("#contracts tbody tr")).to_have_count(4)
    expect(page.locator("#contracts tbody tr").first).to_contain_text("Works 0")
    page.get_by_role("link", name="By month").click()
    expect(page.locator(".month").first).to_contain_text("June 2026")

    page.goto(live_server.url + "/economics/concentration/")
    expect(page.locator(".lanes__figure svg.main-svg").first).to_be_visible()
    page.get_by_label("One account").select_option(label="Works 0")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status").filter(has_text="Without both")).to_contain_text("Works 0 and Works")


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_are_accessible_and_fit(
    look: tuple[Any, ViewportSize], page: Page, live_server: Any, log_in: LogIn, leader: User
) -> None:
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, leader)
    marta = User.objects.get(name="Marta Sanz")
    for address in PAGES:
        page.goto(live_server.url + address.format(marta=marta.pk))
        assert accessibility_faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
