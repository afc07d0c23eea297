"""What people do with an incident: each form ends in the service of its act."""

import datetime as dt
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.moment import MINUTES, moment_field
from accounts_app.incident_history import Entry, changes_since
from accounts_app.models import Incident, User
from accounts_app.services import incidents


class ActForm(forms.Form):
    """A form that ends in one act on the version it was opened on."""

    verb: ClassVar[str]

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, incident: Incident, now: datetime, today: dt.date) -> None:
        initial = {"version": incident.version, **self.present(incident)}
        super().__init__(data, auto_id=f"{self.verb}-%s", label_suffix="", initial=initial)
        self.incident, self.now, self.today = incident, now, today
        # What somebody else did after this form was opened; None unless the act was refused for it.
        self.overtaken: list[Entry] | None = None

    @staticmethod
    def present(_incident: Incident) -> dict[str, Any]:
        """What the fields begin with."""
        return {}

    def act(self, *, version: int, by: User) -> None:
        raise NotImplementedError

    def perform(self, *, by: User) -> bool:
        """Do it, or say False with the reasons in `errors` or `overtaken`."""
        if not self.is_valid():
            if "version" in self.errors:
                self.add_error(None, _("This form is incomplete: open it again."))
            return False
        try:
            self.act(version=self.cleaned_data["version"], by=by)
        except incidents.ChangedMeanwhile:
            self._tell()
            return False
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return False
        return True

    def _tell(self) -> None:
        """Say who was faster, keep what was typed, and let whoever sends it again mean the present version."""
        self.overtaken = changes_since(self.incident, self.cleaned_data["version"])
        self.incident.refresh_from_db()
        self.data = {**dict(self.data.items()), "version": str(self.incident.version)}
        self.add_error(None, _("Somebody else was faster. Nothing of theirs was overwritten."))

    def differing(self) -> list[tuple[str | Promise, str]]:
        """What stands there now, where it is not what was typed."""
        return []


class AcknowledgeForm(ActForm):
    verb = "acknowledge"

    def act(self, *, version: int, by: User) -> None:
        incidents.acknowledge(self.incident, version=version, by=by, now=self.now)


class PauseForm(ActForm):
    verb = "pause"

    reason = forms.CharField(label=gettext_lazy("Why the clock stands"), max_length=200)

    def act(self, *, version: int, by: User) -> None:
        reason = self.cleaned_data["reason"]
        incidents.pause(self.incident, version=version, by=by, reason=reason, now=self.now)


class ResumeForm(ActForm):
    verb = "resume"

    def act(self, *, version: int, by: User) -> None:
        incidents.resume(self.incident, version=version, by=by, now=self.now)


class UpdateForm(ActForm):
    verb = "update"

    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), choices=Incident.Severity.choices, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Incident.Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=gettext_lazy("What is wrong?"), max_length=200)
    note = forms.CharField(
        label=gettext_lazy("What is known by now"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @staticmethod
    def present(incident: Incident) -> dict[str, Any]:
        return {name: getattr(incident, name) for name in ("severity", "kind", "title", "note")}

    def act(self, *, version: int, by: User) -> None:
        names = ("severity", "kind", "title", "note")
        changes = {name: self.cleaned_data[name] for name in names}
        incidents.update(self.incident, version=version, by=by, changes=changes)

    def differing(self) -> list[tuple[str | Promise, str]]:
        row = self.incident
        present = {"severity": row.get_severity_display(), "kind": row.get_kind_display()} | {
            "title": row.title,
            "note": row.note or "–",
        }
        typed = self.cleaned_data
        return [(self[name].label, text) for name, text in present.items() if typed.get(name) != getattr(row, name)]


class ResolveForm(ActForm):
    verb = "resolve"

    resolution = forms.CharField(label=gettext_lazy("What was done?"), max_length=300)
    resolved_at = moment_field(gettext_lazy("Resolved"))

    def __init__(self, data: Any = None, *, incident: Incident, now: datetime, today: dt.date) -> None:
        super().__init__(data, incident=incident, now=now, today=today)
        bounds = {"min": incident.opened_at, "max": now}
        limits = {name: timezone.localtime(moment).strftime(MINUTES) for name, moment in bounds.items()}
        self.fields["resolved_at"].widget.attrs |= limits

    def clean_resolved_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["resolved_at"]
        return moment and incidents.past_moment(moment, self.now)

    def act(self, *, version: int, by: User) -> None:
        said = self.cleaned_data
        incidents.resolve(
            self.incident,
            version=version,
            by=by,
            resolution=said["resolution"],
            resolved_at=said["resolved_at"],
            now=self.now,
            today=self.today,
        )


class ReopenForm(ActForm):
    verb = "reopen"

    def act(self, *, version: int, by: User) -> None:
        incidents.reopen(self.incident, version=version, by=by)


class UndoForm(ActForm):
    verb = "undo"

    def act(self, *, version: int, by: User) -> None:
        incidents.undo(self.incident, version=version, by=by, now=self.now)


FORMS: dict[str, type[ActForm]] = {
    form.verb: form for form in (AcknowledgeForm, PauseForm, ResumeForm, UpdateForm, ResolveForm, ReopenForm, UndoForm)
}
