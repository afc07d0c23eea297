"""Claim, lease, fence: one attempt at a time writes, and only the one that still holds the chunk."""

import datetime as dt
import time
from collections.abc import Callable

import pytest
from celery import Celery
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from config.celery import app
from signals.models import Run, RunChunk
from signals.services import ledger, runs
from signals.services.ledger import LeaseLostError
from tests.integration.at_once import in_threads
from tests.integration.signals.portfolio import DAY, make_company


@pytest.fixture
def chunk(db: None) -> RunChunk:
    """The first chunk of a fresh run."""
    make_company()
    return runs.request_explicit(DAY).chunks.get()


def expire(chunk: RunChunk) -> None:
    RunChunk.objects.filter(pk=chunk.pk).update(lease_until=Now() - dt.timedelta(seconds=1))


def claimed(chunk: RunChunk) -> RunChunk:
    taken = ledger.claim(chunk.pk)
    assert taken is not None
    return taken


def test_a_claimed_chunk_is_not_given_to_another(chunk: RunChunk) -> None:
    assert claimed(chunk).attempts == 1
    assert ledger.claim(chunk.pk) is None


def test_of_ten_claims_at_once_one_succeeds(transactional_db: None) -> None:
    make_company()
    chunk = runs.request_explicit(DAY).chunks.get()
    assert sum(in_threads(10, lambda: ledger.claim(chunk.pk) is not None)) == 1


def test_an_expired_lease_is_claimed_anew_and_the_first_attempt_may_not_write(chunk: RunChunk) -> None:
    first = claimed(chunk)
    expire(chunk)
    second = claimed(chunk)
    assert second.attempts == 2
    written = []
    with pytest.raises(LeaseLostError), ledger.fenced(first):
        written.append("first")
    with ledger.fenced(second):
        written.append("second")
    assert written == ["second"]
    chunk.refresh_from_db()
    assert chunk.state == RunChunk.State.DONE


def test_what_fails_behind_the_fence_leaves_nothing_written(chunk: RunChunk) -> None:
    taken = claimed(chunk)

    def write_and_fail() -> None:
        with ledger.fenced(taken):
            Run.objects.filter(pk=taken.run_id).update(notices=["written"])
            Run.objects.get(pk=0)

    with pytest.raises(ObjectDoesNotExist):
        write_and_fail()
    chunk.refresh_from_db()
    assert chunk.state == RunChunk.State.RUNNING
    assert chunk.run.notices == []


def test_a_run_begun_anew_fences_off_what_was_on_its_way(chunk: RunChunk) -> None:
    taken = claimed(chunk)
    Run.objects.filter(pk=chunk.run_id).update(state="done", finished_at=Now())
    runs.request_explicit(DAY)
    with pytest.raises(LeaseLostError), ledger.fenced(taken):
        pass


def test_a_chunk_given_back_is_free_until_its_attempts_are_used_up(chunk: RunChunk) -> None:
    for attempt in (1, 2, 3):
        taken = claimed(chunk)
        assert taken.attempts == attempt
        ledger.give_back(taken, "no luck")
    assert ledger.claim(chunk.pk) is None
    assert [lost.error for lost in ledger.hopeless(chunk.run)] == ["no luck"]


@pytest.mark.parametrize(("attempts", "free"), [(3, True), (9, True), (10, False)])
def test_what_cannot_be_split_may_lose_more_workers(chunk: RunChunk, attempts: int, free: bool) -> None:
    """Workers are killed for other reasons, too: three deaths must not end a run whose fit takes long."""
    claimed(chunk)
    RunChunk.objects.filter(pk=chunk.pk).update(attempts=attempts)
    expire(chunk)
    assert (ledger.claim(chunk.pk) is not None) is free
    assert ledger.hopeless(chunk.run).exists() is not free


@pytest.mark.parametrize(("attempts", "free"), [(2, True), (3, False)])
def test_what_can_be_split_is_after_three_attempts(chunk: RunChunk, attempts: int, free: bool) -> None:
    part = RunChunk.objects.create(
        run=chunk.run, phase="compute", n=0, first_account=1, last_account=2, attempts=attempts
    )
    assert ledger.hopeless(chunk.run).exists() is not free
    assert (ledger.claim(part.pk) is not None) is free


def test_a_lease_is_renewed_while_the_work_goes_on(
    transactional_db: None, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease is shorter than the work; without the renewal it would have run out."""
    make_company()
    settings.CHUNK_LEASE_SECONDS = 1  # type: ignore[attr-defined]
    taken = claimed(runs.request_explicit(DAY).chunks.get())
    with ledger.kept_alive(taken), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1.5)")
        assert ledger.claim(taken.pk) is None
    expire(taken)
    assert ledger.claim(taken.pk) is not None


def test_a_database_away_for_a_moment_is_told_in_a_line_and_the_lease_renewed_after(
    transactional_db: None, settings: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The thread that renews has a connection of its own; the work's stays as it was."""
    make_company()
    settings.CHUNK_LEASE_SECONDS = 0.3  # type: ignore[attr-defined]
    taken = claimed(runs.request_explicit(DAY).chunks.get())
    monkeypatch.setitem(connection.settings_dict, "PORT", 1)
    with ledger.kept_alive(taken):
        wait_for(lambda: bool(caplog.messages))
        monkeypatch.undo()
        expire(taken)
        wait_for(lambda: RunChunk.objects.filter(pk=taken.pk, lease_until__gt=Now()).exists())
    assert all("was not renewed" in message and "\n" not in message for message in caplog.messages)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_bell_is_rung_again_only_for_what_nobody_took(
    chunk: RunChunk, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks() as fresh:  # type: ignore[attr-defined]
        ledger.resend(chunk.run)
    assert fresh == []
    RunChunk.objects.update(sent_at=Now() - dt.timedelta(minutes=2))
    with django_capture_on_commit_callbacks() as late:  # type: ignore[attr-defined]
        ledger.resend(chunk.run)
    assert len(late) == 1


def test_a_queue_out_of_reach_stops_nothing(transactional_db: None, caplog: pytest.LogCaptureFixture) -> None:
    """The bell is rung after the commit: a broken one must not break what was committed."""
    make_company()
    Celery("elsewhere", broker="redis://127.0.0.1:1/0")  # makes itself the current one
    try:
        run = runs.request_explicit(DAY)
    finally:
        app.set_current()
    assert "cannot be reached" in caplog.text
    assert run.chunks.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": "running"},
        {"phase": "dream"},
        {"first_account": 1, "last_account": 2},
    ],
)
def test_what_cannot_be_is_refused(chunk: RunChunk, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RunChunk.objects.filter(pk=chunk.pk).update(**wrong)
