"""The economics pages: figures worked by hand, for whom, and what is unknown."""

import datetime as dt
import html
import io
import re
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts_app.models import Account, FeedKind, Role, Team, Tier, User
from cadence.models import Assumptions
from cadence.services.revenue import count_months
from signals.models import Band, Standing
from tests.factories import AccountFactory, ContractFactory, FeedFactory, OrderFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
BEFORE, NOW = dt.date(2025, 6, 30), dt.date(2026, 6, 30)
PAGES = ("economics", "concentration", "revenue_changes")


def text_of(content: bytes) -> str:
    text = re.sub(r"<[^>]+>", " ", content.decode())
    return re.sub(r"\s+", " ", html.unescape(text).replace("\N{NO-BREAK SPACE}", " "))


def opened(user: User, name: str = "economics", query: str = "") -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse(f"cadence:{name}") + query)
    assert response.status_code == 200
    return text_of(response.content)


def account(owner: User, name: str, band: Band, revenue: int, **fields: object) -> Account:
    """Promised a contact every 73 days of 2 hours: 365 / 73 · 2 = 10 hours a year."""
    interval = {"own_ideal_days": 73, "own_max_days": 80, "own_interval_reason": "agreed"}
    made = AccountFactory(owner=owner, team=owner.teams.first(), name=name, **(interval | fields))
    judged(made, band, revenue=revenue)
    return made


def ordered(one: Account, day: dt.date, amount: int, feed: str = "erp") -> None:
    OrderFactory(account=one, ordered_on=day, amount=Decimal(amount), feed=FeedFactory(name=feed))


@pytest.fixture
def four(manager: User) -> dict[str, Account]:
    """One of each band; of 1000 k revenue 400 k are At risk, and margin is known of one of them."""
    Tier.objects.update(contact_hours=2)
    return {
        "risky": account(manager, "Risky Works", Band.AT_RISK, 300_000, margin_share=Decimal("0.2")),
        "other": account(manager, "Other Works", Band.AT_RISK, 100_000),
        "drifting": account(manager, "Drifting Works", Band.DRIFTING, 200_000),
        "unknown": account(manager, "Unknown Works", Band.UNKNOWN, 150_000),
        "healthy": account(manager, "Healthy Works", Band.HEALTHY, 250_000),
    }


def test_the_first_sentence_and_the_figures_by_hand(four: dict[str, Account], leader: User) -> None:
    text = opened(leader)
    assert (
        "€ 400 k of twelve months' revenue is with 2 accounts At risk, 40 % of all revenue of the accounts of your "
        "teams; no contract may be left within 90 days." in text
    )
    # At risk 72 % of 400 k are 288 k; Drifting 44 % of 200 k are 88 k more.
    assert "Expected loss of it € 288 k with Drifting € 376 k" in text
    # 20 % of 300 k; of the other account nobody knows.
    assert "Margin of it € 60.0 k known for € 300 k of € 400 k" in text


def test_without_the_cost_of_an_hour_hours_are_shown_and_money_is_unknown(
    four: dict[str, Account], leader: User
) -> None:
    text = opened(leader)
    assert (
        "Keeping the 3 accounts At risk or Drifting takes 30 hours of promised contacts a year; what an hour costs is "
        "not known." in text
    )
    assert re.search(r"At risk 2 € 400 k 40 % € 288 k € 60.0 k of € 300 k 20 h unknown unknown", text)


def test_keeping_costs_hours_and_replacing_three_times_as_much(four: dict[str, Account], leader: User) -> None:
    Assumptions.objects.update_or_create(pk=1, defaults={"hour_cost": Decimal(100)})
    text = opened(leader)
    assert "30 hours of promised contacts a year, € 3.00 k; replacing them is assumed to cost € 9.00 k." in text
    assert "3 times as much as keeping assumption" in text


def test_the_unknown_stand_apart_and_their_loss_is_unknown(four: dict[str, Account], leader: User) -> None:
    assert re.search(r"\? Unknown 1 € 150 k 15 % unknown", opened(leader))
    assert re.search(r"Healthy 1 € 250 k 25 % not counted", opened(leader))


def test_what_was_not_computed_has_no_revenue_of_zero(four: dict[str, Account], manager: User, leader: User) -> None:
    AccountFactory(owner=manager, team=manager.teams.first(), name="New Works")
    Standing.objects.filter(account=four["unknown"]).update(state="not_computed", risk=None, revenue_12m=0)
    text = opened(leader)
    assert "Revenue Unknown unknown 2 accounts" in text
    assert re.search(r"\? Unknown 2 unknown 2 not computed: revenue unknown – unknown", text)


