"""Documents of value items: told by their content, kept under names of our own, given out as what they are."""

import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts_app.services.uploads.files import safe_name

MOST_ENTRIES = 5_000
# What the main part of an office document is called in its archive, and its ending.
_OFFICE = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"))
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_BEGINNINGS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_LONGEST_BEGINNING = 8
_SAME = {"jpeg": "jpg"}


@dataclass(frozen=True)
class Document:
    """`stored_as` is random, so that nothing handed in names a file of ours; `name` is what people download."""

    stored_as: str
    name: str


def checked(file: UploadedFile) -> Document:
    """Say what to keep the file as, or refuse it.

    Raises
    ------
    ValidationError
        Too large, empty, or by its content none of the types that are taken.
    """
    size = file.size or 0
    if size > settings.ATTACHED_BYTES:
        raise ValidationError(too_large())
    if not size:
        raise ValidationError(_("The file is empty."))
    ending = _type_of(file)
    if ending is None:
        raise ValidationError(
            _("By its content this is no PDF, picture (PNG, JPEG) or office document without macros.")
        )
    return Document(f"{uuid.uuid4().hex}.{ending}", _named(file.name or "", ending))


def too_large() -> str:
    return _("The file is larger than %(n)s MB, the most that is taken; link to it instead.") % {
        "n": settings.ATTACHED_BYTES >> 20
    }


def _type_of(file: UploadedFile) -> str | None:
    file.seek(0)
    beginning = file.read(_LONGEST_BEGINNING)
    file.seek(0)
    for sign, ending in _BEGINNINGS:
        if beginning.startswith(sign):
            return ending
    return _office_type(file) if beginning.startswith(b"PK\x03\x04") else None


def _office_type(file: UploadedFile) -> str | None:
    """Of an archive only the directory is read; nothing is unpacked but a type of fifty bytes."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()[:MOST_ENTRIES]}
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in entries):
                return None
            if (mimetype := entries.get("mimetype")) and mimetype.file_size < 100:
                return _OPEN_DOCUMENT.get(archive.read(mimetype).strip())
            return next((ending for part, ending in _OFFICE if part in entries), None)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError, EOFError):
        return None
    finally:
        file.seek(0)


def _named(name: str, ending: str) -> str:
    """The name as it was handed in, with the ending of what it really is."""
    bare = safe_name(name)
    typed = Path(bare).suffix.removeprefix(".").lower()
    return bare if _SAME.get(typed, typed) == ending else f"{Path(bare).stem}.{ending}"
