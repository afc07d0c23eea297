"""What an address of the cycle page asks for: whose accounts, which of them, in which order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cadence.models import Dimension
from cadence.pages.audit_rows import AuditRow
from signals.models import Band

Text = str | Promise
STATES: Mapping[str, Text] = {
    "": _("All"),
    "answers": _("To be answered"),
    "owner": _("Waits for the owner"),
    "leader": _("Waits for the leader"),
    "signed": _("Signed"),
    "overdue": _("Overdue"),
    "worse": _("Got worse"),
}
IS_IN: Mapping[str, Callable[[AuditRow], bool]] = {
    "": lambda _row: True,
    "answers": lambda row: row.state == "open" and not (row.is_answered and row.is_judged),
    "owner": lambda row: row.state == "open" and row.is_answered and row.is_judged,
    "leader": lambda row: row.state == "owner_signed",
    "signed": lambda row: row.is_signed,
    "overdue": lambda row: row.is_overdue,
    "worse": lambda row: (row.overall.change or 0) < 0,
    "on_time": lambda row: row.on_time,
}
ON_TIME = "on_time"
WORSE = "worse-"
COLUMNS: Mapping[str, Text] = {
    "name": _("Account"),
    "owner": _("Manager"),
    "state": _("State"),
    "band": _("Band"),
    **dict(Dimension.choices),
    "mean": _("Mean"),
}
PROGRESS = ("open", "owner_signed", "signed")
DEFAULT_SORT = "mean"


def _key(column: str) -> Callable[[AuditRow], Any]:
    texts: Mapping[str, Callable[[AuditRow], Any]] = {
        "name": lambda row: row.values["account__sort_name"],
        "owner": lambda row: row.owner,
        "state": lambda row: (PROGRESS.index(row.state), row.values["answered"]),
        "band": lambda row: Band.values.index(row.band),
    }
    return texts.get(column) or (lambda row: _cell(row, column))


def _cell(row: AuditRow, column: str) -> int | None:
    return next((cell for cell in (*row.cells, row.overall) if cell.key == column), row.overall).now


@dataclass(frozen=True)
class CycleAsked:
    """The state of the page that its address holds; what is not understood falls back to the default."""

    owner: str = ""
    state: str = ""
    band: str = ""
    sort: str = DEFAULT_SORT

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "CycleAsked":
        owner, state, band = params.get("owner", ""), params.get("state", ""), params.get("band", "")
        sort = params.get("sort", "")
        is_dimension = state.startswith(WORSE) and state.removeprefix(WORSE) in Dimension.values
        return cls(
            owner if owner == "none" or (owner.isascii() and owner.isdecimal() and len(owner) < 10) else "",
            state if state in IS_IN or is_dimension else "",
            band if band in Band.values else "",
            sort if sort.removeprefix("-") in COLUMNS else DEFAULT_SORT,
        )

    def address(self, **changes: str) -> str:
        """The query string of this state with some of it changed."""
        state = replace(self, **changes)
        parts = {"owner": state.owner, "state": state.state, "band": state.band}
        if state.sort != DEFAULT_SORT:
            parts["sort"] = state.sort
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    def narrowed(self, rows: Iterable[AuditRow]) -> list[AuditRow]:
        """The accounts of the manager and band asked for, whatever their state."""
        return [
            row
            for row in rows
            if (not self.owner or row.owner_key == self.owner) and (not self.band or row.band == self.band)
        ]

    def is_in(self, row: AuditRow, state: str | None = None) -> bool:
        wanted = self.state if state is None else state
        if wanted.startswith(WORSE):
            return wanted.removeprefix(WORSE) in {cell.key for cell in row.worse}
        return IS_IN[wanted](row)

    def ordered(self, rows: Iterable[AuditRow]) -> list[AuditRow]:
        """What is not known comes last, whichever way round."""
        column, descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        key = _key(column)
        found = list(rows)
        known = sorted((row for row in found if key(row) not in (None, "")), key=key, reverse=descending)
        return known + [row for row in found if key(row) in (None, "")]
