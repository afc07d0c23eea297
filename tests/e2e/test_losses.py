"""A loss in a browser: recorded from the list, its post-mortem read and concluded."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, ViewportSize, expect

from accounts_app.models import OWN_FEED, Account, Company, Feed, Loss, User
from signals.models import RiskDay
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults, settled
from tests.factories import AccountFactory, OrderFactory, TeamFactory, UserFactory
from tests.factories.judgement import finished_run

pytestmark = pytest.mark.django_db(transaction=True)
LOST = date(2026, 6, 1)


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
    """Silence reached its line ten weeks before."""
    account = AccountFactory(name="Halvorsen Marine", owner=manager, team=manager.teams.get())
    finished_run()
    OrderFactory(account=account, ordered_on=date(2026, 1, 10))
    for back in range(53):
        is_late = back <= 10
        RiskDay.objects.create(
            account=account,
            day=LOST - timedelta(weeks=back),
            band="at_risk" if is_late else "healthy",
            risk=70 if is_late else 10,
            coverage=0.9,
            levels={"silence": 0.9 if is_late else 0.1},
            origin="shown",
        )
    return account


def test_a_loss_is_recorded_and_its_post_mortem_read(
    page: Page, log_in: LogIn, manager: User, account: Account
) -> None:
    log_in(page, manager)
    page.goto("/losses/")
    page.get_by_role("link", name="Record a loss").click()
    page.get_by_role("combobox", name="Account").press_sequentially("ha")
    page.get_by_role("option", name=re.compile("Halvorsen")).click()
    page.get_by_role("button", name="Next").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Lost on").fill(LOST.isoformat())
    dialog.get_by_label("Reason").select_option("competitor")
    dialog.get_by_label("Went to").fill("Rival & Sons")
    dialog.get_by_label("The account is no customer any more").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).not_to_be_visible()
    row = page.get_by_role("row", name=re.compile("Halvorsen Marine"))
    expect(row).to_contain_text("Silence, 70 days before")
    account.refresh_from_db()
    assert account.status == Account.Status.FORMER

    row.get_by_role("link", name="Halvorsen Marine").click()
    expect(page.get_by_text("Silence rose first, 70 days before the loss.")).to_be_visible()
    expect(page.locator(".lanes__chart")).to_be_visible(timeout=15_000)

    page.get_by_role("link", name="Write a conclusion").click()
    page.get_by_role("textbox", name="What we conclude").fill("Call within a week of the first silence.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="What we conclude")).to_contain_text("Jonas Okafor, 30 Jun")


@pytest.mark.parametrize("look", LOOKS)
def test_both_pages_have_no_fault_in_any_look(
    look: tuple[Any, ViewportSize], page: Page, log_in: LogIn, manager: User, account: Account
) -> None:
    own = Feed.objects.get(name=OWN_FEED)
    lost = {"lost_on": LOST, "known_on": LOST, "reason": "competitor", "went_to": "Rival"}
    loss = Loss.objects.create(account=account, feed=own, external_key="1", **lost)
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, manager)
    for address in ("/losses/", f"/losses/{loss.pk}/"):
        page.goto(address)
        settled(page)
        assert accessibility_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
