"""What was promised and kept, added up: one statement for all quarters, managers and tiers of a scope."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from accounts_app.templatetags.formats import percent
from cadence.models import CadenceSum
from cadence.pages.cadence_address import Asked
from signals.pages.portfolio.filters import NO_OWNER

# Of the small trend beside each row: a column a quarter, as high as the share kept.
COLUMN, GAP, HEIGHT = 7, 2, 20


@dataclass(frozen=True)
class Tally:
    """Sums over accounts; a share of nothing is None, never zero."""

    accounts: int = 0
    days_promised: int = 0
    days_kept: int = 0
    promised: float = 0.0
    contacts: int = 0
    proactive: int = 0
    with_value: int = 0

    @property
    def kept(self) -> float | None:
        return self.days_kept / self.days_promised if self.days_promised else None

    @property
    def missed(self) -> int:
        return self.days_promised - self.days_kept

    @property
    def promised_contacts(self) -> int:
        return round(self.promised)

    @property
    def proactive_share(self) -> float | None:
        return self.proactive / self.contacts if self.contacts else None

    @property
    def value_share(self) -> float | None:
        return self.with_value / self.proactive if self.proactive else None


SUMMED = [one.name for one in fields(Tally)]


@dataclass(frozen=True)
class Group:
    """A manager or a tier: the quarter asked for, the one before it, and the trend."""

    key: str
    name: str
    now: Tally
    before: Tally
    url: str
    is_current: bool
    shares: list[float | None] = field(default_factory=list)

    @property
    def trend(self) -> dict[str, str]:
        """A bar a quarter as two shapes, ready for an SVG; a quarter of which nothing is known has none."""
        whole, kept = "", ""
        for place, share in enumerate(self.shares):
            left, height = place * (COLUMN + GAP), (share or 0) * HEIGHT
            whole += f"M{left} 0h{COLUMN}v{HEIGHT}h-{COLUMN}z"
            kept += f"M{left} {HEIGHT - height:.1f}h{COLUMN}v{height:.1f}h-{COLUMN}z"
        return {"whole": whole, "kept": kept}

    @property
    def trend_text(self) -> str:
        """The trend in words, the latest quarter last."""
        shares = [str(_("unknown")) if share is None else percent(share) for share in self.shares]
        return _("Days kept by quarter: {shares}").format(shares=", ".join(shares))


class Sums:
    """What a scope promised and kept by quarter: on the whole, by manager and by tier; a statement each."""

    def __init__(self, asked: Asked, quarters: list[date]) -> None:
        self.asked, self.quarters = asked, quarters
        self._whole = {day: tally for (day,), tally in _added(asked.narrowed_sums(), "begins_on")}

    def of_quarter(self, begins_on: date) -> Tally:
        """Of the manager and tier asked for."""
        return self._whole.get(begins_on, Tally())

    @property
    def before(self) -> date | None:
        """The quarter before the one asked for, where it is counted."""
        place = self.quarters.index(self.asked.quarter) + 1
        return self.quarters[place] if place < len(self.quarters) else None

    def managers(self) -> list[Group]:
        rows = _added(self.asked.sums(), "begins_on", "answered_by", "answered_by__name")
        named = [((str(pk or NO_OWNER), name or str(_("no owner"))), day, tally) for (day, pk, name), tally in rows]
        found = self._groups(named, self.asked.owner, "owner")
        return sorted(found, key=lambda one: (one.now.kept is None, one.now.kept or 0, one.name))

    def tiers(self) -> list[Group]:
        rows = _added(self.asked.sums().order_by("tier__rank"), "begins_on", "tier__key", "tier__name")
        return self._groups([((key, name), day, tally) for (day, key, name), tally in rows], self.asked.tier, "tier")

    def _groups(self, rows: Iterable[tuple[tuple[str, str], date, Tally]], chosen: str, name: str) -> list[Group]:
        by_group: dict[tuple[str, str], dict[date, Tally]] = {}
        for group, begins_on, tally in rows:
            by_group.setdefault(group, {})[begins_on] = tally
        return [
            Group(
                key,
                label,
                sums[self.asked.quarter],
                sums.get(self.before, Tally()) if self.before else Tally(),
                self.asked.address(**{name: "" if key == chosen else key}),
                is_current=key == chosen,
                shares=[sums[begins_on].kept if begins_on in sums else None for begins_on in reversed(self.quarters)],
            )
            for (key, label), sums in by_group.items()
            if self.asked.quarter in sums
        ]


def _added(rows: QuerySet[CadenceSum], *by: str) -> Iterator[tuple[tuple[Any, ...], Tally]]:
    """The sums of the rows that agree in these columns."""
    sums = {f"sum_{name}": Sum(name) for name in SUMMED}
    for row in rows.values_list(*by).annotate(**sums):
        yield row[: len(by)], Tally(*row[len(by) :])
