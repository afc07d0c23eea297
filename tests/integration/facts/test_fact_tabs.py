"""Contacts, interactions, orders and incidents of one account: which rows, in which order, for whom, at what cost."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Company, IncidentPause, Interaction, OrderLine, Role, User
from tests.factories import (
    ColleagueFactory,
    ContactFactory,
    IncidentFactory,
    InteractionFactory,
    OrderFactory,
    TeamFactory,
    UserFactory,
)
from tests.integration.facts.conftest import Read, first_cells, spoken

pytestmark = pytest.mark.django_db

TABS = ("contacts", "interactions", "orders", "incidents")
MOST_QUERIES = 15


# For whom


@pytest.mark.parametrize("tab", TABS)
def test_another_teams_account_is_as_good_as_missing(tab: str, read: Read) -> None:
    stranger = UserFactory(teams=[TeamFactory(name="South")])
    read(tab, user=stranger, status=404)
    read(tab, user=stranger, status=404, htmx=True)


@pytest.mark.parametrize(
    ("tab", "status"), [("contacts", 200), ("incidents", 200), ("interactions", 403), ("orders", 403)]
)
def test_operations_see_contacts_and_incidents_only(tab: str, status: int, read: Read) -> None:
    html = read(tab, user=UserFactory(role=Role.OPERATIONS), status=status)
    if status == 200:
        assert set(re.findall(r"/accounts/\d+/(\w*)/?", html)) == {"contacts", "incidents"}


def test_operations_are_told_nothing_of_meetings(read: Read, account: Account) -> None:
    contact = ContactFactory(account=account, name="Ingrid Solheim")
    InteractionFactory(account=account, happened_on=date(2026, 3, 2)).contacts.add(contact)
    assert "Last met" in read("contacts")
    assert "2026-03-02" in read("contacts")
    html = read("contacts", user=UserFactory(role=Role.OPERATIONS))
    assert "Ingrid Solheim" in html
    assert "Last met" not in html
    assert "2026-03-02" not in html


@pytest.mark.parametrize("tab", TABS)
def test_nothing_but_reading_is_allowed(tab: str, manager: User, account: Account) -> None:
    client = Client()
    client.force_login(manager)
    assert client.post(f"/accounts/{account.pk}/{tab}/").status_code == 405


# Page and fragment


@pytest.mark.parametrize("tab", TABS)
def test_htmx_gets_only_the_rows(tab: str, read: Read) -> None:
    fragment = read(tab, htmx=True)
    assert fragment.strip().startswith('<section class="rows" id="rows"')
    assert "<html" in read(tab)
    assert "<html" not in fragment


@pytest.mark.parametrize("tab", TABS)
def test_an_empty_tab_says_what_would_be_here(tab: str, read: Read) -> None:
    text = spoken(read(tab))
    assert re.search(r"No (contact|interaction|order|incident) is known", text)
    assert "manage.py" not in text
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    assert f"manage.py import_file {tab} FILE" in spoken(read(tab, user=administrator))


@pytest.mark.parametrize("tab", TABS)
def test_the_number_of_queries_does_not_follow_the_rows(tab: str, manager: User, account: Account) -> None:
    client = Client()
    client.force_login(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/accounts/{account.pk}/{tab}/").status_code == 200
        return len(captured)

    add_rows(account, 1)
    few = queries()
    add_rows(account, 49)
    assert queries() == few
    assert few <= MOST_QUERIES


def add_rows(account: Account, number: int) -> None:
    for _ in range(number):
        contact = ContactFactory(account=account, successor=ContactFactory(account=account), **left(date(2026, 4, 1)))
        met = InteractionFactory(account=account, by=UserFactory())
        met.contacts.add(contact)
        met.colleagues.add(ColleagueFactory())
        OrderLine.objects.create(order=OrderFactory(account=account), position=1, product_code="S", amount=1)
        incident = IncidentFactory(account=account)
        IncidentPause.objects.create(incident=incident, from_at=incident.opened_at, reason="waiting")


def left(day: date) -> dict[str, date]:
    return {"left_on": day, "left_known_on": day}


def test_tabs_carry_the_number_of_their_rows(read: Read, account: Account) -> None:
    ContactFactory(account=account)
    ContactFactory(account=account, **left(date(2026, 4, 1)))
    OrderFactory(account=account)
    IncidentFactory(account=account)
    IncidentFactory(account=account, resolved_at=datetime(2026, 4, 1, tzinfo=UTC), resolved_known_on=date(2026, 4, 1))
    OrderFactory()  # another account's
    assert "Overview Contacts 1 Relationships Interactions 0 Orders 1 Incidents 1 open" in spoken(read("contacts"))


# Contacts


def test_who_left_stands_last_in_whatever_order(read: Read, account: Account) -> None:
    ContactFactory(account=account, name="Anna", level="executive", **left(date(2026, 4, 1)))
    ContactFactory(account=account, name="Berit", level="operational")
    ContactFactory(account=account, name="Carl", level="executive")
    assert first_cells(read("contacts")) == ["Carl", "Berit", "Anna"]
    assert first_cells(read("contacts", "?sort=name")) == ["Berit", "Carl", "Anna"]
    assert first_cells(read("contacts", "?sort=-name")) == ["Carl", "Berit", "Anna"]
    assert first_cells(read("contacts", "?sort=shoe-size")) == ["Carl", "Berit", "Anna"]


def test_only_a_done_interaction_counts_as_met(read: Read, account: Account) -> None:
    contact = ContactFactory(account=account, name="Berit")
    tried = InteractionFactory(account=account, state=Interaction.State.ATTEMPTED, happened_on=date(2026, 5, 5))
    tried.contacts.add(contact)
    assert "never" in spoken(read("contacts"))
    InteractionFactory(account=account, happened_on=date(2026, 5, 1)).contacts.add(contact)
    assert "1 May" in spoken(read("contacts"))


def test_evidence_names_contacts_by_id_and_lets_go_of_them(read: Read, account: Account) -> None:
    named, _other = ContactFactory(account=account, name="Named"), ContactFactory(account=account, name="Other")
    foreign = ContactFactory(name="Foreign")
    html = read("contacts", f"?ids={named.pk},{foreign.pk}&why=contact_change&sort=name")
    assert first_cells(html) == ["Named"]
    assert "1 row behind Contact change" in spoken(html)
    assert f'href="/accounts/{account.pk}/contacts/?sort=name"' in html


# Interactions


def test_planned_and_done_are_told_apart(read: Read, account: Account) -> None:
    InteractionFactory(account=account, note="was there")
    InteractionFactory(account=account, note="voided", state="voided", void_reason="entered twice")
    planned = {"state": "planned", "happened_on": None, "happened_known_on": None, "planned_on": date(2026, 7, 9)}
    InteractionFactory(account=account, note="will be there", **planned)
    both, ahead, done = (spoken(read("interactions", query)) for query in ("", "?state=planned", "?state=done"))
    assert all(word in both for word in ("was there", "voided", "will be there"))
    assert ("will be there" in ahead, "was there" in ahead) == (True, False)
    assert ("will be there" in done, "was there" in done, "entered twice" in done) == (False, True, False)


def test_evidence_is_done_interactions_of_a_span_known_on_the_day(read: Read, account: Account) -> None:
    for number, (happened, known) in enumerate(
        [
            ("2026-03-01", "2026-03-01"),
            ("2026-03-10", "2026-03-10"),
            ("2026-03-11", "2026-03-11"),
            ("2026-03-05", "2026-05-05"),
        ]
    ):
        days = {"happened_on": date.fromisoformat(happened), "happened_known_on": date.fromisoformat(known)}
        InteractionFactory(account=account, note=f"note {number}", known_on=date.fromisoformat(known), **days)
    planned = {"state": "planned", "happened_on": None, "happened_known_on": None, "planned_on": date(2026, 3, 5)}
    InteractionFactory(account=account, note="planned", **planned)
    html = read("interactions", "?from=2026-03-01&until=2026-03-10&known=2026-04-01&why=silence")
    assert sorted(re.findall(r"note \d", html)) == ["note 0", "note 1"]
    assert "2 rows behind Silence" in spoken(html)
    assert ">planned<" not in html


def test_days_that_do_not_exist_are_named_and_narrow_nothing(read: Read, account: Account) -> None:
    InteractionFactory(account=account, note="was there")
    text = spoken(read("interactions", "?from=2026-02-30&ids=1;2"))
    assert "“2026-02-30”" in text
    assert "“1;2”" in text
    assert "was there" in text


def test_markup_in_a_name_stays_text(read: Read, account: Account) -> None:
    ContactFactory(account=account, name="<img src=x onerror=alert(1)>")
    html = read("contacts", "?why=<script>&from=<b>x")
    assert "<img src=x" not in html
    assert "<script>" not in html.split("<main", 1)[1]
    assert "<b>x" not in html


# Orders


def test_orders_show_own_and_reporting_amount_and_mark_credits(read: Read, account: Account) -> None:
    OrderFactory(
        account=account, number="A-1", amount=Decimal("46793.08"), currency="NOK", reporting_amount=Decimal("4024.20")
    )
    OrderFactory(account=account, number="C-1", amount=Decimal("-12400.50"), ordered_on=date(2026, 3, 9))
    html = read("orders")
    assert first_cells(html) == ["C-1", "A-1"]
    text = spoken(html)
    assert "C-1 credit" in text
    assert "NOK 46,793.08" in text
    assert "€ 4.02 k" in text
    assert "A-1 credit" not in text


def test_without_another_currency_its_column_is_left_out(read: Read, account: Account) -> None:
    OrderFactory(account=account)
    assert "As invoiced" not in read("orders")


def test_orders_sort_by_amount_and_page_by_fifty(read: Read, account: Account) -> None:
    for number in range(51):
        OrderFactory(account=account, number=f"N{number:02}", amount=Decimal(1000 + number))
    page = first_cells(read("orders", "?sort=-amount"))
    assert (len(page), page[0]) == (50, "N50")
    html = read("orders", "?sort=-amount&page=2")
    assert first_cells(html) == ["N00"]
    assert f'href="/accounts/{account.pk}/orders/?sort=-amount&amp;page=1"' in html
    assert first_cells(read("orders", "?sort=-amount&page=9")) == ["N00"]


def test_the_lines_of_an_order_come_as_a_page_and_as_a_fragment(read: Read, account: Account) -> None:
    order = OrderFactory(account=account, number="A-1")
    OrderLine.objects.create(order=order, position=1, product_code="SEAL-9", quantity=Decimal("2.500"), amount=12)
    assert "SEAL-9" not in read("orders")
    assert "Order A-1" in spoken(read(f"orders/{order.pk}"))
    fragment = read(f"orders/{order.pk}", htmx=True)
    assert fragment.strip().startswith("<table")
    assert "SEAL-9 – 2.500 € 12.00" in spoken(fragment)
    read(f"orders/{OrderFactory().pk}", status=404)


# Incidents


def test_the_clock_leaves_pauses_out_and_is_held_against_the_tier(read: Read, account: Account) -> None:
    opened = datetime(2026, 6, 10, 8, 0, tzinfo=UTC)
    incident = IncidentFactory(account=account, title="Leak", severity="minor", opened_at=opened)
    until = opened + timedelta(days=8)
    IncidentPause.objects.create(
        incident=incident, from_at=opened + timedelta(days=1), until_at=until, reason="waiting"
    )
    text = spoken(read("incidents"))
    assert "13 d of 7 d" in text
    assert "6 d over" in text
    assert "1 pause" in text


def test_a_running_pause_stops_the_clock(read: Read, account: Account) -> None:
    opened = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    incident = IncidentFactory(account=account, severity="major", opened_at=opened)
    IncidentPause.objects.create(incident=incident, from_at=opened + timedelta(days=2), reason="waiting")
    assert "2 d of 3 d" in spoken(read("incidents"))


def test_incidents_sort_by_severity_and_narrow_by_state(read: Read, account: Account) -> None:
    for severity in ("minor", "critical", "major"):
        IncidentFactory(account=account, title=severity, severity=severity)
    resolved = {"resolved_at": datetime(2026, 3, 4, tzinfo=UTC), "resolved_known_on": date(2026, 3, 4)}
    IncidentFactory(account=account, title="over", severity="minor", **resolved)
    assert first_cells(read("incidents", "?sort=-severity"))[:2] == ["critical", "major"]
    assert first_cells(read("incidents", "?state=resolved")) == ["over"]
    assert "over" not in first_cells(read("incidents", "?state=open"))


def test_a_moment_belongs_to_its_day_in_the_companys_zone(read: Read, account: Account) -> None:
    Company.objects.update(time_zone="Asia/Tokyo")
    IncidentFactory(account=account, title="late in London", opened_at=datetime(2026, 6, 9, 20, 0, tzinfo=UTC))
    assert 'datetime="2026-06-10"' in read("incidents")
    assert first_cells(read("incidents", "?from=2026-06-10&until=2026-06-10")) == ["late in London"]
    assert first_cells(read("incidents", "?from=2026-06-09&until=2026-06-09")) == []
