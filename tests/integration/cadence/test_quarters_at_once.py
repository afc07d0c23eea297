"""Workers that count the same quarters at the same moment leave the rows that one alone would have left."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from accounts_app.models import Account, Company
from cadence.models import ContactQuarter
from cadence.services.quarters import count_quarters, refresh_quarters
from tests.factories import AccountFactory, InteractionFactory
from tests.factories.judgement import judged
from tests.integration.at_once import in_threads

pytestmark = pytest.mark.django_db(transaction=True)

NOON = dt.datetime(2026, 6, 30, 12, 0, tzinfo=dt.UTC)
WORKERS, ACCOUNTS = 2, 20


@pytest.fixture
def accounts() -> list[Account]:
    Company.objects.update_or_create(pk=1, defaults={"time_zone": "UTC"})
    made = [AccountFactory() for _n in range(ACCOUNTS)]
    for number, account in enumerate(made):
        for back in (3 + number, 60 + number):
            day = NOON.date() - dt.timedelta(days=back)
            InteractionFactory(account=account, happened_on=day, purpose="proactive", initiator="us", state="done")
        judged(account)
    return made


def rows() -> list[tuple[Any, ...]]:
    """What was counted, but for the rows' own keys."""
    fields = [field.attname for field in ContactQuarter._meta.concrete_fields if not field.primary_key]
    return list(ContactQuarter.objects.order_by("account", "begins_on").values_list(*fields))


def alone(accounts: list[Account]) -> list[tuple[Any, ...]]:
    count_quarters([one.pk for one in accounts], today=NOON.date())
    wanted = rows()
    ContactQuarter.objects.all().delete()
    assert len(wanted) == len(accounts) * 8
    return wanted


def test_two_refreshes_at_once_count_each_account_once(accounts: list[Account]) -> None:
    """One of them finds the other at work and leaves it to that one, or comes after it and finds nothing to do."""
    with time_machine.travel(NOON, tick=True):
        wanted = alone(accounts)
        counted = in_threads(WORKERS, refresh_quarters)
        assert sorted(counted) == [0, ACCOUNTS]
        assert rows() == wanted
        assert refresh_quarters() == 0


def test_two_full_counts_at_once_neither_fail_nor_differ(accounts: list[Account]) -> None:
    """The nightly count and the one by hand take no lock of the refresh: the rows themselves keep them apart."""
    with time_machine.travel(NOON, tick=True):
        wanted = alone(accounts)
        keys = [one.pk for one in accounts]
        in_threads(WORKERS, lambda: count_quarters(keys, today=NOON.date()))
        assert rows() == wanted


def test_a_refresh_beside_a_full_count_ends_in_the_same_rows(accounts: list[Account]) -> None:
    with time_machine.travel(NOON, tick=True):
        wanted = alone(accounts)
        turns: list[Callable[[], int | None]] = [refresh_quarters, lambda: count_quarters(None, today=NOON.date())]
        in_threads(WORKERS, lambda: turns.pop()())  # noqa: PLW0108  each thread takes its own
        assert rows() == wanted
