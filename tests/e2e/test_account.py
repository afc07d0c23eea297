"""An account in a browser: the lanes with and without script, in both themes, and the way from a reason to its rows."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from accounts_app.models import Account, Company, OrderLine, Role, User
from signals.models import Alert, Band, RiskDay
from signals.strips import build_strip
from tests.e2e.conftest import LOOKS, PHONE, LogIn, accessibility_faults, settled
from tests.factories import (
    AccountFactory,
    ContactFactory,
    IncidentFactory,
    InteractionFactory,
    OrderFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.judgement import AS_OF, judged, silence_of

pytestmark = pytest.mark.django_db(transaction=True)

SENT_AWAY = re.compile(r"^https?://(?!localhost|127\.0\.0\.1)")


@pytest.fixture
def manager() -> User:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "simulated": True})
    return UserFactory(name="Jonas Okafor", teams=[TeamFactory(name="North")])


@pytest.fixture
def account(manager: User) -> Account:
    """An account with something in every lane, at risk since its orders stopped."""
    team = manager.teams.get()
    account = AccountFactory(name="Halvorsen <b>Marine</b>", team=team, owner=manager, deputy=UserFactory())
    days = [AS_OF - timedelta(days=90 + 15 * number) for number in range(20)]
    latest, *_others = [OrderFactory(account=account, ordered_on=day) for day in days]
    OrderLine.objects.create(order=latest, position=1, product_code="SEAL-9", quantity=2, amount=12)
    left = {"left_on": date(2026, 5, 4), "left_known_on": date(2026, 5, 4), "primary": True}
    ContactFactory(account=account, name="Ingrid Solheim", **left)
    contact = ContactFactory(account=account, name="Petter Aas")
    for number in range(12):
        happened = AS_OF - timedelta(days=20 + 20 * number)
        met = InteractionFactory(account=account, happened_on=happened, known_on=happened, note="drawings first")
        met.contacts.add(contact)
    IncidentFactory(account=account, opened_at=datetime(2026, 6, 1, 9, tzinfo=UTC))
    RiskDay.objects.bulk_create(
        RiskDay(
            account=account, day=AS_OF - timedelta(weeks=week), band=band, risk=risk, coverage=0.9, origin="history"
        )
        for week, (band, risk) in enumerate([("at_risk", 72), ("drifting", 40), ("healthy", 9), ("unknown", 9)])
    )
    strip = build_strip(
        [(day, 9.0) for day in days], [(days[0], True), (days[1], False)], [(days[0], None)],
        late_from=AS_OF - timedelta(days=60), no_data_from=None, as_of=AS_OF,
    )  # fmt: skip
    evidence = {"tab": "interactions", "count": 12, "from": "2025-01-01", "until": AS_OF.isoformat(), "ids": None}
    reasons = [silence_of(58) | {"points": 52, "evidence": evidence}]
    judged(account, Band.AT_RISK, starting_points=20, contributions=reasons, strip=strip, change_30d=19)
    opened = {"opened_on": AS_OF, "judged_on": AS_OF, "released_on": AS_OF}
    Alert.objects.create(
        account=account, signal="silence", level=0.9, sentence="No contact.", evidence=evidence, **opened
    )
    return account


def drawn(page: Page) -> None:
    expect(page.locator(".lanes__figure.is-drawn")).to_have_count(1, timeout=20_000)


def test_the_lanes_are_drawn_over_the_strip_and_nothing_moves(
    page: Page, account: Account, manager: User, log_in: LogIn
) -> None:
    log_in(page, manager)
    page.add_init_script(
        "window.shift = 0;"
        "const add = (list) => list.getEntries().forEach((entry) => window.shift += entry.value);"
        "new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(f"/accounts/{account.pk}/")
    expect(page.locator(".lanes__figure .strip")).to_have_count(1)
    drawn(page)
    expect(page.get_by_role("img", name=re.compile("^Chart of the last 18 months"))).to_be_visible()
    chart = page.locator(".lanes__chart")
    for words in ("orders", "contacts", "main contact left", "expected by 1 May"):
        expect(chart.get_by_text(words, exact=True)).to_be_visible()
    assert page.evaluate("window.shift") == 0


def test_the_chart_neither_offers_to_send_the_data_away_nor_does(
    page: Page, account: Account, manager: User, log_in: LogIn
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    log_in(page, manager)
    page.goto(f"/accounts/{account.pk}/")
    drawn(page)
    page.locator(".lanes__chart").hover()
    expect(page.locator(".modebar-btn")).to_have_count(0)
    context = page.evaluate("document.querySelector('.lanes__chart')._context")
    assert (context["showSendToCloud"], context["plotlyServerURL"]) == (False, "")
    assert [url for url in asked if SENT_AWAY.match(url)] == []


def test_plotly_is_loaded_on_this_page_only(page: Page, account: Account, manager: User, log_in: LogIn) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    log_in(page, manager)
    for address in ("/", "/alerts/", "/incidents/", f"/accounts/{account.pk}/orders/"):
        page.goto(address)
    assert not [url for url in asked if "plotly" in url]
    page.goto(f"/accounts/{account.pk}/")
    drawn(page)
    assert [url for url in asked if "plotly.min" in url]


def test_the_chart_follows_the_theme_and_the_width(page: Page, account: Account, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.emulate_media(color_scheme="light")
    page.goto(f"/accounts/{account.pk}/")
    drawn(page)
    ground = "getComputedStyle(document.querySelector('.lanes__chart .main-svg')).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator(".lanes__chart .main-svg").first).not_to_have_css("background-color", light)
    page.set_viewport_size(ViewportSize(**PHONE))
    expect(page.locator(".lanes__chart").get_by_text("main contact left")).to_have_count(0)
    width = page.locator(".lanes__chart").bounding_box()
    svg = page.locator(".lanes__chart .main-svg").first.bounding_box()
    assert width is not None
    assert svg is not None
    assert svg["width"] == pytest.approx(width["width"], abs=1)


def test_without_the_figure_the_strip_stays(page: Page, account: Account, manager: User, log_in: LogIn) -> None:
    log_in(page, manager)
    page.route("**/lanes.json", lambda route: route.fulfill(status=500))
    with page.expect_console_message(lambda message: "shown as a strip" in message.text):
        page.goto(f"/accounts/{account.pk}/")
    expect(page.locator(".lanes__figure .strip")).to_be_visible()
    expect(page.locator(".lanes__chart")).to_have_count(0)


def test_without_script_strip_and_table_stand_for_the_chart(
    browser: Browser, base_url: str, account: Account, manager: User, log_in: LogIn
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    log_in(page, manager)
    page.goto(f"/accounts/{account.pk}/")
    expect(page.get_by_role("img", name=re.compile("^18 months to"))).to_be_visible()
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("row", name=re.compile("^May 2026"))).to_contain_text("main contact left")
    page.get_by_role("link", name="Orders 20").click()
    page.get_by_text("1 line", exact=False).first.click()
    page.get_by_role("link", name="Show the lines").first.click()
    expect(page.get_by_role("cell", name="SEAL-9")).to_be_visible()
    context.close()


def test_a_reason_opens_its_rows_and_they_can_be_left_again(
    page: Page, account: Account, manager: User, log_in: LogIn
) -> None:
    log_in(page, manager)
    page.goto(f"/accounts/{account.pk}/")
    page.locator(".why").get_by_role("link", name="12 rows").click()
    expect(page.get_by_text("12 rows behind Silence")).to_be_visible()
    expect(page.locator(".badge-slot")).to_contain_text("At risk 72")
    expect(page.locator("tbody tr")).to_have_count(12)
    page.get_by_role("link", name="Show all").click()
    settled(page)
    expect(page).to_have_url(re.compile(r"/interactions/$"))
    expect(page.get_by_text("behind Silence")).to_have_count(0)
    page.go_back()
    expect(page.get_by_text("12 rows behind Silence")).to_be_visible()


def test_lines_open_in_their_row_and_sorting_keeps_the_focus(
    page: Page, account: Account, manager: User, log_in: LogIn
) -> None:
    log_in(page, manager)
    page.goto(f"/accounts/{account.pk}/orders/")
    page.get_by_text("1 line", exact=False).first.click()
    expect(page.get_by_role("cell", name="SEAL-9")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/orders/$"))
    heading = page.get_by_role("link", name="Amount", exact=True)
    heading.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?sort=-amount$"))
    settled(page)
    expect(page.get_by_role("link", name="Amount", exact=True)).to_be_focused()


def test_operations_come_from_the_board_to_an_account_without_money(
    page: Page, account: Account, log_in: LogIn
) -> None:
    log_in(page, UserFactory(role=Role.OPERATIONS))
    page.goto("/incidents/")
    page.get_by_role("link", name="Halvorsen").click()
    expect(page).to_have_url(re.compile(rf"/accounts/{account.pk}/incidents/$"))
    tabs = page.get_by_role("navigation", name="Pages of this account").get_by_role("link")
    assert [name.split()[0] for name in tabs.all_inner_texts()] == ["Contacts", "Incidents"]
    assert "€" not in page.locator("body").inner_text()


PAGES = ("", "contacts/", "interactions/", "orders/", "incidents/")


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_runs_off_the_page(
    look: tuple[Any, ViewportSize], page: Page, account: Account, manager: User, log_in: LogIn
) -> None:
    scheme, size = look
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, manager)
    for tab in PAGES:
        page.goto(f"/accounts/{account.pk}/{tab}")
        if not tab:
            drawn(page)
            page.get_by_text("The same as a table").click()
        settled(page)
        assert accessibility_faults(page) == [], tab
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], tab


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_nothing_where_there_is_nothing_yet(
    scheme: Any, size: ViewportSize, page: Page, manager: User, log_in: LogIn
) -> None:
    empty = AccountFactory(name="Empty", owner=manager, team=manager.teams.get())
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    log_in(page, manager)
    for tab in PAGES:
        page.goto(f"/accounts/{empty.pk}/{tab}")
        settled(page)
        assert accessibility_faults(page) == [], tab


@pytest.mark.parametrize("width", [1280, 800])
def test_every_tab_of_an_account_is_in_sight(page: Page, log_in: LogIn, width: int) -> None:
    account = AccountFactory()
    log_in(page, UserFactory(role="sales_leader", teams=[account.team]))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/accounts/{account.pk}/orders/")
    tabs = page.get_by_role("navigation", name="Pages of this account")
    assert tabs.evaluate("nav => nav.scrollWidth <= nav.clientWidth")
    last = tabs.get_by_role("link").last.bounding_box()
    assert last
    assert last["x"] + last["width"] <= width
