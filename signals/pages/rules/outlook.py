"""Who would change band by other rules, as far as this reader may see the accounts."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from accounts_app.models import Account, User
from signals.compute.rules import RuleSetValues
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
    changing: int
    elsewhere: int
    moves: list[Move]
    first: list[Shift]

    @property
    def more(self) -> int:
        return self.changing - len(self.first)


def preview(rules: RuleSetValues, user: User) -> Preview | None:
    """Judge the stored readings by `rules`; None until accounts were judged."""
    found = outlook(rules)
    if found is None:
        return None
    table = found.accounts
    changed = table[table["band"] != table["new_band"]]
    visible = pd.Index(Account.objects.visible_to(user).order_by().values_list("pk", flat=True))
    seen = _worst_first(changed[changed.index.isin(visible)])
    return Preview(
        as_of=found.as_of,
        judged=len(table),
        renumbered=int((table["risk"] != table["new_risk"]).sum()),
        opening=found.opening,
        closing=found.closing,
        changing=len(seen),
        elsewhere=len(changed) - len(seen),
        moves=_moves(seen),
        first=_shifts(seen.head(MOST_SHOWN)),
    )


def _worst_first(changed: pd.DataFrame) -> pd.DataFrame:
    """What gets worse first, then by what is to be lost."""
    then, now = (changed[name].map(BAND_RANK).astype("int64") for name in ("new_band", "band"))
    order = changed.assign(worse=then - now, then=then, now=now, money=-changed["revenue"].astype(float))
    return changed.loc[order.sort_values(["worse", "then", "now", "money"], kind="stable").index]


def _moves(seen: pd.DataFrame) -> list[Move]:
    together = seen.groupby(["band", "new_band"], sort=False)["revenue"]
    return [Move(str(now), str(then), len(ones), sum(ones, Decimal())) for (now, then), ones in together]


def _shifts(shown: pd.DataFrame) -> list[Shift]:
    accounts = Account.objects.select_related("tier", "owner").in_bulk(shown.index.tolist())
    names = ("band", "risk", "new_band", "new_risk", "revenue")
    columns = zip(shown.index.tolist(), *(shown[name].tolist() for name in names), strict=True)
    return [Shift(accounts[key], *values) for key, *values in columns]
