"""Saved views, acts on many accounts, files and news, in a browser: with and without script, on a desk and a phone."""

import csv
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from accounts_app.models import Account, Company, Role, Tier, User
from signals.models import Band, BandChange, PortfolioVisit, SavedView
from tests.e2e.conftest import DESKTOP, LOOKS, PHONE, LogIn, accessibility_faults, settled
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Aldeburgh Pumps", "Brenner Umformtechnik", "Castellan Papel", "Ferro & Figli")


@pytest.fixture
def leader() -> User:
    """A sales leader with four accounts of one manager; one of them fell into Drifting since yesterday."""
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "simulated": True})
    team = TeamFactory(name="North")
    owner = UserFactory(name="Jonas Okafor", teams=[team])
    UserFactory(name="Tara Iyer", teams=[team])
    leader = UserFactory(name="Lena Vogt", role=Role.SALES_LEADER, teams=[team])
    bands = (Band.DRIFTING, Band.AT_RISK, Band.UNKNOWN, Band.HEALTHY)
    for name, band in zip(NAMES, bands, strict=True):
        judged(AccountFactory(name=name, team=team, owner=owner), band)
    day = timezone.now() - timedelta(days=1)
    PortfolioVisit.objects.create(user=leader, seen_at=day)
    fallen = Account.objects.get(name=NAMES[0])
    BandChange.objects.create(account=fallen, at=day + timedelta(hours=1), from_band=Band.HEALTHY, from_risk=9)
    return leader


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Choose {name}")


def owners() -> set[str]:
    return set(Account.objects.values_list("owner__name", flat=True))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_three_accounts_get_a_new_owner_and_back(size: ViewportSize, page: Page, leader: User, log_in: LogIn) -> None:
    page.set_viewport_size(size)
    log_in(page, leader)
    page.goto("/?sort=name")
    expect(page.get_by_role("button", name="Owner …")).to_be_hidden()
    for name in NAMES[:3]:
        box(page, name).check()
    expect(page.locator(".chosen__count")).to_contain_text("3 chosen")
    page.get_by_role("button", name="Owner …").click()
    expect(page.get_by_text("3 accounts will be changed:")).to_be_visible()
    page.get_by_role("button", name="Change owner").click()
    expect(page.get_by_label("New owner")).to_be_visible()
    expect(page.locator(".field__errors")).to_have_count(1)
    page.get_by_label("New owner").select_option(label="Tara Iyer (0 accounts)")
    page.get_by_role("button", name="Change owner").click()
    expect(page.locator("#toasts")).to_contain_text("3 accounts now belong to Tara Iyer.")
    assert page.url.endswith("/?sort=name")
    assert Account.objects.filter(owner__name="Tara Iyer").count() == 3
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back for 3 accounts.")
    assert owners() == {"Jonas Okafor"}


