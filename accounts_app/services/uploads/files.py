"""Where handed-in files lie: a folder each, readable by this user alone, removed when nothing needs it any more."""

import os
import re
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from accounts_app.importing import gate
from accounts_app.importing.limits import LIMITS, Limits
from accounts_app.models import Upload

_LONGEST_NAME = 120
# Enough of a packed file to tell a bomb: the gate counts what comes out.
_INFLATED = 16 << 20
# No upload takes longer; what a killed web process left behind is older.
_STRAY_SECONDS = 24 * 3600


def limits() -> Limits:
    """The importer's limits, with this installation's size of an upload."""
    return replace(LIMITS, file_bytes=settings.UPLOAD_BYTES)


def arriving() -> Path:
    """The folder of what is still on its way; on the same disk, so that keeping a file is a rename."""
    return _private(Path(settings.UPLOAD_DIR) / "arriving")


def folder_of(upload: Upload) -> Path:
    return Path(settings.UPLOAD_DIR) / upload.folder.hex


def source_of(upload: Upload) -> Path:
    # In a folder of its own, so that no name that was handed in can be that of another file of ours.
    return folder_of(upload) / "source" / upload.file_name


def rejects_of(upload: Upload) -> Path:
    return folder_of(upload) / "rejected.csv"


def safe_name(name: str) -> str:
    """The name as people know it, without what a file system or a terminal could take for more than a name."""
    bare = re.sub(r"[\x00-\x1f\x7f/\\]", "", Path(name).name).lstrip(".").strip()
    stem, dot, suffix = bare.rpartition(".")
    return (f"{stem[:_LONGEST_NAME]}{dot}{suffix[:10]}" if stem else bare[:_LONGEST_NAME]) or "file"


def keep(upload: Upload, file: UploadedFile) -> None:
    """Put a file that has arrived into the upload's folder."""
    _private(folder_of(upload))
    place = source_of(upload)
    _private(place.parent)
    if isinstance(file, TemporaryUploadedFile):
        shutil.move(file.temporary_file_path(), place)
    else:
        with place.open("wb") as target:
            shutil.copyfileobj(file, target)
    place.chmod(0o600)


def check(upload: Upload) -> None:
    """Refuse at once what no parser may see.

    Raises
    ------
    FileRefusedError
        With what the file is, or how it is damaged.
    """
    place, allowed = source_of(upload), limits()
    form = gate.check(place, allowed)
    if form == "workbook":
        return
    with gate.open_bytes(place, form, allowed) as file:
        read = 0
        for chunk in gate.inspected(file, place.name, allowed):
            if read == 0:
                gate.refuse_other_formats(chunk[:4096], place.name)
            read += len(chunk)
            if read > _INFLATED:
                return


def remove_source(upload: Upload) -> None:
    shutil.rmtree(source_of(upload).parent, ignore_errors=True)


def remove(upload: Upload) -> None:
    shutil.rmtree(folder_of(upload), ignore_errors=True)


def remove_strays() -> None:
    """Remove what arrived while its web process was killed."""
    for path in arriving().iterdir():
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _STRAY_SECONDS:
                path.unlink()


def _private(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        os.chmod(folder, 0o700)  # noqa: PTH101  # folders above keep their own mode
    return folder
