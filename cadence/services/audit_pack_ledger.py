"""The ledger of packs: claimed with a lease, finished behind a fence, the doorbell rung (docs/adr/0004).

As in the ledgers of runs and uploads, PostgreSQL's clock decides about leases, and a message carries an id only.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts_app.services.lease_renewal import LeaseRenewal
from cadence.models import AuditPack
from cadence.models.audit_pack import AuditPackQuerySet

logger = logging.getLogger(__name__)

WORK_PACK: Final = "cadence.tasks.work_audit_pack"
LONGEST_ERROR: Final = 4000
# How soon a page sees the progress, and a worker that somebody has cancelled its work.
BEAT_SECONDS: Final = 0.5
State = AuditPack.State


class LeaseLostError(Exception):
    """Cancelled, or taken over by another attempt: what was made must not be kept."""


def _from_now(seconds: float) -> Combinable:
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())


def claim(pack_id: int) -> AuditPack | None:
    """Take the pack if it is free and has an attempt left; committed before any work begins."""
    with transaction.atomic():
        taken = (
            AuditPack.objects.free()
            .with_attempts_left()
            .filter(pk=pack_id)
            .update(
                state=State.RUNNING,
                attempts=F("attempts") + 1,
                lease_until=_from_now(settings.CHUNK_LEASE_SECONDS),
                claimed_at=Now(),
                done=0,
            )
        )
        return AuditPack.objects.select_related("cycle__questions", "asked_by").get(pk=pack_id) if taken else None


def _held(pack: AuditPack) -> AuditPackQuerySet:
    return AuditPack.objects.filter(pk=pack.pk, state=State.RUNNING, attempts=pack.attempts)


class Attempt:
    """One attempt at a pack: says how far it is, keeps its lease, and hears that it was cancelled.

    A thread with a connection of its own does so: setting the pages takes its time and says nothing meanwhile.
    """

    def __init__(self, pack: AuditPack) -> None:
        self.pack = pack
        self.lost = False
        self._progress: dict[str, int] = {}
        self._renewal = LeaseRenewal(self._keep, every=BEAT_SECONDS, of=f"pack {pack.pk}")

    def progress(self, done: int, total: int) -> None:
        """Note how far the work is.

        Raises
        ------
        LeaseLostError
            Where it is no longer wanted.
        """
        self._progress = {"done": done, "total": total}
        if self.lost:
            raise LeaseLostError(str(self.pack))

    def finish(self, **made: Any) -> None:
        """Mark the pack done, in the transaction of its results.

        Raises
        ------
        LeaseLostError
            Where it is no longer this attempt's.
        """
        self.end()
        if not _held(self.pack).update(state=State.DONE, lease_until=None, error="", **made):
            raise LeaseLostError(str(self.pack))

    def end(self) -> None:
        self._renewal.end()

    def _keep(self) -> None:
        lease = _from_now(settings.CHUNK_LEASE_SECONDS)
        self.lost = self.lost or not _held(self.pack).update(lease_until=lease, **self._progress)


@contextmanager
def kept_alive(pack: AuditPack) -> Iterator[Attempt]:
    attempt = Attempt(pack)
    try:
        yield attempt
    finally:
        attempt.end()


def give_back(pack: AuditPack, reason: str) -> bool:
    """The attempt failed: free the pack for the next one."""
    with transaction.atomic():
        freed = _held(pack).update(state=State.WAITING, lease_until=None, error=reason[-LONGEST_ERROR:])
        if freed:
            ring([pack.pk])
    return bool(freed)


def end_hopeless() -> None:
    """End what has used up its attempts: by errors, or by workers that were killed over it."""
    for pack in AuditPack.objects.free().filter(attempts__gte=AuditPack.MAX_ATTEMPTS):
        said = pack.error or _("The program that worked on it ended without a word.")
        reason = _("Tried %(n)s times. The last time: %(said)s") % {"n": AuditPack.MAX_ATTEMPTS, "said": said}
        free = AuditPack.objects.free().filter(pk=pack.pk, attempts=pack.attempts)
        free.update(state=State.FAILED, lease_until=None, error=reason[:LONGEST_ERROR])


def resend() -> None:
    """Ring again for what is free and was not asked for lately."""
    # A message not answered for the length of a lease is taken for lost; a second one is harmless.
    unheard = Q(sent_at=None) | Q(sent_at__lt=_from_now(-settings.CHUNK_LEASE_SECONDS))
    free = AuditPack.objects.free().with_attempts_left().filter(unheard)
    ring(list(free.order_by("pk").values_list("pk", flat=True)))


def ring(pack_ids: list[int]) -> None:
    """Tell the workers, after the commit; a doorbell nobody hears is rung again by the next sweep."""
    if pack_ids:
        AuditPack.objects.filter(pk__in=pack_ids).update(sent_at=Now())
        transaction.on_commit(partial(_send, pack_ids))


def _send(pack_ids: list[int]) -> None:
    try:
        for pack_id in pack_ids:
            current_app.send_task(WORK_PACK, args=(pack_id,), retry=False)
    except (OperationalError, OSError) as reason:
        logger.warning("The queue cannot be reached (%s); the sweep will ring again", reason)
