"""A workbook's archive, checked before its parser sees it: entries, declared sizes, and what really comes out."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .limits import MIB, FileRefusedError, Limits

_PIECE = 1 << 20


def check_archive(file: BinaryIO, path: Path, limits: Limits) -> None:
    """Refuse an archive that is no honest workbook.

    Raises
    ------
    FileRefusedError
        Too many or protected entries, no workbook inside, damage, or more inside than the limits allow.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_entries(entries, path, limits)
            _check_inflation(file, entries, path, limits)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError) as error:
        raise FileRefusedError(f"{path.name} is a damaged archive ({error}). Export it again.") from error


def _check_entries(entries: list[zipfile.ZipInfo], path: Path, limits: Limits) -> None:
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > limits.entries:
        raise FileRefusedError(
            f"{path.name} has {len(entries):,} archive entries; a workbook has at most {limits.entries:,}."
        )
    if not names & {"xl/workbook.xml", "xl/workbook.bin"}:
        raise FileRefusedError(
            f"{path.name} is a ZIP archive without a workbook. Unpack it and import the table itself."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefusedError(f"{path.name} is protected by a password. Save it without one.")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise FileRefusedError(f"{path.name} is packed in a way no spreadsheet writes. Export it again.")
    _check_expansion(sum(entry.file_size for entry in entries), path, limits)


def _check_expansion(size: int, path: Path, limits: Limits) -> None:
    packed = max(path.stat().st_size, 1)
    if size > limits.workbook_bytes:
        raise FileRefusedError(
            f"{path.name} unpacks to more than {limits.workbook_bytes / MIB:,.0f} MiB. Save the sheet as CSV."
        )
    if size > limits.ratio_from and size > limits.ratio * packed:
        raise FileRefusedError(
            f"{path.name} unpacks to more than {limits.ratio} times its size, as no honest export does."
        )


def _check_inflation(file: BinaryIO, entries: list[zipfile.ZipInfo], path: Path, limits: Limits) -> None:
    """Count what really comes out: declared sizes can lie, and entries can share bytes."""
    total = 0
    for entry in entries:
        for size in _inflated_sizes(file, entry):
            total += size
            _check_expansion(total, path, limits)


def _inflated_sizes(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[int]:
    file.seek(entry.header_offset)
    header = file.read(30)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    file.seek(name_length + extra_length, io.SEEK_CUR)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield entry.compress_size
        return
    inflater, left = zlib.decompressobj(-15), entry.compress_size
    while left > 0 and not inflater.eof:
        data = file.read(min(_PIECE, left))
        if not data:
            raise EOFError("an entry ends early")
        left -= len(data)
        while data:
            yield len(inflater.decompress(data, _PIECE))
            data = inflater.unconsumed_tail
