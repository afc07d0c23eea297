"""Outcomes read from what is stored, and offered once there are enough."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts_app.models import Account, Company
from signals.compute.known_outcomes import FEWEST_OUTCOMES
from signals.models import Alert, RiskDay, RuleSet
from signals.pages.rules.learning import read_learning
from signals.services.known_outcomes import known_outcomes
from signals.services.rules import current_rules, values_of
from tests.factories import AccountFactory, LossFactory, UserFactory
from tests.integration.signals.portfolio import DAY

pytestmark = pytest.mark.django_db

ORIGIN = DAY - dt.timedelta(days=180)


def accounts_with_a_day(count: int, **levels: float) -> list[Account]:
    """Accounts of which a day shortly before the first origin is stored."""
    made = [AccountFactory() for _n in range(count)]
    RiskDay.objects.bulk_create(
        RiskDay(
            account=one, day=ORIGIN - dt.timedelta(days=3), band="healthy", risk=24, coverage=1, levels=levels,
            origin="history",
        )
        for one in made
    )  # fmt: skip
    return made


def lose(accounts: list[Account]) -> None:
    day = ORIGIN + dt.timedelta(days=60)
    for one in accounts:
        LossFactory(account=one, lost_on=day, known_on=day)


@pytest.fixture
def enough(db: None) -> None:
    """Thirty lost of forty whose main contact had left, and forty that stayed where nobody had."""
    Company.the()
    lose(accounts_with_a_day(40, order_rhythm=0.1, contact_change=1.0)[:FEWEST_OUTCOMES])
    accounts_with_a_day(40, order_rhythm=0.1, contact_change=0.0)


def test_one_outcome_short_of_enough_teaches_nothing(db: None) -> None:
    lose(accounts_with_a_day(40, order_rhythm=0.1, contact_change=1.0)[: FEWEST_OUTCOMES - 1])
    learning = read_learning(DAY)
    assert (learning.outcomes, learning.is_offered, learning.reliability) == (29, False, [])


def test_enough_outcomes_are_learned_from_and_calibrated(enough: None) -> None:
    learning = read_learning(DAY)
    assert (learning.outcomes, learning.cases) == (30, 80)
    learned = {one.key: one.learned for one in learning.proposals}
    assert learned["contact_change"].ratio > 3
    assert learned["contact_change"].low > 1
    assert [(one.low, one.accounts, one.gone) for one in learning.reliability] == [(20, 80, 30)]


def test_what_somebody_said_of_an_alert_counts_with_the_day_it_opened(db: None) -> None:
    opened = ORIGIN + dt.timedelta(days=20)
    (account,) = accounts_with_a_day(1, silence=0.1)
    RiskDay.objects.create(
        account=account, day=opened, band="healthy", risk=9, coverage=1, levels={"silence": 0.9}, origin="shown"
    )
    alert: dict[str, Any] = {"account": account, "signal": "silence", "judged_on": opened, "opened_on": opened}
    Alert.objects.create(**alert, state="resolved", outcome="real", closed_on=opened, level=0.9, sentence="Quiet.")
    known = known_outcomes(DAY)
    assert known.outcomes == 1
    assert known.cases[["outcome", "levels"]].to_numpy().tolist() == [["real", {"silence": 0.9}]]


def test_learned_weights_are_offered_and_saved_by_a_person_only(enough: None) -> None:
    client, by = Client(), UserFactory(role="administrator")
    client.force_login(by)
    with time_machine.travel(dt.datetime.combine(DAY, dt.time(9), dt.UTC), tick=False):
        page = client.get("/settings/rules/").content.decode()
        assert "30 of 30 outcomes known" in page
        assert "Try the learned weights" in page
        assert values_of(current_rules()).weights["contact_change"].likelihood_ratio == 3
        tried = client.get("/settings/rules/?from=learned")
        assert RuleSet.objects.count() == 1
        form = tried.context["form"]
        body = {name: form[name].value() for name in form.fields} | {"act": "save"}
        assert client.post("/settings/rules/", body).status_code == 302
        newest = current_rules()
        assert (newest.version, newest.learned["outcomes"], values_of(newest).eta) == (2, 30, 1)
        assert (values_of(newest).weights["contact_change"].likelihood_ratio or 0) > 3
        assert "learned from 30 outcomes" in client.get("/settings/rules/").content.decode()
