"""By day a changed account is computed anew, and no change is lost between reading and writing."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connections
from django.db.models.functions import Now

from accounts_app.models import Account, AccountMark, Order
from accounts_app.services.changes import mark_changed
from signals.models import RiskDay, Run, Standing
from signals.services import dispatch, marks, runs
from signals.services.checksum import run_checksum
from tests.integration.signals.conftest import cure, poison
from tests.integration.signals.portfolio import DAY


@pytest.fixture
def shown(portfolio: list[int], assess: Callable[..., Run]) -> Run:
    return assess()


def order_today(account_id: int) -> None:
    old = Order.objects.filter(account=account_id).latest("ordered_on")
    Order.objects.create(
        account_id=account_id,
        feed=old.feed,
        external_key="today",
        number="today",
        ordered_on=DAY,
        known_on=DAY,
        amount=1000,
        currency="EUR",
        reporting_amount=1000,
    )
    mark_changed([account_id])


def test_a_changed_account_is_computed_anew_with_last_nights_params(shown: Run, portfolio: list[int]) -> None:
    account, other = portfolio[0], portfolio[1]
    before, untouched = Standing.objects.get(account=account), Standing.objects.get(account=other)
    order_today(account)
    assert dispatch.recompute_marked() == 1
    after = Standing.objects.get(account=account)
    assert after.last_order_on == DAY
    assert after.revenue_12m == before.revenue_12m + 1000
    assert (after.run, after.as_of) == (shown, DAY)
    assert RiskDay.objects.get(account=account, day=DAY).risk == after.risk
    assert Standing.objects.get(account=other).computed_at == untouched.computed_at
    assert not AccountMark.objects.exists()


def test_the_same_facts_give_the_same_result_as_the_night(shown: Run, portfolio: list[int]) -> None:
    before = run_checksum(DAY)
    mark_changed(portfolio)
    assert dispatch.recompute_marked() == len(portfolio)
    assert run_checksum(DAY) == before


def test_a_mark_set_anew_while_computing_stays(shown: Run, portfolio: list[int]) -> None:
    mark_changed(portfolio[:2])
    read = dict(AccountMark.objects.values_list("account_id", "marked_at"))
    AccountMark.objects.filter(account=portfolio[0]).update(marked_at=Now() + dt.timedelta(seconds=1))
    marks.remove(read)
    assert list(AccountMark.objects.values_list("account_id", flat=True)) == [portfolio[0]]


def test_nothing_is_computed_while_a_run_is_on_its_way(shown: Run, portfolio: list[int]) -> None:
    run = runs.request_explicit(DAY + dt.timedelta(days=1))
    for _phase in ("fit", "compute"):
        runs.work(run.chunks.open().get().pk)
    mark_changed(portfolio)
    assert dispatch.recompute_marked() == 0
    runs.work_off(run)
    assert dispatch.recompute_marked() == len(portfolio)


def test_what_a_run_has_seen_needs_no_second_computation(portfolio: list[int], assess: Callable[..., Run]) -> None:
    mark_changed(portfolio)
    assess()
    assert not AccountMark.objects.exists()


def test_a_run_leaves_the_marks_to_one_asked_for_later(portfolio: list[int]) -> None:
    older, newer = (runs.request_explicit(DAY - dt.timedelta(days=days)) for days in (1, 0))
    runs.work_off(newer)
    mark_changed(portfolio)
    runs.work_off(older)
    assert AccountMark.objects.count() == len(portfolio)


def test_nothing_is_computed_before_the_first_run(portfolio: list[int]) -> None:
    mark_changed(portfolio)
    assert dispatch.recompute_marked() == 0
    assert AccountMark.objects.count() == len(portfolio)


def test_two_dispatchers_do_not_work_at_once(committed_portfolio: list[int], django_db_blocker: object) -> None:
    runs.work_off(runs.request_explicit(DAY))
    mark_changed(committed_portfolio)
    elsewhere = connections.create_connection("default")
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [dispatch.DISPATCHER_LOCK])
        assert dispatch.recompute_marked() == 0
    finally:
        elsewhere.close()
    assert dispatch.recompute_marked() == len(committed_portfolio)


def test_one_account_that_fails_keeps_no_other_from_it(shown: Run, portfolio: list[int]) -> None:
    poison(portfolio[3])
    mark_changed(portfolio)
    dispatch.recompute_marked()
    states = dict(Standing.objects.values_list("account", "state"))
    assert states.pop(portfolio[3]) == "not_computed"
    assert set(states.values()) == {"computed"}
    assert "poison" in Standing.objects.get(account=portfolio[3]).error
    assert not AccountMark.objects.exists()
    cure()
    mark_changed([portfolio[3]])
    dispatch.recompute_marked()
    cured = Standing.objects.get(account=portfolio[3])
    assert (cured.state, cured.error) == ("computed", "")


def test_an_account_added_by_day_gets_its_standing(shown: Run, portfolio: list[int]) -> None:
    fresh = Account.objects.create(name="Fresh", tier=Account.objects.get(pk=portfolio[0]).tier)
    mark_changed([fresh.pk])
    dispatch.recompute_marked()
    standing = Standing.objects.get(account=fresh)
    assert (standing.band, standing.coverage) == ("unknown", 0)
