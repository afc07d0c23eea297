"""The portfolio as a file: what the list shows, every page of it, with exact money and real days."""

import io
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import date
from itertools import chain
from typing import IO, cast

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts_app.exports import Cell, csv_lines, write_workbook
from accounts_app.models import Account, Company, Interaction, User
from signals.models import Alert, Band, Standing
from signals.pages.portfolio.address import Opened
from signals.pages.portfolio.rows import Row

ROWS_AT_A_TIME = 500
SHEET_WIDTHS = (34, 12, 12, 22, 22, 18, 18, 12, 8, 12, 10, 70)


class Lines(Iterator[str]):
    """Lines on their way; closed before the last one is asked for, they let the cursor behind them go."""

    def __init__(self, rows: Generator[list[Cell]], lines: Iterator[str]) -> None:
        self._rows, self._lines = rows, lines

    def __next__(self) -> str:
        return next(self._lines)

    def close(self) -> None:
        self._rows.close()


class PortfolioTable:
    """The rows of an opened address, each with its day and scope, so that a row copied elsewhere still says them."""

    def __init__(self, opened: Opened, user: User, company: Company) -> None:
        self.opened, self.user, self.company = opened, user, company
        self.scope = " · ".join(str(text) for text in opened.choices.described(opened.filters)) or _("All accounts")
        self.data = _("simulated") if company.simulated else _("recorded")

    @property
    def header(self) -> list[str]:
        titles: list[str | Promise] = [
            _("Account"), _("Tier"), _("Status"), _("Owner"), _("Team"), _("Country"), _("Industry"), _("Band"),
            _("Risk"), _("Change in 30 days"), _("Coverage"), _("Why"), _("Last proactive contact"), _("Last contact"),
            _("Next contact"), _("Next contact by"), _("Expected order"), _("Notice"), _("Notice by"),
            _("Contract a year"), _("Open incidents"), _("Open alerts"),
            _("Revenue 12 months"), _("Revenue at risk"), _("Currency"), _("As of"), _("Scope"), _("Data"),
        ]  # fmt: skip
        return [str(title) for title in titles]

    def rows(self) -> Generator[list[Cell]]:
        accounts = self.opened.filters.accounts(self.user).select_related("team").defer("standing__strip")
        counted = accounts.annotate(open_alerts=_open_alerts(self.user))
        read = cast("Generator[Account]", counted.iterator(chunk_size=ROWS_AT_A_TIME))
        with closing(read):
            for account in read:
                yield self._row(account)

    def csv(self) -> "Lines":
        """Line by line; the first row is read at once, so that what fails does so before anything was sent."""
        rows = self.rows()
        first = next(rows, None)
        return Lines(rows, csv_lines(self.header, chain([first] if first else [], rows)))

    def workbook(self, as_of: date | None, made_on: date) -> IO[bytes]:
        """The whole file: it is compressed when its last row is known."""
        file = io.BytesIO()
        about: list[tuple[str, Cell]] = [
            (_("Portfolio of"), self.company.name),
            (_("As of"), as_of or _("not judged yet")),
            (_("Scope"), self.scope),
            (_("Seen by"), str(self.user)),
            (_("Data"), self.data),
            (_("Written on"), made_on),
        ]
        write_workbook(
            file,
            self.header,
            self.rows(),
            sheet=_("Portfolio"),
            about=about,
            about_sheet=_("About"),
            widths=SHEET_WIDTHS,
        )
        file.seek(0)
        return file

    def _row(self, account: Account) -> list[Cell]:
        row = Row(account)
        return [
            account.name, account.tier.name, account.get_status_display(), str(account.owner or ""),
            str(account.team or ""), account.country, account.industry, *_judgement(row), *_days(row),
            *_notice(row), *_money(row), self.company.currency, row.standing.as_of if row.standing else None,
            self.scope, self.data,
        ]  # fmt: skip


def _open_alerts(user: User) -> Coalesce:
    wanting = Alert.objects.visible_to(user).wanting_attention().filter(account=OuterRef("pk")).order_by()
    return Coalesce(Subquery(wanting.values("account").annotate(n=Count("pk")).values("n")), 0)


def _judgement(row: Row) -> list[Cell]:
    """Band, risk, change, coverage and why; an Unknown account has no number, which would read as a low risk."""
    standing = row.standing
    if standing is None or not row.is_computed:
        return [_("not computed"), None, None, None, ""]
    is_known = standing.band != Band.UNKNOWN
    risk, change = (standing.risk, standing.change_30d) if is_known else (None, None)
    return [str(Band(standing.band).label), risk, change, round(standing.coverage, 3), row.why]


def _days(row: Row) -> list[Cell]:
    standing = row.standing
    if standing is None:
        return [None, None, None, "", None]
    channel = standing.next_planned_channel
    by = str(Interaction.Channel(channel).label) if channel else ""
    return [
        standing.last_proactive_on,
        standing.last_contact_on,
        standing.next_planned_on,
        by,
        standing.expected_next_on,
    ]


def _notice(row: Row) -> list[Cell]:
    """How the contract that decides may end, by when, and what it is worth a year."""
    standing = row.standing
    if standing is None or not standing.notice_state:
        return ["", None, None]
    state = str(Standing.Notice(standing.notice_state).label)
    return [state, standing.notice_on, standing.notice_amount]


def _money(row: Row) -> list[Cell]:
    """What is expected to be lost of an Unknown account nobody knows: that is not nothing."""
    alerts: int = row.account.open_alerts  # type: ignore[attr-defined]
    standing = row.standing
    if standing is None or not row.is_computed:
        return [None, alerts, None, None]
    at_risk = None if standing.band == Band.UNKNOWN else standing.revenue_at_risk
    return [standing.open_incidents, alerts, standing.revenue_12m, at_risk]
