"""Results are kept while nothing is written, and read anew after any write, by whatever way it came."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts_app.models import Role, Team, User
from accounts_app.unchanged import LONGEST_SECONDS, kept_while_unchanged
from tests.factories import AccountFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
PATIENCE_SECONDS = 10
# The session, the reader, the company, the saved views and the visit; and whether anything was written.
QUERIES_OF_UNCHANGED = 11


@pytest.fixture
def team() -> Team:
    return Team.objects.create(name="North")


@pytest.fixture
def other(team: Team) -> Iterator[psycopg.Connection]:
    """Another program with a connection of its own, which knows nothing of us."""
    known = connection.settings_dict
    address = {"host": known["HOST"], "port": known["PORT"], "dbname": known["NAME"]}
    with psycopg.connect(**address, user=known["USER"], password=known["PASSWORD"]) as one:
        yield one


def names_read() -> tuple[Callable[[], str], list[str]]:
    """A function that reads the team's name, and what it read each time it worked."""
    read: list[str] = []

    @kept_while_unchanged
    def name() -> str:
        read.append(Team.objects.get().name)
        return read[-1]

    return name, read


def test_is_read_once_while_nobody_writes(team: Team) -> None:
    name, read = names_read()
    with time_machine.travel(NOON, tick=False):
        assert {name() for _times in range(20)} == {"North"}
    # Not once: where the server itself looks after its tables in the background, that is a write as well.
    assert len(read) < 10


def test_a_write_counts_once_it_is_committed(other: psycopg.Connection) -> None:
    name, read = names_read()
    with time_machine.travel(NOON, tick=False):
        name()
        other.execute("UPDATE accounts_app_team SET name = 'South'")
        assert [name(), name()] == ["North", "North"]
        other.commit()
        assert [name(), name()] == ["South", "South"]
    assert read[-1] == "South"


def test_own_writes_are_seen_before_they_are_committed(team: Team) -> None:
    name, _read = names_read()
    name()
    with transaction.atomic():
        Team.objects.update(name="South")
        assert name() == "South"
        Team.objects.update(name="West")
        assert name() == "West"
        transaction.set_rollback(True)
    assert name() == "North"


def test_each_reader_and_language_has_its_own(team: Team) -> None:
    @kept_while_unchanged
    def greeting(who: str) -> str:
        return f"{translation.get_language()} {who}"

    with time_machine.travel(NOON, tick=False):
        told = {greeting("Ana"), greeting("Ben")}
        with translation.override("de"):
            told.add(greeting("Ana"))
    assert told == {"en-gb Ana", "en-gb Ben", "de Ana"}


def test_who_asks_meanwhile_waits_for_what_is_being_read(team: Team) -> None:
    begun, may_end, read = threading.Event(), threading.Event(), list[str]()

    @kept_while_unchanged
    def name() -> str:
        begun.set()
        may_end.wait(PATIENCE_SECONDS)
        read.append(Team.objects.get().name)
        return read[-1]

    def asked() -> str:
        try:
            return name()
        finally:
            connection.close()

    def ask_at_once(askers: int) -> int:
        """How often was read."""
        begun.clear()
        may_end.clear()
        read.clear()
        with ThreadPoolExecutor(askers) as pool:
            first = pool.submit(asked)
            assert begun.wait(PATIENCE_SECONDS)
            others = [pool.submit(asked) for _one in range(askers - 1)]
            wait(others, timeout=0.2)
            may_end.set()
            assert {first.result(), *(other.result() for other in others)} == {"North"}
        return len(read)

    # More than once only where the server's own work in the background fell between.
    with time_machine.travel(NOON, tick=False):
        costs = []
        for _times in range(5):
            Team.objects.update(name="North")
            costs.append(ask_at_once(3))
        assert min(costs) == 1


def test_a_failure_is_not_kept(team: Team) -> None:
    tried = list[str]()

    @kept_while_unchanged
    def name() -> str:
        tried.append(Team.objects.get().name)
        if len(tried) == 1:
            raise ValueError("broken")
        return tried[-1]

    with pytest.raises(ValueError, match="broken"):
        name()
    assert name() == "North"


def test_administrators_share_what_is_read_and_a_leader_sees_the_own_teams(team: Team) -> None:
    AccountFactory(name="Alpha Pumps", team=team)
    AccountFactory(name="Beta Pumps", team=Team.objects.create(name="South"))
    users = [UserFactory(role=Role.ADMINISTRATOR), UserFactory(role=Role.ADMINISTRATOR)]
    first, second, leader = map(_client_of, [*users, UserFactory(role=Role.SALES_LEADER, teams=[team])])
    costs = []
    for _times in range(5):
        Team.objects.filter(pk=team.pk).update(name="North")
        costs.append((_queries_of_portfolio(first), _queries_of_portfolio(second)))
        assert b"Beta Pumps" in second.get("/").content
        assert b"Beta Pumps" not in leader.get("/").content
    anew, again = map(min, zip(*costs, strict=True))
    assert again <= QUERIES_OF_UNCHANGED < anew


def _client_of(user: User) -> Client:
    """Logged in, with the visit written down."""
    client = Client()
    client.force_login(user)
    client.get("/")
    return client


def test_nothing_is_kept_for_long(team: Team) -> None:
    name, read = names_read()
    for times in range(3):
        with time_machine.travel(NOON + timedelta(seconds=times * LONGEST_SECONDS), tick=False):
            name()
    assert len(read) >= 3


def test_portfolio_shows_what_another_program_wrote(client: Client, other: psycopg.Connection, team: Team) -> None:
    AccountFactory(name="Alpha Pumps", team=team)
    client.force_login(UserFactory(role=Role.SALES_LEADER, teams=[team]))
    assert b"Alpha Pumps" in client.get("/").content
    costs = [_queries_of_portfolio(client) for _times in range(5)]
    assert min(costs) <= QUERIES_OF_UNCHANGED
    other.execute("UPDATE accounts_app_account SET name = 'Beta Pumps'")
    other.commit()
    assert b"Beta Pumps" in client.get("/").content


def _queries_of_portfolio(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    return len(captured)
