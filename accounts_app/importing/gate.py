"""What may reach a parser at all: size, real type, archive contents, counted while inflating."""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

from .archive import check_archive
from .limits import LIMITS, MIB, FileRefusedError, Limits

Form: TypeAlias = Literal["text", "gzip", "workbook"]

CHUNK = 1 << 20


# Beginnings of files that people rename to .csv or .xlsx by accident.
_OTHER_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML document"),
    (b"<table", "a web page"),
    (b"{", "a JSON document"),
)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")  # UTF-16 and UTF-32 have NUL bytes in every letter
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check(path: Path, limits: Limits = LIMITS) -> Form:
    """Say what the file really is, or refuse it.

    Parameters
    ----------
    path
        The file as it was handed over; its name is not believed.
    limits
        Sizes beyond which it is refused.

    Returns
    -------
    "text", "gzip" or "workbook".

    Raises
    ------
    FileRefusedError
        Missing, empty, too large, of another kind, or an archive that does not inflate honestly.
    """
    _check_size(path, limits)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            return _form(file, head, path, limits)
    except OSError as error:
        raise FileRefusedError(f"{path.name} cannot be read: {error.strerror or error}.") from error


def open_bytes(path: Path, form: Form, limits: Limits = LIMITS) -> BinaryIO:
    """Open a text file for reading, inflating it under the limits where it is packed."""
    if form == "gzip":
        counted = _CountedInflation(path, limits)
        return io.BufferedReader(counted, CHUNK)
    return path.open("rb", buffering=CHUNK)


def inspected(file: BinaryIO, name: str, limits: Limits = LIMITS) -> Iterator[bytes]:
    """All bytes of a text file, checked for what would make reading it by lines unsafe.

    Raises
    ------
    FileRefusedError
        At NUL bytes and at a line that does not end (a chunk without a line end is longer than any line taken).
    """
    start, wide = 0, False
    while chunk := file.read(CHUNK):
        if start == 0:
            wide = chunk.startswith(_WIDE_MARKS) or chunk[:400].count(0) > 0.3 * len(chunk[:400])
        if not wide and b"\0" in chunk:
            raise FileRefusedError(
                f"{name} holds NUL characters (at byte {start + chunk.index(0):,}): "
                "it is not text, or it was damaged. Export it again."
            )
        if len(chunk) > limits.line and b"\n" not in chunk and b"\r" not in chunk:
            raise FileRefusedError(
                f"{name} has a line longer than {limits.line:,} characters (at byte {start:,}); no table has such rows."
            )
        start += len(chunk)
        yield chunk


def _check_size(path: Path, limits: Limits) -> None:
    if not path.exists():
        raise FileRefusedError(f"There is no file {path}.")
    if not path.is_file():
        raise FileRefusedError(f"{path} is not a file.")
    size = path.stat().st_size
    if size == 0:
        raise FileRefusedError(f"{path.name} is empty: it holds no rows.")
    if size > limits.file_bytes:
        raise FileRefusedError(
            f"{path.name} has {size / MIB:,.0f} MiB; at most {limits.file_bytes / MIB:,.0f} MiB are read. Split it."
        )


def _form(file: BinaryIO, head: bytes, path: Path, limits: Limits) -> Form:
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PK"):
        check_archive(file, path, limits)
        return "workbook"
    if head.startswith(_OLE2):
        if path.stat().st_size > limits.workbook_bytes:
            raise FileRefusedError(f"{path.name} is too large for a workbook; save it as CSV.")
        return "workbook"
    refuse_other_formats(head, path.name)
    return "text"


def refuse_other_formats(head: bytes, name: str) -> None:
    """Refuse what is plainly no table, by its first bytes.

    Raises
    ------
    FileRefusedError
        With the kind of file that was recognised.
    """
    opening = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, what in _OTHER_FORMATS:
        if head.startswith(magic):
            raise FileRefusedError(f"{name} is {what}, not a table. Export it as CSV or XLSX.")
    for magic, what in _MARKUP:
        if opening.startswith(magic):
            raise FileRefusedError(f"{name} is {what}, not a table. Export it as CSV or XLSX.")


class _CountedInflation(io.RawIOBase):
    """A gzip stream that stops when it grows beyond the limits or ends early."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        self._packed = max(path.stat().st_size, 1)
        self._stream = gzip.open(path, "rb")  # noqa: SIM115  # closed with this stream
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except (EOFError, zlib.error, OSError) as error:
            raise FileRefusedError(
                f"{self._path.name} is a damaged gzip file ({error}). It was probably cut off: fetch it again."
            ) from error
        self._count += len(data)
        self._check()
        buffer[: len(data)] = data
        return len(data)

    def _check(self) -> None:
        limits = self._limits
        bomb = self._count > limits.ratio_from and self._count > limits.ratio * self._packed
        if bomb or self._count > limits.text_bytes:
            raise FileRefusedError(
                f"{self._path.name} unpacks to more than {self._count // self._packed} times its size, "
                f"{self._count / MIB:,.0f} MiB and more; that is not read."
            )

    def close(self) -> None:
        self._stream.close()
        super().close()
