"""Files as rows of cells with their line numbers, streamed, as often as they are asked for."""

import csv
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Protocol, TypeAlias

from . import charset, gate, workbook
from .limits import LIMITS, FileRefusedError, Limits, SeveralSheetsError
from .values import Cell

Row: TypeAlias = tuple[int, list[Cell]]

_DELIMITERS = ",;\t|"
_SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_ROWS = 200
WORKBOOK_SECONDS = 120


class Source(Protocol):
    """A table that can be read from its beginning any number of times."""

    def rows(self) -> Iterator[Row]:
        """Every record that is not blank, with the line (or sheet row) it begins on."""
        ...

    def describe(self) -> dict[str, str]:
        """How the file was read, for the summary."""
        ...

    def close(self) -> None:
        """Give back what reading it holds."""
        ...


@dataclass(frozen=True)
class TextSource:
    """A delimited text file."""

    path: Path
    form: gate.Form
    encoding: str
    delimiter: str
    limits: Limits = LIMITS

    def rows(self) -> Iterator[Row]:
        begins = 1
        packed = gate.open_bytes(self.path, self.form, self.limits)
        with io.TextIOWrapper(packed, self.encoding, newline="") as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            try:
                for cells in reader:
                    if any(cells) and not (begins == 1 and _is_separator_line(cells, self.delimiter)):
                        yield begins, cells  # type: ignore[misc]  # str is a Cell
                    begins = reader.line_num + 1
            except csv.Error as error:
                raise FileRefusedError(_quote_reason(error, begins, self.limits)) from error
            except UnicodeError as error:
                raise FileRefusedError(
                    f"{self.path.name} is not {self.encoding} text after line {begins:,}: {error}. "
                    "Name its encoding with --encoding."
                ) from error

    def describe(self) -> dict[str, str]:
        names = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}
        return {"encoding": self.encoding, "delimiter": names.get(self.delimiter, self.delimiter)}

    def close(self) -> None:
        """Nothing stays open between two readings."""


@dataclass(frozen=True)
class SpooledSheet:
    """A sheet of a workbook, as its reader process wrote it down: a JSON array a row."""

    spool: IO[bytes]
    sheet: str

    def rows(self) -> Iterator[Row]:
        self.spool.seek(0)
        for number, line in enumerate(self.spool, start=1):
            cells = [_typed(cell) for cell in json.loads(line)]
            if any(cell is not None and cell != "" for cell in cells):
                yield number, cells

    def describe(self) -> dict[str, str]:
        return {"sheet": self.sheet}

    def close(self) -> None:
        self.spool.close()


def open_source(
    path: Path,
    score: Callable[[list[list[Cell]]], float],
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    limits: Limits = LIMITS,
) -> Source:
    """Open a file as a table.

    Parameters
    ----------
    path
        A delimited text file, packed by gzip or not, or a workbook.
    score
        How well the first rows look when cut by a delimiter; the best delimiter is taken.
    encoding, sheet
        What whoever imports the file has said, or None.

    Raises
    ------
    FileRefusedError
        Where the file is no table that can be read here.
    """
    form = gate.check(path, limits)
    if form == "workbook":
        return _spool_workbook(path, sheet, limits)
    with gate.open_bytes(path, form, limits) as file:
        head = file.read(4096)
    if form == "gzip":
        gate.refuse_other_formats(head, path.name)
    if not head.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise FileRefusedError(f"{path.name} is empty: it holds no rows.")
    guessed = _detect(path, form, head, limits)
    encoding = _known(encoding) if encoding else guessed
    return TextSource(path, form, encoding, _delimiter(path, form, encoding, score, limits), limits)


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)
    except LookupError as error:
        raise FileRefusedError(f"There is no encoding named {encoding}.") from error
    return encoding


def _detect(path: Path, form: gate.Form, head: bytes, limits: Limits) -> str:
    with gate.open_bytes(path, form, limits) as file:
        return charset.detect(head, gate.inspected(file, path.name, limits))


def _delimiter(
    path: Path, form: gate.Form, encoding: str, score: Callable[[list[list[Cell]]], float], limits: Limits
) -> str:
    """The delimiter under which the first rows look most like the table expected."""
    packed = gate.open_bytes(path, form, limits)
    with io.TextIOWrapper(packed, encoding, newline="", errors="replace") as text:
        sample = _sample(text)
    named = sample[:6].lower()
    if named.startswith("sep=") and len(named) > 4:  # a line that Excel writes and reads
        return sample[4]
    return max(_DELIMITERS, key=lambda mark: score(_cut(sample, mark)))


def _sample(text: io.TextIOWrapper) -> str:
    sample = text.read(_SAMPLE_CHARACTERS)
    return sample if len(sample) < _SAMPLE_CHARACTERS else sample[: max(sample.rfind("\n"), sample.rfind("\r"), 1)]


def _cut(sample: str, mark: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=mark)
    try:
        for cells in reader:
            if any(cells):
                rows.append(list(cells))
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # a cell too long is reported with its line when the whole file is read
    return rows


def _is_separator_line(cells: list[str], delimiter: str) -> bool:
    return delimiter.join(cells).lower() in {f"sep={delimiter}", "sep="}


def _quote_reason(error: csv.Error, line: int, limits: Limits) -> str:
    if "field larger" in str(error):
        return (
            f"A cell in the row that begins on line {line:,} is longer than {limits.cell:,} characters; "
            "no table has such cells."
        )
    return (
        f"The quotes do not match in the row that begins on line {line:,}: one was opened and not closed, "
        "or text follows a closing one. Everything after it would be misread, so nothing was taken."
    )


def _typed(cell: object) -> Cell:
    """Days and moments come back from their tagged form."""
    if isinstance(cell, dict):
        moment = datetime.fromisoformat(cell["at"])
        return moment if cell.get("clock") else date(moment.year, moment.month, moment.day)
    if cell is None or isinstance(cell, (str, int, float)):
        return cell
    raise TypeError(cell)


def _spool_workbook(path: Path, sheet: str | None, limits: Limits) -> SpooledSheet:
    """Read a workbook in a process of its own: a sheet of a few bytes can claim a billion cells."""
    command = [
        sys.executable,
        "-m",
        "accounts_app.importing.workbook",
        str(path.resolve()),
        sheet or "",
        str(limits.rows),
        str(limits.columns),
    ]
    spool = tempfile.TemporaryFile()  # noqa: SIM115  # the source closes it
    try:
        return SpooledSheet(spool, _run(command, spool, path.name))
    except FileRefusedError:
        spool.close()
        raise


def _run(command: list[str], spool: IO[bytes], name: str) -> str:
    """Run the workbook's reader; return the sheet it has read."""
    try:
        done = subprocess.run(
            command,
            stdout=spool,
            stderr=subprocess.PIPE,
            timeout=WORKBOOK_SECONDS,
            check=False,
            cwd=Path(__file__).resolve().parents[2],
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefusedError(f"{name} takes longer than {WORKBOOK_SECONDS} s to open. Save it as CSV.") from error
    said = done.stderr.decode(errors="replace").strip().splitlines()
    if done.returncode == 0 and said:
        return said[-1]
    if done.returncode == workbook.SEVERAL and said:
        sheets = json.loads(said[-1])
        raise SeveralSheetsError(
            f"{name}: several sheets hold something ({', '.join(sheets)}); say which with --sheet.", sheets
        )
    if done.returncode == workbook.REFUSED and said:
        raise FileRefusedError(f"{name}: {said[-1]}")
    raise FileRefusedError(f"{name} is damaged or needs too much memory to open. Save the sheet as CSV.")
