"""Inquiries, contracts, events and survey answers of one account: what the rows say, in which order, at what cost."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Feed, Role, Team, User
from tests.factories import (
    AccountFactory,
    ChangeEventFactory,
    ContactFactory,
    ContractFactory,
    FeedFactory,
    InquiryFactory,
    LossFactory,
    QuietPeriodFactory,
    SurveyAnswerFactory,
    TeamFactory,
    UserFactory,
)
from tests.integration.facts.conftest import Read, first_cells, spoken

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 30)
MOST_QUERIES = 16
LISTS = ("inquiries", "contracts", "events", "loyalty")
TABS = (*LISTS, "details")


def add_rows(account: Account, number: int) -> None:
    for _ in range(number):
        contact = ContactFactory(account=account)
        InquiryFactory(account=account, contact=contact, amount=5, currency="SEK", reporting_amount=1)
        ContractFactory(account=account)
        ChangeEventFactory(account=account)
        LossFactory(account=account)
        QuietPeriodFactory(account=account)
        SurveyAnswerFactory(account=account, contact=contact)
        AccountFactory(parent=account, team=account.team)
        account.keys.create(feed=FeedFactory(), key=str(contact.pk))


# For whom, as page and as fragment, at what cost


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("htmx", [False, True])
def test_strangers_find_nothing_and_operations_may_not(tab: str, htmx: bool, read: Read, team: Team) -> None:
    read(tab, user=UserFactory(teams=[TeamFactory(name="South")]), status=404, htmx=htmx)
    read(tab, user=UserFactory(role=Role.OPERATIONS), status=403, htmx=htmx)
    assert ("<html" in read(tab, user=UserFactory(role=Role.READ_ONLY, teams=[team]), htmx=htmx)) is not htmx


@pytest.mark.parametrize("tab", TABS)
def test_nothing_but_reading_is_allowed(tab: str, manager: User, account: Account) -> None:
    client = Client()
    client.force_login(manager)
    assert client.post(f"/accounts/{account.pk}/{tab}/").status_code == 405


@pytest.mark.parametrize("tab", TABS)
def test_htmx_gets_only_the_rows(tab: str, read: Read, account: Account) -> None:
    add_rows(account, 1)
    assert read(tab, htmx=True).strip().startswith('<section class="rows" id="rows"')


@pytest.mark.parametrize("tab", TABS)
def test_who_only_looks_is_offered_nothing_to_press(tab: str, read: Read, team: Team, account: Account) -> None:
    for colleague in (UserFactory(teams=[team]), UserFactory(role=Role.READ_ONLY, teams=[team])):
        for _with_and_without_rows in range(2):
            html = read(tab, user=colleague)
            assert "/add/" not in html
            assert "/edit/" not in html
            add_rows(account, 1)


@pytest.mark.parametrize("tab", LISTS)
def test_an_empty_list_offers_the_one_act_that_fills_it(tab: str, read: Read) -> None:
    buttons = re.findall(r'<a class="button" href="[^"]+/add/" data-dialog>', read(tab))
    assert len(buttons) == (3 if tab == "events" else 1)


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


def test_tabs_carry_the_number_of_their_rows(read: Read, account: Account) -> None:
    add_rows(account, 2)
    add_rows(AccountFactory(), 1)
    assert "Inquiries 2 Contracts 2 Events 4 Loyalty 2 Promises 0 Value Reviews Audits Details" in spoken(
        read("details")
    )


def test_markup_in_a_fact_stays_text(read: Read, account: Account) -> None:
    mark = "<img src=x>"
    InquiryFactory(account=account, title=mark, awarded_to=mark)
    ContractFactory(account=account, title=mark)
    ChangeEventFactory(account=account, title=mark, source=mark)
    LossFactory(account=account, part=mark, note=mark, went_to=mark)
    SurveyAnswerFactory(account=account, comment=mark)
    for tab in LISTS:
        html = read(tab)
        assert mark not in html
        assert "&lt;img" in html


# Inquiries


def test_an_inquiry_says_what_was_asked_and_who_got_it(read: Read, account: Account) -> None:
    asked_by = ContactFactory(account=account, name="Petter Aas")
    decided = {"outcome": "elsewhere", "decided_on": date(2026, 5, 2), "decided_known_on": date(2026, 5, 9)}
    InquiryFactory(account=account, title="Seal kits", number="Q-1", contact=asked_by, awarded_to="Kestrel", **decided)
    InquiryFactory(account=account, number="Q-2", kind="consultation", amount=120, currency="NOK", reporting_amount=10)
    text = spoken(read("inquiries"))
    assert (
        "Seal kits Request for quotation · Q-1 2 Mar Petter Aas Awarded elsewhere without us 2 May · to Kestrel" in text
    )
    assert "Q-2 Technical consultation 2 Mar nobody named Open" in text
    assert "€ 10 NOK 120.00" in text


def test_inquiries_sort_and_page(read: Read, account: Account) -> None:
    for number in range(51):
        InquiryFactory(account=account, number=f"N{number:02}", asked_on=date(2026, 1, 1) + timedelta(days=number))
    assert first_cells(read("inquiries"))[0] == "N50"
    assert first_cells(read("inquiries", "?sort=asked&page=2")) == ["N50"]
    assert first_cells(read("inquiries", "?sort=shoe"))[0] == "N50"


@pytest.mark.parametrize(
    ("tab", "factory", "day"),
    [
        ("inquiries", InquiryFactory, "asked_on"),
        ("contracts", ContractFactory, "starts_on"),
        ("events", ChangeEventFactory, "happened_on"),
        ("loyalty", SurveyAnswerFactory, "asked_on"),
    ],
)
def test_evidence_is_of_a_span_known_on_the_day(tab: str, factory: Any, day: str, read: Read, account: Account) -> None:
    inside = factory(account=account, **{day: date(2026, 3, 1)}, known_on=date(2026, 3, 1))
    factory(account=account, **{day: date(2026, 4, 1)}, known_on=date(2026, 4, 1))
    factory(account=account, **{day: date(2026, 3, 1)}, known_on=date(2026, 4, 1))
    html = read(tab, "?from=2026-02-01&until=2026-03-31&known=2026-03-31&why=loyalty")
    assert "1 row behind Loyalty" in spoken(html)
    assert "1 row" in spoken(read(tab, f"?ids={inside.pk}"))
    assert "Nothing fits" in read(tab, "?ids=999999999")


# Contracts


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"ends_on": TODAY + timedelta(days=30), "notice_days": 29}, "1 Jul 1 day left"),
        ({"ends_on": TODAY + timedelta(days=30), "notice_days": 30}, "30 Jun today is the last day"),
        ({"ends_on": TODAY + timedelta(days=30), "notice_days": 31}, "29 Jun passed 1 day ago"),
        ({"ends_on": TODAY, "notice_days": 0}, "30 Jun today is the last day"),
        ({"ends_on": TODAY - timedelta(days=1)}, "29 Jun ended"),
        ({"ends_on": None}, "open runs on, no end is set"),
        ({"ends_on": None, "no_cause": True}, "open any day"),
        (
            {"ends_on": TODAY - timedelta(days=1), "notice_days": 0, "auto_renews": True, "renewal_months": 12},
            "29 Jun 29 Jun passed 1 day ago",
        ),
        (
            {"ends_on": TODAY, "notice_received_on": TODAY, "notice_received_known_on": TODAY},
            "30 Jun notice received 30 Jun",
        ),
    ],
)
def test_how_long_notice_can_be_given_stands_in_words(
    values: dict[str, Any], words: str, read: Read, account: Account
) -> None:
    ContractFactory(account=account, **values)
    assert f" {words} – from erp" in spoken(read("contracts"))


@pytest.mark.parametrize(("days", "is_red"), [(90, True), (91, False), (0, True), (-1, False)])
def test_a_deadline_is_red_for_a_quarter(days: int, is_red: bool, read: Read, account: Account) -> None:
    ContractFactory(
        account=account, ends_on=TODAY + timedelta(days=days), notice_days=0, auto_renews=True, renewal_months=1
    )
    assert ("cell-small danger" in read("contracts")) is is_red


def test_contracts_stand_by_notice_day(read: Read, account: Account) -> None:
    for number, (ends_on, days) in enumerate([(date(2026, 12, 1), 10), (date(2026, 12, 31), 90), (None, 5)]):
        ContractFactory(account=account, number=f"K{number}", ends_on=ends_on, notice_days=days)
    assert first_cells(read("contracts")) == ["K1", "K0", "K2"]


# Events, losses, quiet periods


def test_a_loss_is_of_the_whole_or_a_part(read: Read, account: Account) -> None:
    LossFactory(account=account, lost_on=date(2026, 4, 1))
    LossFactory(account=account, part="Spare seals", went_to="Kestrel", note="Price.")
    text = spoken(read("events"))
    assert "The whole account 1 Apr Competitor" in text
    assert "Spare seals a part of the business 2 Mar Competitor to Kestrel Price." in text


def test_quiet_periods_of_account_country_and_company_stand_together(
    read: Read, account: Account, own_feed: Feed
) -> None:
    Account.objects.filter(pk=account.pk).update(country="NO")
    mine = QuietPeriodFactory(account=account, feed=own_feed, reason="Move")
    QuietPeriodFactory(country="NO", feed=own_feed, reason="Fellesferie")
    QuietPeriodFactory(feed=own_feed, reason="Stocktaking")
    QuietPeriodFactory(country="SE", reason="Elsewhere")
    QuietPeriodFactory(account=AccountFactory(country="NO"), reason="Somebody else's")
    html = read("events", "?sort=quiet")
    assert first_cells(html) == ["Fellesferie", "Move", "Stocktaking"]
    assert "this account's" in html
    assert html.count("/quiet-periods/") == 2  # the own one's edit, and the addition
    assert f"/quiet-periods/{mine.pk}/edit/" in html


def test_each_of_the_three_lists_sorts_for_itself(read: Read, account: Account) -> None:
    for number in (1, 2):
        ChangeEventFactory(account=account, title=f"E{number}", happened_on=date(2026, number, 1))
        LossFactory(account=account, part=f"L{number}", lost_on=date(2026, number, 1))
    assert first_cells(read("events")) == ["E2", "E1", "L2", "L1"]
    assert first_cells(read("events", "?sort=lost")) == ["E2", "E1", "L1", "L2"]


# Loyalty


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (None, "did not answer"),
        (10, "10 of 10 promoter"),
        (8, "8 of 10 passive"),
        (6, "6 of 10 detractor"),
        (0, "0 of 10"),
    ],
)
def test_an_answer_and_silence_are_told_apart(score: int | None, words: str, read: Read, account: Account) -> None:
    day = None if score is None else date(2026, 3, 9)
    contact = ContactFactory(account=account, name="Petter Aas")
    SurveyAnswerFactory(account=account, contact=contact, score=score, answered_on=day, answered_known_on=day)
    assert f"2 Mar Petter Aas {words}" in spoken(read("loyalty"))


# Where a fact came from


def test_a_row_says_where_it_came_from_and_since_when_it_is_known(read: Read, account: Account, own_feed: Feed) -> None:
    days = {"asked_on": date(2026, 3, 2)}
    InquiryFactory(account=account, feed=FeedFactory(name="crm", title="CRM"), known_on=date(2026, 3, 4), **days)
    InquiryFactory(account=account, feed=FeedFactory(name="erp"), known_on=date(1900, 1, 1), **days)
    own = InquiryFactory(account=account, feed=own_feed, known_on=date(2026, 3, 6), **days)
    html = read("inquiries")
    text = spoken(html)
    assert "from CRM, known since 4 Mar" in text
    assert "from erp " in text
    assert "entered 6 Mar" in text
    assert html.count("/edit/") == 1
    assert f"/inquiries/{own.pk}/edit/" in html


def test_who_left_and_who_will_stand_with_their_days(read: Read, account: Account) -> None:
    ContactFactory(account=account, name="A", leaving_on=date(2026, 9, 30), leaving_known_on=date(2026, 6, 1))
    ContactFactory(account=account, name="B", leaving_known_on=date(2026, 6, 1))
    text = spoken(read("contacts"))
    assert "leaves 30 Sep" in text
    assert "will leave" in text
