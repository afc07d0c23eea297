"""What workers are asked to do: messages carry nothing, what is to be done stands in the database."""

from celery import shared_task

from cadence.services import quarters


@shared_task(name="cadence.tasks.refresh_quarters")
def refresh_quarters() -> None:
    quarters.refresh_quarters()
