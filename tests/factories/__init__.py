"""Rows for integration tests: a factory per noun, each with just what its constraints ask for.

factory_boy builds the row in a metaclass, which a type checker cannot follow; the casts say what comes out.
"""

from collections.abc import Callable
from typing import cast

from accounts_app.models import (
    Account,
    Colleague,
    Contact,
    Feed,
    Incident,
    Interaction,
    Link,
    Order,
    QuietPeriod,
    Team,
    User,
)
from tests.factories import facts

AccountFactory = cast("Callable[..., Account]", facts.AccountFactory)
ColleagueFactory = cast("Callable[..., Colleague]", facts.ColleagueFactory)
ContactFactory = cast("Callable[..., Contact]", facts.ContactFactory)
FeedFactory = cast("Callable[..., Feed]", facts.FeedFactory)
IncidentFactory = cast("Callable[..., Incident]", facts.IncidentFactory)
InteractionFactory = cast("Callable[..., Interaction]", facts.InteractionFactory)
LinkFactory = cast("Callable[..., Link]", facts.LinkFactory)
OrderFactory = cast("Callable[..., Order]", facts.OrderFactory)
QuietPeriodFactory = cast("Callable[..., QuietPeriod]", facts.QuietPeriodFactory)
TeamFactory = cast("Callable[..., Team]", facts.TeamFactory)
UserFactory = cast("Callable[..., User]", facts.UserFactory)
