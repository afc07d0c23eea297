"""How much of a file is taken, and what is raised beyond it."""

from dataclasses import dataclass

MIB = 1 << 20


class FileRefusedError(Exception):
    """The file as a whole cannot be taken; the message says why and nothing was written."""


class SeveralSheetsError(FileRefusedError):
    """A workbook of which several sheets hold something, and nobody has said which."""

    def __init__(self, message: str, sheets: list[str]) -> None:
        super().__init__(message)
        self.sheets = sheets


@dataclass(frozen=True)
class Limits:
    """Sizes beyond which a file is refused.

    Attributes
    ----------
    file_bytes
        Size on disk.
    text_bytes
        Size of a text file once inflated; it is streamed, so only time is at stake.
    workbook_bytes
        Sum of the inflated entries of a workbook, which is held in memory.
    entries
        Entries in a workbook's archive.
    ratio
        Inflated over packed bytes, once more than ``ratio_from`` bytes came out.
        Honest exports stay under 40, bombs are near 1,000.
    line, cell
        Characters. 100,000 holds three times what a spreadsheet cell can.
    columns, rows
        Of the table.
    """

    file_bytes: int = 512 * MIB
    text_bytes: int = 4096 * MIB
    workbook_bytes: int = 256 * MIB
    entries: int = 2_000
    ratio: int = 200
    ratio_from: int = 8 * MIB
    line: int = 1_000_000
    cell: int = 100_000
    columns: int = 1_000
    rows: int = 5_000_000


LIMITS = Limits()
