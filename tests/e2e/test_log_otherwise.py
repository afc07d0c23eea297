"""Logging from a mail that is handed in, and for several accounts at once, in a browser."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from accounts_app.models import Company, Interaction, User
from tests.e2e.conftest import PHONE, LogIn, accessibility_faults, settled
from tests.factories import AccountFactory, ContactFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager() -> User:
    """A manager of two accounts with a person each."""
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "simulated": True})
    team = TeamFactory(name="North")
    manager = UserFactory(name="Jonas Okafor", email="jonas@vigil.example", teams=[team])
    for account, name in (("Halvorsen Marine", "Ada Solheim"), ("Brenner Umformtechnik", "Bo Lund")):
        mail = f"{name.split()[0].lower()}@{account.split()[0].lower()}.example"
        ContactFactory(account=AccountFactory(name=account, team=team, owner=manager), name=name, email=mail)
    return manager


def mail() -> FilePayload:
    day = format_datetime(timezone.now() - timedelta(days=3))
    text = f"From: Ada <ada@halvorsen.example>\nTo: jonas@vigil.example\nDate: {day}\nSubject: The seals\n\nsecret"
    return FilePayload(name="seals.eml", mimeType="message/rfc822", buffer=text.encode())


def test_a_mail_handed_in_fills_the_log(page: Page, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.goto("/")
    settled(page)
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="Log a contact")
    dialog.get_by_label("Note").fill("asked for two")
    dialog.get_by_text("From a mail or meeting, or several at once").click()
    chooser = dialog.get_by_label("From a mail or meeting (.eml, .ics)")
    chooser.set_input_files(FilePayload(name="a.eml", mimeType="message/rfc822", buffer=b"hello"))
    expect(dialog.get_by_text("This is no mail")).to_be_visible()
    expect(dialog.get_by_label("Note")).to_have_value("asked for two")
    chooser.set_input_files(mail())
    expect(dialog.get_by_label("Ada Solheim")).to_be_checked()
    expect(dialog.get_by_label("Note")).to_have_value("The seals\nasked for two")
    settled(page)
    assert accessibility_faults(page) == []
    dialog.get_by_label("Consultation").first.check()
    dialog.get_by_role("button", name="Log", exact=True).click()
    expect(page.get_by_text("Logged: mail, Halvorsen Marine.")).to_be_visible()
    row = Interaction.objects.get()
    assert (row.channel, row.initiator, row.note.splitlines()) == ("mail", "them", ["The seals", "asked for two"])


def test_people_of_two_accounts_are_logged_at_once_on_a_phone(page: Page, manager: User, log_in: LogIn) -> None:
    page.set_viewport_size(PHONE)
    log_in(page, manager)
    page.goto("/log/group/")
    settled(page)
    for typed, chip in (("ada", "Ada Solheim"), ("brenner", "Brenner Umformtechnik, nobody named")):
        page.get_by_label("Who was there").fill(typed)
        page.get_by_label(chip).check()
        settled(page)
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Log for each").click()
    expect(page.get_by_text("Logged for 2 accounts.")).to_be_visible()
    assert Interaction.objects.done().filter(channel="event", purpose="proactive").count() == 2
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert not Interaction.objects.done().exists()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", ["/log/contact/", "/log/group/"])
def test_the_save_of_a_page_fills_its_card_to_the_edges(
    page: Page, manager: User, log_in: LogIn, address: str, width: int
) -> None:
    page.set_viewport_size(ViewportSize(width=width, height=844))
    log_in(page, manager)
    page.goto(address)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    bar, card = page.locator(".log__actions").bounding_box(), page.locator(".card--form").bounding_box()
    assert bar
    assert card
    ends = [bar["x"] + bar["width"], bar["y"] + bar["height"]]
    inside = [card["x"] + card["width"] - 1, card["y"] + card["height"] - 1]
    assert (bar["x"], *ends) == pytest.approx((card["x"] + 1, *inside), abs=0.6)
