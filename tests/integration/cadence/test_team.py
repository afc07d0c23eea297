"""Scorecards: figures by hand from the database, who sees whose, and nothing of anybody where teams only are shown."""

import csv
import datetime as dt
import html
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts_app.models import Account, FeedKind, Ownership, Role, Team, Tier, User
from cadence.models import ScorecardPolicy
from cadence.scorecard import period_of
from cadence.services.quarters import count_quarters
from cadence.services.revenue import count_months
from cadence.services.scorecards import facts
from signals.models import RiskDay
from tests.factories import AccountFactory, FeedFactory, InteractionFactory, OrderFactory, TeamFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
# The morning of the tests is 30 June 2026: four quarters from April 2025 to March 2026, against those before.
TODAY, BEFORE, AFTER, START = dt.date(2026, 6, 30), dt.date(2024, 11, 5), dt.date(2025, 11, 5), dt.date(2025, 4, 1)
END = dt.date(2026, 3, 31)


def text_of(response: HttpResponse) -> str:
    content = response.getvalue() if response.streaming else response.content
    text = re.sub(r"<[^>]+>", " ", content.decode())
    return re.sub(r"\s+", " ", html.unescape(text).replace("\N{NO-BREAK SPACE}", " "))


def got(user: User, name: str = "team", *args: int, query: str = "") -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"cadence:{name}", args=args) + query)


def opened(user: User, name: str = "team", *args: int, query: str = "") -> str:
    response = got(user, name, *args, query=query)
    assert response.status_code == 200
    return text_of(response)


def portfolio(owner: User, figures: Sequence[tuple[int, int]], team: Team | None = None) -> list[Account]:
    """Accounts with what they bought in the two years."""
    made = []
    for n, pair in enumerate(figures):
        one = AccountFactory(owner=owner, team=team or owner.teams.first(), name=f"{owner.name} {n}")
        for day, amount in zip((BEFORE, AFTER), pair, strict=True):
            if amount:
                OrderFactory(account=one, ordered_on=day, amount=Decimal(amount), feed=FeedFactory(name="erp"))
        made.append(one)
    return made


def counted() -> None:
    count_months(list(Account.objects.values_list("pk", flat=True)))
    count_quarters(None, today=TODAY)


@pytest.fixture(autouse=True)
def orders_go_back() -> None:
    """Orders are on record from early 2024, so that an empty month is one without orders."""
    old = AccountFactory(owner=None, team=None, name="Old Works")
    OrderFactory(account=old, ordered_on=dt.date(2024, 1, 5), amount=Decimal(1), feed=FeedFactory(name="erp"))
    counted()


@pytest.fixture
def jonas(manager: User) -> list[Account]:
    """Base 100 · 10 = 1000; kept 8 · 100 + 50 + 0 = 850; the same bought 60 more: 910."""
    accounts = portfolio(manager, [(100, 100)] * 7 + [(100, 160), (100, 50), (100, 0)])
    counted()
    return accounts


@pytest.fixture
def others(north: Team) -> list[User]:
    """Five others in the same team with eight accounts each, of which six kept all: 0.75."""
    people = [UserFactory(name=name, teams=[north]) for name in ("Ann", "Ben", "Cat", "Dan", "Eve")]
    for one in people:
        portfolio(one, [(100, 100)] * 6 + [(100, 0)] * 2)
    counted()
    return people


def test_the_card_by_hand(jonas: list[Account], others: list[User], leader: User, manager: User) -> None:
    """One tier and pace: of 40 others 0.75, trusted by 40 / (40 + 10) = 0.8.

    Variance 0.1875 · (1 / 10 + 0.8² / 40 + 0.2² / 40) = 0.0219375: net 0.75 ± 1.96 · 0.1481; gross as a beta.
    """
    text = opened(leader, "team_card", manager.pk)
    assert (
        "Jonas Okafor kept 85 % of the revenue of a year before in Q2 2025 to Q1 2026 (gross), expected 75 % "
        "(41 to 97): within what chance explains." in text
    )
    assert "€ 850 of € 1.00 k came again; with what the same accounts bought more, € 910" in text
    assert re.search(r"Net 91 % , expected 75 % \(46 to 104\)", text)
    assert "Expansion 6 % € 60" in text
    assert re.search(r"Bought nothing any more 1 −€ 100 Shrunk 1 −€ 50 Grown 1 € 60 Steady 7 € 0", text)


