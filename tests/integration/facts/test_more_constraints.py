"""What must always hold of inquiries, contracts, events, answers, losses and absences, on both sides of each line."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts_app.models import Account, CustomerMetric, MetricValue
from tests.factories import (
    AbsenceFactory,
    AccountFactory,
    ChangeEventFactory,
    ColleagueFactory,
    ContactFactory,
    ContractFactory,
    FeedFactory,
    InquiryFactory,
    LossFactory,
    MetricValueFactory,
    SurveyAnswerFactory,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
WON = {"outcome": "won", "decided_on": DAY, "decided_known_on": DAY}


def money(amount: str, worth: str, **changes: Any) -> dict[str, Any]:
    return {amount: 5, "currency": "NOK", worth: 1} | changes


@pytest.mark.parametrize(
    ("factory", "values", "constraint"),
    [
        (InquiryFactory, {"kind": "chat"}, "inquiry_kind_known"),
        (InquiryFactory, {"outcome": "won"}, "inquiry_decided_has_day"),
        (InquiryFactory, {"decided_on": DAY, "decided_known_on": DAY}, "inquiry_decided_has_day"),
        (InquiryFactory, WON | {"outcome": "perhaps"}, "inquiry_decided_has_day"),
        (InquiryFactory, WON | {"asked_on": AFTER}, "inquiry_decided_after_asked"),
        (InquiryFactory, WON | {"decided_known_on": None}, "inquiry_decided_known"),
        (InquiryFactory, {"decided_known_on": DAY}, "inquiry_decided_known"),
        (InquiryFactory, money("amount", "reporting_amount", currency=""), "inquiry_money_is_whole"),
        (InquiryFactory, money("amount", "reporting_amount", reporting_amount=None), "inquiry_money_is_whole"),
        (InquiryFactory, {"currency": "NOK"}, "inquiry_money_is_whole"),
        (ContractFactory, {"starts_on": DAY, "ends_on": BEFORE}, "contract_ends_after_start"),
        (ContractFactory, {"notice_days": 1501}, "contract_notice_days_possible"),
        (ContractFactory, {"auto_renews": True}, "contract_renewal_has_months"),
        (ContractFactory, {"auto_renews": True, "renewal_months": 0}, "contract_renewal_has_months"),
        (ContractFactory, {"renewal_months": 12}, "contract_renewal_has_months"),
        (ContractFactory, {"notice_received_on": DAY}, "contract_notice_known"),
        (ContractFactory, money("annual_value", "reporting_annual_value", currency="nok"), "contract_money_is_whole"),
        (ChangeEventFactory, {"kind": "party"}, "change_event_kind_known"),
        (SurveyAnswerFactory, {"score": 11, "answered_on": DAY, "answered_known_on": DAY}, "survey_answer_scored"),
        (SurveyAnswerFactory, {"score": 5, "answered_on": BEFORE, "answered_known_on": DAY}, "survey_answer_scored"),
        (SurveyAnswerFactory, {"answered_on": DAY, "answered_known_on": DAY}, "survey_answer_scored"),
        (SurveyAnswerFactory, {"score": 5}, "survey_answer_scored"),
        (SurveyAnswerFactory, {"answered_known_on": DAY}, "survey_answer_known"),
        (LossFactory, {"reason": "bad luck"}, "loss_reason_known"),
        (LossFactory, money("annual_amount", "reporting_annual_amount", annual_amount=None), "loss_money_is_whole"),
        (AbsenceFactory, {"from_day": DAY, "until_day": BEFORE}, "absence_forward"),
        (ColleagueFactory, {"hours_a_week": Decimal("80.1")}, "colleague_hours_possible"),
        (ColleagueFactory, {"hours_a_week": Decimal("-0.1")}, "colleague_hours_possible"),
        (ContactFactory, {"leaving_on": DAY}, "contact_leaving_known"),
        (AccountFactory, {"status": "gone"}, "account_status_known"),
        (AccountFactory, {"margin_share": Decimal("1.0001")}, "account_margin_is_share"),
        (AccountFactory, {"margin_share": Decimal("-1.0001")}, "account_margin_is_share"),
        (AccountFactory, {"mail_domain": "Example.com"}, "account_mail_domain_lower_case"),
        (AccountFactory, {"mail_domain": "example"}, "account_mail_domain_lower_case"),
        (AccountFactory, {"own_ideal_days": 30, "own_interval_reason": "x"}, "own_interval_whole"),
        (AccountFactory, {"own_max_days": 30, "own_interval_reason": "x"}, "own_interval_whole"),
        (AccountFactory, {"own_ideal_days": 1, "own_max_days": 1001, "own_interval_reason": "x"}, "own_interval_whole"),
    ],
)
def test_a_row_that_cannot_be_is_refused(factory: Any, values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        factory(**values)


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        (InquiryFactory, WON | {"asked_on": DAY}),
        (InquiryFactory, WON | {"outcome": "elsewhere", "decided_known_on": AFTER}),
        (InquiryFactory, money("amount", "reporting_amount")),
        (ContractFactory, {"starts_on": DAY, "ends_on": DAY, "notice_days": 1500}),
        (ContractFactory, {"ends_on": None, "no_cause": True}),
        (ContractFactory, {"auto_renews": True, "renewal_months": 1}),
        (ContractFactory, {"notice_received_on": DAY, "notice_received_known_on": AFTER}),
        (ContractFactory, money("annual_value", "reporting_annual_value")),
        (SurveyAnswerFactory, {"score": 10, "answered_on": DAY, "answered_known_on": DAY}),
        (SurveyAnswerFactory, {"score": 0, "answered_on": AFTER, "answered_known_on": AFTER}),
        (SurveyAnswerFactory, {}),
        (LossFactory, money("annual_amount", "reporting_annual_amount", part="Seals")),
        (AbsenceFactory, {"from_day": DAY, "until_day": DAY}),
        (ColleagueFactory, {"hours_a_week": Decimal(80)}),
        (ColleagueFactory, {"hours_a_week": Decimal(0)}),
        (ContactFactory, {"leaving_known_on": DAY}),
        (ContactFactory, {"leaving_on": AFTER, "leaving_known_on": DAY}),
        (AccountFactory, {"margin_share": Decimal(-1), "mail_domain": "mail.example.com", "status": "former"}),
        (AccountFactory, {"margin_share": Decimal(1)}),
    ],
)
def test_the_other_side_of_the_line_is_kept(factory: Any, values: dict[str, Any]) -> None:
    assert factory(**values).pk


@pytest.mark.parametrize(
    "factory",
    [
        InquiryFactory,
        ContractFactory,
        ChangeEventFactory,
        SurveyAnswerFactory,
        LossFactory,
        AbsenceFactory,
        ColleagueFactory,
    ],
)
def test_an_external_key_names_one_row_of_a_feed(factory: Any) -> None:
    factory(external_key="7")
    with pytest.raises(IntegrityError, match="key_once"), transaction.atomic():
        factory(external_key="7")
    assert factory(external_key="7", feed=FeedFactory(name="another")).pk


def move(account: Account, *rows: CustomerMetric | MetricValue) -> None:
    """Put rows under another account, with what PostgreSQL looks at before it commits."""
    with transaction.atomic():
        for row in rows:
            row.account = account
            row.save()
        connection.check_constraints()


def test_a_value_is_of_the_account_of_its_figure() -> None:
    value = MetricValueFactory()
    with pytest.raises(IntegrityError, match="metric_value_of_its_account"):
        move(AccountFactory(), value)


def test_a_figure_goes_to_another_account_with_its_values_only() -> None:
    value = MetricValueFactory()
    with pytest.raises(IntegrityError, match="metric_value_of_its_account"):
        move(AccountFactory(), value.metric)
    account = AccountFactory()
    move(account, value.metric, value)
    account.delete()
    assert not MetricValue.objects.exists()
