"""The demo's past of alerts: what its people answered is what the simulation knows to be true."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts_app.demo.load import load
from accounts_app.demo.truth import truth
from accounts_app.models import AccountKey
from signals.models import Alert, AlertAction
from signals.services.demo_alerts import live_through

# Ten seconds on an idle machine.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

ANCHOR = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The demo with its past, taken back after the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(ANCHOR)
        yield live_through()
        transaction.set_rollback(True)


def keys() -> dict[int, str]:
    return dict(AccountKey.objects.filter(feed__name="crm").values_list("account_id", "key"))


def test_there_is_something_in_every_state(lived: int) -> None:
    states = Counter(Alert.objects.values_list("state", flat=True))
    assert lived == sum(states.values())
    assert set(states) == set(Alert.State.values)
    outcomes = Counter(Alert.objects.filter(state="resolved").values_list("outcome", flat=True))
    assert set(outcomes) == set(Alert.Outcome.values)
    assert sum(outcomes.values()) > 60


def test_what_was_called_real_was_a_drift_and_what_was_called_false_was_none(lived: int) -> None:
    known = keys()
    for alert in Alert.objects.filter(state="resolved", outcome__in=("real", "false")):
        assert alert.closed_on
        told = [truth(ANCHOR, day)[known[alert.account_id]] for day in (alert.opened_on, alert.closed_on)]
        is_drift = any(one.drifts or one.lost for one in told)
        assert is_drift == (alert.outcome == "real")
        assert bool(alert.cause) == is_drift


def test_nothing_of_it_happened_today_or_later(lived: int) -> None:
    loaded = timezone.make_aware(dt.datetime.combine(ANCHOR, dt.time()))
    assert not Alert.objects.filter(opened_on__gte=ANCHOR).exists()
    assert not Alert.objects.filter(closed_at__gte=loaded).exists()
    assert not Alert.objects.filter(recorded_at__gte=loaded).exists()
    assert not AlertAction.objects.filter(at__gte=loaded).exists()
    assert Alert.objects.filter(closed_on__isnull=False, closed_at=None).count() == 0


def test_a_second_time_does_nothing(lived: int) -> None:
    assert live_through() == 0
    assert Alert.objects.count() == lived


def test_an_installation_of_its_own_gets_none(db: None) -> None:
    assert live_through() == 0