def test_the_table_compares_and_its_sentence_adds_up(jonas: list[Account], others: list[User], leader: User) -> None:
    """Base 1000 + 5 · 800 = 5000; kept 850 + 5 · 600 = 3850: 77 %; with 60 more 78 %."""
    text = opened(leader)
    assert (
        "Of € 5.00 k bought a year before, 77 % came again in Q2 2025 to Q1 2026 (gross), with what was bought" in text
    )
    assert "more 78 %; of 6 managers who can be compared, none kept more and none less than chance explains." in text
    # Of the 42 accounts of the others 3250 of 4200 were kept.
    assert re.search(r"Ann 8 75 % expected 77 % \(\d+ to \d+\) within what chance explains", text)


def test_the_table_is_sorted_and_unknown_comes_last(jonas: list[Account], others: list[User], leader: User) -> None:
    def names(query: str) -> list[str]:
        return re.findall(r"(Jonas Okafor|Ann|Eve) \d", opened(leader, query=query))

    assert names("?sort=kept") == ["Ann", "Eve", "Jonas Okafor"]
    assert names("?sort=-kept") == ["Jonas Okafor", "Ann", "Eve"]
    assert names("?sort=-against") == ["Jonas Okafor", "Ann", "Eve"]
    assert names("?sort=healthy") == names("?sort=-healthy") == ["Ann", "Eve", "Jonas Okafor"]
    assert names("?sort=nonsense") == ["Ann", "Eve", "Jonas Okafor"]


def test_accounts_are_of_whoever_held_them_at_the_start(jonas: list[Account], manager: User, leader: User) -> None:
    """Handed over in the period: still counted, and shown apart. The nine others kept 850 of 900: 94 %."""
    ann = UserFactory(name="Ann", teams=list(manager.teams.all()))
    lost = jonas[-1]
    hand_over(lost, manager, ann, dt.date(2025, 9, 1))
    text = opened(leader, "team_card", manager.pk)
    assert "Jonas Okafor kept 85 %" in text
    assert "1 account, kept 0 %; without it 94 %" in text
    assert "handed over in the period" in text
    taken = opened(leader, "team_card", ann.pk)
    assert "Ann answered for no account on" in taken
    assert "1 account, counted for whoever held it before" in taken


def hand_over(account: Account, giver: User, taker: User, day: dt.date) -> None:
    known = {"account": account, "feed": FeedFactory(name="erp"), "known_on": day}
    begun = {"from_day": dt.date(2020, 1, 1), "until_day": day, "until_known_on": day}
    Ownership.objects.create(**known, external_key=f"{account.pk}-1", user=giver, **begun)
    Ownership.objects.create(**known, external_key=f"{account.pk}-2", user=taker, from_day=day)
    Account.objects.filter(pk=account.pk).update(owner=taker)


def test_former_customers_are_lost_and_new_ones_are_won(jonas: list[Account], manager: User, leader: User) -> None:
    Account.objects.filter(pk=jonas[-1].pk).update(status="former")
    portfolio(manager, [(0, 70)])
    counted()
    text = opened(leader, "team_card", manager.pk)
    assert re.search(r"Bought nothing any more 1 −€ 100 .* Won 1 € 70", text)
    assert "Jonas Okafor kept 85 %" in text


def risk_day(account: Account, day: dt.date, band: str, **levels: float) -> None:
    RiskDay.objects.create(account=account, day=day, band=band, risk=10, coverage=0.9, levels=levels, origin="history")


def test_health_is_weighed_by_revenue_before(jonas: list[Account], manager: User, leader: User) -> None:
    """Ten of equal revenue: nine healthy at the start, one drifting; one more At risk at the end: 80 %."""
    for n, one in enumerate(jonas):
        risk_day(one, START, "drifting" if n == 9 else "healthy")
        risk_day(one, END, "drifting" if n == 9 else "at_risk" if n == 8 else "healthy")
    text = opened(leader, "team_card", manager.pk)
    assert re.search(r"Healthy 90 % 80 %.*Drifting 10 % 10 %.*At risk 0 % 10 %", text)
    assert "Healthy: −10 points." in text
    # One of them was not judged at the end: it may have stayed healthy or not.
    RiskDay.objects.filter(account=jonas[0], day=END).delete()
    assert "Healthy: −20 to −10 points, 10 % unknown." in opened(leader, "team_card", manager.pk)


def test_where_most_was_not_judged_health_is_unknown_and_the_reason_said(jonas: list[Account], leader: User) -> None:
    text = opened(leader)
    assert (
        "Health is unknown where most of the revenue was not judged within 15 days of 1 Apr 2025 or of 31 Mar" in text
    )
    assert "unknown 100 % not judged" in text


