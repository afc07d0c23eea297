"""The header of a mail or a meeting: the same few facts, whichever it is."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

# What the reader is told beside the draft.
Remark = Literal["no_day", "zone", "series", "cancelled", "charset"]
# Why a file is not read at all.
Fault = Literal["empty", "other", "outlook", "no_header", "no_event", "many"]
Channel = Literal["mail", "visit", "video", ""]

LONGEST_SUBJECT = 200
# A mail to more people than this is no contact with any of them.
MOST_ADDRESSES = 200
_LONGEST_ADDRESS = 254
_QUOTED = re.compile(r'"[^"]*"|\([^()]*\)')
_PIECE = re.compile(r"[^,;]+")
_ANGLED = re.compile(r"<([^<>]*)>")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]]{1,64}@[^\s<>@,;:\"()\[\]]+\.[^\s<>@,;:\"()\[\].]{2,}")


class UnreadableError(Exception):
    """The file is no mail and no meeting, or not one that can be read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class Header:
    """What is known of a mail or a meeting.

    Attributes
    ----------
    day
        Of the mail or of the start, in the zone asked for; None where it says none, or does not say which of a series.
    sender
        Who wrote or invites; empty where nobody is named.
    others
        Everybody else who is named.
    channel
        ``mail``, ``visit`` (a place is named) or ``video`` (a link is); empty where it does not show.
    remarks
        What was not as it should be, and what was done about it.
    """

    day: dt.date | None
    subject: str = ""
    sender: str = ""
    others: tuple[str, ...] = ()
    channel: Channel = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Everybody, whoever started it."""
        return tuple(dict.fromkeys(one for one in (self.sender, *self.others) if one))


def addresses_in(text: str) -> list[str]:
    """The mail addresses of a header or of a pasted list, in lower case, each once; names beside them are left out.

    Examples
    --------
    >>> addresses_in('"Solheim, Ada" <Ada@Halvorsen.example>, bo@halvorsen.example')
    ['ada@halvorsen.example', 'bo@halvorsen.example']
    """
    pieces = (found.group() for found in _PIECE.finditer(_QUOTED.sub(" ", text)))
    return unique(word for piece in pieces for word in _words_of(piece))


def unique(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(addresses))[:MOST_ADDRESSES]


def one_line(text: str) -> str:
    """A subject as a line of a note: no control characters, no line breaks, not endless."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.split())[:LONGEST_SUBJECT]


def _words_of(piece: str) -> list[str]:
    """What stands in angle brackets is the address; else every word that looks like one."""
    words = _ANGLED.findall(piece) or piece.split()
    return [word.lower() for raw in words if _is_address(word := raw.strip().strip("'"))]


def _is_address(word: str) -> bool:
    return len(word) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(word) is not None
