"""A visit that builds a link: one of theirs and one of ours, on a day."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import DayInput
from accounts_app.forms.interaction_fields import asked_about
from accounts_app.models import Account, Colleague, Contact, User
from accounts_app.plan_days import hand_over_day
from accounts_app.services.both_sides import calendars
from accounts_app.services.hand_over_contacts import Meeting, check_day, plan_meetings


class MeetingForm(forms.Form):
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=gettext_lazy("Theirs"), empty_label=gettext_lazy("Choose …")
    )
    colleague = forms.ModelChoiceField(
        Colleague.objects.all(), label=gettext_lazy("Ours"), empty_label=gettext_lazy("Choose …")
    )
    planned_on = forms.DateField(label=gettext_lazy("On"), widget=DayInput())

    def __init__(self, data: Any = None, *, account: Account, by: User, today: date, initial: Any = None) -> None:
        calendar = calendars([account])[account.pk]
        proposed = {"planned_on": hand_over_day(today, sides=calendar.sides)} | (initial or {})
        super().__init__(data, initial=proposed, auto_id="meeting-%s", label_suffix="")
        self.account, self.by, self.today = account, by, today
        people = Contact.objects.filter(account=account, left_on=None)
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["planned_on"].widget.attrs["min"] = today.isoformat()
        asked_about(self, "planned_on", account, calendar)

    def clean_planned_on(self) -> date:
        day: date = self.cleaned_data["planned_on"]
        check_day(day, today=self.today)
        return day

    def perform(self) -> int | None:
        """Plan it and return the plan's key, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        contact, colleague = self.cleaned_data["contact"], self.cleaned_data["colleague"]
        meeting = Meeting(
            account=self.account,
            planned_on=self.cleaned_data["planned_on"],
            note=_("To build a link: {theirs} with {ours}.").format(theirs=contact.name, ours=colleague.name),
            contacts=[contact],
            colleagues=[colleague],
        )
        try:
            return plan_meetings([meeting], by=self.by, today=self.today)[self.account.pk]
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None
