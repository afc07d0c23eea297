"""The contracts of the page as a file, each with its day and scope."""

import io
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from accounts_app.exports import Cell, csv_lines, write_workbook
from cadence.pages.contract_terms import Term
from cadence.pages.contracts_page import ContractsPage
from signals.models import Band, Standing
from signals.pages.portfolio.filters import WHOSE

WIDTHS = (34, 12, 22, 22, 16, 30, 22, 12, 12, 12, 60)
ROWS_AT_A_TIME = 1000


class ContractsTable:
    """Every contract that the address shows, not only those of a page."""

    def __init__(self, page: ContractsPage) -> None:
        self.page, self.company = page, page.company
        self.data = _("simulated") if self.company.simulated else _("recorded")
        self.scope = str(WHOSE[page.asked.whose.key])

    @property
    def header(self) -> list[str]:
        return [
            _("Account"), _("Band"), _("Owner"), _("Deputy"), _("Contract"), _("Title"), _("How it may end"),
            _("Last day for notice"), _("Days left"), _("Term ends"), _("In words"), _("Notice received"),
            _("Renews by itself"), _("Worth a year"), _("Currency"), _("Next contact"), _("As of"), _("Scope"),
            _("Data"),
        ]  # fmt: skip

    def rows(self) -> Iterator[list[Cell]]:
        shown = self.page.shown
        for start in range(0, len(shown), ROWS_AT_A_TIME):
            yield from map(self._row, self.page.rows(shown.iloc[start : start + ROWS_AT_A_TIME]))

    def _row(self, term: Term) -> list[Cell]:
        contract, account = term.contract, term.account
        return [
            account.name, str(Band(term.band).label), str(account.owner or ""), str(account.deputy or ""),
            contract.number, contract.title, str(Standing.Notice(term.state).label), term.notice_by, term.days,
            term.ends_on, term.words, contract.notice_received_on, _("yes") if contract.auto_renews else _("no"),
            contract.reporting_annual_value, self.company.currency,
            term.standing.next_planned_on if term.standing else None, self.page.asked.today, self.scope, self.data,
        ]  # fmt: skip

    def csv(self) -> Iterator[str]:
        return csv_lines(self.header, self.rows())

    def workbook(self) -> IO[bytes]:
        file = io.BytesIO()
        about: list[tuple[str, Cell]] = [
            (_("Contracts of"), self.company.name),
            (_("As of"), self.page.asked.today),
            (_("Scope"), self.scope),
            (_("Seen by"), str(self.page.asked.whose.user)),
            (_("Data"), self.data),
        ]
        write_workbook(
            file, self.header, self.rows(), sheet=_("Contracts"), about=about, about_sheet=_("About"), widths=WIDTHS
        )
        file.seek(0)
        return file

    @property
    def name(self) -> str:
        """Of the file: the day, and that its data are not real where they are not."""
        return f"contracts-{self.page.asked.today.isoformat()}{'-simulated' if self.company.simulated else ''}"
