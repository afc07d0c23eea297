import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Interaction
from cadence.services.invitations import Guest, Meeting

LENGTHS = (
    (30, gettext_lazy("30 minutes")),
    (60, gettext_lazy("1 hour")),
    (90, gettext_lazy("1½ hours")),
    (120, gettext_lazy("2 hours")),
)


class InvitationForm(forms.Form):
    """When the contact takes place, and who is asked to come."""

    at = forms.TimeField(
        label=gettext_lazy("At"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Empty: some time that day."),
    )
    minutes = forms.TypedChoiceField(label=gettext_lazy("For"), choices=LENGTHS, coerce=int, initial=60)
    to = forms.MultipleChoiceField(label=gettext_lazy("To"), required=False, widget=forms.CheckboxSelectMultiple)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, plan: Interaction, zone: ZoneInfo, known: Sequence[Guest]
    ) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()}, auto_id="invitation-%s", label_suffix="")
        self.plan, self.zone, self.known = plan, zone, {guest.key: guest for guest in known}
        self.fields["to"].choices = [(guest.key, _named(guest)) for guest in known]  # type: ignore[attr-defined]

    def clean_at(self) -> dt.datetime | None:
        """The moment by the company's clock; an hour that a clock change leaves out is none."""
        at: dt.time | None = self.cleaned_data["at"]
        if at is None or self.plan.planned_on is None:
            return None
        moment = dt.datetime.combine(self.plan.planned_on, at, tzinfo=self.zone)
        if moment.astimezone(dt.UTC).astimezone(self.zone).time() != at:
            raise ValidationError(_("The clocks are changed that night: this hour does not exist."))
        return moment

    def meeting(self) -> Meeting:
        length = dt.timedelta(minutes=self.cleaned_data["minutes"])
        return Meeting(plan=self.plan, starts_at=self.cleaned_data["at"], length=length)

    def chosen(self) -> list[Guest]:
        """Who is ticked; nobody is said as what is lacking."""
        ticked = [self.known[key] for key in self.cleaned_data["to"]]
        if not ticked:
            self.add_error("to", _("Tick who is to get the invitation, or download the file."))
        return ticked


def _named(guest: Guest) -> str:
    return f"{guest.person.name} · {guest.person.email}"
