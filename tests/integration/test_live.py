"""What a page that renews itself is told: which of its accounts were computed anew."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_app.models import Account, Role
from signals.models import Standing
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db

STATE = "/state/"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    return client


def computed(account: Account, *, seconds_ago: float) -> None:
    judged(account)
    Standing.objects.filter(pk=account.pk).update(computed_at=timezone.now() - timedelta(seconds=seconds_ago))


def since(seconds_ago: float) -> str:
    return str(int((timezone.now() - timedelta(seconds=seconds_ago)).timestamp()))


def test_only_what_is_shown_and_was_computed_since_is_told(client: Client) -> None:
    shown_new, shown_old, elsewhere = AccountFactory(), AccountFactory(), AccountFactory()
    computed(shown_new, seconds_ago=5)
    computed(shown_old, seconds_ago=500)
    computed(elsewhere, seconds_ago=5)
    answer = client.get(reverse("signals:state"), {"since": since(60), "accounts": f"{shown_new.pk},{shown_old.pk}"})
    told = answer.json()
    assert set(told["accounts"]) == {str(shown_new.pk)}
    moment = Standing.objects.get(pk=shown_new.pk).computed_at.timestamp()
    assert float(told["accounts"][str(shown_new.pk)]) == pytest.approx(moment, abs=1e-5)
    assert abs(told["since"] - timezone.now().timestamp()) < 5


def test_a_computation_under_way_at_the_last_look_is_told_at_the_next(client: Client) -> None:
    account = AccountFactory()
    computed(account, seconds_ago=10)  # begun then, committed only now
    answer = client.get(STATE, {"since": since(2), "accounts": str(account.pk)})
    assert str(account.pk) in answer.json()["accounts"]


def test_nothing_new_is_an_empty_answer_of_one_question(client: Client, django_assert_num_queries: Any) -> None:
    accounts = [AccountFactory() for _n in range(5)]
    for account in accounts:
        computed(account, seconds_ago=500)
    with django_assert_num_queries(4):  # session, user, the company's day, and the one about standings
        answer = client.get(STATE, {"since": since(60), "accounts": ",".join(str(one.pk) for one in accounts)})
    assert (answer.status_code, answer.content) == (204, b"")


def test_another_team_s_account_is_not_told_of() -> None:
    own, foreign = AccountFactory(team=TeamFactory()), AccountFactory(team=TeamFactory())
    client = Client()
    client.force_login(UserFactory(role=Role.SALES_LEADER, teams=[own.team]))
    for account in (own, foreign):
        computed(account, seconds_ago=1)
    told = client.get(STATE, {"since": since(60), "accounts": f"{own.pk},{foreign.pk}"}).json()
    assert set(told["accounts"]) == {str(own.pk)}


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"since": "yesterday", "accounts": "1"},
        {"since": "-5", "accounts": "*"},
        {"since": "9" * 40, "accounts": "9" * 40},
        {"since": "99999999999", "accounts": "1,,x,\x00,²"},
        {"since": "0", "accounts": ",".join(str(n) for n in range(5000))},
    ],
)
def test_a_question_that_makes_no_sense_has_no_news(client: Client, question: dict[str, str]) -> None:
    assert client.get(STATE, question).status_code == 204
