"""Workers are killed in the middle of their work: the run ends all the same, with the same result as a calm one."""

import random
import time
from collections.abc import Callable
from typing import Any, cast

import pytest
import redis
from django.conf import settings as configured
from django.db.models.functions import Now

from signals.models import Alert, RiskDay, Run, RunChunk, Standing
from signals.services import ledger, runs
from signals.services.checksum import run_checksum
from tests.integration.signals.conftest import give_past
from tests.integration.signals.portfolio import DAY, make_portfolio
from tests.worker import CeleryWorker

Start = Callable[..., CeleryWorker]
LEASE_SECONDS = 1
POLL_SECONDS = 0.005
SWEEP_SECONDS = 0.5


@pytest.fixture
def short_leases(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIL_CHUNK_LEASE_SECONDS", str(LEASE_SECONDS))
    settings.CHUNK_LEASE_SECONDS = LEASE_SECONDS


def calm_checksum(accounts: int, *, orders: int, contacts: int) -> str:
    """Make the portfolio, judge it in peace, and forget the result."""
    ids = make_portfolio(accounts=accounts, orders=orders, contacts=contacts)
    give_past(ids)
    runs.work_off(runs.request_explicit(DAY))
    checksum = run_checksum(DAY)
    Standing.objects.all().delete()
    RiskDay.objects.filter(day=DAY).delete()
    Alert.objects.all().delete()
    return checksum


def kill_in_the_middle(worker: CeleryWorker, run: Run, done: int) -> bool:
    """Kill the worker at work, after it has ended so many chunks; tells whether one was left behind unfinished."""
    enough, swept = ended(run) + done, time.monotonic()
    while Run.objects.unfinished().filter(pk=run.pk).exists() and (ended(run) < enough or not held(run)):
        if time.monotonic() - swept > SWEEP_SECONDS:
            runs.sweep()
            swept = time.monotonic()
        time.sleep(POLL_SECONDS)
    worker.kill()
    return held(run)


def held(run: Run) -> bool:
    """Whether a living worker holds a chunk: a dead one does not renew its lease."""
    return run.chunks.filter(state=RunChunk.State.RUNNING, lease_until__gte=Now()).exists()


def ended(run: Run) -> int:
    return run.chunks.filter(state=RunChunk.State.DONE).count()


def storm(start: Start, run: Run, kills: int, dice: random.Random) -> int:
    """Kill one worker after the other; returns how many died at work."""
    landed = 0
    while landed < kills and Run.objects.unfinished().filter(pk=run.pk).exists():
        landed += kill_in_the_middle(start(concurrency=2), run, dice.choice((0, 1, 1, 2)))
    return landed


def finish(start: Start, run: Run, patience: float) -> None:
    """Let one last worker end the run, while the sweep is made that beat would make."""
    worker, deadline = start(concurrency=2), time.monotonic() + patience
    while Run.objects.unfinished().filter(pk=run.pk).exists():
        assert time.monotonic() < deadline, "the run did not end"
        runs.sweep()
        time.sleep(SWEEP_SECONDS)
    worker.stop()
    run.refresh_from_db()


def check(run: Run, calm: str) -> None:
    assert run.state == Run.State.DONE
    assert run_checksum(DAY) == calm != ""
    assert Alert.objects.values("account", "signal").distinct().count() == Alert.objects.count()


def test_a_worker_does_the_whole_run_from_its_messages(
    celery_worker_process: Start, small_run: None, short_leases: None
) -> None:
    calm = calm_checksum(30, orders=20, contacts=8)
    run = runs.request_explicit(DAY)
    finish(celery_worker_process, run, patience=120)
    check(run, calm)
    assert {chunk.attempts for chunk in run.chunks.all()} == {1}
    assert not run.chunks.filter(claimed_by=ledger.this_worker()).exists()


def test_a_run_survives_two_killed_workers(celery_worker_process: Start, small_run: None, short_leases: None) -> None:
    calm = calm_checksum(30, orders=20, contacts=8)
    run = runs.request_explicit(DAY)
    assert storm(celery_worker_process, run, 2, random.Random(3)) == 2
    finish(celery_worker_process, run, patience=120)
    check(run, calm)
    assert run.chunks.filter(attempts__gt=1).exists()


def test_a_run_survives_a_queue_that_forgets_everything(
    celery_worker_process: Start, small_run: None, short_leases: None
) -> None:
    calm = calm_checksum(30, orders=20, contacts=8)
    run = runs.request_explicit(DAY)
    assert queued_messages() > 0
    CeleryWorker.forget_messages(configured.CELERY_BROKER_URL)
    assert queued_messages() == 0
    finish(celery_worker_process, run, patience=120)
    check(run, calm)


def queued_messages() -> int:
    with redis.Redis.from_url(configured.CELERY_BROKER_URL) as queue:
        return int(cast("int", queue.llen(configured.CELERY_TASK_DEFAULT_QUEUE)))


def test_a_run_survives_a_queue_emptied_under_a_worker_at_work(
    celery_worker_process: Start, small_run: None, short_leases: None
) -> None:
    calm = calm_checksum(30, orders=20, contacts=8)
    run = runs.request_explicit(DAY)
    worker = celery_worker_process(concurrency=2)
    while not held(run):
        time.sleep(POLL_SECONDS)
    with redis.Redis.from_url(configured.CELERY_BROKER_URL) as queue:
        queue.flushall()
    deadline = time.monotonic() + 120
    while Run.objects.unfinished().filter(pk=run.pk).exists():
        assert time.monotonic() < deadline, "the run did not end"
        runs.sweep()
        time.sleep(SWEEP_SECONDS)
    worker.stop()
    run.refresh_from_db()
    check(run, calm)


@pytest.fixture
def small_run(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIL_CHUNK_ACCOUNTS", "5")
    settings.CHUNK_ACCOUNTS = 5


@pytest.mark.storm
@pytest.mark.timeout(1800)
def test_a_nightly_run_of_2000_accounts_survives_twenty_kills(
    celery_worker_process: Start, short_leases: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIL_CHUNK_ACCOUNTS", "40")
    settings.CHUNK_ACCOUNTS = 40
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # shown when the test fails
    calm = calm_checksum(2000, orders=60, contacts=20)
    run = runs.request_explicit(DAY)
    assert storm(celery_worker_process, run, 20, random.Random(seed)) == 20
    finish(celery_worker_process, run, patience=900)
    check(run, calm)
