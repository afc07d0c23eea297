"""The sums that the cadence page reads are those of the quarters they stand for, and follow what changes."""

import datetime as dt

import pytest
from django.db.models import Sum

from accounts_app.models import Account, Role, Team, User
from cadence.models import CadenceSum, ContactQuarter
from cadence.services.cadence_sums import SUMMED, add_up
from cadence.services.quarters import count_quarters
from tests.factories import AccountFactory, InteractionFactory, TeamFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
TODAY = dt.date(2026, 6, 30)


@pytest.fixture
def administrator() -> User:
    return UserFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def operations() -> User:
    return UserFactory(role=Role.OPERATIONS)


@pytest.fixture
def portfolio(north: Team) -> list[Account]:
    """Nine accounts of two teams and three owners, one of them nobody's; each met on some days."""
    owners = [UserFactory(teams=[north]), UserFactory(teams=[north]), None]
    teams = [north, TeamFactory()]
    found = [AccountFactory(owner=owners[n % 3], team=teams[n % 2]) for n in range(9)]
    for n, account in enumerate(found):
        for back in range(n):
            InteractionFactory(account=account, happened_on=TODAY - dt.timedelta(days=40 * back + n))
    count_quarters(None, today=TODAY)
    return found


def of_rows(user: User) -> dict[str, float]:
    rows = ContactQuarter.objects.visible_to(user).exclude(account__status=Account.Status.FORMER)
    return rows.aggregate(**{f"sum_{name}": Sum(name) for name in SUMMED})


def of_sums(user: User) -> dict[str, float]:
    return CadenceSum.objects.visible_to(user).aggregate(**{f"sum_{name}": Sum(name) for name in SUMMED})


@pytest.mark.usefixtures("portfolio")
def test_everybody_reads_the_sums_of_what_he_may_see(leader: User, administrator: User, operations: User) -> None:
    assert of_sums(administrator)["sum_contacts"] == 36
    for user in (administrator, leader, *User.objects.filter(owned_accounts__isnull=False).distinct()):
        assert of_sums(user) == pytest.approx(of_rows(user))
    assert of_sums(leader) != of_sums(administrator)
    assert not CadenceSum.objects.visible_to(operations).exists()


def test_they_follow_an_account_into_other_hands(portfolio: list[Account], administrator: User) -> None:
    assert not add_up(TODAY)
    last, other = portfolio[-1], UserFactory()
    last.owner = other
    last.save()
    assert add_up(TODAY)
    assert of_sums(other) == pytest.approx(of_rows(other))
    last.status = Account.Status.FORMER
    last.save()
    assert add_up(TODAY)
    assert not CadenceSum.objects.visible_to(other).exists()
    assert of_sums(administrator) == pytest.approx(of_rows(administrator))


@pytest.mark.usefixtures("portfolio")
def test_a_new_day_makes_them_anew() -> None:
    """What is overdue is so by the day."""
    assert add_up(TODAY + dt.timedelta(days=1))
    assert not add_up(TODAY + dt.timedelta(days=1))


def test_a_contact_counted_later_is_added_up(portfolio: list[Account], administrator: User) -> None:
    """Counting the same accounts again changes rows in place: nothing but what they say tells it."""
    InteractionFactory(account=portfolio[0], happened_on=TODAY)
    count_quarters([portfolio[0].pk], today=TODAY)
    assert of_sums(administrator) == pytest.approx(of_rows(administrator))
    assert of_sums(administrator)["sum_contacts"] == 37
