"""What the audits of one account said over the quarters, and which of their actions are open."""

import datetime as dt
from functools import cached_property

from django.db.models import Avg, Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, User
from cadence.models import Audit, AuditCycle, Dimension
from cadence.pages.audit_actions import ActionLine, lines_of, open_actions
from cadence.pages.audit_rows import FIELDS, MEANS, AuditRow, Cell, tenths_of
from signals.models import Band

QUARTERS_SHOWN = 12


class AccountAudits:
    """A constant number of statements, however many quarters there are."""

    def __init__(self, account: Account, user: User, today: dt.date) -> None:
        self.account, self.user, self.today = account, user, today

    @cached_property
    def rows(self) -> list[AuditRow]:
        """The latest quarter first, each compared with the signed one before it."""
        found = Audit.objects.visible_to(self.user).current().filter(account=self.account)
        counted = found.annotate(**MEANS, mean=Avg("answers__score"), answered=Count("answers"))
        values = list(counted.order_by("-cycle__begins_on").values("cycle_id", *FIELDS)[:QUARTERS_SHOWN])
        cycles = AuditCycle.objects.select_related("questions").in_bulk([one["cycle_id"] for one in values])
        rows: list[AuditRow] = []
        past: AuditRow | None = None
        for one in reversed(values):
            cycle = cycles[one["cycle_id"]]
            questions = len(cycle.questions.questions)
            # Half an audit would seem to have got better or worse by what it has not come to yet.
            compared = past if one["answered"] >= questions else None
            cells = tuple(
                Cell(key, label, tenths_of(one[f"mean_{key}"]), compared.cells[n].now if compared else None)
                for n, (key, label) in enumerate(Dimension.choices)
            )
            overall = Cell("mean", _("Mean"), tenths_of(one["mean"]), compared.overall.now if compared else None)
            row = AuditRow(cycle, one, cells, overall, questions, self.today)
            rows.insert(0, row)
            past = row if row.is_signed else past
        return rows

    @cached_property
    def signed(self) -> Audit | None:
        """The last one that both have signed."""
        found = Audit.objects.visible_to(self.user).current().filter(account=self.account, state=Audit.State.SIGNED)
        return found.select_related("cycle").defer("evidence").order_by("-cycle__begins_on").first()

    @cached_property
    def actions(self) -> list[ActionLine]:
        return lines_of(open_actions(self.user).filter(audit__account=self.account), self.user, self.today)

    @property
    def lead(self) -> str:
        if self.signed is None:
            return _("No audit of this account is signed yet.")
        text = _("{quarter}: judged {band}").format(
            quarter=self.signed.cycle.name, band=str(Band(self.signed.judged_band).label)
        )
        count = len(self.actions)
        if not count:
            return f"{text}; {_('no action is open')}."
        open_text = ngettext("{n} action is open", "{n} actions are open", count).format(n=count)
        return f"{text}; {open_text}."

    @property
    def columns(self) -> list[str]:
        return [str(label) for _key, label in Dimension.choices]