def test_neglect_at_the_start_does_not_lower_the_bar(jonas: list[Account], others: list[User], manager: User) -> None:
    """Every signal of contact, cadence and service at its worst, and the band with it: the bar stays."""
    for one in Account.objects.exclude(owner=None):
        risk_day(one, START, "healthy", order_rhythm=0.1, order_value=0.0)
    looked_after = opened(manager, "team_card", manager.pk)
    worst = {"silence": 1.0, "proactive_gap": 1.0, "single_thread": 1.0, "incident_delay": 1.0, "complaint_tone": 1.0}
    for day in RiskDay.objects.filter(account__in=jonas):
        RiskDay.objects.filter(pk=day.pk).update(levels=day.levels | worst, band="at_risk", risk=100)
    bar = r"expected \d+ % \(\d+ to \d+\)"
    assert re.findall(bar, opened(manager, "team_card", manager.pk)) == re.findall(bar, looked_after) != []


def test_the_tier_is_the_one_at_the_start(jonas: list[Account]) -> None:
    """Moving an account to another tier afterwards does not move its bar."""
    _key, period = period_of("", TODAY)
    first = jonas[0].tier_id
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_app_accountevent SET pgh_created_at = '2025-01-01'")
    Account.objects.filter(pk=jonas[0].pk).update(tier=Tier.objects.exclude(pk=first).first())
    assert facts(period, TODAY).loc[jonas[0].pk, "tier_id"] == first


def test_cadence_value_levels_and_hours_are_of_who_answered(jonas: list[Account], manager: User, leader: User) -> None:
    """Two contacts in the last quarter of the period, one proactive: 50 %."""
    day = dt.date(2026, 2, 2)
    InteractionFactory(account=jonas[0], happened_on=day, purpose="review", initiator="us")
    InteractionFactory(account=jonas[0], happened_on=day, purpose="order", initiator="them")
    counted()
    text = opened(leader, "team_card", manager.pk)
    assert "Proactive 50 % 1 of 2 contacts" in text
    assert "With a value 0 % 0 of 1 proactive contacts" in text
    assert re.search(r"Hours a week [\d.]+ h needed, hours unknown as of today", text)


def test_without_orders_of_the_year_before_it_is_unknown(manager: User, leader: User) -> None:
    portfolio(manager, [(0, 100)])
    counted()
    text = opened(leader, "team_card", manager.pk)
    assert (
        "What Jonas Okafor kept is not known: orders of Q2 2024 to Q1 2025 are not on record, or there were none."
        in text
    )
    assert "Nothing can be said of Q2 2025 to Q1 2026 yet" in opened(leader)


def test_what_a_late_feed_has_not_brought_is_unknown_and_not_lost(
    jonas: list[Account], manager: User, leader: User
) -> None:
    """Complete to the day before the period ends: of its last day nobody knows."""
    late = {"feed": FeedFactory(name="erp"), "source": "orders"}
    kind = FeedKind.objects.create(**late, complete_to=END - dt.timedelta(days=1))
    text = opened(leader, "team_card", manager.pk)
    assert "What Jonas Okafor kept is not known: orders of Q2 2025 to Q1 2026 are late." in text
    assert re.search(r"Jonas Okafor 0 Key Not known its orders are late € 100 unknown unknown", text)
    FeedKind.objects.filter(pk=kind.pk).update(complete_to=END)
    assert "Jonas Okafor kept 85 %" in opened(leader, "team_card", manager.pk)


def test_who_sees_whose_card(
    jonas: list[Account], others: list[User], manager: User, leader: User, north: Team
) -> None:
    south = TeamFactory(name="South")
    elsewhere = UserFactory(role=Role.SALES_LEADER, teams=[south])
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    reader = UserFactory(role=Role.READ_ONLY, teams=[north])
    operations = UserFactory(role=Role.OPERATIONS)
    status = {
        who: got(who, "team_card", manager.pk).status_code
        for who in (manager, others[0], leader, elsewhere, administrator, reader, operations)
    }
    assert list(status.values()) == [200, 404, 200, 404, 200, 403, 403]
    assert got(manager)["Location"] == reverse("cadence:team_card", args=[manager.pk])
    assert "Ann" not in opened(manager, "team_csv")
    assert "Jonas" not in opened(elsewhere)
    assert "Jonas" in opened(administrator)
    assert "Jonas" not in opened(reader)
    assert "North 6 people 50 77 %" in opened(reader)
    assert got(operations).status_code == 403


