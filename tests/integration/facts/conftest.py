"""A morning at one account: its manager, its team, and ways to read and send its pages."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from accounts_app.models import Account, Company, Feed, Team, User
from tests.factories import AccountFactory, TeamFactory, UserFactory

Read = Callable[..., str]
Send = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def company(db: None) -> Company:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    return Company.the()


@pytest.fixture
def own_feed() -> Feed:
    return Feed.objects.get(name="vigil")


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="North")


@pytest.fixture
def manager(team: Team) -> User:
    return UserFactory(name="Jonas Okafor", teams=[team])


@pytest.fixture
def account(team: Team, manager: User) -> Account:
    return AccountFactory(name="Halvorsen", team=team, owner=manager)


def client_of(user: User, *, htmx: bool) -> Client:
    client = Client(headers={"HX-Request": "true"} if htmx else {})
    client.force_login(user)
    return client


@pytest.fixture
def read(manager: User, account: Account) -> Read:
    def get(tab: str, query: str = "", *, user: User = manager, status: int = 200, htmx: bool = False) -> str:
        response = client_of(user, htmx=htmx).get(f"/accounts/{account.pk}/{tab}/{query}")
        assert response.status_code == status
        return response.content.decode()

    return get


@pytest.fixture
def send(manager: User, account: Account) -> Send:
    """Post a form of the account; the answer has to have this status."""

    def post(
        path: str, body: dict[str, Any] | None = None, *, user: User = manager, status: int = 302, htmx: bool = False
    ) -> Any:
        response = client_of(user, htmx=htmx).post(f"/accounts/{account.pk}/{path}/", body or {})
        assert response.status_code == status, response.content.decode()[-3000:]
        return response

    return post


def spoken(html: str) -> str:
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", re.sub(r"<[^>]+>", " ", html))


def first_cells(html: str) -> list[str]:
    """What stands first in the heading of each row."""
    return [found.strip() for found in re.findall(r'<th scope="row"[^>]*>\s*(?:<a[^>]*>)?([^<]+)<', html)]


def error_of(response: Any, field: str) -> str:
    """What is said at a field of the form."""
    said = re.search(rf'id="fact-{field}_error">(.*?)</ul>', response.content.decode(), re.DOTALL)
    return spoken(said[1]).strip() if said else ""
