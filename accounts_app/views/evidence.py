"""Rows named by an address: every figure on a page links to exactly the rows it was computed from."""

import datetime as dt
import re
from dataclasses import dataclass, field

from django.db.models import Q
from django.http import HttpRequest
from django.utils.dateparse import parse_date

from accounts_app.views.listing import address

PARAMETERS = ("from", "until", "ids", "known", "why")


@dataclass(frozen=True)
class Evidence:
    """Which rows are meant: of a span of days (both ends count), or by id, as far as known on a day."""

    from_day: dt.date | None = None
    until_day: dt.date | None = None
    known: dt.date | None = None
    ids: tuple[int, ...] | None = None
    why: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def is_set(self) -> bool:
        return any(part is not None for part in (self.from_day, self.until_day, self.ids, self.known))

    def condition(self, day: str = "", *known_on: str) -> Q:
        """The rows that are named, whose field `day` lies in the span, and that were known by then."""
        wanted: dict[str, object] = {} if self.ids is None else {"pk__in": self.ids}
        if day:
            wanted |= {f"{day}__gte": self.from_day, f"{day}__lte": self.until_day}
        wanted |= {f"{name}__lte": self.known for name in known_on}
        return Q(**{lookup: value for lookup, value in wanted.items() if value is not None})


def evidence_of(request: HttpRequest) -> Evidence:
    """Read the address; what cannot be read is named in `faults` and narrows nothing."""
    faults: list[str] = []
    why = request.GET.get("why", "")
    return Evidence(
        from_day=_day(request, "from", faults),
        until_day=_day(request, "until", faults),
        known=_day(request, "known", faults),
        ids=_ids(request, faults),
        why=why.replace("_", " ").capitalize() if re.fullmatch(r"[a-z_]{1,40}", why) else "",
        faults=faults,
    )


def address_without_evidence(request: HttpRequest) -> str:
    return address(request, page=None, **dict.fromkeys(PARAMETERS))


def _day(request: HttpRequest, name: str, faults: list[str]) -> dt.date | None:
    text = request.GET.get(name, "")
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        faults.append(text)
    return day


def _ids(request: HttpRequest, faults: list[str]) -> tuple[int, ...] | None:
    text = request.GET.get("ids", "")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,18}(,\d{1,18})*", text):
        faults.append(text)
        return None
    return tuple(int(part) for part in text.split(","))
