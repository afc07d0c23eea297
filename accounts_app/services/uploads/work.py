"""What a worker does with an upload: read it, try it, import it."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db import OperationalError, transaction

from accounts_app.importing.limits import FileRefusedError
from accounts_app.importing.load import import_file
from accounts_app.importing.plan import Told
from accounts_app.importing.preview import preview
from accounts_app.importing.request import Outcome, Request
from accounts_app.models import Upload
from accounts_app.services.uploads import files, ledger
from accounts_app.services.uploads.ledger import Attempt, LeaseLostError

logger = logging.getLogger(__name__)


def work(upload_id: int) -> None:
    """Do the step that is asked for, if it still is."""
    upload = ledger.claim(upload_id)
    if upload is None:
        return
    try:
        with ledger.kept_alive(upload) as attempt:
            STEPS[Upload.Step(upload.step)](upload, attempt)
    except Exception as error:  # noqa: BLE001  # whatever a file brings about ends in its row, where people see it
        if not _ended(upload, error):
            logger.info("Upload %s was cancelled or taken over", upload.pk)


def _ended(upload: Upload, error: Exception) -> bool:
    """Write down how the attempt ended; false where the upload is no longer this attempt's."""
    if isinstance(error, LeaseLostError):
        return False
    # A lost connection or a deadlock is no fault of the file: it is tried again.
    if isinstance(error, FileRefusedError) and not isinstance(error.__cause__, OperationalError):
        return ledger.fail(upload, str(error))
    if not ledger.give_back(upload, f"{type(error).__name__}: {error}"):
        return False
    logger.error("Upload %s failed at %s", upload.pk, upload.step, exc_info=error)
    return True


def _preview(upload: Upload, attempt: Attempt) -> None:
    said = upload.options
    seen = preview(
        files.source_of(upload),
        upload.kind,
        upload.feed.name,
        columns=said.get("columns"),
        told=_told(said) if said else None,
        encoding=said.get("encoding"),
        sheet=said.get("sheet"),
        limits=files.limits(),
        on_rows=lambda rows: attempt.progress("reading", rows, 0),
    )
    attempt.finish(preview=asdict(seen), rows_total=seen.rows)


def _dry_run(upload: Upload, attempt: Attempt) -> None:
    outcome = import_file(_request(upload, attempt, dry_run=True))
    attempt.finish(trial=as_json(outcome))


def _import(upload: Upload, attempt: Attempt) -> None:
    # One transaction: a worker that is killed or cancelled leaves nothing, one that comes late is fenced off.
    with transaction.atomic():
        outcome = import_file(_request(upload, attempt, dry_run=False))
        attempt.finish(batch_id=outcome.batch)
    files.remove_source(upload)


STEPS: dict[Upload.Step, Callable[[Upload, Attempt], None]] = {
    Upload.Step.PREVIEW: _preview,
    Upload.Step.DRY_RUN: _dry_run,
    Upload.Step.IMPORT: _import,
}


def _request(upload: Upload, attempt: Attempt, *, dry_run: bool) -> Request:
    said = upload.options
    return Request(
        kind=upload.kind,
        path=files.source_of(upload),
        feed=upload.feed.name,
        columns=said.get("columns", {}),
        accounts_from=said.get("accounts_from", ""),
        currency=said.get("currency", ""),
        history=said.get("history"),
        create_accounts=said.get("create_accounts", False),
        dry_run=dry_run,
        told=_told(said),
        encoding=said.get("encoding"),
        sheet=said.get("sheet"),
        rejects=None if dry_run else files.rejects_of(upload),
        by=upload.by,
        limits=files.limits(),
        on_progress=attempt.progress,
    )


def _told(said: dict[str, Any]) -> Told:
    return Told(dates=said.get("dates"), decimal=said.get("decimal"))


def as_json(outcome: Outcome) -> dict[str, Any]:
    """What a dry run found, as it is kept with the upload."""
    day = outcome.complete_to
    return asdict(outcome) | {
        "complete_to": day.isoformat() if day else None,
        "reasons": [reason._asdict() for reason in outcome.reasons],
        "examples": [example._asdict() for example in outcome.examples],
    }