def test_money_that_may_leave_by_hand(four: dict[str, Account], leader: User) -> None:
    """30 June 2026. At risk: 90 days before 31 Dec is 2 Oct, 94 days away; 90 before 28 Sep is today.

    Healthy: any day. Drifting: worth not known, notice by 30 July, 30 days away.
    """
    far = {"ends_on": dt.date(2026, 12, 31), "notice_days": 90, "reporting_annual_value": 1_000_000, "annual_value": 1}
    ContractFactory(account=four["risky"], currency="EUR", **far)
    today = {"ends_on": dt.date(2026, 9, 28), "notice_days": 90, "reporting_annual_value": 120_000, "annual_value": 1}
    ContractFactory(account=four["risky"], currency="EUR", **today)
    ContractFactory(account=four["drifting"], ends_on=dt.date(2026, 10, 28), notice_days=90)
    any_day = {"ends_on": None, "no_cause": True, "reporting_annual_value": 40_000, "annual_value": 1}
    ContractFactory(account=four["healthy"], currency="EUR", **any_day)
    text = opened(leader)
    assert "€ 160 k a year in 3 contracts (1 of unknown worth) may leave within 90 days." in text
    assert re.search(r"At risk € 120 k 1 contract € 120 k 1 contract € 120 k 1 contract – ", text)
    assert re.search(r"Drifting unknown 1 contract, 1 of unknown worth ", text)
    assert "€ 40.0 k of it may be ended on any day and stands in every column." in text


def test_where_no_worth_is_on_record_no_sum_is_shown(four: dict[str, Account], leader: User) -> None:
    ContractFactory(account=four["drifting"], ends_on=dt.date(2026, 10, 28), notice_days=90)
    text = opened(leader)
    assert "1 contract of unknown worth may leave within 90 days." in text
    assert "May leave within 90 days unknown 1 contract, 1 of unknown worth" in text


def test_what_is_not_computed_is_in_no_share_and_said(four: dict[str, Account], leader: User) -> None:
    """Of 850 k that are known the largest carries 300 k: 35 %."""
    Standing.objects.filter(account=four["unknown"]).update(state="not_computed", risk=None, revenue_12m=0)
    text = opened(leader, "concentration")
    assert "1 account is left out: it is not computed, so its revenue is not known." in text
    assert re.search(r"Largest accounts Share of revenue 1 35 % 4 100 %", text)
    Standing.objects.update(band=Band.UNKNOWN)
    assert "Of none of the largest is the risk known" in opened(leader, "concentration", "?pair=likeliest")


def two_years_of(accounts: list[Account], figures: list[tuple[int, int]]) -> None:
    for one, (before, after) in zip(accounts, figures, strict=True):
        for day, amount in ((BEFORE, before), (NOW, after)):
            if amount:
                ordered(one, day, amount)
    count_months([one.pk for one in accounts])


def test_retention_by_hand(four: dict[str, Account], manager: User, leader: User) -> None:
    """Base 100 + 200 + 300 = 600; kept 100 + 200 + 150 = 450: 75 %; the same bought 100 + 230 + 150 = 480: 80 %.

    One is new; a former customer bought 200 and nothing since: base 800, kept 450 = 56 %, same 480 = 60 %.
    """
    ordered(four["risky"], dt.date(2024, 7, 1), 1)  # orders are on record since then; nothing else is of that year
    two_years_of(list(four.values()), [(99, 100), (200, 230), (300, 150), (0, 70), (0, 0)])
    assert "Of € 600 bought in the twelve months before, 75 % came again (gross)" in opened(leader, "revenue_changes")
    former = AccountFactory(owner=manager, team=manager.teams.first(), name="Former Works", status="former")
    two_years_of([former], [(200, 0)])
    text = opened(leader, "revenue_changes")
    assert "Of € 800 bought in the twelve months before, 56 % came again (gross); with what the same" in text
    assert "it is 60 % (net)." in text
    assert re.search(r"Contracted 1 −€ 150 Lost 1 −€ 200 Expanded 1 € 30 New 1 € 70 Steady 1 € 0", text)
    assert "Net retention, 12 months 60 % gross 56 %" in opened(leader)


