"""The ledger of long work: claiming chunks with a lease, finishing them behind a fence, ringing the doorbell.

PostgreSQL's clock decides about leases, so workers need not agree on the time. What a chunk does is not known here.
"""

import logging
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from accounts_app.services.lease_renewal import LeaseRenewal
from signals.models import Run, RunChunk
from signals.models.run import RunChunkQuerySet

logger = logging.getLogger(__name__)

WORK_CHUNK = "signals.tasks.work_chunk"
LONGEST_ERROR = 4000


class LeaseLostError(Exception):
    """Another attempt took the chunk over, or its run began anew: what was worked out must not be written."""


def this_worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def from_now(span: timedelta) -> Combinable:
    return ExpressionWrapper(Now() + span, output_field=DateTimeField())


def lease() -> Combinable:
    return from_now(timedelta(seconds=settings.CHUNK_LEASE_SECONDS))


def claim(chunk_id: int) -> RunChunk | None:
    """Take the chunk if it is free and has an attempt left; committed before any work begins."""
    with transaction.atomic():
        free = RunChunk.objects.free().with_attempts_left().filter(pk=chunk_id)
        taken = free.update(
            state=RunChunk.State.RUNNING, attempts=F("attempts") + 1, lease_until=lease(), claimed_by=this_worker()
        )
        return RunChunk.objects.select_related("run__rule_set").get(pk=chunk_id) if taken else None


def claim_next(run: Run) -> RunChunk | None:
    """Take any free chunk of the run."""
    free = RunChunk.objects.free().with_attempts_left().filter(run=run).order_by("n")
    claims = (claim(chunk_id) for chunk_id in free.values_list("pk", flat=True))
    return next((chunk for chunk in claims if chunk), None)


@contextmanager
def kept_alive(chunk: RunChunk) -> Iterator[None]:
    """Renew the lease while the work goes on: a killed worker stops renewing, a slow one does not lose its chunk."""
    renewal = LeaseRenewal(
        lambda: _held(chunk).update(lease_until=lease()),
        every=settings.CHUNK_LEASE_SECONDS / 3,
        of=f"chunk {chunk.pk}",
    )
    try:
        yield
    finally:
        renewal.end()


@contextmanager
def fenced(chunk: RunChunk) -> Iterator[None]:
    """One transaction for the results and the mark "done", refused when the chunk is no longer this attempt's."""
    with transaction.atomic():
        if not _held(chunk).select_for_update().exists():
            raise LeaseLostError(str(chunk))
        yield
        _held(chunk).update(state=RunChunk.State.DONE, lease_until=None, error="")


def tell_days(chunk: RunChunk, days_done: int) -> None:
    """Write down how many days a long chunk has done; one that was cancelled or taken over ends here."""
    if not _held(chunk).update(days_done=days_done):
        raise LeaseLostError(str(chunk))


def give_back(chunk: RunChunk, error: str) -> None:
    """The attempt failed: free the chunk for the next one."""
    changes = {"state": RunChunk.State.PENDING, "lease_until": None, "error": error[-LONGEST_ERROR:]}
    if _held(chunk).update(**changes, failures=F("failures") + 1):
        ring([chunk.pk])


def _held(chunk: RunChunk) -> RunChunkQuerySet:
    return RunChunk.objects.filter(pk=chunk.pk, state=RunChunk.State.RUNNING, attempts=chunk.attempts)


def hopeless(run: Run) -> RunChunkQuerySet:
    """Free chunks that have used up their attempts."""
    return RunChunk.objects.free().spent().filter(run=run)


def split(chunk: RunChunk, account_ids: Iterable[int]) -> None:
    """Put one chunk an account in its place: attempts are also used up by workers that die, not only by bad chunks."""
    last = RunChunk.objects.filter(run=chunk.run, phase=chunk.phase).order_by("-n").values_list("n", flat=True)[0]
    parts = [
        RunChunk(run=chunk.run, phase=chunk.phase, n=n, first_account=account_id, last_account=account_id)
        for n, account_id in enumerate(account_ids, start=last + 1)
    ]
    RunChunk.objects.bulk_create(parts)
    RunChunk.objects.filter(pk=chunk.pk).update(state=RunChunk.State.SPLIT, lease_until=None)
    ring([part.pk for part in parts])


def resend(run: Run) -> None:
    """Ring again for what is free and was not asked for lately."""
    # A message not answered for the length of a lease is taken for lost; a second one is harmless.
    unheard = Q(sent_at=None) | Q(sent_at__lt=from_now(-timedelta(seconds=settings.CHUNK_LEASE_SECONDS)))
    free = RunChunk.objects.free().with_attempts_left().filter(unheard, run=run)
    ring(list(free.order_by("n").values_list("pk", flat=True)))


def ring(chunk_ids: list[int]) -> None:
    """Tell the workers, after the commit; a doorbell nobody hears is rung again by the next sweep."""
    if chunk_ids:
        RunChunk.objects.filter(pk__in=chunk_ids).update(sent_at=Now())
        transaction.on_commit(partial(_send, chunk_ids))


def _send(chunk_ids: list[int]) -> None:
    try:
        for chunk_id in chunk_ids:
            current_app.send_task(WORK_CHUNK, args=(chunk_id,), retry=False)
    except (OperationalError, OSError) as reason:
        logger.warning(
            "The queue cannot be reached (%s); the sweep will ring again for %d chunks", reason, len(chunk_ids)
        )
