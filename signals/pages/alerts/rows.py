"""One alert as lists show it: its words, its rows, what was done with it and what this reader may do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import ngettext

from accounts_app.models import Account, User
from signals.compute.registry import BY_KEY
from signals.models import Alert, AlertAction, Playbook, PlaybookTick
from signals.models.alert import AlertQuerySet
from signals.pages.account.explanation import rows_url
from signals.pages.alerts.forms import ActForm, ResolveForm, SnoozeForm
from signals.pages.alerts.steps import AlertPlaybook, alert_playbook
from signals.services.alerts import last_undoable
from signals.services.playbooks import in_force


@dataclass(frozen=True)
class AlertRow:
    """What the template shows of one alert; `failed` is the form whose input was refused."""

    alert: Alert
    user: User
    now: datetime
    today: date
    failed: ActForm | None = None
    playbook: Playbook | None = None
    shows_playbook: bool = False
    forms: dict[str, ActForm] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.may_act and self.alert.is_unclosed:
            usual = {
                form.verb: form(alert=self.alert, now=self.now, today=self.today) for form in (SnoozeForm, ResolveForm)
            }
            self.forms.update(usual | ({self.failed.verb: self.failed} if self.failed else {}))

    @property
    def title(self) -> str:
        signal = BY_KEY.get(self.alert.signal)
        return signal.title if signal else self.alert.signal.replace("_", " ").capitalize()

    @property
    def may_act(self) -> bool:
        return bool(getattr(self.alert, "may_act", False))

    @property
    def may_acknowledge(self) -> bool:
        return self.may_act and self.alert.state in {Alert.State.OPEN, Alert.State.SNOOZED}

    @property
    def may_release(self) -> bool:
        return self.may_act and self.alert.is_waiting

    @cached_property
    def steps(self) -> AlertPlaybook:
        return alert_playbook(self.alert, self.playbook)

    @property
    def tests_text(self) -> str:
        """Of an alert that was one of many tests: how many there were, and how many of their alarms are for nothing."""
        return tests_text(self.alert.details.get("tests"))

    @property
    def rows(self) -> int:
        return int(self.alert.evidence.get("count") or 0)

    @property
    def rows_url(self) -> str:
        """The rows as they were known when the alert was opened: its sentence is of that day."""
        alert = self.alert
        return rows_url(alert.account_id, alert.evidence, key=alert.signal, as_of=alert.opened_on)

    @property
    def age_days(self) -> int:
        return (self.today - self.alert.opened_on).days

    @property
    def last_action(self) -> AlertAction | None:
        """What stands of what people did."""
        standing = (one for one in self.alert.actions.all() if not one.undone and one.kind != AlertAction.Kind.UNDO)
        return next(standing, None)

    @property
    def may_undo(self) -> bool:
        return self.may_act and last_undoable(self.alert, now=self.now) is not None

    @property
    def failed_verb(self) -> str:
        return self.failed.verb if self.failed else ""


def with_rows(alerts: AlertQuerySet, user: User) -> AlertQuerySet:
    """All that rows show, in four statements whatever their number."""
    mine = Account.objects.editable_by(user).filter(pk=OuterRef("account"))
    related = alerts.select_related("account__standing", "account__tier", "account__owner")
    actions = Prefetch("actions", AlertAction.objects.select_related("by"))
    ticks = Prefetch("ticks", PlaybookTick.objects.filter(undone_at=None).select_related("by"))
    return related.prefetch_related(actions).prefetch_related(ticks).annotate(may_act=Exists(mine))


def alert_rows(alerts: Iterable[Alert], user: User, *, now: datetime, today: date) -> list[AlertRow]:
    playbooks = in_force()
    return [AlertRow(alert, user, now, today, playbook=playbooks.get(alert.signal)) for alert in alerts]


def tests_text(tests: Mapping[str, Any] | None) -> str:
    if not tests or not tests["standing_out"]:
        return ""
    words = ngettext(
        "{n} stands out among {tested} gaps tested in 30 days: expect about {false} of them to be fine.",
        "{n} stand out among {tested} gaps tested in 30 days: of these {n}, expect about {false} to be fine.",
        tests["standing_out"],
    )
    expected = tests["expected_false"]
    false = f"{expected:.1f}" if expected < 1 else str(round(expected))
    return words.format(n=tests["standing_out"], tested=tests["tested"], false=false)
