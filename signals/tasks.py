"""What workers are asked to do. A message carries ids only; what is to be done, and whether still, is in the ledger."""

from celery import shared_task
from django.utils import timezone

from signals.services import dispatch, runs


@shared_task(name="signals.tasks.work_chunk")
def work_chunk(chunk_id: int) -> None:
    runs.work(chunk_id)


@shared_task(name="signals.tasks.tick")
def tick() -> None:
    """Make sure that the run of this business date exists, and send again what got lost."""
    runs.ensure_nightly(timezone.now())
    runs.sweep()


@shared_task(name="signals.tasks.recompute_marked")
def recompute_marked() -> None:
    dispatch.recompute_marked()
