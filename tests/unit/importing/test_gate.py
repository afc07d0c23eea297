import gzip
import io
import struct
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from accounts_app.importing.gate import check, inspected, open_bytes
from accounts_app.importing.limits import LIMITS, FileRefusedError

MIB = 1 << 20


def workbook(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_name_is_not_believed(tmp_path: Path) -> None:
    text, packed = tmp_path / "a.xlsx", tmp_path / "b.csv"
    text.write_text("a,b\n1,2\n")
    packed.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert (check(text), check(packed), check(workbook(tmp_path / "c.csv", {}))) == ("text", "gzip", "workbook")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"PAR1....", "Parquet"),
        (b"\xef\xbb\xbf<!DOCTYPE html><table>", "web page"),
        (b'{"rows": []}', "JSON"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"PK\x03\x04 torn", "damaged archive"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError, match=said):
        check(path)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="no file"):
        check(tmp_path / "none.csv")
    with pytest.raises(FileRefusedError, match="not a file"):
        check(tmp_path)


def test_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * 10)
    assert check(path, replace(LIMITS, file_bytes=40)) == "text"
    with pytest.raises(FileRefusedError, match="Split it"):
        check(path, replace(LIMITS, file_bytes=39))


def test_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("orders.csv", "a,b\n")
    with pytest.raises(FileRefusedError, match="without a workbook"):
        check(path)


def test_archive_with_too_many_entries_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {f"xl/{n}.xml": b"" for n in range(20)})
    with pytest.raises(FileRefusedError, match="21 archive entries"):
        check(path, replace(LIMITS, entries=20))


def test_bomb_that_declares_its_size_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": bytes(20 * MIB)})
    with pytest.raises(FileRefusedError, match="200 times"):
        check(path)


def test_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": bytes(20 * MIB)})
    content = path.read_bytes().replace(struct.pack("<I", 20 * MIB), struct.pack("<I", 1000))
    path.write_bytes(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size == 1000
    with pytest.raises(FileRefusedError, match="200 times"):
        check(path)


def test_workbook_larger_than_memory_allows_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": bytes(range(256)) * 8})
    with pytest.raises(FileRefusedError, match="Save the sheet as CSV"):
        check(path, replace(LIMITS, workbook_bytes=2000))


def test_gzip_bomb_is_stopped_while_inflating(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(bytes(30 * MIB)))
    pieces: list[int] = []
    with open_bytes(path, "gzip") as file, pytest.raises(FileRefusedError, match="times its size"):
        pieces.extend(len(piece) for piece in iter(partial(file.read, MIB), b""))
    assert sum(pieces) <= LIMITS.ratio_from


def test_gzip_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n" * 5000)[:-20])
    with pytest.raises(FileRefusedError, match="cut off"), open_bytes(path, "gzip") as file:
        file.read()


def test_nul_bytes_are_refused_with_their_place() -> None:
    with pytest.raises(FileRefusedError, match="at byte 4"):
        list(inspected(io.BytesIO(b"a,b\n\0,1\n" + b"a,b\n" * 500), "a.csv"))


def test_wide_encodings_may_hold_nul_bytes() -> None:
    assert list(inspected(io.BytesIO("a,b\n".encode("utf-16")), "a.csv"))
    assert list(inspected(io.BytesIO("a,b\n".encode("utf-16-le")), "a.csv"))


def test_line_without_end_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="line longer"):
        list(inspected(io.BytesIO(b"a,b\n" + b"x" * 3 * MIB), "a.csv"))