def test_a_kind_shows_its_accounts_and_its_file(four: dict[str, Account], leader: User) -> None:
    ordered(four["risky"], dt.date(2024, 7, 1), 1)
    two_years_of(list(four.values()), [(99, 100), (200, 230), (300, 150), (0, 70), (0, 0)])
    text = opened(leader, "revenue_changes", "?kind=contracted")
    assert ("Drifting Works" in text, "Other Works" in text) == (True, False)
    client = Client()
    client.force_login(leader)
    lines = client.get(reverse("cadence:revenue_changes_csv") + "?kind=contracted").getvalue().decode().splitlines()
    assert len(lines) == 2
    assert "Contracted,300.00,150.00,-150.00" in lines[1]
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(reverse("cadence:revenue_changes_xlsx")).getvalue()))
    assert [row[0] for row in book.get_sheet_by_name("Revenue").to_python()[1:]] == [
        "Drifting Works", "Risky Works", "Other Works", "Unknown Works",
    ]  # fmt: skip


def test_a_year_before_the_records_is_unknown_and_not_new(four: dict[str, Account], leader: User) -> None:
    """The feed begins in October 2025: of nobody the year before is known, and nobody is called new."""
    ordered(four["risky"], dt.date(2025, 10, 20), 100)
    count_months([four["risky"].pk])
    text = opened(leader, "revenue_changes")
    assert "is not known: of none are the orders of both years on record." in text
    assert re.search(
        r"Risky Works Key Jonas Okafor Not known orders known since 1 Oct 2025 unknown € 100 unknown", text
    )
    assert "New 1" not in text
    assert "Net retention, 12 months unknown" in opened(leader)


def test_what_a_late_feed_has_not_brought_is_unknown_and_no_contraction(four: dict[str, Account], leader: User) -> None:
    """The second feed is complete to 1 May only: two months old, and expected every week."""
    ordered(four["risky"], dt.date(2024, 7, 1), 1)
    two_years_of(list(four.values()), [(99, 100), (200, 230), (300, 150), (0, 70), (0, 0)])
    for day in (BEFORE, dt.date(2026, 4, 30)):
        ordered(four["drifting"], day, 1, "second")
    count_months([four["drifting"].pk])
    kind = FeedKind.objects.create(feed=FeedFactory(name="second"), source="orders", complete_to=dt.date(2026, 5, 1))
    text = opened(leader, "revenue_changes")
    # Without it 100 + 200 are the base, and both came again; the other feed is told nothing of.
    assert "Of € 300 bought in the twelve months before, 100 % came again" in text
    assert "Left out: 1 account whose two years are not both known." in text
    assert re.search(r"Drifting Works Key Jonas Okafor Not known orders known until 1 May € 301 unknown unknown", text)
    FeedKind.objects.filter(pk=kind.pk).update(complete_to=NOW)
    assert "Of € 601 bought" in opened(leader, "revenue_changes")


def test_no_order_at_all_is_unknown(four: dict[str, Account], leader: User) -> None:
    text = opened(leader, "revenue_changes")
    assert re.search(r"Risky Works Key Jonas Okafor Not known unknown unknown unknown", text)


def test_concentration_by_hand(four: dict[str, Account], leader: User) -> None:
    """300 + 250 + 200 + 150 + 100 = 1000 k: the largest 30 %; five of five carry all."""
    text = opened(leader, "concentration")
    assert "All revenue of the accounts of your teams rests on 5 accounts." in text
    assert re.search(r"Largest accounts Share of revenue 1 30 % 5 100 %", text)
    client = Client()
    client.force_login(leader)
    figure = client.get(reverse("cadence:concentration_curve") + "?whose=team").json()
    assert figure["data"][1]["x"] == [0, 20, 40, 60, 80, 100]
    assert figure["data"][1]["y"] == pytest.approx([0, 30, 55, 75, 90, 100])


def test_two_losses_by_name_by_size_and_by_chance(four: dict[str, Account], leader: User) -> None:
    """The largest: 300 + 250 = 550 of 1000 k, margin 60 k known for 300 k. The likeliest: 300 + 100 at 72 % each."""
    Standing.objects.filter(band=Band.AT_RISK).update(probability=0.72)
    Standing.objects.filter(band=Band.HEALTHY).update(probability=0.08)
    text = opened(leader, "concentration")
    assert "Risky Works and Healthy Works Without both € 550 k of revenue a year is gone, 55 % of that of" in text
    assert "the margin lost is € 60.0 k, known for € 300 k of it; 20 hours of promised contacts" in text
    assert "both go with a chance of 6 %." in text
    text = opened(leader, "concentration", "?pair=likeliest")
    assert "Risky Works and Other Works Without both € 400 k of revenue a year is gone, 40 %" in text
    assert "both go with a chance of 52 %." in text
    keys = f"?first={four['unknown'].pk}&second={four['drifting'].pk}"
    text = opened(leader, "concentration", keys)
    assert "Unknown Works and Drifting Works Without both € 350 k" in text
    assert "the margin is not known" in text
    assert "How likely that is, is not known" in text
    assert "Without it € 150 k" in opened(leader, "concentration", f"?first={four['unknown'].pk}&second=")


