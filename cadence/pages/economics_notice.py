"""What may leave by notice: money by band and span, each figure a link to its contracts."""

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from django.utils.translation import gettext as _

from cadence.economics import WINDOWS
from cadence.pages.economics_address import Asked
from signals.models import Band

RECEIVED = "received"


@dataclass(frozen=True)
class Cell:
    """The money of one band that may leave within a span."""

    label: str
    amount: Decimal
    contracts: int
    unpriced: int
    any_day: Decimal
    url: str

    @property
    def has_amount(self) -> bool:
        """Whether the worth of any of its contracts is known."""
        return self.contracts > self.unpriced

    @property
    def words(self) -> str:
        """What the amount leaves out."""
        return _("{n} of unknown worth").format(n=self.unpriced) if self.unpriced else ""


class NoticeTable:
    """The money of `cadence.economics.notice_money` as a table of bands and spans."""

    def __init__(self, asked: Asked, table: pd.DataFrame) -> None:
        self.asked, self._table = asked, table

    @property
    def has_contracts(self) -> bool:
        return bool(len(self._table))

    @property
    def spans(self) -> list[tuple[str, str]]:
        """The columns of what may leave."""
        return [(str(days), _("within {n} days").format(n=days)) for days in WINDOWS] + [
            (RECEIVED, _("notice received"))
        ]

    @property
    def rows(self) -> list[tuple[str, list[Cell]]]:
        """By band a cell for each span; the last row is all together."""
        rows = [(str(band), [self._cell(band, key) for key, _label in self.spans]) for band in Band.values]
        return [*rows, ("", [self.total(key) for key, _label in self.spans])]

    def _cell(self, band: str, within: str) -> Cell:
        table = self._table
        return self._summed(table[(table["band"] == band) & (table["within"] == within)], within, band)

    def total(self, within: str) -> Cell:
        return self._summed(self._table[self._table["within"] == within], within, "")

    def _summed(self, rows: pd.DataFrame, within: str, band: str) -> Cell:
        narrowed: dict[str, str] = {"band": band} if band else {}
        asked = {"kind": RECEIVED} if within == RECEIVED else {"within": within}
        return Cell(
            label=dict(self.spans)[within],
            amount=_cents(rows["amount"].sum()),
            contracts=int(rows["contracts"].sum()),
            unpriced=int(rows["unpriced"].sum()),
            any_day=_cents(rows["any_day"].sum()),
            url=self.asked.contracts(**narrowed, **asked),
        )


def _cents(amount: float) -> Decimal:
    return Decimal(float(amount)).quantize(Decimal("0.01"))
