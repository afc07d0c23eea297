"""The demo's reviews: two accounts, each with figures, a review held last quarter, and one to come."""

import datetime as dt

import pytest

from accounts_app.demo.logins import email_of
from accounts_app.demo.metrics import FIGURES, MONTHS, course
from accounts_app.demo.staff import SHOWN_MANAGER
from accounts_app.models import Company, CustomerMetric, MetricValue
from cadence.models import Review
from cadence.services.demo_reviews import live_through_reviews
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    InitiativeFactory,
    TeamFactory,
    UserFactory,
)

ANCHOR = dt.date(2026, 6, 30)
STOPS = "Hours of unplanned stops a month"


@pytest.mark.django_db
def test_two_accounts_have_theirs_and_nobody_else_has() -> None:
    Company.objects.update_or_create(pk=1, defaults={"simulated": True, "demo_anchor": ANCHOR})
    team = TeamFactory()
    manager = UserFactory(name=SHOWN_MANAGER, email=email_of(SHOWN_MANAGER), teams=[team])
    ColleagueFactory(user=manager)
    for _number in range(3):
        account = AccountFactory(team=team, owner=manager)
        ContactFactory(account=account, primary=True)
        InitiativeFactory(account=account, metric=STOPS)
    assert live_through_reviews() == 4
    held, coming = Review.objects.filter(held_on__isnull=False), Review.objects.to_come()
    assert {str(one.held_on) for one in held} == {"2026-01-29"}
    assert [one.stage for one in held] == ["closed", "closed"]
    assert sorted(one.stage for one in coming) == ["draft", "prepared"]
    assert all(one.is_planned and one.meets_on and one.meets_on > ANCHOR for one in coming)
    assert all(one.interaction and one.interaction.is_proactive for one in held)
    assert (CustomerMetric.objects.count(), MetricValue.objects.count()) == (2, 2 * MONTHS)
    assert live_through_reviews() == 0


def test_a_course_ends_with_the_last_month_and_nears_its_target() -> None:
    rows = course(FIGURES[STOPS], ANCHOR, 0, 1987)
    assert (rows[0][0], rows[-1][0], len(rows)) == (dt.date(2025, 6, 30), dt.date(2026, 5, 31), MONTHS)
    assert rows == course(FIGURES[STOPS], ANCHOR, 0, 1987)
    assert 20 <= rows[-1][1] < rows[0][1]
