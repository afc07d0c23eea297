"""A mail: its header lines, up to the first blank one. What follows, and whatever hangs on it, is never read."""

import datetime as dt
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from accounts_app.meeting_files.header import Header, Remark, UnreadableError, addresses_in, one_line

HEADER_BYTES = 256 * 1024
LONGEST_FIELD = 32 * 1024
_LONGEST_LINE = 4096


def read_mail(file: BinaryIO, zone: ZoneInfo) -> Header:
    """Read who wrote to whom, when and about what; raise `UnreadableError` where it says neither who nor when."""
    message = BytesHeaderParser(policy=compat32).parsebytes(_header_lines(file))
    sender = addresses_in(_field(message, "From")) or addresses_in(_field(message, "Sender"))
    if not sender and not message.get("Date"):
        raise UnreadableError("no_header")
    day = _day(_field(message, "Date"), zone)
    subject, is_decoded = decoded(_field(message, "Subject"))
    remarks: list[Remark] = []
    if day is None:
        remarks.append("no_day")
    if not is_decoded:
        remarks.append("charset")
    others = addresses_in(", ".join(_field(message, name) for name in ("To", "Cc", "Bcc")))
    return Header(
        day=day,
        subject=one_line(subject),
        sender=sender[0] if sender else "",
        others=tuple(others),
        channel="mail",
        remarks=tuple(remarks),
    )


def decoded(text: str) -> tuple[str, bool]:
    """A header's text with its encoded words read, and whether every one of them could be."""
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError, LookupError):  # a broken base64 word: it stays as it was written
        return text, False
    read = [_part(part, charset) for part, charset in parts]
    return "".join(words for words, _is_read in read), all(is_read for _words, is_read in read)


def _part(part: bytes | str, charset: str | None) -> tuple[str, bool]:
    if isinstance(part, str):
        return part, True
    try:
        return part.decode(charset or "utf-8"), True
    except (LookupError, ValueError):
        return part.decode("latin-1"), False


def _header_lines(file: BinaryIO) -> bytes:
    """Everything before the first blank line, at most so much of it."""
    lines: list[bytes] = []
    left = HEADER_BYTES
    while left > 0 and (line := file.readline(min(_LONGEST_LINE, left))).strip(b"\r\n"):
        lines.append(line)
        left -= len(line)
    return b"".join(lines)


def _field(message: Message, name: str) -> str:
    """As it was written, folded lines joined; letters beyond ASCII are taken for UTF-8, else for Latin-1."""
    raw = _first(message, name)[:LONGEST_FIELD]
    written = raw.encode("utf-8", "surrogateescape")
    try:
        text = written.decode("utf-8")
    except UnicodeDecodeError:
        text = written.decode("latin-1")
    return text.replace("\r", "").replace("\n", "")


def _first(message: Message, name: str) -> str:
    wanted = name.lower()
    return next((value for key, value in message.raw_items() if key.lower() == wanted), "")


def _day(text: str, zone: ZoneInfo) -> dt.date | None:
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return aware.astimezone(zone).date()
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
