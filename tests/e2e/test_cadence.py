"""A leader looks whether promises are kept, and asks who could take an account over."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, ViewportSize, expect

from accounts_app.models import Account, Company, Role, Tier, User
from cadence.services.quarters import count_quarters
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults
from tests.factories import AccountFactory, ColleagueFactory, InteractionFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def people() -> dict[str, User]:
    """Marta has promised more than there is time for, Jonas has time."""
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    team, tier = TeamFactory(name="North"), Tier.objects.get(key="key")
    leader = UserFactory(name="Siobhán Keane", teams=[team], role=Role.SALES_LEADER)
    marta, jonas = (UserFactory(name=name, teams=[team]) for name in ("Marta Sanz", "Jonas Okafor"))
    for user, hours in ((marta, 1), (jonas, 20)):
        ColleagueFactory(name=user.name, user=user, hours_a_week=hours)
    interval = {"own_ideal_days": 7, "own_max_days": 20, "own_interval_reason": "agreed"}
    for owner, name, day in ((marta, "Halvorsen Marine", date(2026, 4, 1)), (jonas, "Kern Pumpen", date(2026, 6, 20))):
        account = AccountFactory(name=name, owner=owner, team=team, tier=tier, **interval)
        InteractionFactory(account=account, happened_on=day)
        judged(account, due_on=day)
    count_quarters(None, today=TODAY)
    return {"leader": leader, "marta": marta, "jonas": jonas}


def test_a_broken_promise_is_found_and_the_question_answered(
    page: Page, live_server: Any, log_in: LogIn, people: dict[str, User]
) -> None:
    log_in(page, people["leader"])
    page.goto(live_server.url)
    page.get_by_role("navigation").get_by_role("link", name="Cadence", exact=True).first.click()
    expect(page.locator(".lead")).to_contain_text("of the promised days kept this quarter")
    expect(page.locator(".lead")).to_contain_text("worst: Marta Sanz")
    page.get_by_role("link", name="Promised days kept").click()
    expect(page.locator("#accounts tbody tr")).to_have_count(1)
    expect(page.locator("#accounts")).to_contain_text("Halvorsen Marine")

    page.get_by_role("link", name="Time for it").click()
    expect(page.locator(".lead")).to_contain_text("Marta Sanz needs")
    page.get_by_label("Who takes over").select_option(label="Jonas Okafor")
    page.get_by_role("combobox", name="Which account").first.press_sequentially("Halv")
    page.get_by_role("option", name="Halvorsen Marine").click()
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status").filter(has_text="would need")).to_contain_text("Marta Sanz would need 0 h a week")
    assert f"to={people['jonas'].pk}" in page.url
    page.get_by_role("link", name="Hand over accounts of Marta Sanz").click()
    expect(page.get_by_role("heading", name="1 account of Marta Sanz")).to_be_visible()
    assert Account.objects.get(name="Halvorsen Marine").owner == people["marta"]


@pytest.mark.parametrize("look", LOOKS)
def test_both_pages_are_accessible_and_fit(
    look: tuple[Any, ViewportSize], page: Page, live_server: Any, log_in: LogIn, people: dict[str, User]
) -> None:
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, people["leader"])
    for address in ("/cadence/", f"/cadence/capacity/?to={people['jonas'].pk}"):
        page.goto(live_server.url + address)
        assert accessibility_faults(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"]
