"""What a person says when acting on an alert. Each form ends in the service of its verb."""

import datetime as dt
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import User
from signals.models import Alert, AlertAction
from signals.services import alerts

USUAL_SNOOZE = dt.timedelta(days=14)


class ActForm(forms.Form):
    """A form that ends in one act; what the service refuses is shown at the field it names."""

    verb: ClassVar[str]
    button: ClassVar[str]

    def __init__(self, data: Any = None, *, alert: Alert, now: datetime, today: dt.date) -> None:
        # Many of these stand on one page: each needs ids of its own.
        super().__init__(data, auto_id=f"alert-{alert.pk}-{self.verb}-%s", label_suffix="")
        self.alert, self.now, self.today = alert, now, today

    def act(self, *, by: User) -> AlertAction:
        raise NotImplementedError

    def perform(self, *, by: User) -> AlertAction | None:
        """Do it, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        try:
            return self.act(by=by)
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None


class AcknowledgeForm(ActForm):
    verb = "acknowledge"

    def act(self, *, by: User) -> AlertAction:
        return alerts.acknowledge(self.alert, by=by)


class SnoozeForm(ActForm):
    verb = "snooze"

    until = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=gettext_lazy("Why it can wait"), max_length=300)

    def __init__(self, data: Any = None, *, alert: Alert, now: datetime, today: dt.date) -> None:
        super().__init__(data, alert=alert, now=now, today=today)
        until = self.fields["until"]
        until.initial = today + USUAL_SNOOZE
        until.widget.attrs["min"] = (today + dt.timedelta(days=1)).isoformat()

    def act(self, *, by: User) -> AlertAction:
        wanted = self.cleaned_data
        return alerts.snooze(self.alert, by=by, until=wanted["until"], reason=wanted["reason"], today=self.today)


class ResolveForm(ActForm):
    verb = "resolve"

    outcome = forms.ChoiceField(label=gettext_lazy("What was it?"))
    cause = forms.ChoiceField(label=gettext_lazy("Cause"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, alert: Alert, now: datetime, today: dt.date) -> None:
        super().__init__(data, alert=alert, now=now, today=today)
        choose = ("", _("Choose …"))
        self.fields["outcome"].choices = [choose, *Alert.Outcome.choices]  # type: ignore[attr-defined]
        self.fields["cause"].choices = [choose, *Alert.Cause.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # The cause is out of sight unless the alert was real; one chosen before must not stand in the way.
        return cleaned if cleaned.get("outcome") == Alert.Outcome.REAL else cleaned | {"cause": ""}

    def act(self, *, by: User) -> AlertAction:
        said = self.cleaned_data
        outcome = Alert.Outcome(said["outcome"])
        return alerts.resolve(
            self.alert, by=by, outcome=outcome, cause=said["cause"], note=said["note"], today=self.today
        )


class ReleaseForm(ActForm):
    verb = "release"

    def act(self, *, by: User) -> AlertAction:
        return alerts.release(self.alert, by=by, today=self.today)


class UndoForm(ActForm):
    verb = "undo"

    def act(self, *, by: User) -> AlertAction:
        return alerts.undo(self.alert, by=by, now=self.now)


FORMS: dict[str, type[ActForm]] = {
    form.verb: form for form in (AcknowledgeForm, SnoozeForm, ResolveForm, ReleaseForm, UndoForm)
}
