"""The overview of an account: what it says first, that it adds up, that every number leads to its rows."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Company, Ownership, Role, Team, User
from signals.models import Alert, Band, RiskDay, Standing
from tests.factories import (
    AccountFactory,
    ContactFactory,
    FeedFactory,
    IncidentFactory,
    InteractionFactory,
    OrderFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.judgement import AS_OF, judged, silence_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 22


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def company() -> Company:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    return Company.the()


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="North")


@pytest.fixture
def manager(team: Team) -> User:
    return UserFactory(name="Jonas Okafor", teams=[team])


@pytest.fixture
def account(team: Team, manager: User) -> Account:
    return AccountFactory(name="Halvorsen", team=team, owner=manager, deputy=UserFactory(name="Maria Sanz"))


@pytest.fixture
def client(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def page(client: Client, account: Account, status: int = 200) -> str:
    response = client.get(f"/accounts/{account.pk}/")
    assert response.status_code == status
    return response.content.decode()


def spoken(html: str) -> str:
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", re.sub(r"<[^>]+>", " ", html))


def gap(points: int, **fields: Any) -> dict[str, Any]:
    """A contribution of proactive_gap as a run stores it."""
    details = {
        "days": 112, "ideal_days": 30, "max_days": 45, "since_on": "2026-03-10", "last_proactive_on": "2026-03-10",
        "due_on": "2026-04-09", "latest_on": "2026-04-24", "complete_to": None,
    }  # fmt: skip
    evidence = {"tab": "interactions", "count": 3, "from": "2026-03-10", "until": "2026-06-20", "ids": None}
    stored = {"key": "proactive_gap", "points": points, "level": 0.9, "status": "ok"}
    return stored | {"details": details, "evidence": evidence} | fields


def nobody_known(points: int = 0, status: str = "no_data") -> dict[str, Any]:
    evidence = {"tab": "contacts", "count": 0, "from": None, "until": None, "ids": None}
    stored = {"key": "contact_change", "points": points, "level": None, "status": status}
    return stored | {"details": {}, "evidence": evidence}


def at_risk(account: Account, **fields: Any) -> Standing:
    usual = {
        "risk": 72, "starting_points": 20, "contributions": [gap(43), silence_of(40), nobody_known()],
        "top_reasons": ["proactive_gap", "silence"], "change_30d": 19, "coverage": 0.86,
        "computed_at": datetime(2026, 6, 30, 5, 12, tzinfo=UTC),
    }  # fmt: skip
    return judged(account, Band.AT_RISK, revenue=2_410_000, **(usual | fields))


# What is said first


def test_the_first_response_says_band_change_money_reason_and_next_step(client: Client, account: Account) -> None:
    at_risk(account, next_planned_on=date(2026, 7, 9), next_planned_channel="visit", next_planned_purpose="proactive")
    text = spoken(page(client, account))
    assert "Halvorsen At risk 72 +19 in 30 days · coverage 86 % · Key · J. Okafor, deputy M. Sanz" in text
    assert "€ 2.41 M in 12 months" in text
    assert "No proactive contact for 112 days, promised every 30." in text
    assert "Next: 9 Jul , visit." in text


def test_an_account_without_plan_says_so(client: Client, account: Account) -> None:
    at_risk(account)
    assert "Next: none planned." in spoken(page(client, account))


@pytest.mark.parametrize("owner_known", [True, False])
def test_a_vacant_account_says_so(client: Client, account: Account, owner_known: bool) -> None:
    if not owner_known:
        Account.objects.filter(pk=account.pk).update(owner=None)
    at_risk(account)
    assert ("no owner" in page(client, account)) is not owner_known


# Why


def test_the_contributions_shown_add_up_to_the_risk(client: Client, account: Account) -> None:
    at_risk(account)
    table = page(client, account).split('<table class="why">')[1].split("</table>")[0]
    numbers = re.findall(r'why__number">([^<]+)<', table)
    *parts, total = [int(number.replace("\N{MINUS SIGN}", "-").replace("+", "")) for number in numbers]
    assert parts == [43, 9, 20]
    assert sum(parts) == total == 72


def test_points_that_lower_the_risk_are_shown_with_their_sign(client: Client, account: Account) -> None:
    at_risk(account, contributions=[gap(-8)], risk=12, starting_points=20)
    html = page(client, account)
    assert "\N{MINUS SIGN}8" in html
    assert "why__points--less" in html


def test_signals_without_points_share_one_line(client: Client, account: Account) -> None:
    at_risk(account, contributions=[gap(52), {**silence_of(1), "points": 0}])
    html = page(client, account)
    assert "No points: Silence" in spoken(html)
    assert "Silence" not in html.split('<table class="why">')[1].split("</table>")[0]


def test_an_unknown_signal_is_listed_with_its_reason_and_what_would_help(client: Client, account: Account) -> None:
    at_risk(account)
    assert "? unknown Unknown: no contacts are known. Import the people at this account." in spoken(
        page(client, account)
    )


def test_a_source_not_used_here_is_said_apart(client: Client, account: Account) -> None:
    at_risk(account, contributions=[gap(52), nobody_known(status="not_used")])
    assert "Not used here: Contact change" in spoken(page(client, account))


def test_a_link_opens_exactly_the_rows_behind_a_contribution(client: Client, account: Account) -> None:
    at_risk(account)
    for day in ("2026-03-10", "2026-04-01", "2026-06-20", "2026-03-09", "2026-06-21"):
        happened = date.fromisoformat(day)
        InteractionFactory(account=account, happened_on=happened, known_on=happened)
    InteractionFactory(account=account, happened_on=date(2026, 4, 2), known_on=date(2026, 7, 1))
    url = re.search(r'<a class="nowrap" href="([^"]+why=proactive_gap)"', page(client, account))
    assert url
    html = client.get(url[1].replace("&amp;", "&")).content.decode()
    assert "3 rows behind Proactive gap" in html
    assert html.count("<tr") == 4


def test_rule_version_and_moment_are_named(client: Client, account: Account) -> None:
    at_risk(account)
    text = spoken(page(client, account))
    assert "rules v1" in text
    assert "as of today 05:12" in text


def test_unknown_says_what_is_missing_and_what_would_fix_it(client: Client, account: Account) -> None:
    missing = [silence_of(1) | {"status": "no_data", "points": 0}, gap(0, status="no_data"), nobody_known()]
    judged(account, Band.UNKNOWN, risk=12, starting_points=12, coverage=0.52, contributions=missing, change_30d=1)
    text = spoken(page(client, account))
    assert "Halvorsen ? Unknown coverage 52 %" in text
    assert "Unknown: no interactions are known. Unknown: no contacts are known. Next: none planned." in text
    assert "Only 52 % of what the signals weigh rests on fresh data; Healthy needs 65 %." in text
    assert "Silence, Proactive gap. Unknown: no interactions are known. Import or log the visits" in text
    assert "Contact change. Unknown: no contacts are known. Import the people at this account." in text


# Not judged


def test_an_account_never_judged_says_so_and_draws_nothing(client: Client, account: Account) -> None:
    html = page(client, account)
    assert "Not judged yet" in html
    assert "data-lanes" not in html
    assert "plotly" not in html
    assert client.get(f"/accounts/{account.pk}/lanes.json").status_code == 404


def test_an_account_that_could_not_be_computed_shows_no_earlier_value(client: Client, account: Account) -> None:
    nothing: dict[str, Any] = {
        "risk": None,
        "state": Standing.State.NOT_COMPUTED,
        "contributions": [],
        "top_reasons": [],
        "strip": {},
    }
    judged(account, Band.UNKNOWN, coverage=0, error="ValueError('no such lane')", **nothing)
    html = page(client, account)
    text = spoken(html)
    assert "Not computed" in text
    assert "could not compute this account" in text
    assert "coverage" not in text.split("Overview")[0]
    assert "no such lane" not in html
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    assert "no such lane" in page(client, account)


# Contacts and alerts beside it


def test_contacts_say_who_was_met_and_who_left(client: Client, account: Account) -> None:
    at_risk(account)
    met, gone = (
        ContactFactory(account=account, name="Petter Aas"),
        ContactFactory(account=account, name="Ingrid Solheim"),
    )
    InteractionFactory(account=account, happened_on=date(2026, 6, 1)).contacts.add(met)
    type(gone).objects.filter(pk=gone.pk).update(left_on=date(2026, 5, 4), left_known_on=date(2026, 5, 9), primary=True)
    text = spoken(page(client, account))
    assert re.search(r"Petter Aas Operational · User last met 1 Jun", text)
    assert re.search(r"Ingrid Solheim main contact Operational · User left 4 May no successor known", text)


def test_the_last_who_left_are_named_beside_however_many_are_there(client: Client, account: Account) -> None:
    at_risk(account)
    for number in range(9):
        ContactFactory(account=account, name=f"Present {number}")
    for number in range(3, 5):
        day = date(2026, number, 1)
        ContactFactory(account=account, name=f"Gone {number}", left_on=day, left_known_on=day)
    long_ago = date(2020, 1, 1)
    ContactFactory(account=account, name="Gone 9", left_on=long_ago, left_known_on=long_ago)
    shown = re.findall(r"(?:Present|Gone) \d", spoken(page(client, account).split('class="people"')[1]))
    assert shown == [*(f"Present {number}" for number in range(6)), "Gone 4", "Gone 3"]


def test_open_alerts_can_be_acted_upon_here(client: Client, account: Account) -> None:
    at_risk(account)
    days = {"opened_on": AS_OF, "judged_on": AS_OF, "released_on": AS_OF}
    alert = Alert.objects.create(account=account, signal="silence", level=0.9, sentence="No contact.", **days)
    html = page(client, account)
    assert "1 open alert" in html
    assert f'hx-post="/alerts/{alert.pk}/acknowledge/"' in html


# The lanes


def lanes(client: Client, account: Account) -> dict[str, Any]:
    response = client.get(f"/accounts/{account.pk}/lanes.json")
    assert response.status_code == 200
    figure: dict[str, Any] = json.loads(response.content)
    return figure


def test_the_figure_holds_all_lanes_of_this_account_only(client: Client, account: Account, manager: User) -> None:
    at_risk(account)
    fill(account, manager)
    fill(AccountFactory(name="Other"), manager)
    figure = lanes(client, account)
    drawn = {(one["yaxis"], one["mode"]): [x for x in one["x"] if x] for one in figure["data"]}
    assert drawn["y", "lines"] == ["2026-06-23"]
    assert drawn["y2", "lines"] == ["2026-05-01", "2026-05-01"]
    assert drawn["y3", "lines"] == ["2026-06-01", "2026-06-30"]
    assert drawn["y3", "markers"] == ["2026-05-20"]
    assert drawn["y3", "markers+text"] == ["2026-02-01", "2026-05-04"]
    (events,) = (one for one in figure["data"] if one.get("meta") == "events")
    told = [text.replace("\N{NO-BREAK SPACE}", " ") for text in events["hovertext"]]
    assert told == ["1 Feb · Jonas Okafor took over", "4 May · i>Eve left"]
    assert "<" not in json.dumps(figure).replace("<extra></extra>", "")


def fill(account: Account, manager: User) -> None:
    """A row of everything within the window, and one of everything outside of it."""
    RiskDay.objects.create(
        account=account, day=date(2026, 6, 23), band="drifting", risk=44, coverage=0.9, origin="shown"
    )
    RiskDay.objects.create(
        account=account, day=date(2024, 6, 23), band="healthy", risk=4, coverage=0.9, origin="history"
    )
    for day in (date(2026, 5, 1), date(2024, 1, 1), date(2026, 7, 1)):
        OrderFactory(account=account, ordered_on=day)
        InteractionFactory(
            account=account, happened_on=day.replace(day=20) if day.year == 2026 and day.month == 5 else day
        )
    IncidentFactory(account=account, opened_at=datetime(2026, 6, 1, 9, tzinfo=UTC))
    gone = datetime(2024, 2, 1, tzinfo=UTC)
    IncidentFactory(account=account, opened_at=gone, resolved_at=gone, resolved_known_on=gone.date())
    left = {"left_on": date(2026, 5, 4), "left_known_on": date(2026, 5, 4)}
    ContactFactory(account=account, name="<i>Eve", **left)
    for number, (begin, end) in enumerate([(date(2023, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), None)]):
        Ownership.objects.create(
            account=account, user=manager, from_day=begin, until_day=end, until_known_on=end,
            feed=FeedFactory(), external_key=f"{account.pk}-{number}",
        )  # fmt: skip


def test_several_orders_of_a_day_are_one_stem_of_their_sum(client: Client, account: Account) -> None:
    at_risk(account)
    for amount in ("100.00", "300.00"):
        OrderFactory(account=account, ordered_on=date(2026, 5, 1), amount=Decimal(amount))
    (orders,) = lanes(client, account)["data"]
    assert orders["text"][0].replace("\N{NO-BREAK SPACE}", " ") == "1 May · 2 orders · € 400"


def test_the_same_numbers_stand_in_a_table(client: Client, account: Account, manager: User) -> None:
    at_risk(account)
    fill(account, manager)
    rows = re.findall(r"<tr>.*?</tr>", page(client, account).split('class="lanes__table"')[1], re.DOTALL)
    may = next(row for row in rows if "May 2026" in row)
    assert spoken(may).split() == ["May", "2026", "–", "1", "€", "1.00", "k", "1", "1", "0", "contact", "left"]
    assert f"/accounts/{account.pk}/orders/?from=2026-05-01&amp;until=2026-05-31" in may


# For whom, and at what cost


@pytest.mark.parametrize("address", ["", "lanes.json", "badge/", "links/", "incident-times/"])
def test_strangers_find_nothing_and_operations_may_not(address: str, account: Account) -> None:
    at_risk(account)
    for user, status in ((UserFactory(teams=[TeamFactory()]), 404), (UserFactory(role=Role.OPERATIONS), 403)):
        client = Client(headers={"HX-Request": "true"})
        client.force_login(user)
        assert client.get(f"/accounts/{account.pk}/{address}").status_code == status
        assert client.post(f"/accounts/{account.pk}/{address}").status_code == (405 if status == 404 else 403)


def test_the_badge_alone_is_a_fragment(client: Client, account: Account) -> None:
    at_risk(account)
    html = client.get(f"/accounts/{account.pk}/badge/").content.decode()
    assert "At risk 72" in spoken(html)
    assert "<html" not in html


def test_the_number_of_queries_does_not_follow_the_rows(client: Client, account: Account, manager: User) -> None:
    at_risk(account)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, account)
        return len(captured)

    def add(number: int, signal: str) -> None:
        days = {"opened_on": AS_OF, "judged_on": AS_OF, "released_on": AS_OF}
        Alert.objects.create(account=account, signal=signal, level=0.9, sentence="x", **days)
        for _ in range(number):
            OrderFactory(account=account)
            InteractionFactory(account=account).contacts.add(ContactFactory(account=account))
            IncidentFactory(account=account)

    add(1, "silence")
    queries()  # the first visit of all is noted, too
    few = queries()
    add(40, "order_rhythm")
    assert queries() == few
    assert few <= MOST_QUERIES


def test_a_year_of_riskdays_is_read_once(client: Client, account: Account) -> None:
    at_risk(account)
    RiskDay.objects.bulk_create(
        RiskDay(
            account=account, day=AS_OF - timedelta(days=7 * week), band="healthy", risk=9, coverage=1, origin="history"
        )
        for week in range(100)
    )
    (line,) = (one for one in lanes(client, account)["data"] if one["yaxis"] == "y")
    assert len(line["x"]) == 79
