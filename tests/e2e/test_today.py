"""An account manager's morning in a browser: on a phone and at a desk, by keyboard, without script, on every look."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from accounts_app.models import Account, Company, Interaction, Level, User
from signals.models import Band
from tests.e2e.conftest import DESKTOP, LOOKS, PHONE, LogIn, accessibility_faults, settled
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    InteractionFactory,
    TeamFactory,
    UserFactory,
    ValueItemFactory,
)
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager() -> User:
    """A manager with one account overdue, one due today and one planned this week; a colleague to stand in."""
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "simulated": True})
    team = TeamFactory(name="North")
    manager = UserFactory(name="Jonas Okafor", teams=[team])
    ColleagueFactory(name="Jonas Okafor", user=manager)
    UserFactory(name="Tara Iyer", teams=[team])
    ValueItemFactory(title="Seal life study")
    today = timezone.localdate()
    for name, after in (("Halvorsen Marine", -40), ("Brenner Umformtechnik", 0), ("Nordlys", 3)):
        account = AccountFactory(name=name, team=team, owner=manager)
        ContactFactory(account=account, name=f"Ada {name.split()[0]}", level=Level.EXECUTIVE, phone="+47 555 01 02")
        due_on = today + dt.timedelta(days=after)
        days: dict[str, Any] = {"due_on": due_on, "latest_on": due_on + dt.timedelta(days=15), "last_contact_on": today}
        judged(account, Band.DRIFTING, probability=0.4, **days)
    return manager


def line(page: Page, name: str) -> Locator:
    return page.locator(".task", has=page.get_by_role("link", name=name, exact=True))


def opened(page: Page, live_server: Any, log_in: LogIn, manager: User, size: ViewportSize = DESKTOP) -> Page:
    page.set_viewport_size(size)
    log_in(page, manager)
    page.goto(f"{live_server.url}/today/")
    return page


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_morning(page: Page, live_server: Any, log_in: LogIn, manager: User, size: ViewportSize) -> None:
    """Whom and why stands there; done in one tap and taken back; logged with words in a second way."""
    opened(page, live_server, log_in, manager, size)
    overdue = line(page, "Halvorsen Marine")
    expect(overdue).to_contain_text("Promise broken for 25 days.")
    expect(overdue).to_contain_text("Ada Halvorsen")
    expect(overdue).to_contain_text("Seal life study")

    overdue.get_by_role("button", name="Done").click()
    expect(line(page, "Halvorsen Marine")).to_contain_text("Done today: call.")
    expect(line(page, "Halvorsen Marine")).to_contain_text("Next: ")
    done = Interaction.objects.done().get()
    assert (done.account.name, str(done.value_item)) == ("Halvorsen Marine", "Seal life study")
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert not Interaction.objects.done().exists()

    line(page, "Brenner Umformtechnik").get_by_role("link", name="Log").click()
    dialog = page.get_by_role("dialog", name="Log a contact")
    expect(dialog.get_by_role("checkbox", name="Ada Brenner")).to_be_checked()
    dialog.get_by_role("button", name="Log", exact=True).click()
    expect(dialog).to_be_hidden()
    logged = Interaction.objects.done().get()
    assert (logged.account.name, logged.purpose) == ("Brenner Umformtechnik", "proactive")
    assert Interaction.objects.planned().filter(account=logged.account).count() == 1


def test_a_contact_is_moved_and_another_handed_over(page: Page, live_server: Any, log_in: LogIn, manager: User) -> None:
    opened(page, live_server, log_in, manager)
    line(page, "Nordlys").get_by_role("link", name="Plan").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="In 2 weeks").check()
    dialog.get_by_role("button", name="Plan", exact=True).click()
    expect(dialog).to_be_hidden()
    assert Interaction.objects.planned().get().account.name == "Nordlys"

    line(page, "Brenner Umformtechnik").get_by_role("link", name="Hand over").click()
    dialog.get_by_role("radio", name="Tara Iyer").check()
    dialog.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Tara Iyer makes this contact")).to_be_visible()
    assert Account.objects.get(name="Brenner Umformtechnik").deputy == User.objects.get(name="Tara Iyer")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert Account.objects.get(name="Brenner Umformtechnik").deputy is None


def test_by_keyboard(page: Page, live_server: Any, log_in: LogIn, manager: User) -> None:
    opened(page, live_server, log_in, manager)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(line(page, "Brenner Umformtechnik")).to_contain_text("Done today")
    page.keyboard.press("k")
    page.keyboard.press("h")
    expect(page.get_by_role("dialog", name="Hand a contact over")).to_be_visible()


def test_without_script(browser: Browser, live_server: Any, log_in: LogIn, manager: User) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    opened(page, live_server, log_in, manager)
    line(page, "Halvorsen Marine").get_by_role("button", name="Done").click()
    expect(page.get_by_text("Logged: Halvorsen Marine.")).to_be_visible()
    expect(line(page, "Halvorsen Marine")).to_contain_text("Done today: call.")


@pytest.mark.parametrize("look", LOOKS)
def test_accessible_on_every_look(
    page: Page, live_server: Any, log_in: LogIn, manager: User, look: tuple[Any, ViewportSize]
) -> None:
    scheme, size = look
    page.emulate_media(color_scheme=scheme)
    opened(page, live_server, log_in, manager, size)
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    line(page, "Halvorsen Marine").get_by_role("link", name="Hand over").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    settled(page)
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_the_acts_of_a_line_leave_no_hole(
    page: Page, live_server: Any, log_in: LogIn, manager: User, width: int
) -> None:
    """Five acts of a planned line and four of one that is due: every row ends where the others end."""
    account = Account.objects.get(name="Nordlys")
    day = timezone.localdate() + dt.timedelta(days=2)
    InteractionFactory(account=account, state="planned", planned_on=day, happened_on=None, happened_known_on=None)
    opened(page, live_server, log_in, manager, ViewportSize(width=width, height=860))
    for name, acts in (("Nordlys", 5), ("Halvorsen Marine", 4)):
        rows: dict[int, list[tuple[float, float]]] = {}
        for act in line(page, name).locator(".task__acts > *").all():
            box = act.bounding_box()
            assert box
            rows.setdefault(round(box["y"]), []).append((box["x"], box["x"] + box["width"]))
        assert sum(len(row) for row in rows.values()) == acts
        assert len({(round(row[0][0]), round(row[-1][1])) for row in rows.values()}) == 1, rows
        assert [len(row) for row in rows.values()] in ([2, acts - 2], [acts])
