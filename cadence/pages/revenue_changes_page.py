"""Expansion and contraction by account: twelve months against the twelve before."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Company
from accounts_app.templatetags.formats import MINUS, day_text, money, percent
from cadence.economics import Movement, years
from cadence.pages.economics_address import MOVEMENTS, Asked, Text
from cadence.services.economics import TwoYears, two_years
from signals.pages.portfolio.controls import Option


@dataclass(frozen=True)
class Change:
    """One account; what is not known is None."""

    account: Account
    movement: str
    before: float | None
    after: float | None
    # Why it is not known: orders are on record only since, or until, a day.
    since: dt.date | None
    until: dt.date | None

    @property
    def label(self) -> Text:
        return MOVEMENTS[self.movement]

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def share(self) -> float | None:
        """The change as a share of the year before; of nothing there is none."""
        return None if self.change is None or not self.before or self.before < 0 else self.change / self.before

    @property
    def share_text(self) -> str:
        share = self.share
        return "" if share is None else f"{MINUS if share < 0 else '+'}{percent(abs(share))}"


@dataclass(frozen=True)
class Sum:
    """All accounts of one kind together."""

    label: Text
    count: int
    change: float | None
    url: str
    key: str
    is_current: bool


class RevenueChangesPage:
    """All that the page shows of an address; a constant number of statements."""

    def __init__(self, asked: Asked, company: Company) -> None:
        self.asked, self.company = asked, company
        self.years: TwoYears = two_years(asked.whose.accounts(), asked.today)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Of the kind asked for: who lost most first, what is not known last."""
        table = self.years.table.assign(change=self.years.table["after"] - self.years.table["before"])
        if self.asked.movement:
            table = table[table["movement"] == self.asked.movement]
        elif (table["movement"] != Movement.NONE).any():
            table = table[table["movement"] != Movement.NONE]
        grows = self.asked.movement in {Movement.EXPANDED, Movement.NEW}
        ranked = table.assign(rank=-table["change"] if grows else table["change"], last=~table["known"])
        return ranked.reset_index().sort_values(["last", "rank", "account_id"]).set_index("account_id")

    def rows(self, keys: list[int]) -> list[Change]:
        """These accounts in this order, with all that a row shows."""
        found = Account.objects.visible_to(self.asked.whose.user).select_related("tier", "owner").in_bulk(keys)
        shown = self.table.loc[[key for key in keys if key in found]]
        return [self._row(found[row.Index], row) for row in shown.itertuples()]

    def _row(self, account: Account, row: Any) -> Change:
        """The year before only where all of it is on record; the present one where its orders are and are not late."""
        since, until = row.since, row.until
        before = float(row.before) if row.has_before else None
        after = None if since is None or until is not None else float(row.after)
        begins = None if row.has_before else since
        return Change(account, str(row.movement), before, after, begins, until)

    @property
    def sums(self) -> list[Sum]:
        """By kind, with what all its accounts together gained or lost."""
        table = self.years.table
        change = (table["after"] - table["before"]).groupby(table["movement"])
        counts, totals = change.size().to_dict(), change.sum().to_dict()
        return [
            Sum(
                label,
                int(counts[key]),
                None if key in {Movement.UNKNOWN, Movement.NONE} else float(totals[key]),
                self.asked.address(kind="" if key == self.asked.movement else key) + "#accounts",
                key,
                key == self.asked.movement,
            )
            for key, label in MOVEMENTS.items()
            if key in counts
        ]

    @property
    def lead(self) -> str:
        """What matters, in a sentence."""
        found = self.years.retention
        if found.net is None or found.gross is None:
            return _(
                "Whether {whose} buy more or less than a year ago is not known: of none are the orders of both years "
                "on record."
            ).format(whose=self.asked.whose.words)
        text = _(
            "Of {base} bought in the twelve months before, {gross} came again (gross); with what the same customers "
            "bought more it is {net} (net)."
        )
        base = money(found.base, self.company.currency)
        return text.format(base=base, gross=percent(found.gross), net=percent(found.net)) + self._left_out()

    def _left_out(self) -> str:
        number = int((~self.years.table["known"]).sum())
        said = ngettext(
            " Left out: {n} account whose two years are not both known.",
            " Left out: {n} accounts whose two years are not both known.",
            number,
        )
        return said.format(n=number) if number else ""

    @property
    def spans(self) -> tuple[str, str]:
        """The two years in words, the one before first."""
        begin, middle, end = years(self.asked.today)
        day = dt.timedelta(days=1)
        words = _("{first} to {last}")
        return (
            words.format(first=day_text(begin), last=day_text(middle - day)),
            words.format(first=day_text(middle), last=day_text(end - day)),
        )

    @property
    def shown_as(self) -> Text:
        return MOVEMENTS[self.asked.movement] if self.asked.movement else _("All accounts")

    @property
    def whose(self) -> list[Option]:
        return self.asked.whose.options(lambda key: f"?whose={key}")

    @property
    def query(self) -> str:
        """What the files are asked for with."""
        return "?" + self.asked.address(kind=self.asked.movement).partition("?")[2]
