"""Rows for integration tests: a factory per noun, each with just what its constraints ask for."""

from tests.factories.facts import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    FeedFactory,
    IncidentFactory,
    InteractionFactory,
    LinkFactory,
    OrderFactory,
    QuietPeriodFactory,
    TeamFactory,
    UserFactory,
)

__all__ = [
    "AccountFactory",
    "ColleagueFactory",
    "ContactFactory",
    "FeedFactory",
    "IncidentFactory",
    "InteractionFactory",
    "LinkFactory",
    "OrderFactory",
    "QuietPeriodFactory",
    "TeamFactory",
    "UserFactory",
]
