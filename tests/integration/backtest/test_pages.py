"""The page of a backtest: what each reader is told, by sentences, tables, figures and the slider."""

import datetime as dt
import json
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_app.models import Account, Company, Role, User
from signals.models import BacktestFigures, BacktestResult, Run
from signals.services import backtest, runs
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.backtest import backtested, counts, loss, record
from tests.integration.backtest.conftest import ask

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
FRAGMENT = {"HX-Request": "true"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str = "/backtest/", **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


class Teams:
    """Two teams with an account each; the northern one was lost and seen, the southern one lost and missed."""

    def __init__(self) -> None:
        Company.the()
        north, south = TeamFactory(name="North"), TeamFactory(name="South")
        self.seen: Account = AccountFactory(name="Seen & Son", team=north)
        self.missed: Account = AccountFactory(name="Zanzibar", team=south)
        self.result = backtested(
            {
                self.seen: record(loss("2026-05-01", 63), alarms=counts(hit=1, false=2)),
                self.missed: record(loss("2026-04-01", None, late=9), alarms=counts(acted=1)),
            }
        )
        self.north = client_of(UserFactory(role=Role.SALES_LEADER, teams=[north]))
        self.south = client_of(UserFactory(role=Role.READ_ONLY, teams=[south]))
        self.all = client_of(UserFactory(role=Role.ADMINISTRATOR))


@pytest.fixture
def teams(db: None) -> Teams:
    return Teams()


def test_the_answer_stands_first_and_in_words(teams: Teams) -> None:
    text = page(teams.all)
    months = 2 * 100 * 7 / (365.25 / 12)
    assert "Of 2 accounts lost, 1 were marked before, in the median 63 days earlier" in text
    assert f"{100 * 2 / months:.1f} false alarms per 100 account-months" in text
    assert "Beside it the rule “90 days without an order”: 0 of 2; 0.0 false alarms" in text
    assert "Of the 1 missed, 1 were marked only after the loss day, in the median 9 days after" in text
    assert "2 losses are few: one more or less changes the shares by 50 points" in text


def test_the_rules_it_was_judged_by_open(teams: Teams) -> None:
    rules = reverse("signals:rules_read", args=[teams.result.run.rule_set.version])
    assert f'href="{rules}">rules of version' in page(teams.all)
    assert teams.south.get(rules).status_code == HTTPStatus.OK


def test_each_reader_gets_the_own_accounts_only(teams: Teams) -> None:
    north, south = page(teams.north), page(teams.south)
    assert "Of 1 account lost, 1 was marked before, in the median 63 days earlier" in north
    assert "Of 1 account lost, 0 was marked before; 0.0 false alarms" in south
    assert "Zanzibar" in south
    assert "Zanzibar" not in north
    assert "1 accounts you see" in north
    shared = f"/backtest/{teams.result.pk}"
    for name in ("leads", "calibration"):
        assert teams.north.get(f"{shared}/{name}.json").status_code == 200
    leads = json.loads(teams.south.get(f"{shared}/leads.json").content)["data"]
    assert [sum(trace["y"]) for trace in leads] == [0, 0, 0]


def test_a_result_about_nobody_one_sees_is_not_found(teams: Teams) -> None:
    stranger = client_of(UserFactory(role=Role.SALES_LEADER, teams=[TeamFactory(name="West")]))
    for name in ("", "leads.json", "calibration.json"):
        assert stranger.get(f"/backtest/{teams.result.pk}/{name}").status_code == 404
    assert stranger.post(f"/backtest/{teams.result.pk}/cancel/").status_code == 404
    assert f"/backtest/{teams.result.pk}/" not in page(stranger)


@pytest.mark.parametrize(("threshold", "said"), [("50", "marked 1 of 2"), ("51", "marked 0 of 2"), ("0", "From 35")])
def test_the_slider_says_what_each_threshold_would_have_done(teams: Teams, threshold: str, said: str) -> None:
    address = f"/backtest/{teams.result.pk}/?threshold={threshold}"
    wanted = "An alarm from 35 points" if said == "From 35" else said  # what is out of range is the line of the rules
    fragment = page(teams.all, address, **FRAGMENT)
    assert wanted in fragment
    assert "<html" not in fragment
    assert wanted in page(teams.all, address)  # the same without script


def test_lists_open_the_accounts(teams: Teams) -> None:
    text = page(teams.all)
    missed = text.split('id="missed-title"')[1].split("</section>")[0]
    assert f'href="/accounts/{teams.missed.pk}/"' in missed
    assert "9\N{NO-BREAK SPACE}d after" in missed
    assert "Healthy" in missed
    assert "Seen" not in missed.replace("Seen later", "")


def test_simulated_accounts_are_said_to_be(teams: Teams) -> None:
    words = "These accounts are simulated"
    assert words not in page(teams.all)
    Company.objects.update(simulated=True)
    assert words in page(teams.all)


def test_without_losses_nothing_is_claimed(db: None) -> None:
    Company.the()
    backtested({AccountFactory(): record(alarms=counts(false=1))})
    text = page(client_of(UserFactory(role=Role.ADMINISTRATOR)))
    assert "No account was lost in this span" in text
    assert "0 %" not in text.split('id="methods-title"')[0]


def test_figures_are_added_up_once_for_each_set_of_accounts(teams: Teams) -> None:
    for client in (teams.all, teams.all, teams.north):
        page(client)
    assert BacktestFigures.objects.count() == 2


def queries(accounts: int) -> int:
    Company.the()
    result = backtested({AccountFactory(): record(loss("2026-05-01", 63)) for _n in range(accounts)})
    client = client_of(UserFactory(role=Role.ADMINISTRATOR))
    address = f"/backtest/{result.pk}/"
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_the_page_asks_as_often_for_one_account_as_for_fifty(db: None) -> None:
    few = queries(1)
    BacktestResult.objects.all().delete()
    Run.objects.all().delete()
    assert queries(50) == few


# --- begun, watched, cancelled


@time_machine.travel(NOON)
def test_a_leader_begins_watches_and_cancels(portfolio: list[int]) -> None:
    leader = client_of(UserFactory(role=Role.SALES_LEADER, teams=[Account.objects.get(pk=portfolio[0]).team]))
    form = page(leader)
    assert 'value="7"' in form
    body = {"begin": "2026-09-01", "until": "2026-11-22", "step": "7"}
    begun = leader.post("/backtest/begin/", body)
    result = BacktestResult.objects.get()
    assert (begun.status_code, begun["Location"]) == (302, f"/backtest/{result.pk}/")
    assert result.made_by is not None
    again = leader.post("/backtest/begin/", body)
    assert again.status_code == 422
    assert "A backtest is under way already" in again.content.decode()
    work = page(leader, f"/backtest/{result.pk}/", **FRAGMENT)
    assert "Learning from each quarter: 0 %" in work
    assert "<html" not in work
    assert leader.post(f"/backtest/{result.pk}/cancel/").status_code == 302
    over = leader.get(f"/backtest/{result.pk}/", headers=FRAGMENT)
    assert over["HX-Redirect"] == f"/backtest/{result.pk}/"
    assert "was cancelled; nothing of it was kept" in page(leader, f"/backtest/{result.pk}/")


@time_machine.travel(NOON)
def test_a_span_that_cannot_be_replayed_keeps_what_was_typed(portfolio: list[int]) -> None:
    administrator = client_of(UserFactory(role=Role.ADMINISTRATOR))
    answer = administrator.post("/backtest/begin/", {"begin": "2001-01-01", "until": "2026-11-22", "step": "7"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There are no data before" in text
    assert 'value="2001-01-01"' in text
    nonsense = administrator.post("/backtest/begin/", {"begin": "soon", "until": "", "step": "x"})
    assert nonsense.status_code == 422
    assert not BacktestResult.objects.exists()


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.READ_ONLY])
def test_others_read_but_do_not_begin(teams: Teams, role: Role) -> None:
    client = client_of(UserFactory(role=role, teams=[teams.seen.team]))
    assert "Begin a backtest" not in page(client)
    assert client.post("/backtest/begin/", {}).status_code == 403
    assert client.post(f"/backtest/{teams.result.pk}/cancel/").status_code == 403


def test_a_real_one_can_be_read_to_its_end(portfolio: list[int]) -> None:
    result = ask(1)
    runs.work_off(result.run)
    text = page(client_of(UserFactory(role=Role.ADMINISTRATOR)), f"/backtest/{result.pk}/")
    assert "10 accounts you see" in text
    assert "Order rhythm" in text


def test_progress_says_how_long_it_takes(portfolio: list[int]) -> None:
    assert backtest.Progress("fit", 2, 100, 10.0).seconds_left is None
    assert backtest.Progress("fit", 25, 100, 10.0).seconds_left == 30.0


def test_every_figure_has_a_table_beside_it(teams: Teams) -> None:
    text = page(teams.all)
    table: Any = text.split("Days before the loss")[1].split("</table>")[0]
    assert "61–90" in table
    assert table.split("61–90")[1].split("</tr>")[0].count(">1<") == 1
