"""A value item in a browser: added with its document, brought to a customer, found again with what they made of it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from accounts_app.models import Account, Company, Interaction, User, ValueItem
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults, settled
from tests.factories import AccountFactory, ContactFactory, InitiativeFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account() -> Account:
    """A manager's account that wants fewer stops, with one person."""
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "simulated": True})
    team = TeamFactory()
    account = AccountFactory(name="Halvorsen Marine", team=team, owner=UserFactory(teams=[team]), industry="Shipping")
    ContactFactory(account=account, name="Ada Solheim")
    InitiativeFactory(account=account, title="Cut downtime", topic="Downtime")
    return account


@pytest.fixture
def document(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT, settings.UPLOAD_DIR = tmp_path / "media", tmp_path / "uploads"
    document = tmp_path / "Where the hours go.pdf"
    document.write_bytes(b"%PDF-1.7\n")
    return document


def owner_of(account: Account) -> User:
    assert account.owner is not None
    return account.owner


def test_an_item_is_added_and_brought(
    page: Page, live_server: Any, log_in: LogIn, account: Account, document: Path
) -> None:
    log_in(page, owner_of(account))

    page.goto(f"{live_server.url}/values/")
    page.get_by_role("link", name="Add a value item").first.click()
    form = page.get_by_role("dialog", name="Add a value item")
    form.get_by_label("Title").fill("Where the hours go")
    form.get_by_label("Topic").fill("Downtime")
    form.get_by_label("File", exact=True).set_input_files(document)
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("This field is required.")).to_be_visible()
    form.get_by_label("Utility").check(force=True)
    form.get_by_label("File", exact=True).set_input_files(document)
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(page.get_by_role("row", name="Where the hours go")).to_contain_text("not yet")

    page.goto(f"{live_server.url}/accounts/{account.pk}/value/")
    expect(page.get_by_role("listitem").filter(has_text="Where the hours go")).to_contain_text(
        "fits their initiative “Cut downtime”, not brought yet"
    )
    page.goto(f"{live_server.url}/log/contact/?account={account.pk}")
    page.get_by_role("group", name="What for").first.get_by_label("Proactive").check(force=True)
    page.get_by_text("What it brought, who of us was there").click()
    expect(page.get_by_role("group", name="They found it")).to_be_hidden()
    page.get_by_label("Brought", exact=True).select_option("Where the hours go")
    page.get_by_role("group", name="They found it").get_by_label("Wants more").check(force=True)
    page.get_by_role("button", name="Log", exact=True).click()
    page.wait_for_url("**/interactions/**")

    logged = Interaction.objects.done().get()
    assert (logged.value_item, logged.reaction) == (ValueItem.objects.get(), "wants_more")
    page.goto(f"{live_server.url}/values/")
    expect(page.get_by_role("row", name="Where the hours go")).to_contain_text("1 wanted more")
    page.get_by_role("link", name="Where the hours go").click()
    expect(page.get_by_role("row", name="Halvorsen Marine")).to_contain_text("Ada Solheim")
    with page.expect_download() as download:
        page.get_by_role("link", name="Where the hours go.pdf").click()
    assert download.value.suggested_filename == "Where the hours go.pdf"


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_is_accessible(
    browser: Browser, live_server: Any, log_in: LogIn, account: Account, look: tuple[Any, ViewportSize]
) -> None:
    theme, size = look
    item = ValueItem.objects.create(title="Where the hours go", kind="utility", industries=["Shipping"])
    page = browser.new_context(viewport=size, color_scheme=theme).new_page()
    log_in(page, owner_of(account))
    for address in ("values/", f"values/{item.pk}/", f"accounts/{account.pk}/value/", "values/add/"):
        page.goto(f"{live_server.url}/{address}")
        settled(page)
        assert accessibility_faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
    page.context.close()
