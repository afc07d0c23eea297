"""A review in a browser: prepared, looked at, held, closed; what was heard stands at the account."""

import os
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, ViewportSize, expect

from accounts_app.models import Account, Company, Initiative, Interaction, User
from cadence.models import Review
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults, settled
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    CustomerMetricFactory,
    IncidentFactory,
    InitiativeFactory,
    InteractionFactory,
    MetricValueFactory,
    PromiseFactory,
    TeamFactory,
    UserFactory,
    ValueItemFactory,
)
from tests.factories.reviews import answer_of, question, review_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account() -> Account:
    """A manager's account with something to show in every section."""
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "simulated": True, "name": "Tarnholm"})
    team = TeamFactory()
    account = AccountFactory(name="Halvorsen Marine", team=team, owner=UserFactory(name="Marta Sanz", teams=[team]))
    contact = ContactFactory(account=account, name="Ada Solheim", title="Head of production", primary=True)
    ColleagueFactory(user=account.owner, name="Marta Sanz")
    today = timezone.localdate()
    wish = InitiativeFactory(account=account, title="Cut unplanned stops", sponsor=contact)
    metric = CustomerMetricFactory(account=account, name="Unplanned stops", initiative=wish, target=Decimal(20))
    for ago, value in ((150, 35), (120, 33), (90, 30), (60, 31), (30, 26)):
        MetricValueFactory(metric=metric, day=today - timedelta(days=ago), value=value)
    opened = timezone.now() - timedelta(days=100)
    done = {"resolved_at": opened + timedelta(days=3), "resolved_known_on": today}
    IncidentFactory(account=account, opened_at=opened, **done)
    IncidentFactory(account=account, opened_at=opened, severity="major")
    InteractionFactory(
        account=account, happened_on=opened.date(), value_item=ValueItemFactory(title="Norms"), reaction="useful"
    ).contacts.add(contact)
    PromiseFactory(account=account, promised_on=opened.date())
    return account


def owner_of(account: Account) -> User:
    assert account.owner is not None
    return account.owner


def test_a_review_from_the_first_press_to_its_end(
    page: Page, live_server: Any, log_in: LogIn, account: Account
) -> None:
    log_in(page, owner_of(account))

    page.goto(f"{live_server.url}/accounts/{account.pk}/reviews/")
    page.get_by_role("link", name="Prepare a review").click()
    page.get_by_label("To be held on").fill(str(timezone.localdate() + timedelta(days=7)))
    expect(page.get_by_role("group", name="Theirs").get_by_label("Ada Solheim")).to_be_checked()
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(re.compile(r"/reviews/\d+/$"))
    review = Review.objects.get()
    assert Interaction.objects.planned().get(account=account) == review.interaction
    preview = page.get_by_role("article", name="What the customer will see")
    expect(preview).to_contain_text("Cut unplanned stops")
    expect(page.locator(".review-sections li").filter(has_text="What you want to achieve")).to_contain_text("shown")

    page.get_by_role("button", name="Prepared", exact=True).click()
    expect(page.get_by_role("button", name="Back to preparation")).to_be_visible()
    page.get_by_role("link", name="It was held").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What came of it").fill("They plan a second line")
    dialog.get_by_role("button", name="Held").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#rows")).to_contain_text("They plan a second line")
    assert Interaction.objects.done().filter(account=account, purpose="review").get().is_proactive

    page.get_by_role("link", name="Another question").click()
    dialog.get_by_label("Question, as it was asked").fill("What has to be different?")
    dialog.get_by_label("Who said it").select_option("Ada Solheim")
    dialog.get_by_label("What they said").fill("A third more from the same hall")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Make it an initiative").click()
    expect(dialog.get_by_label("What they want to achieve")).to_have_value("A third more from the same hall")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    assert Initiative.objects.filter(account=account, sponsor__name="Ada Solheim").count() == 2

    page.locator("#rows").get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    page.goto(f"{live_server.url}/accounts/{account.pk}/value/")
    expect(page.get_by_role("row", name="A third more from the same hall")).to_be_visible()
    with page.expect_download() as download:
        page.goto(f"{live_server.url}/reviews/{review.pk}/")
        page.get_by_role("link", name="PPTX").click()
    assert download.value.suggested_filename.endswith("-halvorsen-marine.pptx")


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_is_accessible(
    browser: Browser, live_server: Any, log_in: LogIn, account: Account, look: tuple[Any, ViewportSize]
) -> None:
    theme, size = look
    review = review_of(account, planned_on=timezone.localdate(), agenda="Figures\nPromises")
    review.from_day, review.until_day = timezone.localdate() - timedelta(days=120), timezone.localdate()
    review.save()
    review.questions.add(question(text="What has to be different a year from now?", level="executive"))
    review.contacts.set(account.contacts.all())
    answer_of(review)
    page = browser.new_context(viewport=size, color_scheme=theme).new_page()
    log_in(page, owner_of(account))
    addresses = (
        "reviews/", "reviews/?show=none", f"reviews/{review.pk}/", f"reviews/{review.pk}/preview/",
        f"reviews/{review.pk}/edit/", "reviews/questions/", "reviews/add/", f"accounts/{account.pk}/reviews/",
        f"accounts/{account.pk}/value/",
    )  # fmt: skip
    for number, address in enumerate(addresses):
        page.goto(f"{live_server.url}/{address}")
        settled(page)
        if folder := os.environ.get("REVIEW_SHOTS"):
            page.screenshot(path=Path(folder) / f"{theme}-{size['width']}-{number}.png", full_page=True)
        assert accessibility_faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
    page.context.close()
