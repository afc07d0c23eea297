"""Expansion and contraction by account as a file, each row with its years and scope."""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import IO

from django.utils.translation import gettext as _

from accounts_app.exports import Cell, csv_lines, write_workbook
from cadence.economics import years
from cadence.pages.revenue_changes_page import Change, RevenueChangesPage
from signals.pages.portfolio.filters import WHOSE

WIDTHS = (34, 12, 22, 14, 16, 16, 16)
ROWS_AT_A_TIME = 1000


class ChangesTable:
    """Every account that the address shows, not only those of a page."""

    def __init__(self, page: RevenueChangesPage) -> None:
        self.page, self.company = page, page.company
        self.data = _("simulated") if self.company.simulated else _("recorded")
        self.begin, self.middle, self.end = years(page.asked.today)
        self.scope = str(WHOSE[page.asked.whose.key])

    @property
    def header(self) -> list[str]:
        return [
            _("Account"), _("Tier"), _("Owner"), _("Kind"), _("Revenue of the year before"), _("Revenue 12 months"),
            _("Change"), _("Orders known since"), _("Orders known until"), _("Year before begins"),
            _("12 months begin"), _("Last day"), _("Currency"), _("Scope"), _("Data"),
        ]  # fmt: skip

    def rows(self) -> Iterator[list[Cell]]:
        keys = self.page.table.index.tolist()
        for start in range(0, len(keys), ROWS_AT_A_TIME):
            yield from map(self._row, self.page.rows(keys[start : start + ROWS_AT_A_TIME]))

    def _row(self, row: Change) -> list[Cell]:
        account = row.account
        return [
            account.name, account.tier.name, str(account.owner or ""), str(row.label), _cents(row.before),
            _cents(row.after), _cents(row.change), row.since, row.until, self.begin, self.middle, self.page.asked.today,
            self.company.currency, self.scope, self.data,
        ]  # fmt: skip

    def csv(self) -> Iterator[str]:
        return csv_lines(self.header, self.rows())

    def workbook(self) -> IO[bytes]:
        file = io.BytesIO()
        about: list[tuple[str, Cell]] = [
            (_("Revenue of"), self.company.name),
            (_("Last day"), self.page.asked.today),
            (_("Scope"), self.scope),
            (_("Seen by"), str(self.page.asked.whose.user)),
            (_("Data"), self.data),
        ]
        write_workbook(
            file, self.header, self.rows(), sheet=_("Revenue"), about=about, about_sheet=_("About"), widths=WIDTHS
        )
        file.seek(0)
        return file

    @property
    def name(self) -> str:
        """Of the file: the day, and that its data are not real where they are not."""
        return f"revenue-{self.page.asked.today.isoformat()}{'-simulated' if self.company.simulated else ''}"


def _cents(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(amount).quantize(Decimal("0.01"))
