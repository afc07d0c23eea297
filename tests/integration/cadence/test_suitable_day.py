"""The day proposed for one account's next contact."""

import datetime as dt

import pytest

from accounts_app.models import Account, Company, User
from cadence.services.suitable_day import suitable_day
from tests.factories import AbsenceFactory, AccountFactory, ColleagueFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]

TODAY = dt.date(2026, 6, 30)


@pytest.fixture
def account(manager: User) -> Account:
    ColleagueFactory(user=manager)
    return AccountFactory(owner=manager)


def test_the_holidays_of_both_sides_are_kept(account: Account) -> None:
    unity_day = dt.date(2025, 10, 3)
    assert suitable_day(account, unity_day, today=dt.date(2025, 9, 1)) == unity_day
    Company.objects.update(country="Germany")
    assert suitable_day(account, unity_day, today=dt.date(2025, 9, 1)) == dt.date(2025, 10, 2)
    account.country = "Spain"
    assert suitable_day(account, dt.date(2025, 12, 8), today=dt.date(2025, 11, 3)) == dt.date(2025, 12, 5)


def test_an_own_country_goes_before_the_company_s(account: Account, manager: User) -> None:
    Company.objects.update(country="Germany")
    type(manager.colleague).objects.update(country="Sweden")
    assert suitable_day(account, dt.date(2025, 10, 3), today=dt.date(2025, 9, 1)) == dt.date(2025, 10, 3)


def test_the_owner_s_absence_counts_unless_somebody_else_goes(account: Account, manager: User) -> None:
    AbsenceFactory(colleague=manager.colleague, from_day=dt.date(2026, 7, 6), until_day=dt.date(2026, 7, 17))
    due = dt.date(2026, 7, 15)
    assert suitable_day(account, due, today=TODAY) == dt.date(2026, 7, 3)
    assert suitable_day(account, due, today=TODAY, owner_is_away=True) == due


def test_an_absence_without_end_still_gives_a_working_day(account: Account, manager: User) -> None:
    AbsenceFactory(colleague=manager.colleague, from_day=TODAY, until_day=dt.date.max)
    assert suitable_day(account, dt.date(2026, 7, 4), today=TODAY) == dt.date(2026, 7, 6)


def test_an_account_without_an_owner_has_a_day_too() -> None:
    assert suitable_day(AccountFactory(owner=None), dt.date(2026, 6, 1), today=TODAY) == dt.date(2026, 7, 1)
