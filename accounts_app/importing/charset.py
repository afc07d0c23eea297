"""Which encoding a text file is written in, when it does not say."""

import codecs
from collections.abc import Iterable

from charset_normalizer import from_bytes

from .limits import FileRefusedError

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 * 1024
# Other 8-bit sets are considered only when Windows-1252 reads the bytes as something no text contains.
_OTHERS = ["cp1250", "cp1251", "cp1253", "cp1254", "mac_roman", "cp850", "shift_jis", "gb18030", "big5", "euc_kr"]
_LETTERS_1252 = set("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽžŸ€£§°ºª«»–—’‘“”„…·²³½¼¿¡©®™\xa0´")


def detect(head: bytes, chunks: Iterable[bytes]) -> str:
    """Name the encoding of a file.

    Parameters
    ----------
    head
        Its first bytes.
    chunks
        All of it, in pieces, from the beginning; always read to the end, so that what is wrong with it shows here.

    Returns
    -------
    A Python codec name; "utf-8" where every byte fits it, since text of another encoding hardly ever does.

    Raises
    ------
    FileRefusedError
        Where the bytes are no text.
    """
    sample = _first_non_utf8(chunks)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if without_mark := _utf16_without_mark(head):
        return without_mark
    return "utf-8" if sample is None else _eight_bit(sample)


def _utf16_without_mark(head: bytes) -> str | None:
    """Latin text in UTF-16 has a NUL in every second byte."""
    even, odd = head[0:400:2], head[1:400:2]
    if len(odd) < 4:
        return None
    if odd.count(0) > 0.7 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if even.count(0) > 0.7 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return None


def _first_non_utf8(chunks: Iterable[bytes]) -> bytes | None:
    """Read all as UTF-8; where that fails, return the pieces of the text that are not ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    telling = bytearray()
    valid = True
    for chunk in chunks:
        if valid:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                valid = False
        if not chunk.isascii() and len(telling) < _SAMPLE:
            telling += b"\n".join(line for line in chunk.splitlines() if not line.isascii())[:_SAMPLE]
    if valid and not _ends_inside_character(decoder):
        return None
    return bytes(telling)


def _ends_inside_character(decoder: codecs.IncrementalDecoder) -> bool:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return True
    return False


def _eight_bit(sample: bytes) -> str:
    try:
        text = sample.decode("cp1252")
        strange = {char for char in text if not char.isascii()} - _LETTERS_1252
    except UnicodeDecodeError:
        strange = {"?"}
    if not strange:
        return "cp1252"
    best = from_bytes(sample, cp_isolation=[*_OTHERS, "cp1252"]).best()
    if best is None:
        raise FileRefusedError(
            "The file is not text in an encoding that is known here. "
            "Save it as UTF-8, or name its encoding with --encoding."
        )
    return best.encoding
