"""The scorecards of the page as a file: the same rows, and nothing of anybody whom the page does not show."""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import IO

from django.utils.translation import gettext as _

from accounts_app.exports import Cell, csv_lines, write_workbook
from cadence.expectation import Expectation
from cadence.pages.cadence_tally import Tally
from cadence.pages.scorecard_row import Hours, Row
from cadence.pages.team_page import TeamPage
from cadence.scorecard import MOSTLY
from cadence.services.scorecards import SUMMED

WIDTHS = (28, 10, 14, 14, 12)


class TeamTable:
    def __init__(self, page: TeamPage) -> None:
        self.page, self.company = page, page.company
        self.data = _("simulated") if self.company.simulated else _("recorded")

    @property
    def header(self) -> list[str]:
        return [
            _("Team") if self.page.scope.by_team else _("Manager"), _("Accounts at the start"), _("Compared"),
            _("Revenue before"), _("Kept of it"), _("Gross retention"), _("Expected"), _("Expected from"),
            _("Expected to"), _("Judged"), _("Net retention"), _("Expansion"), _("Healthy at the start"),
            _("Healthy at the end"), _("Days promised"), _("Days kept"), _("Contacts"), _("Proactive"),
            _("With a value"), _("Levels covered"), _("Hours a week needed"), _("Hours a week available"),
            _("First day"), _("Last day"), _("Currency"), _("Data"),
        ]  # fmt: skip

    def rows(self) -> Iterator[list[Cell]]:
        return map(self._row, self.page.rows)

    def _row(self, row: Row) -> list[Cell]:
        health, period = row.outcome.health, self.page.choice.period
        return [
            row.name, row.outcome.accounts, row.outcome.compared, *_money(row), _share(row.gross),
            *_expected(row.expected), row.verdict_words, _share(row.net), _share(row.expansion),
            _healthy(health.start), _healthy(health.end), *_counts(row.cadence), _share(row.covered),
            *_hours(row.hours), period.begins_on, period.last_on, self.company.currency, self.data,
        ]  # fmt: skip

    def csv(self) -> Iterator[str]:
        return csv_lines(self.header, self.rows())

    def workbook(self) -> IO[bytes]:
        file = io.BytesIO()
        about: list[tuple[str, Cell]] = [
            (_("Scorecards of"), self.company.name),
            (_("Period"), self.page.choice.span),
            (_("Compared with"), self.page.choice.before),
            (_("Seen by"), str(self.page.scope.user)),
            (_("Made from"), _("outcomes: orders, judgements and contacts on record; nobody is watched for it")),
            (_("Data"), self.data),
        ]
        write_workbook(
            file, self.header, self.rows(), sheet=_("Scorecards"), about=about, about_sheet=_("About"), widths=WIDTHS
        )
        file.seek(0)
        return file

    @property
    def name(self) -> str:
        """Of the file: the period, and that its data are not real where they are not."""
        return (
            f"team-{self.page.choice.key}-{self.page.today.isoformat()}{'-simulated' if self.company.simulated else ''}"
        )


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _money(row: Row) -> tuple[Cell, Cell]:
    """Revenue before and what of it was kept; of no account compared nothing is known."""
    if not row.outcome.compared:
        return None, None
    kept = row.outcome.retention
    return _cents(kept.base), _cents(kept.kept)


def _cents(amount: float) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


def _healthy(shares: dict[str, float]) -> float | None:
    """The share of the healthy, as the page tells it: not where most of the revenue was not judged."""
    return _share(shares["healthy"]) if shares.get("unknown", 1.0) < MOSTLY else None


def _counts(cadence: Tally) -> tuple[Cell, ...]:
    """Days and contacts; where nothing was counted they are not known."""
    if cadence == Tally():
        return (None,) * len(SUMMED)
    return tuple(getattr(cadence, name) for name in SUMMED)


def _expected(found: Expectation | None) -> tuple[Cell, Cell, Cell]:
    return (_share(found.share), _share(found.low), _share(found.high)) if found else (None, None, None)


def _hours(found: Hours | None) -> tuple[Cell, Cell]:
    if found is None:
        return None, None
    return round(found.needed, 1), None if found.available is None else round(found.available, 1)