def test_the_file_holds_the_rows_of_the_page(jonas: list[Account], others: list[User], leader: User) -> None:
    lines = opened(leader, "team_csv", query="?sort=-kept").split(" Jonas")
    assert "Okafor,10,10,1000.00,850.00,0.85,0.75," in lines[1]
    book = CalamineWorkbook.from_filelike(io.BytesIO(got(leader, "team_xlsx").getvalue()))
    names = [row[0] for row in book.get_sheet_by_name("Scorecards").to_python()[1:]]
    assert names == ["Ann", "Ben", "Cat", "Dan", "Eve", "Jonas Okafor"]


def test_an_account_that_is_no_longer_seen_is_counted_and_not_listed(jonas: list[Account], manager: User) -> None:
    south = TeamFactory(name="South")
    taker = UserFactory(name="Sue", teams=[south])
    hand_over(jonas[-1], manager, taker, dt.date(2025, 9, 1))
    Account.objects.filter(pk=jonas[-1].pk).update(team=south, name="Zanzibar")
    text = opened(manager, "team_card", manager.pk)
    assert "Jonas Okafor kept 85 %" in text
    assert "Zanzibar" not in text
    assert "1 account that you no longer see is counted and not listed." in text


@pytest.mark.parametrize("query", ["?period=x&sort=%00&kind=%00&show=1", "?period=2026-1", "?period=quarter", ""])
def test_any_address_and_no_account_are_pages(leader: User, query: str) -> None:
    assert "Nobody held an account when the period began" in opened(leader, query=query)
    assert "answered for no account" in opened(leader, "team_card", leader.pk, query=query)


@pytest.mark.parametrize("name", ["team", "team_card"])
@pytest.mark.parametrize("by_team", [False, True])
@pytest.mark.usefixtures("jonas")
def test_the_number_of_queries_is_that_of_few(manager: User, leader: User, name: str, by_team: bool) -> None:
    ScorecardPolicy.objects.update_or_create(pk=1, defaults={"team_level_only": by_team})
    reader, args = (leader, ()) if name == "team" else (manager, (manager.pk,))

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            opened(reader, name, *args)
        return len(seen)

    few = queries()
    for n in range(6):
        portfolio(UserFactory(name=f"New {n}", teams=manager.teams.all()), [(100, 90)] * 6)
    portfolio(manager, [(100, 40)] * 9)
    counted()
    assert queries() == few


@pytest.fixture
def teams_only(jonas: list[Account], others: list[User]) -> Team:
    """The switch is on; beside North with six people South has two, of whom one must not be told from the other."""
    south = TeamFactory(name="South")
    for name in ("Sue", "Sam"):
        portfolio(UserFactory(name=name, teams=[south]), [(777, 333)] * 6)
    counted()
    ScorecardPolicy.objects.update_or_create(pk=1, defaults={"team_level_only": True})
    return south


ALL_ROLES = [Role.SALES_LEADER, Role.ADMINISTRATOR, Role.READ_ONLY]
PEOPLE = ("Jonas", "Ann", "Ben", "Sue", "Sam")


@pytest.mark.parametrize("role", ALL_ROLES)
@pytest.mark.parametrize("name", ["team", "team_csv"])
def test_with_the_switch_on_nobody_is_named_and_small_teams_are_hidden(
    teams_only: Team, north: Team, role: Role, name: str
) -> None:
    text = opened(UserFactory(name="Reader", role=role, teams=[north, teams_only]), name)
    assert not [one for one in PEOPLE if one in text]
    assert ("North" in text, "South" in text) == (True, False)


@pytest.mark.parametrize("role", ALL_ROLES)
def test_no_difference_tells_of_the_small_team(teams_only: Team, north: Team, role: Role) -> None:
    """What is added up is North alone: € 5.00 k. South's 12 · 777 is in no sum, and in nobody's expectation."""
    reader = UserFactory(name="Reader", role=role, teams=[north, teams_only])
    text = opened(reader)
    assert "Of € 5.00 k bought a year before, 77 % came again" in text
    assert not re.search(r"expected \d+ % \(", text)
    portfolio(User.objects.get(name="Sue"), [(900, 1)] * 3)
    counted()
    assert opened(reader) == text


