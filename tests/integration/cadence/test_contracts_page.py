"""The contracts page: days for notice, what is said of each, filters, and for whom."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts_app.models import Account, Contract, Role, User
from signals.models import Band, Standing
from tests.factories import AccountFactory, ContractFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged
from tests.integration.cadence.test_economics_page import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
TODAY = dt.date(2026, 6, 30)


def opened(user: User, query: str = "") -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("cadence:contracts") + query)
    assert response.status_code == 200
    return text_of(response.content)


def contract(owner: User, name: str, band: Band = Band.HEALTHY, worth: int | None = None, **fields: Any) -> Contract:
    account = AccountFactory(owner=owner, team=owner.teams.first(), name=name)
    judged(account, band)
    money = {"annual_value": worth, "reporting_annual_value": worth, "currency": "EUR"} if worth else {}
    made: Contract = ContractFactory(account=account, number=f"K-{name}", **(money | fields))
    return made


@pytest.fixture
def various(manager: User) -> dict[str, Contract]:
    """Today is 30 June 2026."""
    day = dt.date
    return {
        "soon": contract(manager, "Soon", Band.AT_RISK, 100_000, ends_on=day(2026, 10, 28), notice_days=90),
        "renews": contract(
            manager, "Renews", worth=20_000, ends_on=day(2026, 8, 31), notice_days=30, auto_renews=True,
            renewal_months=12,
        ),
        "renewed": contract(
            manager, "Renewed", worth=5_000, ends_on=day(2026, 7, 31), notice_days=60, auto_renews=True,
            renewal_months=6,
        ),
        "any": contract(manager, "Any", Band.DRIFTING, 3_000, ends_on=None, no_cause=True, notice_days=28),
        "received": contract(
            manager, "Received", worth=700, ends_on=day(2026, 12, 31), notice_received_on=day(2026, 6, 3),
            notice_received_known_on=day(2026, 6, 3),
        ),
        "passed": contract(manager, "Passed", worth=40, ends_on=day(2026, 7, 30), notice_days=90),
        "runs": contract(manager, "Runs", ends_on=None, notice_days=0),
    }  # fmt: skip


def test_each_is_said_in_words(various: dict[str, Contract], leader: User) -> None:
    text = opened(leader)
    assert "30 Jul within 30 days 30 days to give notice; ends 28 Oct" in text
    assert "1 Aug within 60 days 32 days to give notice; else renews after 31 Aug for 12 months" in text
    # The day for notice of July passed on 1 June: it renews until 31 January, and that term's day is 2 December.
    assert (
        "2 Dec 155 days to give notice; else renews after 31 Jan 2027 for 6 months (renewed by itself since 31 Jul)"
        in text
    )
    assert "any day with 28 days' notice; no end is set" in text
    assert "received notice received on 3 Jun; ends 31 Dec" in text
    assert "ends 30 Jul within 30 days the day for notice passed on 1 May; it ends by itself in 30 days" in text
    assert "no end is set it runs on; how it may be ended is not on record unknown" in text


def test_the_first_sentence_by_hand(various: dict[str, Contract], leader: User) -> None:
    """Within 90 days: 100,000 + 20,000 (32 days) + 3,000 (any day) + 40 (ends in 30) = 123,040."""
    assert (
        "€ 123 k a year in 4 contracts of the accounts of your teams may leave within 90 days; the nearest day "
        "for notice is 30 Jul, in 30 days." in opened(leader)
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?within=30", {"Soon", "Any", "Passed"}),
        ("?within=60", {"Soon", "Renews", "Any", "Passed"}),
        ("?kind=renews", {"Renews", "Renewed"}),
        ("?kind=any_day", {"Any"}),
        ("?kind=received", {"Received"}),
        ("?kind=ending", {"Passed"}),
        ("?kind=open_ended", {"Runs"}),
        ("?kind=unpriced", {"Runs"}),
        ("?band=at_risk&within=30", {"Soon"}),
        ("?band=drifting&kind=received", set()),
        ("?within=31&kind=x&band=y&view=z", {"Soon", "Renews", "Renewed", "Any", "Received", "Passed", "Runs"}),
    ],
)
def test_filters_leave_what_they_say(
    various: dict[str, Contract], leader: User, query: str, expected: set[str]
) -> None:
    assert set(re.findall(r"K-(\w+)", opened(leader, query))) == expected


def test_the_calendar_has_a_month_for_each_day(various: dict[str, Contract], leader: User) -> None:
    text = opened(leader, "?view=months")
    assert re.search(r"July 2026 € 100 k a year, 2 contracts 30 Jul Soon .* 30 Jul Passed .* ends August 2026", text)
    assert re.search(r"December 2026 € 5.00 k a year, 1 contract 2 Dec Renewed", text)
    assert "3 contracts have no day within these twelve months" in text


def test_what_is_over_followed_or_of_a_former_customer_is_left_out(leader: User, manager: User) -> None:
    over = contract(manager, "Over", ends_on=TODAY - dt.timedelta(days=1))
    former = contract(manager, "Former")
    Account.objects.filter(pk=former.account_id).update(status="former")
    first = contract(manager, "First", ends_on=dt.date(2026, 8, 31))
    ContractFactory(
        account=first.account, number="K-Second", starts_on=dt.date(2026, 9, 1), ends_on=dt.date(2027, 8, 31)
    )
    assert "No contract in force is on record for the accounts of your teams." in opened(leader)
    assert over.number not in opened(leader)


def test_who_acts_and_what_is_planned(various: dict[str, Contract], leader: User) -> None:
    Standing.objects.filter(account=various["soon"].account).update(
        next_planned_on=dt.date(2026, 7, 9), next_planned_channel="visit"
    )
    Account.objects.filter(pk=various["renews"].account_id).update(owner=None)
    text = opened(leader)
    assert "Jonas Okafor 9 Jul, visit" in text
    assert "no owner nothing planned Plan Renews" in text


def test_a_manager_sees_the_own_and_the_team_s_and_nobody_else_s(various: dict[str, Contract], manager: User) -> None:
    elin = UserFactory(name="Elin", teams=[manager.teams.get()])
    contract(elin, "Elins")
    assert "Elins" not in opened(manager)
    text = opened(manager, "?whose=all")
    assert "K-Elins" in text
    assert "Plan Elins" not in text  # seen, not to be acted on
    south = UserFactory(role=Role.SALES_LEADER, teams=[TeamFactory(name="South")])
    for query in ("", "?whose=all", "?view=months&whose=all"):
        assert "Soon" not in opened(south, query)


def test_the_files_hold_what_the_address_shows(various: dict[str, Contract], leader: User) -> None:
    client = Client()
    client.force_login(leader)
    lines = client.get(reverse("cadence:contracts_csv") + "?kind=received").getvalue().decode().splitlines()
    assert len(lines) == 2
    assert "K-Received,,Notice received," in lines[1]
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(reverse("cadence:contracts_xlsx") + "?within=30").getvalue())
    )
    assert [row[0] for row in book.get_sheet_by_name("Contracts").to_python()[1:]] == ["Soon", "Passed", "Any"]


@pytest.mark.parametrize("query", ["", "?view=months"])
def test_the_number_of_queries_is_that_of_few(
    various: dict[str, Contract], manager: User, leader: User, query: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            opened(leader, query)
        return len(seen)

    few = queries()
    for n in range(40):
        contract(manager, f"Many {n}", ends_on=dt.date(2026, 9, 30), notice_days=30)
    assert queries() == few
