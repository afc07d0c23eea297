"""A deadline for notice is told 90, 60 and 30 days before it, however small the contract."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts_app.models import Account, Feed, FeedKind, User
from signals.models import Alert
from signals.services import alerts, runs
from tests.factories import ContractFactory
from tests.integration.signals.portfolio import DAY, make_portfolio

SIGNAL = "notice_window"


@pytest.fixture
def account(db: None) -> Account:
    """Its contract is worth a euro a year: the level of the window is far below any line."""
    (pk,) = make_portfolio(accounts=1, orders=20, contacts=6)
    found = Account.objects.get(pk=pk)
    FeedKind.objects.update(complete_to=None)  # late on no day of these tests
    ContractFactory(
        account=found,
        feed=Feed.objects.get(pk=found.orders.all()[0].feed_id),
        known_on=DAY - dt.timedelta(days=400),
        ends_on=DAY + dt.timedelta(days=91 + 30),
        notice_days=30,
        annual_value=1,
        reporting_annual_value=Decimal(1),
        currency="EUR",
    )
    return found


@pytest.fixture
def user(account: Account) -> User:
    return User.objects.filter(owned_accounts=account).get()


def states(day: int) -> list[tuple[str, int]]:
    """The alerts after the night so many days before the deadline: their state, and the days they tell."""
    runs.work_off(runs.request_explicit(DAY + dt.timedelta(days=91 - day)))
    found = Alert.objects.filter(signal=SIGNAL).order_by("pk")
    return [(alert.state, int(alert.details["days"])) for alert in found]


def test_it_opens_at_ninety_days_and_not_before(account: Account) -> None:
    assert states(91) == []
    assert states(90) == [("open", 90)]
    assert states(89) == [("open", 90)]
    alert = Alert.objects.get(signal=SIGNAL)
    assert alert.level < 0.5
    assert "(90 days)" in alert.sentence


def test_it_wakes_and_is_told_anew_at_sixty_days(account: Account, user: User) -> None:
    states(90)
    alerts.acknowledge(Alert.objects.get(signal=SIGNAL), by=user)
    assert states(61) == [("acknowledged", 90)]
    assert states(60) == [("open", 60)]
    alert = Alert.objects.get(signal=SIGNAL)
    assert "(60 days)" in alert.sentence
    assert alerts.last_undoable(alert, now=timezone.now()) is None
    assert alert.actions.count() == 1  # what was done before stays on record


def test_a_resolved_one_opens_anew_at_the_next_step_only(account: Account, user: User) -> None:
    states(90)
    day = DAY + dt.timedelta(days=1)
    alerts.resolve(Alert.objects.get(signal=SIGNAL), by=user, outcome=Alert.Outcome.TOO_EARLY, today=day)
    assert states(61) == [("resolved", 90)]
    assert states(30) == [("resolved", 90), ("open", 30)]


def test_it_closes_by_itself_once_the_day_has_passed(account: Account) -> None:
    assert states(0) == [("open", 0)]
    assert states(-1) == [("faded", 0)]