def test_the_box_of_the_page_chooses_all_and_none(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/")
    every = page.get_by_role("checkbox", name="Choose every account of this page")
    every.check()
    expect(page.locator(".chosen__count")).to_contain_text("4 chosen")
    box(page, NAMES[0]).uncheck()
    expect(page.locator(".chosen__count")).to_contain_text("3 chosen")
    assert every.evaluate("box => box.indeterminate")
    page.get_by_role("button", name="Choose none").click()
    expect(page.locator(".chosen")).to_be_hidden()
    expect(every).not_to_be_checked()


def test_another_filter_begins_with_nothing_chosen(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/")
    box(page, NAMES[0]).check()
    page.get_by_role("group", name="Band").get_by_role("link", name="Drifting 1").click()
    settled(page)
    expect(box(page, NAMES[0])).not_to_be_checked()
    expect(page.locator(".chosen")).to_be_hidden()


def test_a_row_that_hears_of_a_change_fetches_itself_and_stays_chosen(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/")
    box(page, NAMES[0]).check()
    account = Account.objects.get(name=NAMES[0])
    Account.objects.filter(pk=account.pk).update(tier=Tier.objects.get(key="strategic"))
    page.evaluate(f"htmx.trigger('#account-{account.pk}', 'live:changed')")
    expect(page.locator(f"#account-{account.pk}")).to_contain_text("Strategic")
    expect(box(page, NAMES[0])).to_be_checked()
    expect(page.locator(".chosen__count")).to_contain_text("1 chosen")


def test_an_account_without_an_owner_is_assigned_in_the_dialog(page: Page, leader: User, log_in: LogIn) -> None:
    Account.objects.filter(name=NAMES[3]).update(owner=None)
    log_in(page, leader)
    page.goto("/")
    assert page.locator(".row-link").first.inner_text() == NAMES[3]
    page.get_by_role("link", name=f"Give {NAMES[3]} an owner").click()
    dialog = page.get_by_role("dialog", name="Change the owner")
    dialog.get_by_label("New owner").select_option(label="Tara Iyer (0 accounts)")
    dialog.get_by_role("button", name="Change owner").click()
    expect(page.locator("#toasts")).to_contain_text("1 account now belongs to Tara Iyer.")
    expect(dialog).to_be_hidden()
    assert Account.objects.get(name=NAMES[3]).owner


def test_a_view_is_saved_shared_and_opened_by_another(
    browser: Browser, base_url: str, page: Page, leader: User, log_in: LogIn
) -> None:
    log_in(page, leader)
    page.goto("/?band=drifting&sort=name")
    page.get_by_text("Saved views", exact=True).click()
    page.get_by_role("link", name="Save this view").click()
    dialog = page.get_by_role("dialog", name="Save this view")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".field__errors")).to_be_visible()
    dialog.get_by_label("Name").fill("Drifting away")
    dialog.get_by_label("show it to everybody").check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Saved as “Drifting away”.")
    expect(page.locator(".views > summary")).to_have_text(re.compile("Drifting away"))
    reader = UserFactory(role=Role.READ_ONLY, teams=[*leader.teams.all()])
    context = browser.new_context(base_url=base_url)
    other = context.new_page()
    log_in(other, reader)
    other.goto("/")
    other.get_by_text("Saved views", exact=True).click()
    other.get_by_role("link", name="Drifting away").click()
    expect(other.locator(".row-link")).to_have_count(1)
    expect(other).to_have_url(re.compile(r"/\?band=drifting&sort=name$"))
    context.close()


def test_a_view_is_begun_with_deleted_and_back(page: Page, leader: User, log_in: LogIn) -> None:
    SavedView.objects.create(owner=leader, name="Slow ones", query="band=drifting")
    log_in(page, leader)
    page.goto("/portfolio/views/")
    page.get_by_role("button", name="Begin with Slow ones").click()
    expect(page.get_by_role("button", name="Begin with Slow ones no more")).to_be_visible()
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/\?band=drifting$"))
    page.get_by_role("group", name="Band").get_by_role("link", name="All bands").click()
    expect(page.locator(".row-link")).to_have_count(4)
    page.goto("/portfolio/views/")
    page.get_by_role("button", name="Delete Slow ones").click()
    expect(page.get_by_text("No saved view yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Slow ones", exact=True)).to_be_visible()


def test_views_and_acts_work_without_script(browser: Browser, base_url: str, leader: User, log_in: LogIn) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    log_in(page, leader)
    page.goto("/?band=drifting")
    page.get_by_text("Saved views", exact=True).click()
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name").fill("Slow ones")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Saved as “Slow ones”.")
    box(page, NAMES[0]).check()
    page.get_by_role("button", name="Tier …").click()
    page.get_by_label("New tier").select_option(label="Strategic")
    page.get_by_role("button", name="Change tier").click()
    expect(page.locator("#toasts")).to_contain_text("1 account is now in tier Strategic.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back for 1 account.")
    assert not Account.objects.filter(tier__key="strategic").exists()
    page.get_by_role("button", name="Mark read").click()
    expect(page.locator("#changes")).to_contain_text("Nothing has changed since today")
    context.close()


def test_the_list_is_taken_along_as_a_file(page: Page, leader: User, log_in: LogIn, tmp_path: Path) -> None:
    log_in(page, leader)
    page.goto("/?sort=name")
    with page.expect_download() as begun:
        page.get_by_role("link", name="Export 4 accounts as CSV").click()
    assert begun.value.suggested_filename == "portfolio-2026-06-30-simulated.csv"
    file = tmp_path / "list.csv"
    begun.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert [row["Account"] for row in csv.DictReader(lines)] == list(NAMES)
    with page.expect_download() as begun:
        page.get_by_role("link", name="Export 4 accounts as XLSX").click()
    assert begun.value.suggested_filename == "portfolio-2026-06-30-simulated.xlsx"


def test_what_changed_is_told_opened_and_marked_read(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/")
    news = page.locator("#changes")
    expect(news.get_by_role("heading")).to_contain_text("Since your last visit yesterday")
    expect(news).to_contain_text("Drifting 44 Aldeburgh Pumps was Healthy 9.", use_inner_text=True)
    news.get_by_role("button", name="Mark read").click()
    settled(page)
    expect(news).to_contain_text("Nothing has changed since today")
    page.reload()
    expect(news).to_contain_text("Nothing has changed since today")


def test_a_phone_sorts_by_a_choice(page: Page, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto("/")
    expect(page.get_by_label("Sort")).to_be_hidden()
    page.set_viewport_size(PHONE)
    page.get_by_label("Sort").select_option("name")
    expect(page).to_have_url(re.compile(r"/\?sort=name$"))
    settled(page)
    assert page.locator(".row-link").all_inner_texts() == list(NAMES)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_where_views_and_acts_are(
    scheme: Any, size: ViewportSize, page: Page, leader: User, log_in: LogIn
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    Account.objects.filter(name=NAMES[3]).update(owner=None, status="prospect")
    SavedView.objects.create(owner=leader, name="Slow ones", query="band=drifting", shared=True)
    log_in(page, leader)
    page.goto("/?tier=gone")
    box(page, NAMES[0]).check()
    page.locator(".views > summary").click()
    assert accessibility_faults(page) == []
    page.locator(".views > summary").click()
    page.get_by_role("link", name=f"Give {NAMES[3]} an owner").click()
    expect(page.get_by_role("dialog", name="Change the owner")).to_be_visible()
    assert accessibility_faults(page) == []
    account = Account.objects.get(name=NAMES[0]).pk
    acts = [f"/portfolio/bulk/{act}/?account={account}" for act in ("owner", "tier", "snooze", "plan")]
    for address in ("/portfolio/views/", "/portfolio/views/new/?band=drifting", "/portfolio/bulk/tier/", *acts):
        page.goto(address)
        assert accessibility_faults(page) == []
