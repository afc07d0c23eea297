"""Actions agreed in audits: the overdue first, each with what may be done about it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, User
from accounts_app.templatetags.formats import day_text
from cadence.models import AuditAction, AuditCycle

SHOWN = 20


@dataclass(frozen=True)
class ActionLine:
    """One action, for a list on any page."""

    action: AuditAction
    today: dt.date
    may_close: bool
    may_remove: bool = False

    @property
    def is_open(self) -> bool:
        return not hasattr(self.action, "closing")

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.action.due_on < self.today

    @property
    def when(self) -> str:
        day = day_text(self.action.due_on, self.today)
        if not self.is_open:
            return _("was due {day}").format(day=day)
        if days := max((self.today - self.action.due_on).days, 0):
            return ngettext("{n} day overdue", "{n} days overdue", days).format(n=days)
        return _("due {day}").format(day=day)

    @property
    def how(self) -> str:
        """How it ended, in words."""
        if self.is_open:
            return ""
        closing = self.action.closing
        said = _("{outcome} {day} by {name}").format(
            outcome=closing.get_outcome_display(), day=day_text(closing.closed_on, self.today), name=closing.closed_by
        )
        return f"{said}: {closing.note}" if closing.note else said

    @property
    def audit_url(self) -> str:
        return reverse("cadence:audit", args=[self.action.audit.cycle.name, self.action.audit.account_id])

    @property
    def close_url(self) -> str:
        return self._url("cadence:action_close")

    @property
    def reopen_url(self) -> str:
        return self._url("cadence:action_reopen")

    def _url(self, name: str) -> str:
        audit = self.action.audit
        return reverse(name, args=[audit.cycle.name, audit.account_id, self.action.pk])


def open_actions(user: User) -> QuerySet[AuditAction]:
    """What is agreed and not done, as far as the user may see it."""
    found = AuditAction.objects.visible_to(user).open().agreed()
    return (
        found.select_related("audit__cycle", "audit__account", "owner", "closing")
        .defer("audit__evidence")
        .order_by("due_on", "pk")
    )


def of_cycle(cycle: AuditCycle, user: User) -> QuerySet[AuditAction]:
    return open_actions(user).filter(audit__cycle=cycle)


def lines_of(actions: Iterable[AuditAction], user: User, today: dt.date) -> list[ActionLine]:
    """With whether the user may close each: who is to do it, and who may change the account."""
    found = list(actions)
    accounts = {action.audit.account_id for action in found}
    editable = set(Account.objects.editable_by(user).filter(pk__in=accounts).values_list("pk", flat=True))
    return [
        ActionLine(action, today, action.owner_id == user.pk or action.audit.account_id in editable) for action in found
    ]
