"""One cell at a time: what is missing, text, keys, words, numbers, each strictly or not at all."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import TypeAlias

from .currencies import CURRENCIES
from .vocabulary import VOCABULARY

Cell: TypeAlias = str | float | int | bool | date | datetime | time | None

MISSING = frozenset({"", "?", "-", "–", "—", "null", "n/a", "#n/a", "nan", "\\n", "none", "nil", "(null)", "(blank)"})
NULL = r"\N"  # as COPY writes it

_DESTROYED = re.compile(r"[1-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"(-?[0-9]+)\.0+")
_SPECIAL = re.compile(r"[\\\t\n\r\b\f\v]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]+\.[^@\s<>,;.]{2,}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CURRENCY_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "ZŁ": "PLN",
    "KČ": "CZK",
    "₹": "INR",
    "₺": "TRY",
    "₽": "RUB",
    "US$": "USD",
    "EURO": "EUR",
}
_EXCEL_DIGITS = 10**15
_FORMULA = frozenset("=+-@")


class UnreadableError(ValueError):
    """A cell that cannot be taken; the message is the reason given to whoever sent the file."""


def as_text(cell: Cell) -> str:
    """A cell as text: whole numbers of a workbook without a decimal point, days as ISO.

    Parameters
    ----------
    cell
        As the reader gave it: text from CSV, typed from a workbook.

    Returns
    -------
    Text without outer spaces, "" where it stands for nothing.
    """
    if isinstance(cell, str):
        text = cell.strip()
        if text[:1] == "'" and text[1:2] in _FORMULA:  # as spreadsheets and our reject files mark what is no formula
            text = text[1:]
        return "" if text.casefold() in MISSING else text
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXCEL_DIGITS:
        return str(int(cell))
    if isinstance(cell, (date, datetime, time)):
        return cell.isoformat()
    return str(cell)


def is_missing(cell: Cell) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in MISSING)


@cache
def simplified(text: str) -> str:
    """Letters and digits alone, without case and accents, for comparing headers and words."""
    expanded = text.replace("ß", "ss").replace("°", "o").replace("#", " no ").replace("N°", "no")
    for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "ae"), ("Ö", "oe"), ("Ü", "ue")):
        expanded = expanded.replace(umlaut, plain)
    decomposed = unicodedata.normalize("NFKD", expanded)
    return "".join(char for char in decomposed.casefold() if char.isalnum() and char.isascii())


def copy_text(text: str) -> str:
    """Escape text for COPY; control characters that no field should hold are dropped."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not _SPECIAL.search(text):
        return _CONTROL.sub("", text) if not text.isprintable() else text
    text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return _CONTROL.sub("", text)


def text_reader(limit: int) -> Callable[[Cell], str]:
    """Read free text of at most `limit` characters."""

    def read(cell: Cell) -> str:
        text = as_text(cell)
        if not text:
            return NULL
        if len(text) > limit:
            raise UnreadableError(f"longer than {limit} characters")
        return copy_text(text)

    return read


def key_reader(limit: int) -> Callable[[Cell], str]:
    """Read a key: `17850.0` is `17850`; what a spreadsheet has rounded is refused, since it may now name another."""

    def read(cell: Cell) -> str:
        text = as_text(cell)
        if not text:
            return NULL
        if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= _EXCEL_DIGITS:
            raise UnreadableError(
                "a spreadsheet keeps only 15 digits of a number, so this key is no longer the original; "
                "format the column as text"
            )
        if _DESTROYED.fullmatch(text):
            raise UnreadableError(
                "a spreadsheet has rounded this key to a power of ten and the original is lost; "
                "format the column as text and export again"
            )
        whole = _WHOLE_FLOAT.fullmatch(text)
        text = whole.group(1) if whole else text
        if len(text) > limit:
            raise UnreadableError(f"longer than {limit} characters")
        return copy_text(text)

    return read


@cache
def _words(vocabulary: str) -> dict[str, str]:
    table = VOCABULARY[vocabulary]
    return {_word(entry): word for word, entries in table.items() for entry in entries.split(";")}


def _word(text: str) -> str:
    """Simplified, but a sign before a digit is kept: -1 is not 1."""
    text = text.strip()
    return f"-{simplified(text)}" if text[:1] in "-−" and text[1:2].isdigit() else simplified(text)


def word_reader(vocabulary: str, other: str | None = None) -> Callable[[Cell], str]:
    """Read one of a few words, in any of the languages known.

    Parameters
    ----------
    vocabulary
        Name of the table in `vocabulary.py`.
    other
        What an unknown word stands for; without it an unknown word is refused.
    """
    words = _words(vocabulary)

    def read(cell: Cell) -> str:
        text = as_text(cell)
        if not text:
            return NULL
        found = words.get(_word(text), other)
        if found is None:
            raise UnreadableError(f"not one of the words known here: {', '.join(VOCABULARY[vocabulary])}")
        return found

    return read


def read_email(cell: Cell) -> str:
    """Read an e-mail address, in lower case."""
    text = as_text(cell).removeprefix("mailto:").strip("<>")
    if not text:
        return NULL
    if not _EMAIL.fullmatch(text) or len(text) > 254:
        raise UnreadableError("not an e-mail address")
    return copy_text(text.lower())


def read_currency(cell: Cell) -> str:
    """Read a currency: three letters, or a sign that stands for only one."""
    text = as_text(cell).upper()
    if not text:
        return NULL
    text = _CURRENCY_SIGNS.get(text, text)
    if not _CURRENCY.fullmatch(text):
        raise UnreadableError("not a currency; three letters such as EUR are expected")
    if text not in CURRENCIES:
        raise UnreadableError("no such currency in ISO 4217")
    return text
