"""What workers are asked to do: messages carry nothing, what is to be done stands in the database."""

from celery import shared_task
from django.utils import timezone

from cadence.services import audit_packs, audit_reminders, digests, outbox, quarters


@shared_task(name="cadence.tasks.refresh_quarters")
def refresh_quarters() -> None:
    quarters.refresh_quarters()


@shared_task(name="cadence.tasks.send_mails")
def send_mails() -> None:
    outbox.send_waiting()


@shared_task(name="cadence.tasks.ensure_digests")
def ensure_digests() -> None:
    """Make sure that the digests of this date exist, and forget what old mails said."""
    digests.ensure_digests(timezone.now())
    outbox.forget_contents()


@shared_task(name="cadence.tasks.remind_of_audits")
def remind_of_audits() -> None:
    audit_reminders.remind(timezone.now())


@shared_task(name="cadence.tasks.work_audit_pack")
def work_audit_pack(pack_id: int) -> None:
    audit_packs.work(pack_id)


@shared_task(name="cadence.tasks.sweep_audit_packs")
def sweep_audit_packs() -> None:
    audit_packs.sweep()
