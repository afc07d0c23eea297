"""The admin of the facts: provenance, endings and worth follow by themselves, accounts are marked."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts_app.models import (
    Absence,
    Account,
    AccountMark,
    ChangeEvent,
    Colleague,
    Contact,
    Contract,
    ExchangeRate,
    Inquiry,
    Loss,
    QuietPeriod,
    Role,
    SurveyAnswer,
)
from tests.factories import (
    ColleagueFactory,
    ContactFactory,
    InquiryFactory,
    LossFactory,
    QuietPeriodFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 30)
INQUIRY = {
    "number": "Q-1",
    "kind": "quotation",
    "asked_on": "2026-06-01",
    "outcome": "open",
    "title": "",
    "awarded_to": "",
}
MODELS = (
    Absence, ChangeEvent, Colleague, Contact, Contract, ExchangeRate, Inquiry, Loss, QuietPeriod, SurveyAnswer,
)  # fmt: skip


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    return client


def add(client: Client, model: str, body: dict[str, Any], status: int = 302) -> str:
    response = client.post(reverse(f"admin:accounts_app_{model}_add"), body)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_fact_has_its_pages(model: Any, client: Client, account: Account) -> None:
    InquiryFactory(account=account, contact=ContactFactory(account=account))
    assert admin.site.is_registered(model)
    name = f"admin:accounts_app_{model.__name__.lower()}"
    for address in (reverse(f"{name}_changelist"), f"{reverse(f'{name}_changelist')}?q=a", reverse(f"{name}_add")):
        assert client.get(address).status_code == 200


def test_nobody_types_what_follows_by_itself(client: Client) -> None:
    for model in ("contact", "inquiry", "contract", "surveyanswer", "loss", "interaction", "incident"):
        html = client.get(reverse(f"admin:accounts_app_{model}_add")).content.decode()
        names = set(re.findall(r'name="(\w+)"', html))
        assert not {name for name in names if name.endswith("known_on") or name.startswith("reporting")}, model
        assert not names & {"feed", "external_key", "batch", "version"}


def test_an_amount_is_worth_what_it_was_on_its_day(client: Client, account: Account) -> None:
    body = INQUIRY | {"account": account.pk, "amount": "100", "currency": "NOK"}
    assert "No rate from NOK to EUR is known for 1 Jun 2026" in add(client, "inquiry", body, status=200)
    ExchangeRate.objects.create(currency="NOK", valid_on=date(2026, 1, 1), rate=Decimal("0.08"))
    add(client, "inquiry", body)
    row = Inquiry.objects.get()
    assert (row.reporting_amount, row.feed.name, row.known_on) == (Decimal("8.00"), "vigil", TODAY)
    assert AccountMark.objects.filter(account=account).exists()
    change = reverse("admin:accounts_app_inquiry_change", args=[row.pk])
    ended = body | {"outcome": "won", "decided_on": "2026-06-20", "amount": ""}
    assert client.post(change, ended).status_code == 302
    row.refresh_from_db()
    assert (row.decided_known_on, row.reporting_amount, row.currency) == (TODAY, None, "")


def test_an_absence_moves_everybody_who_is_known_by_that_colleague(client: Client, account: Account) -> None:
    body = {"colleague": ColleagueFactory().pk, "from_day": "2026-07-01", "until_day": "2026-07-20"}
    add(client, "absence", body)
    assert Absence.objects.get().known_on == TODAY
    assert AccountMark.objects.filter(account=account).exists()
    assert "Constraint" in add(client, "absence", body | {"until_day": "2026-06-30"}, status=200)


def test_removing_marks_the_accounts(client: Client, account: Account) -> None:
    loss, others = LossFactory(account=account), [LossFactory(), LossFactory()]
    client.post(reverse("admin:accounts_app_loss_delete", args=[loss.pk]), {"post": "yes"})
    assert list(AccountMark.objects.values_list("account", flat=True)) == [account.pk]
    picked = {"action": "delete_selected", "_selected_action": [one.pk for one in others], "post": "yes"}
    client.post(reverse("admin:accounts_app_loss_changelist"), picked)
    assert not Loss.objects.exists()
    assert AccountMark.objects.count() == 3


def test_a_quiet_period_of_the_company_moves_all_accounts(client: Client, account: Account) -> None:
    other = ContactFactory().account
    client.post(reverse("admin:accounts_app_quietperiod_delete", args=[QuietPeriodFactory().pk]), {"post": "yes"})
    assert set(AccountMark.objects.values_list("account", flat=True)) == {account.pk, other.pk}
