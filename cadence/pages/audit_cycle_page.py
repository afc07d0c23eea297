"""The page of one audit cycle: first what matters in a sentence, then progress, scores, actions and themes."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import User
from accounts_app.scope import audience_of
from accounts_app.templatetags.formats import day_text, percent
from cadence.models import Audit, AuditCycle
from cadence.pages.audit_actions import SHOWN, ActionLine, lines_of, of_cycle
from cadence.pages.audit_address import COLUMNS, ON_TIME, STATES, WORSE, CycleAsked, Text
from cadence.pages.audit_rows import AuditRow, Cell, rows_of
from cadence.pages.audit_themes import Themes, themes_of
from signals.models import Band
from signals.pages.portfolio.controls import Option


@dataclass(frozen=True)
class ManagerLine:
    """How far the audits of one manager's accounts are."""

    key: str
    name: str
    all: int
    signed: int
    waiting: int
    overdue: int
    url: str
    is_current: bool

    @property
    def share(self) -> int:
        return round(100 * self.signed / self.all)


@dataclass(frozen=True)
class SortHeading:
    key: str
    label: Text
    url: str
    is_current: bool
    descending: bool
    css: str


class CyclePage:
    """All that the page shows of an address; a constant number of statements."""

    def __init__(self, cycle: AuditCycle, asked: CycleAsked, user: User, today: dt.date) -> None:
        self.cycle, self.asked, self.user, self.today = cycle, asked, user, today
        self.before = AuditCycle.objects.filter(begins_on__lt=cycle.begins_on).first()
        self.rows = rows_of(cycle, self.before, audience_of(user), today)
        self.narrowed = asked.narrowed(self.rows)

    @cached_property
    def themes(self) -> Themes:
        return themes_of(self.cycle, self.before, audience_of(self.user))

    @cached_property
    def left_out(self) -> list[Audit]:
        found = Audit.objects.visible_to(self.user).filter(cycle=self.cycle, state=Audit.State.EXCLUDED, revision=1)
        return list(found.select_related("account"))

    @cached_property
    def actions(self) -> list[ActionLine]:
        return lines_of(of_cycle(self.cycle, self.user)[:SHOWN], self.user, self.today)

    @cached_property
    def action_counts(self) -> dict[str, int]:
        late = Count("pk", filter=Q(due_on__lt=self.today))
        return of_cycle(self.cycle, self.user).order_by().aggregate(all=Count("pk"), late=late)

    @property
    def action_count(self) -> int:
        return self.action_counts["all"]

    @property
    def actions_overdue(self) -> int:
        return self.action_counts["late"]

    @property
    def signed(self) -> int:
        return sum(row.is_signed for row in self.rows)

    @property
    def on_time(self) -> int:
        return sum(row.on_time for row in self.rows)

    @property
    def overdue(self) -> int:
        return sum(row.is_overdue for row in self.rows)

    @cached_property
    def worst_fall(self) -> Cell | None:
        """The dimension that got worse at the most accounts, the first of the page where several did."""
        fallen = [cell for row in self.rows for cell in row.worse]
        counts = Counter(cell.key for cell in fallen)
        most = max(counts.values(), default=0)
        return next((cell for cell in fallen if counts[cell.key] == most), None)

    def worse_at(self, key: str) -> int:
        return sum(key in {cell.key for cell in row.worse} for row in self.rows)

    @property
    def lead(self) -> str:
        """What matters, in a sentence."""
        text = ngettext(
            "{signed} of {all} audit signed", "{signed} of {all} audits signed", len(self.rows)
        ).format(signed=self.signed, all=len(self.rows))  # fmt: skip
        if self.overdue:
            text += ", " + _("{n} overdue").format(n=self.overdue)
        return f"{text}; {self._fall()}."

    def _fall(self) -> str:
        if self.before is None:
            return _("there is no earlier quarter to compare with")
        if not any(cell.change is not None for row in self.rows for cell in row.cells):
            return _("nothing is answered yet that {quarter} has a score for").format(quarter=self.before.name)
        if self.worst_fall is None:
            return _("no dimension got worse since {quarter}").format(quarter=self.before.name)
        count = self.worse_at(self.worst_fall.key)
        text = ngettext("{dimension} got worse at {n} account", "{dimension} got worse at {n} accounts", count)
        return text.format(dimension=self.worst_fall.label, n=count)

    @property
    def fall_url(self) -> str:
        return self.asked.address(state=WORSE + self.worst_fall.key) + "#accounts" if self.worst_fall else ""

    @property
    def on_time_text(self) -> str:
        """A share only once it cannot change any more."""
        if not self.rows:
            return _("unknown")
        is_settled = self.today > self.cycle.due_on or self.signed == len(self.rows)
        return percent(self.on_time / len(self.rows)) if is_settled else str(self.on_time)

    @property
    def on_time_note(self) -> str:
        day = day_text(self.cycle.due_on, self.today)
        words = _("{n} of {all} by {day}") if self.today > self.cycle.due_on else _("{n} of {all} so far, due {day}")
        return words.format(n=self.on_time, all=len(self.rows), day=day)

    @cached_property
    def managers(self) -> list[ManagerLine]:
        """Who is furthest behind first."""
        groups: dict[str, list[AuditRow]] = {}
        for row in self.rows:
            groups.setdefault(row.owner_key, []).append(row)
        lines = [self._manager(key, rows) for key, rows in groups.items()]
        return sorted(lines, key=lambda line: (-line.overdue, line.share, line.name))

    def _manager(self, key: str, rows: list[AuditRow]) -> ManagerLine:
        is_current = self.asked.owner == key
        return ManagerLine(
            key,
            rows[0].owner or _("Without a manager"),
            len(rows),
            sum(row.is_signed for row in rows),
            sum(row.state == Audit.State.OWNER_SIGNED for row in rows),
            sum(row.is_overdue for row in rows),
            self.asked.address(owner="" if is_current else key) + "#accounts",
            is_current,
        )

    @cached_property
    def shown(self) -> list[AuditRow]:
        """The accounts of the heat map, in the order asked for."""
        return self.asked.ordered(row for row in self.narrowed if self.asked.is_in(row))

    @property
    def means(self) -> tuple[Cell, ...]:
        """The mean of each dimension over the accounts shown, with that of those accounts in the quarter before."""
        columns = zip(*(row.cells for row in self.shown), strict=True)
        return tuple(_mean(list(column)) for column in columns)

    @property
    def mean(self) -> Cell:
        return _mean([row.overall for row in self.shown])

    @property
    def headings(self) -> list[SortHeading]:
        return [self._heading(key, label) for key, label in COLUMNS.items()]

    def _heading(self, key: str, label: Text) -> SortHeading:
        is_current = self.asked.sort.removeprefix("-") == key
        turned = is_current and not self.asked.sort.startswith("-")
        is_text = key in {"name", "owner", "state", "band"}
        url = self.asked.address(sort=("-" if turned else "") + key) + "#accounts"
        css = "" if is_text else "heat__figure"
        return SortHeading(key, label, url, is_current, is_current and not turned, css)

    @property
    def states(self) -> list[Option]:
        return [self._state(key, label) for key, label in STATES.items()] + self._beside_them()

    def _state(self, key: str, label: Text) -> Option:
        count = sum(self.asked.is_in(row, key) for row in self.narrowed)
        return Option(label, self.asked.address(state=key) + "#accounts", key == self.asked.state, key or "all", count)

    def _beside_them(self) -> list[Option]:
        """What only a figure of the page leads to: named while the page is narrowed to it."""
        if self.asked.state in STATES:
            return []
        label = _("Signed on time")
        if self.asked.state.startswith(WORSE):
            label = _("Got worse: {dimension}").format(dimension=COLUMNS[self.asked.state.removeprefix(WORSE)])
        return [Option(label, self.asked.address(state="") + "#accounts", True, self.asked.state, len(self.shown))]  # noqa: FBT003

    @property
    def bands(self) -> list[Option]:
        return [
            Option(label, self.asked.address(band="" if key == self.asked.band else key) + "#accounts",
                   key == self.asked.band, key, sum(row.band == key for row in self.rows))
            for key, label in Band.choices
        ]  # fmt: skip

    @property
    def narrowed_to(self) -> list[Option]:
        """The manager the page is narrowed to, with the address without it."""
        return [
            Option(line.name, self.asked.address(owner="") + "#accounts", is_current=True)
            for line in self.managers
            if line.is_current
        ]

    @property
    def urls(self) -> dict[str, str]:
        return {key or "all": self.asked.address(state=key) + "#accounts" for key in (*STATES, ON_TIME)}


def _mean(cells: list[Cell]) -> Cell:
    first = cells[0]
    now = [cell.now for cell in cells if cell.now is not None]
    pairs: list[Any] = [(cell.now, cell.before) for cell in cells if cell.change is not None]
    mean = round(sum(now) / len(now)) if now else None
    if mean is None or not pairs:
        return Cell(first.key, first.label, mean)
    change = round(sum(here - then for here, then in pairs) / len(pairs))
    return Cell(first.key, first.label, mean, mean - change)
