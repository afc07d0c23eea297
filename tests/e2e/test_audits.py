"""One quarter's audit from opening to both signatures, by a leader, a reviewer and the owner; the next one compares."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, ViewportSize, expect

from accounts_app.models import Account, Company, Role, Tier, User
from cadence.models import Audit, AuditPolicy
from cadence.services.audit_acts import add_action, answer, judge
from cadence.services.audit_signing import sign_as_leader, sign_as_owner
from cadence.services.audits import open_cycle
from tests.e2e.conftest import DESKTOP, LOOKS, PHONE, LogIn, accessibility_faults, settled
from tests.factories import AccountFactory, InteractionFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unfrozen_afterwards")]
TODAY = date(2026, 6, 30)
NEXT_QUARTER = datetime(2026, 9, 28, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def people() -> dict[str, User]:
    """Jonas owns the one audited account, Elin is to review it, Siobhán leads both."""
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    AuditPolicy.objects.update_or_create(pk=1, defaults={"revenue_share": 0})
    Tier.objects.update(audited=False)
    tier = Tier.objects.get(key="key")
    tier.audited = True
    tier.save()
    team = TeamFactory(name="North")
    leader = UserFactory(name="Siobhán Keane", teams=[team], role=Role.SALES_LEADER)
    jonas, elin = (UserFactory(name=name, teams=[team]) for name in ("Jonas Okafor", "Elin Sandström"))
    account = AccountFactory(name="Kern Pumpen", owner=jonas, team=team, tier=tier)
    InteractionFactory(account=account, happened_on=date(2026, 5, 20))
    judged(account)
    return {"leader": leader, "owner": jonas, "reviewer": elin}


def waiting(page: Page, url: str, user: User, log_in: LogIn) -> None:
    """Follow what waits for somebody."""
    log_in(page, user)
    page.goto(f"{url}/audits/")
    page.get_by_role("table", name="Audits that wait for you").get_by_role("link", name="Kern Pumpen").click()
    expect(page.get_by_role("heading", name="Kern Pumpen", level=1)).to_be_visible()


def score(page: Page, key: str, value: int, reason: str) -> None:
    """By keyboard, as somebody does who answers a dozen: number, reason, save."""
    question = page.locator(f"#question-{key}")
    question.get_by_role("radio", name=str(value), exact=True).check(force=True)
    question.get_by_label("Reason", exact=True).fill(reason)
    question.get_by_role("button", name="Save").click()
    expect(page.locator(f"#question-{key}").get_by_role("status")).to_contain_text("Saved.")
    settled(page)


def open_the_quarter(page: Page, url: str, leader: User, log_in: LogIn) -> None:
    log_in(page, leader)
    page.goto(url)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Audits").click()
    page.get_by_role("link", name="Look and open 2026-Q2").click()
    expect(page.locator(".lead")).to_contain_text("The policy takes in 1 account: 1 by audited tier.")
    page.get_by_role("button", name="Open 2026-Q2 for 1").click()
    expect(page.locator(".lead")).to_contain_text("0 of 1 audit signed")
    page.get_by_role("link", name="Kern Pumpen").click()
    page.get_by_label("Who reviews this account").select_option(label="Elin Sandström")
    page.get_by_role("button", name="Name the reviewer").click()
    expect(page.locator("#turn")).to_contain_text("Elin Sandström scores it: 0 of 12 questions answered")


def answer_everything(page: Page, questions: list[str]) -> None:
    page.get_by_role("link", name="Answer the next").click()
    first = page.locator(f"#question-{questions[0]}")
    first.get_by_role("radio", name="2", exact=True).check(force=True)
    first.get_by_role("button", name="Save").click()
    expect(page.locator(f"#question-{questions[0]}").get_by_role("alert")).to_contain_text("Give the reason")
    expect(page.locator(f"#score-{questions[0]}-2")).to_be_checked()
    for key in questions:
        score(page, key, 2 if key == questions[0] else 4, f"Reason of {key}")
    expect(page.locator("#turn")).to_contain_text("Every question is answered")


def judge_and_agree(page: Page) -> None:
    page.locator("#judgement").get_by_label("Drifting").check(force=True)
    page.get_by_label("What the figures do not say").fill("They wait for our answer on the new line.")
    page.get_by_role("button", name="Save the judgement").click()
    expect(page.locator("#judgement").get_by_role("status")).to_contain_text("Saved.")
    page.get_by_label("What is to be done").fill("Meet their head of purchasing")
    page.locator("#action-owner").select_option(label="Jonas Okafor")
    page.get_by_label("Until").fill("2026-07-20")
    page.get_by_role("button", name="Add an action").click()
    expect(page.locator("#actions")).to_contain_text("Meet their head of purchasing")
    expect(page.locator("#turn")).to_contain_text("Complete: Jonas Okafor reads and signs")


def close_and_undo(page: Page, url: str) -> None:
    page.goto(f"{url}/audits/")
    page.get_by_role("button", name="Done Meet their head of purchasing").click()
    expect(page.locator(".audit-action--closed")).to_contain_text("Done 30\N{NO-BREAK SPACE}Jun by Jonas Okafor")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".audit-action--closed")).to_have_count(0)


def test_a_whole_quarter_from_opening_to_both_signatures(
    page: Page, live_server: Any, log_in: LogIn, people: dict[str, User]
) -> None:
    url = live_server.url
    open_the_quarter(page, url, people["leader"], log_in)
    questions = [one["key"] for one in Audit.objects.get().cycle.questions.questions]
    page.set_viewport_size(PHONE)
    waiting(page, url, people["reviewer"], log_in)
    answer_everything(page, questions)
    judge_and_agree(page)

    page.set_viewport_size(DESKTOP)
    waiting(page, url, people["owner"], log_in)
    page.get_by_role("button", name="Sign as owner").click()
    expect(page.locator("#turn")).to_contain_text("The owner has signed")
    waiting(page, url, people["leader"], log_in)
    page.get_by_label("Or send it back: why").fill("What of the notice day?")
    page.get_by_role("button", name="Send back").click()
    expect(page.locator(".notice--warning")).to_contain_text("What of the notice day?")

    log_in(page, people["reviewer"])
    page.reload()
    score(page, questions[0], 3, "Met the head of purchasing; the notice day is 1 December")
    waiting(page, url, people["owner"], log_in)
    page.get_by_role("button", name="Sign as owner").click()
    expect(page.locator("#turn")).to_contain_text("The owner has signed")
    waiting(page, url, people["leader"], log_in)
    page.get_by_role("button", name="Sign as leader").click()
    expect(page.locator("#turn")).to_contain_text("Signed by both: it stays as it is.")
    expect(page.locator("#signatures")).to_contain_text(Audit.objects.get().record.hash)
    expect(page.get_by_role("button", name="Save")).to_have_count(0)

    log_in(page, people["owner"])
    close_and_undo(page, url)
    with time_machine.travel(NEXT_QUARTER, tick=True):
        compare(page, url, people["leader"], log_in, questions[0])


def compare(page: Page, url: str, leader: User, log_in: LogIn, question: str) -> None:
    """The next quarter says what got worse and what was promised and not done."""
    log_in(page, leader)
    page.goto(f"{url}/audits/open/")
    page.get_by_role("button", name="Open 2026-Q3 for 1").click()
    page.get_by_role("link", name="Kern Pumpen").first.click()
    expect(page.locator("#comparison")).to_contain_text("of the actions promised, 1 of 1 not done")
    score(page, question, 1, "Nobody answers any more")
    page.reload()
    expect(page.locator("#comparison")).to_contain_text("Got worse")
    page.goto(f"{url}/audits/2026-Q3/")
    expect(page.locator(".lead")).to_contain_text("People got worse at 1 account")


@pytest.fixture
def signed(people: dict[str, User]) -> dict[str, User]:
    """A signed quarter."""
    leader, owner, reviewer = people["leader"], people["owner"], people["reviewer"]
    open_cycle(TODAY, leader)
    first = Audit.objects.get()
    filled(first, reviewer, 4)
    add_action(first, "Meet their head of purchasing", owner, date(2026, 7, 20), reviewer)
    sign_as_owner(first, owner)
    sign_as_leader(first, leader)
    return people


def filled(audit: Audit, reviewer: User, score: int, number: int = 12) -> None:
    audit.reviewer = reviewer
    audit.save()
    for one in audit.cycle.questions.questions[:number]:
        answer(audit, one["key"], score, f"Reason of {one['key']}", ["risk", "contacts"], reviewer)
    judge(audit, "drifting", "They wait for our answer.", reviewer)


PAGES = (
    "audits/",
    "audits/open/",
    "audits/policy/",
    "audits/questions/",
    "audits/questions/edit/",
    "audits/2026-Q3/",
    "audits/2026-Q3/{account}/",
    "audits/2026-Q2/{account}/",
    "accounts/{account}/audits/",
)


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_are_accessible_and_fit(
    look: tuple[Any, ViewportSize], page: Page, live_server: Any, log_in: LogIn, signed: dict[str, User]
) -> None:
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    with time_machine.travel(NEXT_QUARTER, tick=True):
        open_cycle(date(2026, 9, 28), signed["leader"])
        filled(Audit.objects.get(cycle__name="2026-Q3"), signed["reviewer"], 2, 5)
        account = Account.objects.get(name="Kern Pumpen").pk
        log_in(page, signed["leader"])
        for address in PAGES:
            page.goto(f"{live_server.url}/{address.format(account=account)}")
            assert accessibility_faults(page) == [], address
            assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"], address
