"""Factories of the facts. Days default to the first half of 2026; tests that care name their own."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts_app.models import (
    Absence,
    Account,
    ChangeEvent,
    Colleague,
    Contact,
    Contract,
    CustomerMetric,
    Feed,
    Incident,
    Initiative,
    Inquiry,
    Interaction,
    Link,
    Loss,
    MetricValue,
    Order,
    Promise,
    QuietPeriod,
    Role,
    SurveyAnswer,
    Team,
    Tier,
    User,
    ValueItem,
)

PASSWORD = "a long enough password"


class TeamFactory(DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Team {n}")

    class Meta:
        model = Team


class UserFactory(DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Ada Person{n}")
    email = factory.Sequence(lambda n: f"person{n}@example.test")
    role = Role.ACCOUNT_MANAGER
    password = factory.django.Password(PASSWORD)

    class Meta:
        model = User
        skip_postgeneration_save = True

    @factory.post_generation  # type: ignore[untyped-decorator]
    def teams(self: User, create: bool, extracted: list[Team] | None, **_kwargs: Any) -> None:
        if create and extracted:
            self.teams.set(extracted)


class FeedFactory(DjangoModelFactory):
    name = "erp"
    currency = "EUR"

    class Meta:
        model = Feed
        django_get_or_create = ("name",)


class AccountFactory(DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Account {n:04}")
    tier = factory.LazyFunction(lambda: Tier.objects.get(key="key"))
    team = factory.SubFactory(TeamFactory)

    class Meta:
        model = Account


class FactFactory(DjangoModelFactory):
    feed = factory.SubFactory(FeedFactory)
    external_key = factory.Sequence(str)
    known_on = date(2026, 1, 1)

    class Meta:
        abstract = True


class ContactFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")

    class Meta:
        model = Contact


class ColleagueFactory(FactFactory):
    name = factory.Sequence(lambda n: f"Colleague {n}")

    class Meta:
        model = Colleague


class LinkFactory(FactFactory):
    contact = factory.SubFactory(ContactFactory)
    colleague = factory.SubFactory(ColleagueFactory)
    strength = 2

    class Meta:
        model = Link


class InteractionFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    happened_on = date(2026, 3, 2)
    happened_known_on = factory.SelfAttribute("happened_on")

    class Meta:
        model = Interaction


class OrderFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    number = factory.Sequence(lambda n: f"O-{n}")
    ordered_on = date(2026, 3, 2)
    known_on = factory.SelfAttribute("ordered_on")
    amount = Decimal("1000.00")
    currency = "EUR"
    reporting_amount = factory.SelfAttribute("amount")

    class Meta:
        model = Order


class IncidentFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    number = factory.Sequence(lambda n: f"T-{n}")
    title = "Seal kit short by two"
    kind = Incident.Kind.DELIVERY
    severity = Incident.Severity.MINOR
    opened_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    class Meta:
        model = Incident


class QuietPeriodFactory(FactFactory):
    from_day = date(2026, 8, 3)
    until_day = date(2026, 8, 21)
    reason = "Summer closure"

    class Meta:
        model = QuietPeriod


class InquiryFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    number = factory.Sequence(lambda n: f"Q-{n}")
    asked_on = date(2026, 3, 2)
    known_on = factory.SelfAttribute("asked_on")

    class Meta:
        model = Inquiry


class ContractFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    number = factory.Sequence(lambda n: f"K-{n}")
    starts_on = date(2024, 1, 1)
    ends_on = date(2026, 12, 31)
    notice_days = 90

    class Meta:
        model = Contract


class ChangeEventFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    kind = ChangeEvent.Kind.NEW_EXECUTIVE
    happened_on = date(2026, 3, 2)
    known_on = factory.SelfAttribute("happened_on")
    title = "New head of purchasing"

    class Meta:
        model = ChangeEvent


class SurveyAnswerFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    asked_on = date(2026, 3, 2)
    known_on = factory.SelfAttribute("asked_on")

    class Meta:
        model = SurveyAnswer


class LossFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    lost_on = date(2026, 3, 2)
    known_on = factory.SelfAttribute("lost_on")
    reason = Loss.Reason.COMPETITOR

    class Meta:
        model = Loss


class PromiseFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    text = "Drawings of the new seal"
    promised_on = date(2026, 3, 2)
    known_on = factory.SelfAttribute("promised_on")

    class Meta:
        model = Promise


class AbsenceFactory(FactFactory):
    colleague = factory.SubFactory(ColleagueFactory)
    from_day = date(2026, 3, 2)
    until_day = date(2026, 3, 13)

    class Meta:
        model = Absence


class ValueItemFactory(DjangoModelFactory):
    title = factory.Sequence(lambda n: f"Value item {n}")
    kind = ValueItem.Kind.INFORMATION

    class Meta:
        model = ValueItem


class InitiativeFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    title = "Fewer unplanned stops"
    heard_on = date(2026, 1, 12)

    class Meta:
        model = Initiative


class CustomerMetricFactory(FactFactory):
    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda n: f"Unplanned stops {n}")
    unit = "hours"

    class Meta:
        model = CustomerMetric


class MetricValueFactory(FactFactory):
    metric = factory.SubFactory(CustomerMetricFactory)
    account = factory.SelfAttribute("metric.account")
    day = date(2026, 3, 31)
    value = Decimal(35)

    class Meta:
        model = MetricValue
