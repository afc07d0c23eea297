"""The list of losses: who sees which, what is filtered, said and exported."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from accounts_app.models import Company, Loss, Role, Team, User
from signals.models import Alert, PostMortem, RiskDay
from tests.factories import AccountFactory, LossFactory, OrderFactory, TeamFactory, UserFactory
from tests.factories.judgement import finished_run
from tests.integration.portfolio.reading import spoken

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, query: str = "", **headers: str) -> str:
    response = client_of(user).get(f"/losses/{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def lost(team: Team, name: str, on: str = "2026-05-01", **fields: object) -> Loss:
    day = date.fromisoformat(on)
    values = {"part": "", "reason": "competitor", "known_on": day, **fields}
    return LossFactory(account=AccountFactory(name=name, team=team), lost_on=day, **values)


def test_only_losses_in_scope_are_listed_and_counted(leader: User, north: Team, company: Company) -> None:
    lost(north, "Ferro", annual_amount=Decimal(1000), currency="EUR", reporting_annual_amount=Decimal(1000))
    lost(north, "Gamma", part="Pumps", annual_amount=None, currency="", reporting_annual_amount=None)
    lost(TeamFactory(), "Zanzibar")
    words = spoken(page(leader))
    assert "1 whole account and 1 part lost, worth € 1.00 k a year together; of 1 the worth is not known." in words
    assert "Zanzibar" not in words
    assert client_of(UserFactory(role=Role.OPERATIONS)).get("/losses/").status_code == 403


def test_a_sum_by_reason_says_of_how_many_the_worth_is_not_known(north: Team, leader: User, company: Company) -> None:
    lost(north, "Ferro", annual_amount=1000, currency="EUR", reporting_annual_amount=1000)
    lost(north, "Gamma", annual_amount=None, currency="", reporting_annual_amount=None)
    assert "Competitor 2 € 1.00 k 1 not known" in spoken(page(leader))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Ferro", "Gamma"}),
        ("?extent=whole", {"Ferro"}),
        ("?extent=part", {"Gamma"}),
        ("?reason=our_side", {"Gamma"}),
        ("?period=3m", {"Ferro"}),
        ("?period=all", {"Ferro", "Gamma", "Old"}),
        ("?period=nonsense&reason=nonsense", {"Ferro", "Gamma"}),
        ("?extent=part&reason=competitor", set()),
    ],
)
def test_filters_choose_by_extent_reason_and_period(leader: User, north: Team, query: str, shown: set[str]) -> None:
    lost(north, "Ferro")
    lost(north, "Gamma", "2025-07-01", part="Pumps", reason="our_side")
    lost(north, "Old", "2024-01-01")
    html = page(leader, query)
    assert {name for name in ("Ferro", "Gamma", "Old") if f">{name}</a>" in html} == shown
    assert f">{next(iter(shown))}</a>" in page(leader, query, **{"HX-Request": "true"}) if shown else True


def test_the_first_day_of_the_year_is_the_day_after(leader: User, north: Team) -> None:
    lost(north, "Within", "2025-07-01")
    lost(north, "Before", "2025-06-30")
    html = page(leader)
    assert ">Within</a>" in html
    assert ">Before</a>" not in html


def test_who_was_warned_is_told_with_how_long_before(leader: User, north: Team) -> None:
    finished_run(date(2026, 1, 1))
    warned, unseen = lost(north, "Warned"), lost(north, "Unseen")
    lost(north, "Early", "2025-12-31")
    alert = {"signal": "silence", "judged_on": date(2026, 4, 1), "level": 0.8}
    Alert.objects.create(account=warned.account, opened_on=date(2026, 4, 1), released_on=date(2026, 4, 1), **alert)
    # Beyond the budget nobody was shown it.
    Alert.objects.create(account=unseen.account, opened_on=date(2026, 4, 1), **alert)
    words = spoken(page(leader))
    assert "30 days before" in words
    assert words.count("nobody") == 1
    assert words.count("not watched then") == 1


def test_the_signal_that_rose_first_comes_from_the_days_judged(leader: User, north: Team) -> None:
    loss = lost(north, "Ferro")
    assert "not known" in spoken(page(leader))
    judged = {"account": loss.account, "band": "healthy", "risk": 10, "coverage": 0.9, "origin": "history"}
    for weeks, level in ((12, 0.1), (10, 0.8)):
        day = loss.lost_on - timedelta(weeks=weeks)
        RiskDay.objects.create(day=day, levels={"silence": level}, **judged)
    assert "Silence, 70 days before" in spoken(page(leader))
    RiskDay.objects.update(levels={"silence": 0.1})
    assert "none rose in the weeks judged" in spoken(page(leader))


def test_an_order_after_the_loss_was_known_wins_the_account_back(leader: User, north: Team) -> None:
    loss = lost(north, "Ferro", known_on=date(2026, 5, 20))
    OrderFactory(account=loss.account, ordered_on=date(2026, 5, 20))
    assert "won back" not in spoken(page(leader))
    OrderFactory(account=loss.account, ordered_on=date(2026, 5, 21))
    assert "won back 21 May" in spoken(page(leader))
    Loss.objects.update(part="Pumps")
    assert "won back" not in spoken(page(leader))


def test_sums_name_reasons_and_rivals(leader: User, north: Team, company: Company) -> None:
    for name in ("Ferro", "Gamma"):
        lost(north, name, went_to="Rival & Sons")
    lost(north, "Delta", reason="our_side")
    html = page(leader)
    assert "By reason" in html
    assert "Rival &amp; Sons" in html
    words = spoken(html)
    assert "Competitor 2" in words
    assert "Our side 1" in words


def test_statements_do_not_grow_with_the_losses(leader: User, north: Team, company: Company) -> None:
    client = client_of(leader)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/losses/")
        return len(asked)

    lost(north, "First")
    finished_run()  # with rules: the first reader would else make the default ones
    one = count()
    for number in range(49):
        PostMortem.objects.create(loss=lost(north, f"Account {number}"))
    assert count() == one


def test_files_hold_what_is_shown_and_no_formula(leader: User, north: Team, company: Company) -> None:
    lost(north, "=HYPERLINK(1)", annual_amount=Decimal(1000), currency="EUR", reporting_annual_amount=Decimal(1000))
    lost(TeamFactory(), "Zanzibar")
    client = client_of(leader)
    text = client.get("/losses/export.csv?extent=whole").getvalue().decode()
    assert "'=HYPERLINK(1)" in text
    assert "1000.00,EUR,2026-05-01" in text
    assert "Zanzibar" not in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/losses/export.xlsx").getvalue()))
    row = book.get_sheet_by_name("Losses").to_python()[1]
    assert (row[0], row[5]) == ("=HYPERLINK(1)", 1000)
    assert client.get("/losses/export.csv?extent=part").getvalue().decode().count("\r\n") == 1


def test_recording_leads_to_the_form_of_an_account_one_may_change(manager: User, north: Team) -> None:
    own, foreign = AccountFactory(team=north, owner=manager), AccountFactory(team=north)
    client = client_of(manager)
    assert client.get("/losses/record/").status_code == 200
    answer = client.get(f"/losses/record/?account={own.pk}")
    assert answer["Location"] == f"/accounts/{own.pk}/losses/add/"
    assert client.get(f"/losses/record/?account={foreign.pk}").status_code == 422
    assert client_of(UserFactory(role=Role.READ_ONLY, teams=[north])).get("/losses/record/").status_code == 403
