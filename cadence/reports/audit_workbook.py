"""A cycle as a workbook, as far as its reader sees it: scores by account, answers, actions."""

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import IO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.exports import Cell, Table, write_tables
from accounts_app.models import Company, User
from cadence.models import Audit, AuditAction, AuditAnswer, AuditCycle, Dimension
from cadence.pages.audit_cycle_page import CyclePage
from cadence.pages.audit_evidence import TITLES
from cadence.pages.audit_rows import AuditRow
from cadence.pages.audit_rows import Cell as Score
from cadence.reports.audit_summary import cycle_page
from signals.models import Band

ROWS_AT_A_TIME = 1000
NAME, PERSON, TEXT, DAY = 34, 22, 60, 12


class AuditWorkbook:
    """Every audit that counts, whatever its state; numbers stay numbers, and no text becomes a formula."""

    def __init__(self, cycle: AuditCycle, user: User, company: Company, now: dt.datetime) -> None:
        self.cycle, self.user, self.company, self.now = cycle, user, company, now

    @cached_property
    def page(self) -> CyclePage:
        return cycle_page(self.cycle, self.user, self.company.day_of(self.now))

    @cached_property
    def questions(self) -> dict[str, str]:
        return {one["key"]: one["text"] for one in self.cycle.questions.questions}

    @property
    def name(self) -> str:
        return f"audit-{self.cycle.name}{'-simulated' if self.company.simulated else ''}"

    def file(self) -> IO[bytes]:
        file = io.BytesIO()
        write_tables(file, [self.accounts, self.answers, self.actions], about=self.about, about_sheet=_("About"))
        file.seek(0)
        return file

    @property
    def about(self) -> list[tuple[str, Cell]]:
        return [
            (_("Audit"), self.cycle.name),
            (_("Company"), self.company.name),
            (_("Questions"), _("version {n}").format(n=self.cycle.questions.version)),
            (_("Compared with"), self.page.before.name if self.page.before else _("no earlier audit")),
            (_("Seen by"), str(self.user)),
            (_("Made"), self.company.day_of(self.now)),
            (_("Data"), _("simulated") if self.company.simulated else _("recorded")),
        ]

    @property
    def accounts(self) -> Table:
        labels = [str(label) for label in Dimension.labels]
        header = [
            _("Account"), _("Manager"), _("Reviewer"), _("State"), _("Answered"), _("Signed"), _("Overdue"), _("Band"),
            _("Judged in the audit"), *labels, _("Mean"),
            *(_("{dimension}: change").format(dimension=label) for label in labels), _("Mean: change"),
        ]  # fmt: skip
        return Table(_("Accounts"), header, self._accounts(), (NAME, PERSON, PERSON, PERSON, 10, DAY, 9, 11, 12))

    def _accounts(self) -> Iterator[list[Cell]]:
        bands = dict(Band.choices)
        for row in sorted(self.page.rows, key=_by_name):
            scores = (*row.cells, row.overall)
            yield [
                row.name, row.owner or None, row.values["reviewer__name"], str(Audit.State(row.state).label),
                row.values["answered"], row.signed_on, _yes(said=row.is_overdue), str(bands[row.band]),
                _yes(said=row.is_judged), *(_mean(one) for one in scores), *(_change(one) for one in scores),
            ]  # fmt: skip

    @property
    def _visible(self) -> QuerySet[Audit]:
        return Audit.objects.visible_to(self.user).current().filter(cycle=self.cycle).order_by()

    @property
    def answers(self) -> Table:
        header = [
            _("Account"), _("Dimension"), _("Question"), _("Score"), _("Reason"), _("Rests on"), _("Answered by"),
            _("Answered"),
        ]  # fmt: skip
        widths = (NAME, 14, TEXT, 8, TEXT, PERSON, PERSON, DAY)
        return Table(_("Answers"), header, self._answers(), widths, wraps=True)

    def _answers(self) -> Iterator[list[Cell]]:
        rows = AuditAnswer.objects.filter(audit__in=self._visible).select_related("audit__account", "answered_by")
        for row in rows.order_by("audit__account__sort_name", "audit", "pk").iterator(ROWS_AT_A_TIME):
            question = self.questions.get(row.question, row.question)
            rests_on = ", ".join(str(TITLES[key]) for key in row.evidence if key in TITLES)
            yield [
                row.audit.account.name, str(row.get_dimension_display()), question, row.score, row.reason, rests_on,
                str(row.answered_by), timezone.localdate(row.answered_at),
            ]  # fmt: skip

    @property
    def actions(self) -> Table:
        header = [
            _("Account"), _("Action"), _("Owner"), _("Due"), _("Outcome"), _("Closed"), _("Closed by"), _("Note"),
        ]  # fmt: skip
        widths = (NAME, TEXT, PERSON, DAY, 12, DAY, PERSON, TEXT)
        return Table(_("Actions"), header, self._actions(), widths, wraps=True)

    def _actions(self) -> Iterator[list[Cell]]:
        rows = AuditAction.objects.filter(audit__in=self._visible)
        rows = rows.select_related("audit__account", "owner", "closing__closed_by")
        for row in rows.order_by("audit__account__sort_name", "due_on", "pk").iterator(ROWS_AT_A_TIME):
            ended: list[Cell] = [_("open"), None, None, None]
            if hasattr(row, "closing"):
                closing = row.closing
                ended = [
                    str(closing.get_outcome_display()), closing.closed_on, str(closing.closed_by), closing.note or None
                ]  # fmt: skip
            yield [row.audit.account.name, row.text, str(row.owner), row.due_on, *ended]


def _by_name(row: AuditRow) -> tuple[str, int]:
    return str(row.values["account__sort_name"]), row.account_id


def _mean(score: Score) -> Decimal | None:
    """As the page shows it, to a tenth; nothing where no question of it is answered."""
    return None if score.now is None else Decimal(score.now).scaleb(-1)


def _change(score: Score) -> Decimal | None:
    return None if score.change is None else Decimal(score.change).scaleb(-1)


def _yes(*, said: bool) -> str:
    return _("yes") if said else _("no")