@pytest.mark.parametrize("name", PAGES)
def test_a_manager_s_economics_are_of_what_the_manager_sees(
    four: dict[str, Account], manager: User, north: Team, name: str
) -> None:
    elin = UserFactory(name="Elin", teams=[north])
    account(elin, "Elin Works", Band.AT_RISK, 500_000)
    south = UserFactory(role=Role.SALES_LEADER, teams=[TeamFactory(name="South")])
    if name == "economics":
        assert "2 accounts At risk, 40 % of all revenue of your accounts" in opened(manager)
        assert "3 accounts At risk, 60 % of all revenue of all accounts you see" in opened(manager, query="?whose=all")
    else:
        assert ("Works" in opened(manager, name), "Elin Works" in opened(manager, name)) == (True, False)
        assert "Elin Works" in opened(manager, name, "?whose=all")
    for query in ("", "?whose=all"):
        assert "Works" not in opened(south, name, query)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("query", ["?whose=mars&kind=x&pair=y&first=%00&second=9999999999999999999999&page=x", ""])
def test_an_address_that_makes_no_sense_and_no_account_are_pages(leader: User, name: str, query: str) -> None:
    assert "Economics" in opened(leader, name, query)


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_is_that_of_few_accounts(
    four: dict[str, Account], manager: User, leader: User, name: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            opened(leader, name)
        return len(seen)

    ContractFactory(account=four["risky"])
    ordered(four["risky"], BEFORE, 10)
    ordered(four["risky"], BEFORE, 10, "second")
    count_months([four["risky"].pk])
    Assumptions.the()  # made once, when first asked for
    few = queries()
    made = [account(manager, f"Many {n}", Band.DRIFTING, 1000) for n in range(40)]
    for one in made:
        ContractFactory(account=one)
        ordered(one, BEFORE, 10)
    count_months([one.pk for one in made])
    assert queries() == few


def posted(user: User, **values: str) -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    form = client.get(reverse("cadence:assumptions_edit")).content.decode()
    [seen] = re.findall(r'name="seen" value="([^"]*)"', form) or [""]
    response = client.post(reverse("cadence:assumptions_edit"), {"seen": seen} | values)
    return response.status_code, text_of(response.content)


def test_a_leader_changes_the_assumptions_and_the_change_is_kept(four: dict[str, Account], leader: User) -> None:
    assert posted(leader, hour_cost="92.50", replace_times="4")[0] == 302
    assert "€ 92.50 assumption" in opened(leader)
    events = Assumptions.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(events.values_list("hour_cost", flat=True)) == [None, Decimal("92.50")]


@pytest.mark.parametrize(
    "values",
    [
        {"hour_cost": "0", "replace_times": "3"},
        {"hour_cost": "-5", "replace_times": "3"},
        {"hour_cost": "1e9", "replace_times": "3"},
        {"hour_cost": "NaN", "replace_times": "3"},
        {"hour_cost": "", "replace_times": "0"},
        {"hour_cost": "", "replace_times": "-3"},
        {"hour_cost": "", "replace_times": "101"},
        {"hour_cost": "", "replace_times": ""},
    ],
)
def test_absurd_assumptions_are_refused_in_words(leader: User, values: dict[str, str]) -> None:
    status, text = posted(leader, **values)
    assert status == 422
    assert re.search(r"Ensure this value|Enter a number|required|Ensure that there are no more", text)
    assert Assumptions.the().hour_cost is None
    assert Assumptions.the().replace_times == 3


@pytest.mark.parametrize("wrong", [{"hour_cost": 0}, {"hour_cost": 10_001}, {"replace_times": 0}, {"pk": 2}])
def test_the_database_refuses_them_too(wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Assumptions.objects.create(**({"pk": 1} | wrong))


def test_who_was_overtaken_is_told_and_overwrites_nothing(leader: User) -> None:
    Assumptions.objects.update_or_create(pk=1, defaults={"hour_cost": Decimal(80)})
    status, text = posted(leader, hour_cost="90", replace_times="3", seen=";3")
    assert status == 422
    assert "Somebody else changed this meanwhile, to: cost of an hour 80, replacing 3 times." in text
    assert Assumptions.the().hour_cost == 80


def test_a_manager_sees_the_assumptions_and_may_not_change_them(four: dict[str, Account], manager: User) -> None:
    assert "Change the assumptions" not in opened(manager)
    assert posted(manager, hour_cost="90", replace_times="3")[0] == 403
