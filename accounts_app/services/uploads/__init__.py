"""Files handed in through the browser: taken in here, read, tried and imported by workers (docs/adr/0004)."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F

from accounts_app.importing.limits import FileRefusedError
from accounts_app.models import Feed, ImportBatch, Upload, User
from accounts_app.services.uploads import files, ledger

# What a mapping and the options are called in an upload and in a batch.
_OF_BATCH = ("accounts_from", "currency", "create_accounts", "dates", "decimal", "encoding", "sheet", "history")


def accept(*, feed: Feed, kind: str, file: UploadedFile, by: User, corrects: ImportBatch | None = None) -> Upload:
    """Keep a file that may reach a parser, and have it read.

    Raises
    ------
    FileRefusedError
        Where it may not; nothing of it is kept.
    """
    upload = Upload(
        feed=feed,
        kind=kind,
        file_name=files.safe_name(file.name or ""),
        size=file.size or 0,
        by=by,
        corrects=corrects,
        options=_answers_of(corrects) if corrects else {},
    )
    try:
        files.keep(upload, file)
        files.check(upload)
        with transaction.atomic():
            upload.save()
            ledger.ring([upload.pk])
    except BaseException:
        files.remove(upload)
        raise
    return upload


def _answers_of(batch: ImportBatch) -> dict[str, Any]:
    """What was said of an import holds for its corrected rows, whether it was a history load too."""
    said = {name: batch.options[name] for name in _OF_BATCH if name in batch.options}
    # A reject file is a table of its own, in UTF-8, whatever the file it came from was.
    said.pop("encoding", None)
    said.pop("sheet", None)
    return said | {"columns": batch.options.get("map", {})}


def read_again(upload: Upload, options: dict[str, Any]) -> bool:
    """Read the file in another way; the columns are guessed anew, since they may be others."""
    fresh = {name: value for name, value in options.items() if name != "columns"}
    return _ask(upload, Upload.Step.PREVIEW, options=fresh, preview=None, trial=None)


def ask_dry_run(upload: Upload, options: dict[str, Any]) -> bool:
    return _ask(upload, Upload.Step.DRY_RUN, options=options, trial=None)


def ask_import(upload: Upload) -> bool:
    """Import what was tried; the second of two clicks finds nothing to ask for."""
    return _ask(upload, Upload.Step.IMPORT, only_tried=True)


def _ask(upload: Upload, step: Upload.Step, *, only_tried: bool = False, **changes: Any) -> bool:
    idle = Upload.objects.in_hand().idle().filter(pk=upload.pk)
    if only_tried:
        idle = idle.filter(trial__isnull=False)
    with transaction.atomic():
        asked = idle.update(
            step=step,
            state=Upload.State.WAITING,
            attempts_allowed=F("attempts") + Upload.MAX_ATTEMPTS,
            error="",
            phase="",
            rows_done=0,
            **changes,
        )
        if asked:
            ledger.ring([upload.pk])
    return bool(asked)


def cancel(upload: Upload) -> bool:
    """Stop what is under way: the worker hears of it within a second, and can no longer write."""
    pending = Upload.objects.pending().filter(pk=upload.pk)
    return bool(pending.update(state=Upload.State.CANCELLED, lease_until=None, error=""))


def discard(upload: Upload) -> bool:
    """Forget a file that was not imported."""
    gone, _rows = Upload.objects.in_hand().idle().filter(pk=upload.pk).delete()
    if gone:
        files.remove(upload)
    return bool(gone)


def sweep() -> None:
    """Ring again for what got lost, end what used up its attempts, forget what is old."""
    ledger.end_hopeless()
    ledger.resend()
    for upload in Upload.objects.idle().older_than(settings.UPLOAD_DAYS):
        upload.delete()
        files.remove(upload)
    files.remove_strays()


__all__ = ["FileRefusedError", "accept", "ask_dry_run", "ask_import", "cancel", "discard", "read_again", "sweep"]
