"""What the header of a mail (.eml) or a meeting (.ics) says; nothing else of the file is read, and nothing is kept."""

from typing import BinaryIO
from zoneinfo import ZoneInfo

from accounts_app.meeting_files.event import read_events
from accounts_app.meeting_files.header import Fault, Header, Remark, UnreadableError
from accounts_app.meeting_files.mail import read_mail

__all__ = ["Fault", "Header", "Remark", "UnreadableError", "read_file"]

_BEGINNING = 512
_ZIP, _OUTLOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_file(file: BinaryIO, zone: ZoneInfo) -> list[Header]:
    """Read a mail, or the events of a calendar file; what it is shows in its first bytes, not in its name.

    Parameters
    ----------
    file
        Opened for reading bytes, at its start.
    zone
        In whose time zone days are counted.

    Returns
    -------
    list of Header
        At least one.

    Raises
    ------
    UnreadableError
        With the reason, in one word.
    """
    beginning = file.read(_BEGINNING)
    file.seek(0)
    if beginning.startswith(_OUTLOOK):
        raise UnreadableError("outlook")
    if not beginning.strip():
        raise UnreadableError("empty")
    if beginning.startswith(_ZIP) or b"\0" in beginning:
        raise UnreadableError("other")
    is_calendar = beginning.removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(b"BEGIN:VCALENDAR")
    return read_events(file, zone) if is_calendar else [read_mail(file, zone)]
