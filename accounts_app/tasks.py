"""What workers are asked to do with files. A message carries an id; what is asked, and whether still, is in the row."""

from celery import shared_task

from accounts_app.services import uploads
from accounts_app.services.uploads.work import work


@shared_task(name="accounts_app.tasks.work_upload", time_limit=3300, soft_time_limit=3240)
def work_upload(upload_id: int) -> None:
    work(upload_id)


@shared_task(name="accounts_app.tasks.sweep_uploads")
def sweep_uploads() -> None:
    uploads.sweep()
