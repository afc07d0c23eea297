"""Rows for integration tests: a factory per noun, each with just what its constraints ask for.

factory_boy builds the row in a metaclass, which a type checker cannot follow; the casts say what comes out.
"""

from collections.abc import Callable
from typing import cast

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
    SurveyAnswer,
    Team,
    User,
    ValueItem,
)
from tests.factories import facts

AbsenceFactory = cast("Callable[..., Absence]", facts.AbsenceFactory)
AccountFactory = cast("Callable[..., Account]", facts.AccountFactory)
ChangeEventFactory = cast("Callable[..., ChangeEvent]", facts.ChangeEventFactory)
ColleagueFactory = cast("Callable[..., Colleague]", facts.ColleagueFactory)
ContactFactory = cast("Callable[..., Contact]", facts.ContactFactory)
ContractFactory = cast("Callable[..., Contract]", facts.ContractFactory)
CustomerMetricFactory = cast("Callable[..., CustomerMetric]", facts.CustomerMetricFactory)
FeedFactory = cast("Callable[..., Feed]", facts.FeedFactory)
IncidentFactory = cast("Callable[..., Incident]", facts.IncidentFactory)
InitiativeFactory = cast("Callable[..., Initiative]", facts.InitiativeFactory)
InquiryFactory = cast("Callable[..., Inquiry]", facts.InquiryFactory)
InteractionFactory = cast("Callable[..., Interaction]", facts.InteractionFactory)
LinkFactory = cast("Callable[..., Link]", facts.LinkFactory)
LossFactory = cast("Callable[..., Loss]", facts.LossFactory)
MetricValueFactory = cast("Callable[..., MetricValue]", facts.MetricValueFactory)
OrderFactory = cast("Callable[..., Order]", facts.OrderFactory)
PromiseFactory = cast("Callable[..., Promise]", facts.PromiseFactory)
QuietPeriodFactory = cast("Callable[..., QuietPeriod]", facts.QuietPeriodFactory)
SurveyAnswerFactory = cast("Callable[..., SurveyAnswer]", facts.SurveyAnswerFactory)
TeamFactory = cast("Callable[..., Team]", facts.TeamFactory)
UserFactory = cast("Callable[..., User]", facts.UserFactory)
ValueItemFactory = cast("Callable[..., ValueItem]", facts.ValueItemFactory)
