"""What a person says of several alerts at once. Each form ends in the service of its act."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import User
from signals.models import Alert, BulkAct
from signals.pages.alerts.forms import USUAL_SNOOZE
from signals.pages.portfolio.forms import numbers
from signals.services import alert_bulk


class AlertBulkForm(forms.Form):
    """An act on the alerts that were confirmed: those, whatever the list shows by now."""

    verb: ClassVar[str] = "acknowledge"
    title: ClassVar[str | Promise] = gettext_lazy("Acknowledge the alerts")
    button: ClassVar[str | Promise] = gettext_lazy("Acknowledge")

    alerts = forms.CharField(widget=forms.HiddenInput, error_messages={"required": gettext_lazy("Choose alerts.")})

    def __init__(self, data: Any = None, *, by: User, today: dt.date, alerts: str = "") -> None:
        super().__init__(data, label_suffix="", auto_id="bulk-%s", initial={"alerts": alerts})
        self.by, self.today = by, today

    def clean_alerts(self) -> list[int]:
        return numbers(self.cleaned_data["alerts"].split(","))

    def act(self, alerts: list[int]) -> BulkAct:
        return alert_bulk.acknowledge(alerts, by=self.by)

    def perform(self) -> BulkAct | None:
        """Do it, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        try:
            return self.act(self.cleaned_data["alerts"])
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None


class AlertBulkSnoozeForm(AlertBulkForm):
    verb = "snooze"
    title = gettext_lazy("Snooze the alerts")
    button = gettext_lazy("Snooze")

    until = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=gettext_lazy("Why they can wait"), max_length=300)

    def __init__(self, data: Any = None, *, by: User, today: dt.date, alerts: str = "") -> None:
        super().__init__(data, by=by, today=today, alerts=alerts)
        self.fields["until"].initial = today + USUAL_SNOOZE
        self.fields["until"].widget.attrs["min"] = (today + dt.timedelta(days=1)).isoformat()

    def act(self, alerts: list[int]) -> BulkAct:
        said = self.cleaned_data
        return alert_bulk.snooze(alerts, by=self.by, until=said["until"], reason=said["reason"], today=self.today)


class AlertBulkResolveForm(AlertBulkForm):
    verb = "resolve"
    title = gettext_lazy("Resolve the alerts")
    button = gettext_lazy("Resolve")

    outcome = forms.ChoiceField(label=gettext_lazy("What were they?"))
    cause = forms.ChoiceField(label=gettext_lazy("Cause"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, by: User, today: dt.date, alerts: str = "") -> None:
        super().__init__(data, by=by, today=today, alerts=alerts)
        choose = ("", _("Choose …"))
        self.fields["outcome"].choices = [choose, *Alert.Outcome.choices]  # type: ignore[attr-defined]
        self.fields["cause"].choices = [choose, *Alert.Cause.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # The cause is out of sight unless they were real; one chosen before must not stand in the way.
        return cleaned if cleaned.get("outcome") == Alert.Outcome.REAL else cleaned | {"cause": ""}

    def act(self, alerts: list[int]) -> BulkAct:
        said = {name: self.cleaned_data[name] for name in ("cause", "note")}
        outcome = Alert.Outcome(self.cleaned_data["outcome"])
        return alert_bulk.resolve(alerts, by=self.by, outcome=outcome, today=self.today, **said)
