"""Who would change band by other rules, as far as this reader may see the accounts."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

import pandas as pd

from accounts_app.models import Account, User
from signals.compute.rules import RuleSetValues
from signals.models import Band
from signals.services.rule_preview import outlook
from signals.services.standings import BAND_RANK

MOST_SHOWN = 100


@dataclass(frozen=True)
class Shift:
    """One account that would change band."""

    account: Account
    band: str
    risk: int
    new_band: str
    new_risk: int
    revenue: Decimal


@dataclass(frozen=True)
class Move:
    """How many would go from one band to another, and what they bought in 12 months."""

    band: str
    new_band: str
    count: int
    revenue: Decimal


@dataclass(frozen=True)
class Preview:
    """What the page says before anything is saved; `elsewhere` are changes at accounts the reader may not see."""

    as_of: dt.date
    judged: int
    renumbered: int
    opening: int
    closing: int
    shifts: list[Shift]
    elsewhere: int

    @property
    def moves(self) -> list[Move]:
        together = groupby(self.shifts, key=lambda one: (one.band, one.new_band))
        return [_move(bands, list(ones)) for bands, ones in together]

    @property
    def first(self) -> list[Shift]:
        return self.shifts[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return len(self.shifts) - len(self.first)


def preview(rules: RuleSetValues, user: User) -> Preview | None:
    """Judge the stored readings by `rules`; None until accounts were judged."""
    found = outlook(rules)
    if found is None:
        return None
    table = found.accounts
    changed = table[table["band"] != table["new_band"]]
    seen = Account.objects.visible_to(user).select_related("tier", "owner").in_bulk(changed.index.tolist())
    return Preview(
        as_of=found.as_of,
        judged=len(table),
        renumbered=int((table["risk"] != table["new_risk"]).sum()),
        opening=found.opening,
        closing=found.closing,
        shifts=_shifts(changed, seen),
        elsewhere=len(changed) - len(seen),
    )


def _shifts(changed: pd.DataFrame, seen: dict[int, Account]) -> list[Shift]:
    """What gets worse first, then by what is to be lost."""
    names = ("band", "risk", "new_band", "new_risk", "revenue")
    columns = zip(changed.index.tolist(), *(changed[name].tolist() for name in names), strict=True)
    shifts = [Shift(seen[key], *values) for key, *values in columns if key in seen]
    ranks = {band.value: BAND_RANK[band] for band in Band}
    return sorted(
        shifts,
        key=lambda one: (ranks[one.new_band] - ranks[one.band], ranks[one.new_band], ranks[one.band], -one.revenue),
    )


def _move(bands: tuple[str, str], ones: list[Shift]) -> Move:
    return Move(*bands, len(ones), sum((one.revenue for one in ones), Decimal()))
