"""What changed at an account since a day: read from what is stored, unknown where nothing is."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts_app.models import Account, User
from signals.compute.rules import DEFAULT_RULES, RuleSetValues
from signals.models import AccountVisit, RiskDay, Run, Standing
from signals.pages.account.changes import changes_since
from signals.pages.account.news import news
from signals.services import history, runs
from signals.services.rule_changes import save_rules
from signals.services.visits import seen_account
from tests.factories import ContactFactory, IncidentFactory, InteractionFactory, LossFactory, OrderFactory, UserFactory
from tests.integration.signals.portfolio import DAY, make_portfolio

pytestmark = pytest.mark.django_db

MONTH = dt.timedelta(days=30)


@pytest.fixture
def account(db: None) -> Account:
    """The tenth of ten: it stopped ordering 120 days ago."""
    return Account.objects.get(pk=make_portfolio(accounts=10, orders=30, contacts=12)[-1])


def standing_of(account: Account) -> Standing:
    return Standing.objects.select_related("run__rule_set").get(account=account)


def test_the_parts_add_up_to_the_change_of_the_risk(account: Account, assess: Callable[..., Run]) -> None:
    assess(DAY - dt.timedelta(days=100))
    assess(DAY)
    found = changes_since(standing_of(account), account, DAY - dt.timedelta(days=100))
    assert found.compared is not None
    assert found.compared.day == DAY - dt.timedelta(days=100)
    assert found.parts
    assert found.difference == (standing_of(account).risk or 0) - found.compared.risk != 0
    assert found.parts[0].title == "Order rhythm"
    assert found.parts[0].sentence
    assert [(step.day, step.not_before, step.is_dated) for step in found.bands] == [
        (DAY, DAY - dt.timedelta(days=100), False)
    ]


@pytest.mark.parametrize(("days_before", "is_known"), [(0, True), (13, True), (14, False), (-1, False)])
def test_only_a_day_shortly_before_stands_for_the_one_wanted(
    account: Account, assess: Callable[..., Run], days_before: int, is_known: bool
) -> None:
    since = DAY - MONTH
    assess(since - dt.timedelta(days=days_before))
    assess(DAY)
    found = changes_since(standing_of(account), account, since)
    assert (found.compared is not None) is is_known
    assert (found.parts is not None) is is_known


def test_days_filled_in_by_a_history_are_told_by_its_fit(
    account: Account, assess: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "WEEKS", 26)  # the last three of its seven fits
    assess(DAY)
    for run in Run.objects.unfinished():
        runs.work_off(run)
    assert RiskDay.objects.filter(account=account, origin="history").count() > 20
    for days in (7, 30, 90):
        found = changes_since(standing_of(account), account, DAY - dt.timedelta(days=days))
        assert found.parts is not None
        assert found.compared is not None
        assert found.difference == (standing_of(account).risk or 0) - found.compared.risk


def test_other_rules_in_between_are_named(account: Account, assess: Callable[..., Run]) -> None:
    assess(DAY - MONTH)
    assess(DAY)
    changed = RuleSetValues.from_json(DEFAULT_RULES.to_json() | {"eta": 0.2})
    save_rules(changed, based_on=1, reason="Softer", by=UserFactory())
    assess(DAY)
    found = changes_since(standing_of(account), account, DAY - MONTH)
    assert found.versions == (1, 2)
    assert found.compared is not None
    assert found.difference == (standing_of(account).risk or 0) - found.compared.risk


def test_points_that_cannot_be_worked_out_again_are_unknown(account: Account, assess: Callable[..., Run]) -> None:
    assess(DAY - MONTH)
    assess(DAY)
    RiskDay.objects.filter(account=account, day=DAY - MONTH).update(risk=77)
    found = changes_since(standing_of(account), account, DAY - MONTH)
    assert found.compared is not None
    assert found.parts is None


def test_what_happened_is_told_with_exactly_its_rows(account: Account) -> None:
    since = DAY - dt.timedelta(days=7)
    for table in (account.orders, account.interactions, account.contacts):
        table.all().delete()
    inside, outside = since + dt.timedelta(days=1), since
    for day in (inside, outside):
        OrderFactory(account=account, ordered_on=day, amount=100, currency="EUR", reporting_amount=100)
        InteractionFactory(account=account, happened_on=day, initiator="us", purpose="proactive")
        IncidentFactory(account=account, opened_at=dt.datetime.combine(day, dt.time(12), dt.UTC))
        LossFactory(account=account, lost_on=day, part=f"Seals {day}")
    gone = ContactFactory(account=account, name="Ada Lind", left_on=inside, left_known_on=inside)
    ContactFactory(account=account, name="Bo Ek", left_on=outside, left_known_on=outside)
    told = {line.text: line for line in news(account, since, DAY)}
    assert any(text.startswith("1 person left: Ada Lind (") for text in told)
    assert f"?ids={gone.pk}" in next(line.url for text, line in told.items() if "Ada" in text)
    assert told["1 order,"].amount == 100
    assert "1 contact, 1 of them proactive." in told
    assert "1 incident was opened." in told
    assert sum("Loss recorded" in text for text in told) == 1
    assert not any("Bo Ek" in text for text in told)


def test_no_order_is_news_too(account: Account) -> None:
    assert [line.text for line in news(account, DAY - MONTH, DAY) if "order" in line.text] == ["No order came."]


def test_the_page_costs_the_same_whatever_happened(
    account: Account, assess: Callable[..., Run], django_assert_max_num_queries: Any
) -> None:
    assess(DAY - MONTH)
    assess(DAY)
    client = Client()
    client.force_login(UserFactory(role="administrator"))
    url = f"/accounts/{account.pk}/changes/"
    client.get(url, headers={"HX-Request": "true"})
    with django_assert_max_num_queries(19):
        few = client.get(url, headers={"HX-Request": "true"})
    for n in range(30):
        ContactFactory(account=account, name=f"Gone {n}", left_on=DAY, left_known_on=DAY)
        OrderFactory(account=account, ordered_on=DAY, number=f"N{n}")
    with django_assert_max_num_queries(19):
        many = client.get(url, headers={"HX-Request": "true"})
    assert few.status_code == many.status_code == 200
    assert "30 people left" in many.content.decode()


def test_the_page_says_what_it_does_not_know(account: Account, assess: Callable[..., Run]) -> None:
    client = Client()
    client.force_login(UserFactory(role="administrator"))
    url = f"/accounts/{account.pk}/changes/"
    assert "not judged yet" in client.get(url).content.decode()
    assess(DAY)
    assert "Unknown how the risk stood then" in client.get(f"{url}?since=90").content.decode()
    assert "From your next visit on" in client.get(f"{url}?since=visit").content.decode()
    assert client.get(f"{url}?since=nonsense").context["changes"].since == DAY - MONTH


def test_a_visit_of_the_account_begins_anew_after_hours_away(account: Account) -> None:
    user: User = UserFactory(role="administrator")
    first = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    assert seen_account(user, account, now=first) is None
    assert seen_account(user, account, now=first + dt.timedelta(hours=3)) is None
    assert seen_account(user, account, now=first + dt.timedelta(hours=7)) == first + dt.timedelta(hours=3)
    assert AccountVisit.objects.count() == 1


def test_since_the_last_visit_compares_with_the_day_of_that_visit(account: Account, assess: Callable[..., Run]) -> None:
    assess(DAY - dt.timedelta(days=3))
    assess(DAY)
    client = Client()
    client.force_login(UserFactory(role="administrator"))
    with time_machine.travel(dt.datetime.combine(DAY - dt.timedelta(days=3), dt.time(9), dt.UTC), tick=False):
        client.get(f"/accounts/{account.pk}/")
    with time_machine.travel(dt.datetime.combine(DAY, dt.time(9), dt.UTC), tick=False):
        client.get(f"/accounts/{account.pk}/")
        shown = client.get(f"/accounts/{account.pk}/changes/?since=visit")
    assert shown.context["changes"].since == DAY - dt.timedelta(days=3)
    assert "since your last visit" in shown.content.decode()
