"""The losses as a file: what the list shows, every page of it."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from accounts_app.exports import Cell, csv_lines, write_workbook
from accounts_app.models import Company
from signals.pages.losses.list import LossRow

WIDTHS = (34, 22, 12, 20, 24, 16, 10, 12, 40, 18, 14, 60)


def header() -> list[str]:
    return [
        _("Account"), _("Part"), _("Lost on"), _("Reason"), _("Went to"), _("Worth a year"), _("Currency"),
        _("Known since"), _("Rose first"), _("Somebody was warned"), _("Won back on"), _("Conclusion"), _("Data"),
    ]  # fmt: skip


def lines(rows: list[LossRow], company: Company) -> list[list[Cell]]:
    data = _("simulated") if company.simulated else _("recorded")
    return [[*_line(row, company), data] for row in rows]


def _line(row: LossRow, company: Company) -> list[Cell]:
    loss: Any = row.loss
    made = getattr(loss, "post_mortem", None)
    return [
        loss.account.name, loss.part, loss.lost_on, loss.get_reason_display(), loss.went_to,
        loss.reporting_annual_amount, company.currency, loss.known_on, row.first, row.warned, loss.won_back_on,
        made.conclusion if made else "",
    ]  # fmt: skip


def as_csv(rows: list[LossRow], company: Company) -> Iterator[str]:
    return csv_lines(header(), lines(rows, company))


def as_workbook(rows: list[LossRow], company: Company, *, scope: str, made_on: dt.date) -> IO[bytes]:
    file = io.BytesIO()
    about: list[tuple[str, Cell]] = [
        (_("Losses of"), company.name), (_("Shown"), scope), (_("Written on"), made_on),
    ]  # fmt: skip
    write_workbook(
        file, header(), lines(rows, company), sheet=_("Losses"), about=about, about_sheet=_("About"), widths=WIDTHS
    )
    file.seek(0)
    return file
