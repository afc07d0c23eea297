"""The simulated portfolio and data of one's own never mix."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts_app.demo.load import NotEmptyError, extend, load
from accounts_app.models import Account, Company, Order
from tests.factories import AccountFactory

pytestmark = pytest.mark.django_db

ANCHOR = dt.date(2026, 11, 22)


def test_a_real_installation_is_never_extended() -> None:
    AccountFactory()
    assert extend(ANCHOR) == 0
    assert not Order.objects.exists()


def test_load_refuses_a_database_with_data_and_leaves_it_alone() -> None:
    account = AccountFactory()
    with pytest.raises(NotEmptyError, match="accounts"):
        load(ANCHOR)
    with pytest.raises(CommandError, match="empty database"):
        call_command("load_demo", "--anchor", "2026-11-22")
    assert list(Account.objects.all()) == [account]
    assert not Company.the().simulated


def test_commands_say_what_they_did() -> None:
    loaded, extended = StringIO(), StringIO()
    call_command("load_demo", "--anchor", "2026-11-22", stdout=loaded)
    call_command("extend_demo", "--until", "2026-11-24", stdout=extended)
    assert loaded.getvalue().startswith("Loaded 1")
    assert extended.getvalue().split()[0].isdigit()
    with pytest.raises(CommandError, match="empty database"):
        call_command("load_demo")