def test_small_teams_are_one_row_for_who_sees_all_once_they_are_enough_people(teams_only: Team, north: Team) -> None:
    west = TeamFactory(name="West")
    for name in ("Wim", "Wes", "Win"):
        portfolio(UserFactory(name=name, teams=[west]), [(100, 50)] * 2)
    counted()
    administrator = UserFactory(name="Reader", role=Role.ADMINISTRATOR)
    assert "Smaller teams together 5 people 18" in opened(administrator)
    leader_of_both = UserFactory(name="Reader", role=Role.SALES_LEADER, teams=[north, west])
    assert "Smaller teams" not in opened(leader_of_both)


def test_a_team_of_which_one_alone_can_be_compared_is_hidden(teams_only: Team, leader: User) -> None:
    """Five people held accounts of West, but only those of Wim go back a year: the sum of the team would be Wim's."""
    west = TeamFactory(name="West")
    leader.teams.add(west)
    for number, name in enumerate(("Wim", "Wes", "Win", "Wyn", "Wat")):
        portfolio(UserFactory(name=name, teams=[west]), [(0 if number else 555, 444)] * 6)
    counted()
    assert "West" not in opened(leader)
    portfolio(User.objects.get(name="Wes"), [(100, 100)])
    Account.objects.filter(owner__name__in=("Win", "Wyn", "Wat")).delete()
    for name in ("Win", "Wyn", "Wat"):
        portfolio(User.objects.get(name=name), [(100, 100)])
    counted()
    assert "West 5 people" in opened(leader)


def test_the_file_says_unknown_where_the_page_does(teams_only: Team) -> None:
    """Nothing was judged, nothing is counted of the smaller teams together, and of them nothing can be compared."""
    west = TeamFactory(name="West")
    for name in ("Wim", "Wes", "Win", "Wyn"):
        portfolio(UserFactory(name=name, teams=[west]), [(0, 50)])
    Account.objects.filter(owner__name__in=("Sue", "Sam")).delete()
    portfolio(User.objects.get(name="Sue"), [(0, 50)])
    counted()
    content = got(UserFactory(name="Reader", role=Role.ADMINISTRATOR), "team_csv").getvalue().decode("utf-8-sig")
    rows = {row["Team"]: row for row in csv.DictReader(io.StringIO(content))}
    assert set(rows) == {"North", "Smaller teams together"}
    unknown = ("Revenue before", "Kept of it", "Gross retention", "Healthy at the end", "Days promised", "Contacts")
    assert [rows["Smaller teams together"][name] for name in unknown] == [""] * 6
    assert (rows["North"]["Revenue before"], rows["North"]["Healthy at the end"]) == ("5000.00", "")


def test_with_the_switch_on_a_manager_s_file_is_the_own_card(teams_only: Team, manager: User) -> None:
    """The sum of a team less the own figures would be that of too few others."""
    text = opened(manager, "team_csv")
    assert "Jonas Okafor" in text
    assert "North" not in text


def test_with_the_switch_on_only_the_own_card_opens(
    teams_only: Team, manager: User, leader: User, others: list[User]
) -> None:
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    assert [got(who, "team_card", manager.pk).status_code for who in (manager, leader, administrator)] == [
        200,
        404,
        404,
    ]
    assert got(manager, "team_card", others[0].pk).status_code == 404


def test_with_the_switch_on_the_cadence_page_compares_nobody(teams_only: Team, leader: User, manager: User) -> None:
    for query in ("?whose=all", f"?whose=all&owner={manager.pk}"):
        text = opened(leader, "cadence", query=query)
        assert "By manager" not in text
        assert "Narrowed to" not in text
        assert "50 Days" not in text
    whole = opened(leader, "cadence", query="?whose=all")
    assert opened(leader, "cadence", query=f"?whose=all&owner={manager.pk}") == whole
    csv = opened(leader, "cadence_csv", query="?whose=all")
    assert opened(leader, "cadence_csv", query=f"?whose=all&owner={manager.pk}") == csv
    ScorecardPolicy.objects.update(team_level_only=False)
    assert "By manager" in opened(leader, "cadence", query="?whose=all")


def test_only_an_administrator_turns_the_switch_and_every_turn_is_kept(leader: User) -> None:
    client = Client()
    client.force_login(leader)
    assert client.post(reverse("cadence:team_policy"), {"team_level_only": "on"}).status_code == 403
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    for value in ({"team_level_only": "on"}, {}):
        assert client.post(reverse("cadence:team_policy"), value).status_code == 302
    events = ScorecardPolicy.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(events.values_list("team_level_only", flat=True)) == [False, True, False]
