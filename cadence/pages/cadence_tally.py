"""What was promised and kept, added up: one statement for all quarters, managers and tiers of a scope."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _

from accounts_app.templatetags.formats import percent
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

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)))

    @classmethod
    def of(cls, tallies: Iterable["Tally"]) -> "Tally":
        return sum(tallies, cls())

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


SUMMED = [one.name for one in fields(Tally) if one.name != "accounts"]


@dataclass(frozen=True)
class Cell:
    """The sums of one quarter, manager and tier."""

    begins_on: date
    owner: str
    owner_name: str
    tier: str
    tier_name: str
    tier_rank: int
    tally: Tally


@dataclass(frozen=True)
class Group:
    """A manager or a tier: the quarter asked for, the one before it, and the trend."""

    key: str
    name: str
    now: Tally
    before: Tally
    url: str
    is_current: bool
    trend: list[dict[str, Any]] = field(default_factory=list)

    @property
    def trend_text(self) -> str:
        """The trend in words, the latest quarter last."""
        shares = [bar["text"] for bar in self.trend]
        return _("Days kept by quarter: {shares}").format(shares=", ".join(shares))


def cells(asked: Asked) -> list[Cell]:
    by = ("begins_on", "owner", "owner__name", "account__tier__key", "account__tier__name", "account__tier__rank")
    sums = {f"sum_{name}": Sum(F(name)) for name in SUMMED}
    found = asked.in_scope().order_by().values_list(*by).annotate(n=Count("pk"), **sums)
    return [
        Cell(begins_on, str(owner or NO_OWNER), person or str(_("no owner")), tier, tier_name, rank, Tally(*figures))
        for begins_on, owner, person, tier, tier_name, rank, *figures in found
    ]


class Sums:
    """The cells of a scope, added up in the ways the page needs."""

    def __init__(self, asked: Asked, quarters: list[date]) -> None:
        self.asked, self.quarters = asked, quarters
        self._cells = cells(asked)

    def of_quarter(self, begins_on: date) -> Tally:
        """Of the manager and tier asked for."""
        return Tally.of(one.tally for one in self._cells if one.begins_on == begins_on and self._is_asked(one))

    def _is_asked(self, one: Cell) -> bool:
        return self.asked.owner in {"", one.owner} and self.asked.tier in {"", one.tier}

    @property
    def before(self) -> date | None:
        """The quarter before the one asked for, where it is counted."""
        place = self.quarters.index(self.asked.quarter) + 1
        return self.quarters[place] if place < len(self.quarters) else None

    def managers(self) -> list[Group]:
        found = self._groups(lambda one: (one.owner, one.owner_name), self.asked.owner, "owner")
        return sorted(found, key=lambda one: (one.now.kept is None, one.now.kept or 0, one.name))

    def tiers(self) -> list[Group]:
        ranks = {one.tier: one.tier_rank for one in self._cells}
        found = self._groups(lambda one: (one.tier, one.tier_name), self.asked.tier, "tier")
        return sorted(found, key=lambda one: ranks[one.key])

    def _groups(self, of: Callable[[Cell], tuple[str, str]], chosen: str, name: str) -> list[Group]:
        by_group: dict[tuple[str, str], dict[date, Tally]] = {}
        for one in self._cells:
            sums = by_group.setdefault(of(one), {})
            sums[one.begins_on] = sums.get(one.begins_on, Tally()) + one.tally
        return [
            Group(
                key,
                label,
                sums[self.asked.quarter],
                sums.get(self.before, Tally()) if self.before else Tally(),
                self.asked.address(**{name: "" if key == chosen else key}),
                is_current=key == chosen,
                trend=trend([sums.get(begins_on, Tally()).kept for begins_on in reversed(self.quarters)]),
            )
            for (key, label), sums in by_group.items()
            if self.asked.quarter in sums
        ]


def trend(shares: list[float | None]) -> list[dict[str, Any]]:
    """A bar a quarter, ready for an SVG; a quarter of which nothing is known has none."""
    return [
        {
            "x": place * (COLUMN + GAP),
            "y": HEIGHT - round((share or 0) * HEIGHT, 1),
            "height": round((share or 0) * HEIGHT, 1),
            "text": str(_("unknown")) if share is None else percent(share),
        }
        for place, share in enumerate(shares)
    ]
