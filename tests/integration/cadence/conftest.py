"""A Tuesday morning in June, a team, its manager and its leader."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from accounts_app.models import Company, Role, Team, User
from tests.factories import TeamFactory, UserFactory


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def company() -> Company:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    return Company.the()


@pytest.fixture
def north() -> Team:
    return TeamFactory(name="North")


@pytest.fixture
def manager(north: Team) -> User:
    return UserFactory(name="Jonas Okafor", teams=[north])


@pytest.fixture
def leader(north: Team) -> User:
    return UserFactory(role=Role.SALES_LEADER, teams=[north])
