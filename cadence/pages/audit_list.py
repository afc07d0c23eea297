"""The audits: what waits for the reader, and every quarter with how far it is."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.access import WHO_ACT
from accounts_app.models import Absence, Role, User
from accounts_app.templatetags.formats import day_text, percent
from cadence.models import Audit, AuditCycle, AuditSignature
from cadence.pages.audit_actions import ActionLine, lines_of, open_actions
from cadence.services.audit_roles import acts

SHOWN = 12
LEADERS = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})
HAS_REVIEWER = Q(reviewer__is_active=True, reviewer__role__in=WHO_ACT)
HAS_OWNER = Q(account__owner__is_active=True, account__owner__role__in=WHO_ACT)


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
        for cycle in AuditCycle.objects.select_related("questions").defer("questions__questions")
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

    def __init__(self, user: User, today: dt.date, *, every: bool = False) -> None:
        self.user, self.today = user, today
        self.shown = None if every else SHOWN
        self.tasks = sorted(self._tasks(), key=lambda task: (task.due_on, task.audit.account.sort_name))
        mine = open_actions(user).filter(owner=user)
        counted = mine.order_by().aggregate(every=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
        self.action_count, self._late_actions = counted["every"], counted["late"]
        self.actions: list[ActionLine] = lines_of(mine[: self.shown], user, today)

    @property
    def first(self) -> list[Task]:
        """The most urgent; all of them where they were asked for."""
        return self.tasks[: self.shown]

    def _tasks(self) -> Iterable[Task]:
        """One statement, and one more where the reader may sign for somebody who is away."""
        for audit in self._under_way().filter(self._part()):
            if task := self._task(audit):
                yield task

    def _under_way(self) -> QuerySet[Audit]:
        found = Audit.objects.visible_to(self.user).under_way().defer("evidence")
        related = found.select_related("cycle__questions", "account__owner", "account__deputy", "reviewer")
        voided = AuditSignature.objects.filter(audit=OuterRef("pk"), voided_at__isnull=False)
        return related.annotate(answered=Count("answers"), sent_back=Exists(voided))

    def _part(self) -> Q:
        mine = Q(reviewer=self.user) | Q(account__owner=self.user) | Q(account__deputy=self.user)
        if self.user.role not in LEADERS:
            return mine
        stuck = Q(state=Audit.State.OWNER_SIGNED) | ~HAS_REVIEWER | ~HAS_OWNER
        return mine | (stuck & ~Q(owner=self.user))

    def _task(self, audit: Audit) -> Task | None:
        if audit.state == Audit.State.OWNER_SIGNED:
            return self._last_signature(audit)
        if not acts(audit.reviewer):
            return self._of(audit, _("Name a reviewer"), audit.cycle.answers_due_on) if self._leads(audit) else None
        # Annotations, which no field of the model knows.
        is_answered = vars(audit)["answered"] >= len(audit.cycle.questions.questions) and audit.judged_band
        if is_answered:
            return self._first_signature(audit)
        if audit.reviewer_id == self.user.pk and audit.account.owner_id != self.user.pk:
            return self._of(audit, _("Answer"), audit.cycle.answers_due_on)
        return None

    def _leads(self, audit: Audit) -> bool:
        """A leader whose own account it is not."""
        return self.user.role in LEADERS and self.user.pk not in {audit.owner_id, audit.account.owner_id}

    def _first_signature(self, audit: Audit) -> Task | None:
        """As the services have it (`signs_for_owner`), without asking of every audit who is away."""
        owner, deputy, is_sent_back = audit.account.owner, audit.account.deputy, vars(audit)["sent_back"]
        is_here, may_deputy = acts(owner), acts(deputy) and deputy != audit.reviewer
        if owner == self.user:
            act = _("Sent back: read it again and sign") if is_sent_back else _("Read and sign")
            return self._of(audit, act, audit.cycle.due_on)
        if is_sent_back and audit.reviewer == self.user:
            return self._of(audit, _("Sent back: look at it again"), audit.cycle.due_on)
        if deputy == self.user and may_deputy and (not is_here or audit.account.owner_id in self._away):
            return self._of(audit, _("Read and sign for the owner"), audit.cycle.due_on)
        if not (is_here or may_deputy) and self._leads(audit):
            return self._of(audit, _("Name an owner of the account"), audit.cycle.due_on)
        return None

    @cached_property
    def _away(self) -> set[int | None]:
        found = Absence.objects.filter(from_day__lte=self.today, until_day__gte=self.today)
        return set(found.values_list("colleague__user", flat=True))

    def _last_signature(self, audit: Audit) -> Task | None:
        return self._of(audit, _("Sign or send back"), audit.cycle.due_on) if self._leads(audit) else None

    def _of(self, audit: Audit, act: str, due_on: dt.date) -> Task:
        return Task(audit, act, due_on, self.today)

    @property
    def lead(self) -> str:
        """How much waits, in a sentence."""
        count = len(self.tasks) + self.action_count
        if not count:
            return _("Nothing waits for you.")
        late = sum(task.is_overdue for task in self.tasks) + self._late_actions
        parts = []
        if self.tasks:
            parts.append(ngettext("{n} audit", "{n} audits", len(self.tasks)).format(n=len(self.tasks)))
        if self.action_count:
            parts.append(ngettext("{n} action", "{n} actions", self.action_count).format(n=self.action_count))
        verb = ngettext("waits for you", "wait for you", count)
        text = f"{_(' and ').join(parts)} {verb}"
        return f"{text}, {_('{n} overdue').format(n=late)}." if late else f"{text}."
