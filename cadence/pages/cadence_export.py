"""The accounts of the cadence page as a file, each with its quarter and scope."""

import io
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from accounts_app.exports import Cell, csv_lines, write_workbook
from accounts_app.models import Company, Interaction, Level
from cadence.models import ContactQuarter
from cadence.pages.cadence_address import Asked, quarter_name
from signals.pages.portfolio.filters import WHOSE

ROWS_AT_A_TIME = 1000
WIDTHS = (34, 12, 22, 10)


class CadenceTable:
    """Every account that the address shows, not only those of a page."""

    def __init__(self, asked: Asked, company: Company) -> None:
        self.asked, self.company = asked, company
        self.data = _("simulated") if company.simulated else _("recorded")

    @property
    def header(self) -> list[str]:
        purposes = [_("Contacts: {purpose}").format(purpose=one.label) for one in Interaction.Purpose]
        return [
            _("Account"), _("Tier"), _("Manager"), _("Quarter"), _("Days promised"), _("Days kept"),
            _("Contacts promised"), _("Proactive contacts"), _("With value"), _("Contacts"), *purposes,
            _("First contact on record"), _("Last review"), _("Last contact of an executive of ours"),
            _("Levels met in a year"), _("Levels promised"), _("Counted until"), _("Scope"), _("Data"),
        ]  # fmt: skip

    def rows(self) -> Iterator[list[Cell]]:
        for row in self.asked.rows().select_related("account__tier", "owner").iterator(ROWS_AT_A_TIME):
            yield self._row(row)

    def _row(self, row: ContactQuarter) -> list[Cell]:
        account = row.account
        levels = ", ".join(str(Level(level).label) for level in row.levels_in_year)
        return [
            account.name, account.tier.name, row.owner.name if row.owner else None, quarter_name(row.begins_on),
            row.days_promised, row.days_kept, round(row.promised, 2), row.proactive, row.with_value, row.contacts,
            *(row.purposes.get(purpose, 0) for purpose in Interaction.Purpose.values),
            row.first_on, row.review_on, row.executive_on, levels, account.tier.min_levels, self.asked.last_on,
            str(WHOSE[self.asked.whose]), self.data,
        ]  # fmt: skip

    def csv(self) -> Iterator[str]:
        return csv_lines(self.header, self.rows())

    def workbook(self) -> IO[bytes]:
        file = io.BytesIO()
        about: list[tuple[str, Cell]] = [
            (_("Cadence of"), self.company.name),
            (_("Quarter"), quarter_name(self.asked.quarter)),
            (_("Counted until"), self.asked.last_on),
            (_("Scope"), str(WHOSE[self.asked.whose])),
            (_("Seen by"), str(self.asked.user)),
            (_("Data"), self.data),
        ]
        write_workbook(
            file, self.header, self.rows(), sheet=_("Cadence"), about=about, about_sheet=_("About"), widths=WIDTHS
        )
        file.seek(0)
        return file

    @property
    def name(self) -> str:
        """Of the file: the quarter, and that its data are not real where they are not."""
        quarter = quarter_name(self.asked.quarter).replace(" ", "-")
        return f"cadence-{quarter}{'-simulated' if self.company.simulated else ''}"
