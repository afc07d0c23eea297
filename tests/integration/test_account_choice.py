"""Finding the account something is logged for."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.account_search import find_accounts
from accounts_app.models import Account, AccountKey, Role, Team, User
from tests.factories import AccountFactory, FeedFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return TeamFactory()


@pytest.fixture
def manager(team: Team) -> User:
    return UserFactory(teams=[team])


@pytest.fixture
def names(manager: User) -> Callable[[str], list[str]]:
    return lambda text: [one.name for one in find_accounts(Account.objects.all(), text, user=manager)]


def test_own_accounts_stand_first_then_names_that_begin_so(
    names: Callable[[str], list[str]], manager: User, team: Team
) -> None:
    for name in ("Halvorsen", "Old Halls", "Marshal", "Brenner"):
        AccountFactory(name=name, team=team)
    AccountFactory(name="Nordhaven", team=team, owner=manager)
    AccountFactory(name="Shalimar", deputy=manager)
    assert names("HA") == ["Nordhaven", "Shalimar", "Halvorsen", "Old Halls", "Marshal"]


@pytest.mark.parametrize("typed", ["Halvrosen", "halvorson", "Brenner Umformtecnik", "älvorsen"])
def test_a_slip_of_the_finger_is_forgiven(names: Callable[[str], list[str]], typed: str) -> None:
    for name in ("Halvorsen Marine Systems", "Brenner Umformtechnik", "Castellan Papel"):
        AccountFactory(name=name)
    assert names(typed)[0][0] == ("B" if typed[0] == "B" else "H")
    assert "Castellan Papel" not in names(typed)


def test_nothing_alike_finds_nothing_and_a_wildcard_is_a_letter(names: Callable[[str], list[str]]) -> None:
    AccountFactory(name="Halvorsen")
    assert names("qqq") == []
    assert names("%") == []
    assert names("\0") == ["Halvorsen"]


def test_a_number_finds_its_account(names: Callable[[str], list[str]]) -> None:
    account = AccountFactory(name="Halvorsen")
    AccountFactory(name="Brenner 10")
    AccountKey.objects.create(feed=FeedFactory(), key="10", account=account)
    assert names("10") == ["Halvorsen", "Brenner 10"]


def test_former_accounts_are_not_offered(names: Callable[[str], list[str]]) -> None:
    AccountFactory(name="Halvorsen", status=Account.Status.FORMER)
    assert names("ha") == names("") == []


def get(user: User, query: str) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(f"/log/accounts/?{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("what", ["contact", "incident"])
def test_one_logs_for_what_one_may_change(manager: User, team: Team, what: str) -> None:
    AccountFactory(name="Halvorsen", team=team, owner=manager)
    AccountFactory(name="Halton", team=team)
    AccountFactory(name="Haltern")
    found = get(manager, f"for={what}&account_search=ha")
    assert [name in found for name in ("Halvorsen", "Halton", "Haltern")] == [True, False, False]


def test_operations_find_every_account_for_an_incident_and_none_for_a_contact() -> None:
    AccountFactory(name="Halvorsen")
    operations = UserFactory(role=Role.OPERATIONS)
    assert "Halvorsen" in get(operations, "for=incident&account_search=ha")
    for query in ("for=contact&account_search=ha", "account_search=ha", "for=nonsense"):
        assert "Halvorsen" not in get(operations, query)


def test_the_number_of_queries_does_not_follow_the_accounts(manager: User, team: Team) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(manager, "for=contact&account_search=ha")
        return len(captured)

    AccountFactory(name="Halvorsen", team=team, owner=manager)
    few = queries()
    for number in range(7):
        AccountFactory(name=f"Halton {number}", team=team, owner=manager)
    assert queries() == few
