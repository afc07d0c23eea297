"""The leader's journey: begin a backtest, watch it, read it, slide the threshold."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from accounts_app.models import Account, Company, Role
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults, settled
from tests.factories import AccountFactory, UserFactory
from tests.factories.backtest import backtested, counts, loss, record
from tests.integration.signals.portfolio import make_portfolio
from tests.worker import CeleryWorker

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 120_000


def some_results() -> None:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR"})
    lost = {
        AccountFactory(name=f"Lost {n}"): record(loss("2026-05-01", 60 + n), alarms=counts(hit=1)) for n in range(3)
    }
    missed = {AccountFactory(name="Missed"): record(loss("2026-04-01", None, late=9), alarms=counts(false=1))}
    backtested(lost | missed)


def test_begin_watch_read_and_slide(
    page: Page, log_in: LogIn, celery_worker_process: Callable[..., CeleryWorker]
) -> None:
    today = dt.datetime.now(dt.UTC).date()
    make_portfolio(accounts=4, orders=60, contacts=10, until=today)
    celery_worker_process(concurrency=1)
    log_in(page, UserFactory(role=Role.SALES_LEADER, teams=[Account.objects.all()[0].team]))
    page.goto("/backtest/")
    page.get_by_label("From").fill(str(today - dt.timedelta(days=42)))
    page.get_by_label("Until").fill(str(today - dt.timedelta(days=1)))
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("heading", name="Under way")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    # The page finds out by itself that it is done.
    expect(page.get_by_role("heading", name="What would have been seen")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("4 accounts you see")).to_be_visible()


def test_slide_the_threshold_by_keys(page: Page, log_in: LogIn) -> None:
    some_results()
    log_in(page, UserFactory(role=Role.ADMINISTRATOR))
    page.goto("/backtest/")
    expect(page.get_by_text("Of 4 accounts lost, 3 were marked before, in the median 61 days earlier")).to_be_visible()
    slider = page.get_by_label("Alarm from this many points")
    slider.fill("50")
    said = page.locator("#threshold-said")
    expect(said).to_contain_text("would have marked 3 of 4")
    slider.press("ArrowRight")
    expect(said).to_contain_text("from 51 points of risk on would have marked 0 of 4")
    settled(page)
    expect(slider).to_be_focused()
    expect(page.locator(".is-drawn .lanes__chart .main-svg").first).to_be_visible()
    page.get_by_role("link", name="Missed").click()
    expect(page.get_by_role("heading", name="Missed", level=1)).to_be_visible()


def test_the_threshold_answers_without_script(browser: Browser, log_in: LogIn, live_server: Any) -> None:
    some_results()
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    log_in(page, UserFactory(role=Role.ADMINISTRATOR))
    page.goto("/backtest/?threshold=51")
    expect(page.locator("#threshold-said")).to_contain_text("would have marked 0 of 4")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#threshold-said")).to_contain_text("from 51 points")
    context.close()


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_nothing_is_out_of_reach(
    browser: Browser, log_in: LogIn, live_server: Any, scheme: Any, size: ViewportSize
) -> None:
    some_results()
    context = browser.new_context(color_scheme=scheme, viewport=size, base_url=live_server.url)
    page = context.new_page()
    log_in(page, UserFactory(role=Role.ADMINISTRATOR))
    page.goto("/backtest/")
    expect(page.locator(".is-drawn")).to_have_count(2)
    page.locator("#begin > summary").click()
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    context.close()
