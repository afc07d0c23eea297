"""Promises: the open ones first, what is overdue said so, kept or withdrawn with the day, and the card of them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Promise, Role, User
from tests.factories import ContactFactory, PromiseFactory, UserFactory
from tests.integration.facts.conftest import Read, Send, error_of, first_cells, spoken
from tests.integration.facts.test_fact_forms import BODIES

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 30)
CLOSED = {"closed_on": date(2026, 6, 1), "closed_known_on": date(2026, 6, 1)}


@pytest.fixture
def promises(account: Account, manager: User) -> None:
    PromiseFactory(account=account, text="Kept", outcome="kept", due_on=date(2026, 5, 1), **CLOSED)
    PromiseFactory(account=account, text="Some day")
    PromiseFactory(account=account, text="Today", due_on=TODAY, by=manager)
    contact = ContactFactory(account=account, name="Ingrid Solheim")
    PromiseFactory(account=account, text="Yesterday", due_on=date(2026, 6, 29), contact=contact)


def test_open_ones_come_first_and_what_is_overdue_is_said(read: Read, promises: None) -> None:
    html = read("promises")
    assert first_cells(html) == ["Yesterday", "Today", "Some day", "Kept"]
    text = spoken(html)
    assert "Yesterday Ingrid Solheim the owner 2 Mar overdue 29 Jun" in text
    assert "Today – Jonas Okafor 2 Mar open 30 Jun" in text
    assert "Kept – the owner 2 Mar Kept 1 Jun 1 May" in text
    assert "Promises 3" in text


def test_the_card_shows_the_open_ones(read: Read, promises: None, account: Account) -> None:
    text = spoken(read("promises/open", htmx=True))
    assert "3 open" in text
    assert "Yesterday Ingrid Solheim overdue since 29 Jun" in text
    assert "Today until 30 Jun" in text
    assert "Some day no day named" in text
    for _one in range(4):
        PromiseFactory(account=account)
    assert "and 2 more" in spoken(read("promises/open", htmx=True))
    Promise.objects.all().delete()
    assert "none open" in spoken(read("promises/open", htmx=True))


def test_a_promise_is_closed_today_unless_another_day_is_typed(send: Send) -> None:
    send("promises/add", BODIES["promise"] | {"outcome": "kept"})
    promise = Promise.objects.get()
    assert (promise.outcome, promise.closed_on, promise.closed_known_on) == ("kept", TODAY, TODAY)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"closed_on": "2026-06-12"}, "outcome", "Kept or withdrawn?"),
        ({"due_on": "2026-05-31"}, "due_on", "Due before it was promised"),
        ({"outcome": "kept", "closed_on": "2026-05-31"}, "closed_on", "Closed before it was promised"),
        ({"outcome": "kept", "closed_on": "2026-07-01"}, "closed_on", "lies ahead"),
        ({"promised_on": "2026-07-01"}, "promised_on", "lies ahead"),
        ({"text": " "}, "text", "required"),
        ({"outcome": "broken"}, "outcome", "valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(said: dict[str, str], field: str, words: str, send: Send) -> None:
    assert words in error_of(send("promises/add", BODIES["promise"] | said, status=422), field)
    assert not Promise.objects.exists()


def test_whom_it_was_made_to_and_who_sees_to_it_belong_here(send: Send) -> None:
    stranger, desk = ContactFactory(name="Zanzibar"), UserFactory(role=Role.OPERATIONS)
    for field, value in (("contact", stranger.pk), ("by", desk.pk)):
        refused = send("promises/add", BODIES["promise"] | {field: str(value)}, status=422)
        assert "not one of the available choices" in error_of(refused, field)
        assert "Zanzibar" not in refused.content.decode()


def test_operations_see_no_promise(read: Read, promises: None) -> None:
    for tab in ("promises", "promises/open"):
        read(tab, user=UserFactory(role=Role.OPERATIONS), status=403)


@pytest.mark.parametrize("tab", ["promises", "promises/open"])
def test_the_number_of_queries_does_not_follow_the_rows(read: Read, account: Account, tab: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(tab)
        return len(captured)

    PromiseFactory(account=account, contact=ContactFactory(account=account), by=account.owner)
    few = queries()
    for _one in range(20):
        PromiseFactory(account=account, contact=ContactFactory(account=account), by=account.owner)
    assert queries() == few
