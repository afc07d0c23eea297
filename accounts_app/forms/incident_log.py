"""Logging an incident: the fastest form of all."""

import datetime as dt
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.moment import MINUTES, moment_field
from accounts_app.models import Account, Incident, User
from accounts_app.models.account import AccountQuerySet
from accounts_app.services import incidents


class LogForm(forms.Form):
    """The account, one line, one tap for the kind; the rest is as it usually is."""

    account = forms.ModelChoiceField(
        Account.objects.none(),
        label=gettext_lazy("Account"),
        error_messages={
            "required": gettext_lazy("Choose the account."),
            "invalid_choice": gettext_lazy("This is no account whose incidents you may log."),
        },
    )
    title = forms.CharField(label=gettext_lazy("What is wrong?"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Incident.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what kind it is.")},
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"),
        choices=Incident.Severity.choices,
        widget=forms.RadioSelect,
        initial=Incident.Severity.MINOR,
    )
    opened_at = moment_field(gettext_lazy("Opened"))

    def __init__(
        self,
        data: Any = None,
        *,
        accounts: AccountQuerySet,
        prefix_of_ids: str,
        now: datetime,
        initial: dict[str, Any] | None = None,
    ) -> None:
        # The board shows one of these, and the dialog may show another.
        super().__init__(data, auto_id=f"{prefix_of_ids}-%s", label_suffix="", initial=initial)
        choice = self.fields["account"]
        choice.queryset = accounts  # type: ignore[attr-defined]
        self.fields["opened_at"].widget.attrs["max"] = timezone.localtime(now).strftime(MINUTES)
        self.fields["title"].widget.attrs |= {
            "autocomplete": "off",
            "enterkeyhint": "send",
            "placeholder": _("In one line"),
        }
        self.now = now

    def clean_opened_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["opened_at"]
        return moment and incidents.past_moment(moment, self.now)

    def chosen(self) -> Account | None:
        """The account that is chosen so far, whatever is wrong with the rest."""
        try:
            return self.fields["account"].clean(self["account"].value())  # type: ignore[no-any-return]
        except ValidationError:
            return None

    def perform(self, *, by: User, today: dt.date) -> Incident | None:
        """Log it, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        try:
            return incidents.log(**self.cleaned_data, by=by, now=self.now, today=today)
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None
