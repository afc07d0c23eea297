"""The pack of a cycle: asked for in the browser, made by a worker, kept for some days, read by whoever asked."""

import logging
from collections.abc import Iterable
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts_app.models import User
from cadence.models import Audit, AuditCycle, AuditPack
from cadence.reports.audit_print import audits_of, pack_pdf
from cadence.services import audit_pack_ledger as ledger
from cadence.services.audit_pack_ledger import Attempt, LeaseLostError

logger = logging.getLogger(__name__)


def ask(cycle: AuditCycle, by: User) -> AuditPack:
    """Have the pack made; who asks again while it is being made waits for the same one."""
    try:
        with transaction.atomic():
            pack = AuditPack.objects.create(cycle=cycle, asked_by=by, total=len(audits_of(cycle, by)))
            ledger.ring([pack.pk])
            return pack
    except IntegrityError:
        under_way = AuditPack.objects.pending().filter(cycle=cycle, asked_by=by).first()
        if under_way is None:
            raise
        return under_way


def cancel(pack: AuditPack) -> bool:
    """Stop what is under way: its worker hears of it within a second, and can no longer keep anything."""
    pending = AuditPack.objects.pending().filter(pk=pack.pk)
    return bool(pending.update(state=AuditPack.State.CANCELLED, lease_until=None, error=""))


def may_be_read(pack: AuditPack, user: User) -> bool:
    """By whoever asked, as long as every account in it may still be seen."""
    if pack.asked_by_id != user.pk or pack.state != AuditPack.State.DONE:
        return False
    return Audit.objects.visible_to(user).filter(pk__in=pack.audits).count() == len(pack.audits)


def work(pack_id: int) -> None:
    """Make the pack, if it is still wanted."""
    pack = ledger.claim(pack_id)
    if pack is None:
        return
    try:
        with ledger.kept_alive(pack) as attempt:
            _make(pack, attempt)
    except LeaseLostError:
        logger.info("Pack %s was cancelled or taken over", pack.pk)
    # Whatever comes about ends in its row, where people see it.
    except Exception as error:
        ledger.give_back(pack, f"{type(error).__name__}: {error}")
        logger.exception("Pack %s failed", pack.pk)


def _make(pack: AuditPack, attempt: Attempt) -> None:
    keys = audits_of(pack.cycle, pack.asked_by)
    pdf = pack_pdf(pack.cycle, pack.asked_by, timezone.now(), keys, attempt.progress)
    attempt.progress(len(keys), len(keys))
    # Of each attempt its own file: one that comes late cannot write over what is being read.
    name = default_storage.save(_file_of(pack, pack.attempts), ContentFile(pdf))
    try:
        attempt.finish(file=name, audits=keys, done=len(keys), total=len(keys))
    except BaseException:
        default_storage.delete(name)
        raise


def sweep() -> None:
    """Ring again for what got lost, end what used up its attempts, forget what is old."""
    ledger.end_hopeless()
    ledger.resend()
    for pack in AuditPack.objects.out_of_date():
        with transaction.atomic():
            names = {pack.file.name or "", *(_file_of(pack, number + 1) for number in range(pack.attempts))}
            pack.delete()
            transaction.on_commit(partial(_delete, names))


def _file_of(pack: AuditPack, attempt: int) -> str:
    return f"audit-packs/{pack.pk}-{attempt}.pdf"


def _delete(names: Iterable[str]) -> None:
    """Those of every attempt: a worker that was killed at the end of one left a file that no row names."""
    for name in filter(None, names):
        default_storage.delete(name)
