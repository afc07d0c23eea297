"""The library of value items: written, retired, brought back; with its document, which goes when it is replaced."""

import datetime as dt
from collections.abc import Iterable

import pghistory
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts_app.models import User, ValueItem
from accounts_app.services.facts import ChangedMeanwhileError, stamp
from cadence.services.value_files import Document


def write_item(
    item: ValueItem,
    fields: Iterable[str],
    *,
    seen: str,
    by: User,
    today: dt.date,
    file: UploadedFile | None = None,
    document: Document | None = None,
    drops_file: bool = False,
) -> None:
    """Add the item, or write these fields of it unless it is no longer what was `seen`; its look counts as a check."""
    kept = ""
    try:
        with transaction.atomic(), pghistory.context(user=by.pk):
            stored = _held(item, seen)
            for name in fields:
                setattr(stored, name, getattr(item, name))
            stored.checked_on = today
            old = _replace_file(stored, file, document, drops_file=drops_file)
            kept = stored.file.name if file else ""
            stored.save()
            if old:
                storage = stored.file.storage
                transaction.on_commit(lambda: storage.delete(old))
            item.pk = stored.pk
    except BaseException as error:
        if kept:
            ValueItem.file.field.storage.delete(kept)
        if isinstance(error, IntegrityError):
            raise ValidationError({"title": _("There is an item of this title already.")}) from error
        raise


def _held(item: ValueItem, seen: str) -> ValueItem:
    if not item.pk:
        return ValueItem()
    stored: ValueItem = ValueItem.objects.select_for_update().get(pk=item.pk)
    if stamp(stored) != seen:
        raise ChangedMeanwhileError(stored)
    return stored


def _replace_file(item: ValueItem, file: UploadedFile | None, document: Document | None, *, drops_file: bool) -> str:
    """Put the document in, or take it out; return the name of the one that is needed no more."""
    old = str(item.file.name or "")
    if file and document:
        item.file.save(document.stored_as, file, save=False)
        item.file_name = document.name
        return old
    if drops_file:
        item.file, item.file_name = "", ""
        return old
    return ""


def retire(item: ValueItem, *, until: dt.date | None, by: User) -> None:
    """Let the item be brought until this day and no longer; None: without an end."""
    with pghistory.context(user=by.pk):
        item.valid_until = until
        item.save(update_fields=["valid_until"])


def confirm(item: ValueItem, *, by: User, today: dt.date) -> None:
    """Somebody looked at it: it holds."""
    with pghistory.context(user=by.pk):
        item.checked_on = today
        item.save(update_fields=["checked_on"])
