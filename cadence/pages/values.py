"""The library: what an address asks for, and what its rows show."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.access import Request
from accounts_app.models import User, ValueItem
from accounts_app.templatetags.formats import day_text
from accounts_app.views.listing import options
from cadence.pages.value_given import Tally, tallies

Text = str | Promise
# An item nobody looked at for a year is shown as one to look at.
STALE_AFTER = dt.timedelta(days=365)
VALIDITY: tuple[tuple[str, Text], ...] = (
    ("", gettext_lazy("Valid")),
    ("expired", gettext_lazy("Expired")),
    ("all", gettext_lazy("All")),
)
EVERY_KIND = ("", gettext_lazy("Every kind"))
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class LibraryFilters:
    """What is not understood falls back to the default."""

    request: Request
    today: dt.date
    search: str
    kind: str
    topic: str
    industry: str
    validity: str

    @classmethod
    def of(cls, request: Request, today: dt.date) -> "LibraryFilters":
        asked = request.GET
        kind, validity = asked.get("kind", ""), asked.get("valid", "")
        return cls(
            request,
            today,
            search=asked.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
            kind=kind if kind in ValueItem.Kind.values else "",
            topic=asked.get("topic", "").replace("\x00", "")[:LONGEST_SEARCH],
            industry=asked.get("industry", "").replace("\x00", "")[:LONGEST_SEARCH],
            validity=validity if validity in dict(VALIDITY) else "",
        )

    @property
    def narrows(self) -> bool:
        return bool(self.search or self.kind or self.topic or self.industry)

    def wanted(self) -> Q:
        """An item for all industries fits each of them."""
        words = Q()
        for word in self.search.split():
            words &= Q(title__icontains=word) | Q(summary__icontains=word) | Q(topic__icontains=word)
        kind = Q(kind=self.kind) if self.kind else Q()
        topic = Q(topic__iexact=self.topic) if self.topic else Q()
        industry = Q(industries__contains=[self.industry]) | Q(industries=[]) if self.industry else Q()
        return words & kind & topic & industry & self._valid()

    def _valid(self) -> Q:
        expired = Q(valid_until__lt=self.today)
        return {"": ~expired | Q(valid_until=None), "expired": expired}.get(self.validity, Q())

    def kinds(self) -> list[dict[str, Any]]:
        return options(self.request, "kind", (EVERY_KIND, *ValueItem.Kind.choices), chosen=self.kind)

    def validities(self) -> list[dict[str, Any]]:
        return options(self.request, "valid", VALIDITY, chosen=self.validity)


@dataclass(frozen=True)
class LibraryRow:
    item: ValueItem
    tally: Tally
    today: dt.date

    @property
    def for_whom(self) -> str:
        """Empty: for everybody."""
        return ", ".join([*self.item.industries, *self.item.products])

    @property
    def is_expired(self) -> bool:
        return self.item.valid_until is not None and self.item.valid_until < self.today

    @property
    def is_stale(self) -> bool:
        checked_on = self.item.checked_on
        return not self.is_expired and (checked_on is None or checked_on <= self.today - STALE_AFTER)

    @property
    def validity(self) -> str:
        until = self.item.valid_until
        if until is None:
            return _("without an end")
        words = _("expired {day}") if self.is_expired else _("until {day}")
        return words.format(day=day_text(until, self.today))


# By what the rows are sorted, largest first where asked with a minus.
SORTED_BY: dict[str, Any] = {
    "title": lambda row: row.item.title.casefold(),
    "brought": lambda row: (row.tally.times, row.tally.accounts),
    "valid": lambda row: row.item.valid_until or dt.date.max,
}


def library_rows(filters: LibraryFilters, user: User, *, sort: str) -> Sequence[LibraryRow]:
    """All items asked for, in two statements: a library is a few hundred items, and is sorted by what is counted."""
    items = list(ValueItem.objects.filter(filters.wanted()).select_related("owner").order_by("title"))
    counted = tallies(items, user)
    rows = [LibraryRow(item, counted[item.pk], filters.today) for item in items]
    key = SORTED_BY.get(sort.removeprefix("-"), SORTED_BY["title"])
    return sorted(rows, key=key, reverse=sort.startswith("-"))
