"""The ledger of uploads: claimed with a lease, finished behind a fence, the doorbell rung (docs/adr/0004).

As in the ledger of runs, PostgreSQL's clock decides about leases, and a message carries an id only.
"""

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts_app.models import Upload
from accounts_app.models.upload import UploadQuerySet
from accounts_app.services.lease_renewal import LeaseRenewal

logger = logging.getLogger(__name__)

WORK_UPLOAD = "accounts_app.tasks.work_upload"
LONGEST_ERROR = 4000
# How soon a page sees the progress, and a worker that somebody has cancelled its work.
BEAT_SECONDS = 0.5


class LeaseLostError(Exception):
    """Cancelled, or taken over by another attempt: what was worked out must not be written."""


def _from_now(seconds: float) -> Combinable:
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())


def claim(upload_id: int) -> Upload | None:
    """Take the upload if it is free and has an attempt left; committed before any work begins."""
    with transaction.atomic():
        free = Upload.objects.free().with_attempts_left().filter(pk=upload_id)
        taken = free.update(
            state=Upload.State.RUNNING,
            attempts=F("attempts") + 1,
            lease_until=_from_now(settings.CHUNK_LEASE_SECONDS),
            claimed_by=f"{socket.gethostname()}:{os.getpid()}",
            claimed_at=Now(),
            phase="",
            rows_done=0,
        )
        return Upload.objects.select_related("feed", "by").get(pk=upload_id) if taken else None


def _held(upload: Upload) -> UploadQuerySet:
    return Upload.objects.filter(pk=upload.pk, state=Upload.State.RUNNING, attempts=upload.attempts)


class Attempt:
    """One attempt at a step: says how far it is, keeps its lease, and hears that it was cancelled.

    A thread with a connection of its own does so, beside the import's transaction, which nobody sees before its end.
    """

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.lost = False
        self._progress: dict[str, Any] = {}
        connection.ensure_connection()
        self._working = connection.connection
        self._renewal = LeaseRenewal(self._keep, every=BEAT_SECONDS, of=f"upload {upload.pk}")

    def progress(self, phase: str, done: int, rows: int) -> None:
        """Note how far the work is.

        Raises
        ------
        LeaseLostError
            Where it is no longer wanted.
        """
        self._progress = {"phase": phase, "rows_done": done, "rows_total": rows}
        if self.lost:
            raise LeaseLostError(str(self.upload))

    def finish(self, **found: Any) -> None:
        """Mark the step done, in the transaction of its results.

        Raises
        ------
        LeaseLostError
            Where the upload is no longer this attempt's: the transaction takes the results back.
        """
        self.end()
        if not _held(self.upload).update(state=Upload.State.DONE, lease_until=None, error="", **found):
            raise LeaseLostError(str(self.upload))

    def end(self) -> None:
        self._renewal.end()

    def _keep(self) -> None:
        lease = _from_now(settings.CHUNK_LEASE_SECONDS)
        if not self.lost and not _held(self.upload).update(lease_until=lease, **self._progress):
            self.lost = True
        if self.lost and self._working:
            # One statement may write a million rows: it is ended where it stands.
            self._working.cancel()


@contextmanager
def kept_alive(upload: Upload) -> Iterator[Attempt]:
    attempt = Attempt(upload)
    try:
        yield attempt
    finally:
        attempt.end()


def fail(upload: Upload, reason: str) -> bool:
    """End the step with its reason: trying again would give the same answer."""
    return bool(_held(upload).update(state=Upload.State.FAILED, lease_until=None, error=reason[:LONGEST_ERROR]))


def give_back(upload: Upload, reason: str) -> bool:
    """The attempt failed: free the upload for the next one."""
    with transaction.atomic():
        freed = _held(upload).update(state=Upload.State.WAITING, lease_until=None, error=reason[-LONGEST_ERROR:])
        if freed:
            ring([upload.pk])
    return bool(freed)


def end_hopeless() -> None:
    """End what has used up its attempts: by errors, or by workers that were killed over it."""
    for upload in Upload.objects.free().filter(attempts__gte=F("attempts_allowed")):
        said = upload.error or _(
            "The program that worked on it ended without a word: it was killed or ran out of memory."
        )
        reason = _("Tried %(n)s times. The last time: %(said)s") % {"n": Upload.MAX_ATTEMPTS, "said": said}
        free = Upload.objects.free().filter(pk=upload.pk, attempts=upload.attempts)
        free.update(state=Upload.State.FAILED, lease_until=None, error=reason[:LONGEST_ERROR])


def resend() -> None:
    """Ring again for what is free and was not asked for lately."""
    # A message not answered for the length of a lease is taken for lost; a second one is harmless.
    unheard = Q(sent_at=None) | Q(sent_at__lt=_from_now(-settings.CHUNK_LEASE_SECONDS))
    free = Upload.objects.free().with_attempts_left().filter(unheard)
    ring(list(free.order_by("pk").values_list("pk", flat=True)))


def ring(upload_ids: list[int]) -> None:
    """Tell the workers, after the commit; a doorbell nobody hears is rung again by the next sweep."""
    if upload_ids:
        Upload.objects.filter(pk__in=upload_ids).update(sent_at=Now())
        transaction.on_commit(partial(_send, upload_ids))


def _send(upload_ids: list[int]) -> None:
    try:
        for upload_id in upload_ids:
            current_app.send_task(WORK_UPLOAD, args=(upload_id,), retry=False)
    except (OperationalError, OSError) as reason:
        logger.warning("The queue cannot be reached (%s); the sweep will ring again", reason)
