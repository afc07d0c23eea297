"""Alerts judged by day: the same as the night's, once, and never in the way of a run or of a person."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts_app.models import Account, FeedKind, Interaction, Order, User
from accounts_app.services.changes import mark_changed
from signals.compute.alarm_control import GapTests
from signals.models import Alert, Reading, Run, RunChunk
from signals.services import alerts, dispatch, judge, runs
from tests.integration.signals.conftest import give_past
from tests.integration.signals.portfolio import DAY, make_portfolio

SIGNAL = "proactive_gap"


@pytest.fixture
def account(db: None) -> Account:
    """An account nobody came to for long: its proactive gap is beyond the line."""
    (pk,) = make_portfolio(accounts=1, orders=20, contacts=6)
    Interaction.objects.filter(account=pk, happened_on__gt=DAY - dt.timedelta(days=90)).delete()
    FeedKind.objects.update(complete_to=None)  # late on no day of these tests
    give_past([pk])
    return Account.objects.get(pk=pk)


@pytest.fixture
def committed(transactional_db: None, account: Account) -> Account:
    return account


def work(day: dt.date = DAY) -> Run:
    run = runs.request_explicit(day)
    runs.work_off(run)
    return run


def come_by(account: Account, day: dt.date = DAY) -> Interaction:
    """A proactive contact, logged by day."""
    visit = Interaction.objects.create(
        account=account,
        feed=account.orders.all()[0].feed,
        external_key=f"visit-{account.pk}-{day}",
        happened_on=day,
        happened_known_on=day,
        known_on=day,
        by=account.owner,
    )
    mark_changed([account.pk])
    return visit


def alert_of(account: Account, signal: str = SIGNAL) -> Alert:
    return Alert.objects.filter(account=account, signal=signal).latest("pk")


def judged_states() -> list[tuple[Any, ...]]:
    names = ("account_id", "signal", "state", "opened_on", "closed_on", "released_on", "level", "priority", "sentence")
    return list(Alert.objects.order_by("account_id", "signal", "opened_on").values_list(*names))


def test_a_contact_logged_by_day_fades_the_alert_at_once(account: Account) -> None:
    work()
    assert alert_of(account).state == "open"
    come_by(account)
    assert dispatch.recompute_marked() == 1
    faded = alert_of(account)
    assert (faded.state, faded.closed_on, faded.rearmed) == ("faded", DAY, True)


def test_what_is_taken_back_the_same_day_is_the_alert_it_was(account: Account) -> None:
    work()
    before = alert_of(account)
    visit = come_by(account)
    dispatch.recompute_marked()
    visit.delete()
    mark_changed([account.pk])
    dispatch.recompute_marked()
    again = alert_of(account)
    assert (again.pk, again.state, again.closed_on) == (before.pk, "open", None)


def test_one_opens_by_day_within_the_budget(account: Account) -> None:
    visit = come_by(account)
    work()
    assert not Alert.objects.filter(signal=SIGNAL).exists()
    visit.delete()
    mark_changed([account.pk])
    dispatch.recompute_marked()
    opened = alert_of(account)
    assert (opened.state, opened.opened_on, opened.released_on) == ("open", DAY, DAY)
    assert opened.at_stake > 0


def test_nothing_opens_or_wakes_while_orders_are_missing(account: Account) -> None:
    visit = come_by(account)
    run = work()
    Run.objects.filter(pk=run.pk).update(alarms=Run.objects.get(pk=run.pk).alarms | {"orders_missing": True})
    visit.delete()
    mark_changed([account.pk])
    dispatch.recompute_marked()
    assert (Reading.objects.get(account=account, signal=SIGNAL).level or 0) >= 0.7
    assert not Alert.objects.filter(signal=SIGNAL).exists()


def test_nothing_opens_by_day_where_the_run_could_not_look_at_the_whole(account: Account) -> None:
    visit = come_by(account)
    run = work()
    Run.objects.filter(pk=run.pk).update(alarms={})
    visit.delete()
    mark_changed([account.pk])
    dispatch.recompute_marked()
    assert not Alert.objects.filter(signal=SIGNAL).exists()


def test_twice_is_once(account: Account) -> None:
    work()
    before = judged_states()
    for _time in range(2):
        mark_changed([account.pk])
        dispatch.recompute_marked()
    assert judged_states() == before


def test_a_resolved_one_stays_closed_by_day_until_the_level_fell(account: Account) -> None:
    work()
    alerts.resolve(alert_of(account), by=owner_of(account), outcome=Alert.Outcome.FALSE, today=DAY)
    mark_changed([account.pk])
    dispatch.recompute_marked()
    assert not Alert.objects.unclosed().filter(signal=SIGNAL).exists()
    come_by(account)
    dispatch.recompute_marked()
    assert alert_of(account).rearmed


def owner_of(account: Account) -> User:
    assert account.owner is not None
    return account.owner


def test_by_day_gives_the_alerts_that_the_night_gives(db: None) -> None:
    """The same change to the same portfolio, once seen by the dispatcher and once by a run, which learns anew."""
    ids = make_portfolio(accounts=12, orders=40, contacts=12)
    FeedKind.objects.update(complete_to=None)
    give_past(ids)
    work()
    with undone():
        change(ids)
        work()
        by_night = [row[:6] for row in judged_states()]
    with undone():
        change(ids)
        mark_changed(ids)
        dispatch.recompute_marked()
        by_day = [row[:6] for row in judged_states()]
    assert by_day == by_night
    assert {row[2] for row in by_night} == {"open", "faded"}


def change(ids: list[int]) -> None:
    """Half of them are visited, the last contacts of the others were never held."""
    for pk in ids[::2]:
        come_by(Account.objects.get(pk=pk))
    Interaction.objects.filter(account__in=ids[1::2], happened_on__gt=DAY - dt.timedelta(days=300)).delete()


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# The line of the gaps


def test_one_account_is_held_to_the_line_of_all(account: Account) -> None:
    """A gap of .2 % chance alarms where one account is tested, and not where the run tested 1,000 gaps."""
    run = work()
    key = "order_rhythm"
    Alert.objects.filter(signal=key).delete()
    gap = {"p_gap_this_long": 0.002, "p_gap_before": 0.6, "mean_gap_days": 20.0}
    reading = Reading.objects.get(account=account, signal=key)
    reading.details |= gap
    reading.status, reading.level = "ok", 0.8
    reading.save()
    store_tests(run, GapTests(1000.0, {}, 0.01))
    judge.judge_by_day([account.pk], run)
    assert not Alert.objects.filter(signal=key).exists()
    assert stored_tests(run).chances == {account.pk: 0.002}
    store_tests(run, GapTests(20.0, {}, 0.01))
    judge.judge_by_day([account.pk], run)
    assert alert_of(account, key).details["tests"] == {"tested": 20, "standing_out": 1, "expected_false": 0.2}


def store_tests(run: Run, tests: GapTests) -> None:
    alarms = {"orders_missing": False, "tests": {"order_rhythm": tests.to_json()}}
    Run.objects.filter(pk=run.pk).update(alarms=alarms)


def stored_tests(run: Run) -> GapTests:
    return GapTests.from_json(Run.objects.get(pk=run.pk).alarms["tests"]["order_rhythm"])


def test_a_run_stores_what_it_tested(db: None) -> None:
    ids = make_portfolio(accounts=20, orders=60, contacts=0)
    Order.objects.filter(account__in=ids[3::10], ordered_on__gt=DAY - dt.timedelta(days=20)).delete()
    run = work()
    run.refresh_from_db()
    assert run.alarms["orders_missing"] is False
    assert stored_tests(run).tested > 10


# Two at a time, each with a connection of its own


def in_thread(act: Callable[[], object]) -> tuple[threading.Thread, list[Exception]]:
    errors: list[Exception] = []

    def run() -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  the test asks what it was
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, errors


def waiting_for_a_lock(count: int) -> None:
    """Until so many connections wait for another one, which is the moment the race is about."""
    for _attempt in range(400):
        with connection.cursor() as cursor:
            # Not pg_stat_activity, which shows one and the same moment throughout a transaction.
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= count:
                return
            cursor.execute("SELECT pg_sleep(0.025)")
    raise AssertionError("nobody waits: the two did not meet")


def test_a_person_who_snoozes_first_is_not_overruled(committed: Account) -> None:
    """The judge read "snoozed until today" before the person chose a later day."""
    run = work()
    alert, by = alert_of(committed), owner_of(committed)
    alerts.snooze(alert, by=by, until=DAY + dt.timedelta(days=1), reason="fair", today=DAY)
    Alert.objects.filter(pk=alert.pk).update(snoozed_until=DAY, snoozed_level=0.95)
    later = DAY + dt.timedelta(days=30)
    with transaction.atomic():
        alerts.snooze(alert, by=by, until=later, reason="fair moved", today=DAY)
        thread, errors = in_thread(lambda: judge.judge_by_day([committed.pk], run))
        waiting_for_a_lock(1)
    thread.join()
    alert.refresh_from_db()
    assert (errors, alert.state, alert.snoozed_until) == ([], "snoozed", later)


def test_a_person_who_resolves_while_it_is_judged_keeps_the_last_word(committed: Account) -> None:
    run = work()
    alert = alert_of(committed)
    with transaction.atomic():
        alerts.resolve(alert, by=owner_of(committed), outcome=Alert.Outcome.FALSE, today=DAY)
        thread, errors = in_thread(lambda: judge.judge_by_day([committed.pk], run))
        waiting_for_a_lock(1)
    thread.join()
    assert errors == []
    assert list(Alert.objects.filter(signal=SIGNAL).values_list("state", flat=True)) == ["resolved"]


def test_the_dispatcher_and_a_run_open_one_alert_between_them(committed: Account) -> None:
    """The run is judging when the dispatcher, which began before it, comes to its end."""
    run = work()
    Alert.objects.all().delete()
    chunk = RunChunk.objects.get(run=run, phase=Run.Phase.JUDGE)
    with transaction.atomic():
        judge.judge_chunk(chunk)()
        thread, errors = in_thread(lambda: judge.judge_by_day([committed.pk], run))
        waiting_for_a_lock(1)
    thread.join()
    assert errors == []
    signals = list(Alert.objects.unclosed().values_list("signal", flat=True))
    assert SIGNAL in signals
    assert len(signals) == len(set(signals))


def test_an_undo_meets_the_alert_that_a_judge_opens(committed: Account) -> None:
    """Taken back while a new one is being opened for the same signal: one of the two is open afterwards."""
    run = work()
    alert, by = alert_of(committed), owner_of(committed)
    alerts.resolve(alert, by=by, outcome=Alert.Outcome.FALSE, today=DAY)
    Alert.objects.filter(pk=alert.pk).update(rearmed=True)
    with transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(state="open", outcome="", closed_on=None)
        thread, errors = in_thread(lambda: judge.judge_by_day([committed.pk], run))
        waiting_for_a_lock(1)
    thread.join()
    assert errors == []
    assert Alert.objects.unclosed().filter(signal=SIGNAL).count() == 1
