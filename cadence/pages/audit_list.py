"""The audits: what waits for the reader, and every quarter with how far it is."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Role, User
from accounts_app.templatetags.formats import day_text, percent
from cadence.models import Audit, AuditCycle
from cadence.pages.audit_actions import ActionLine, lines_of, open_actions

WAITING_SHOWN = 12


@dataclass(frozen=True)
class CycleLine:
    """One quarter in the list."""

    cycle: AuditCycle
    all: int
    signed: int
    on_time: int
    today: dt.date

    @property
    def url(self) -> str:
        return reverse("cadence:audit_cycle", args=[self.cycle.name])

    @property
    def share(self) -> int:
        return round(100 * self.signed / self.all) if self.all else 0

    @property
    def is_past(self) -> bool:
        return self.today > self.cycle.due_on

    @property
    def is_done(self) -> bool:
        return self.signed == self.all

    @property
    def on_time_text(self) -> str:
        """A share only once it cannot change any more."""
        if not self.all or not (self.is_past or self.is_done):
            return ""
        return percent(self.on_time / self.all)


def cycles_of(user: User, today: dt.date) -> list[CycleLine]:
    """Every cycle, the latest first, with the audits the user may see; three statements."""
    visible = Audit.objects.visible_to(user).order_by()
    totals = visible.current().values("cycle").annotate(n=Count("pk"), done=Count("pk", filter=Q(state="signed")))
    counted = {one["cycle"]: (one["n"], one["done"]) for one in totals}
    punctual = visible.filter(record__signed_at__date__lte=F("cycle__due_on"))
    on_time = dict(punctual.values("cycle").annotate(n=Count("account", distinct=True)).values_list("cycle", "n"))
    return [
        CycleLine(cycle, *counted.get(cycle.pk, (0, 0)), on_time.get(cycle.pk, 0), today)
        for cycle in AuditCycle.objects.all()
    ]


@dataclass(frozen=True)
class Task:
    """One audit that waits for the reader, with what is to be done."""

    audit: Audit
    act: str
    due_on: dt.date
    today: dt.date

    @property
    def url(self) -> str:
        return reverse("cadence:audit", args=[self.audit.cycle.name, self.audit.account_id])

    @property
    def is_overdue(self) -> bool:
        return self.due_on < self.today

    @property
    def when(self) -> str:
        if days := max((self.today - self.due_on).days, 0):
            return ngettext("{n} day overdue", "{n} days overdue", days).format(n=days)
        return _("due {day}").format(day=day_text(self.due_on, self.today))


class Waiting:
    """What waits for one reader: audits to answer, to sign or to find a reviewer for, and the reader's actions."""

    def __init__(self, user: User, today: dt.date) -> None:
        self.user, self.today = user, today
        self.tasks = sorted(self._tasks(), key=lambda task: (task.due_on, task.audit.account.sort_name))
        self.actions: list[ActionLine] = lines_of(open_actions(user).filter(owner=user), user, today)

    def _tasks(self) -> Iterable[Task]:
        """Two statements: those in which the reader has a part, and those only a leader may go on with."""
        for audit in self._under_way().filter(self._part()):
            if task := self._task(audit):
                yield task

    def _under_way(self) -> QuerySet[Audit]:
        found = Audit.objects.visible_to(self.user).under_way().select_related("cycle__questions", "account")
        return found.annotate(answered=Count("answers"))

    def _part(self) -> Q:
        mine = Q(reviewer=self.user) | Q(account__owner=self.user)
        if self.user.role not in {Role.SALES_LEADER, Role.ADMINISTRATOR}:
            return mine
        return mine | ((Q(state=Audit.State.OWNER_SIGNED) | Q(reviewer=None)) & ~Q(owner=self.user))

    def _task(self, audit: Audit) -> Task | None:
        if audit.state == Audit.State.OWNER_SIGNED:
            return self._last_signature(audit)
        # An annotation, which no field of the model knows.
        is_answered = vars(audit)["answered"] >= len(audit.cycle.questions.questions) and audit.judged_band
        if audit.account.owner_id == self.user.pk:
            return self._of(audit, _("Read and sign"), audit.cycle.due_on) if is_answered else None
        if audit.reviewer_id is None:
            return self._of(audit, _("Name a reviewer"), audit.cycle.answers_due_on)
        if audit.reviewer_id == self.user.pk and not is_answered:
            return self._of(audit, _("Answer"), audit.cycle.answers_due_on)
        return None

    def _last_signature(self, audit: Audit) -> Task | None:
        leads = self.user.role in {Role.SALES_LEADER, Role.ADMINISTRATOR}
        if not leads or self.user.pk in {audit.owner_id, audit.account.owner_id}:
            return None
        return self._of(audit, _("Sign or send back"), audit.cycle.due_on)

    def _of(self, audit: Audit, act: str, due_on: dt.date) -> Task:
        return Task(audit, act, due_on, self.today)

    @property
    def lead(self) -> str:
        """How much waits, in a sentence."""
        count = len(self.tasks) + len(self.actions)
        if not count:
            return _("Nothing waits for you.")
        late = sum(task.is_overdue for task in self.tasks) + sum(line.is_overdue for line in self.actions)
        parts = []
        if self.tasks:
            parts.append(ngettext("{n} audit", "{n} audits", len(self.tasks)).format(n=len(self.tasks)))
        if self.actions:
            parts.append(ngettext("{n} action", "{n} actions", len(self.actions)).format(n=len(self.actions)))
        verb = ngettext("waits for you", "wait for you", count)
        text = f"{_(' and ').join(parts)} {verb}"
        return f"{text}, {_('{n} overdue').format(n=late)}." if late else f"{text}."
