"""What is sent from the day's list."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import DayInput
from accounts_app.models import Account, Contact, Interaction, User, ValueItem
from accounts_app.services.interactions import Receipt
from cadence.services.desk_acts import Handed, hand_over_contact, heirs, log_at_once
from cadence.services.suitable_day import suitable_day

GONE = gettext_lazy("This plan was logged, moved or voided meanwhile: look at the line again.")


class DoneForm(forms.Form):
    """What the pressed line showed: that, and nothing else, is what gets logged."""

    key = forms.UUIDField()
    plan: forms.ModelChoiceField = forms.ModelChoiceField(None, required=False, error_messages={"invalid_choice": GONE})
    contact: forms.ModelChoiceField = forms.ModelChoiceField(None, required=False)
    item: forms.ModelChoiceField = forms.ModelChoiceField(None, required=False)

    def __init__(self, data: Any, *, account: Account, by: User, today: dt.date) -> None:
        super().__init__(data)
        self.account, self.by, self.today = account, by, today
        choices = {
            "plan": Interaction.objects.filter(account=account, state=Interaction.State.PLANNED),
            "contact": Contact.objects.filter(account=account),
            "item": ValueItem.objects.all(),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def perform(self) -> Receipt | None:
        """Log it, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        try:
            return log_at_once(
                self.account,
                said["plan"],
                contact=said["contact"],
                item=said["item"],
                by=self.by,
                today=self.today,
                key=str(said["key"]),
            )
        except ValidationError as refusal:
            self.add_error(None, refusal.messages[0])
            return None


class HandOverForm(forms.Form):
    """Who makes the contact instead, and until when where it was only due."""

    to: forms.ModelChoiceField = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Who"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who makes this contact.")},
    )
    on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())

    def __init__(
        self, data: Any = None, *, account: Account, plan: Interaction | None, by: User, today: dt.date
    ) -> None:
        day = (plan.planned_on if plan else None) or today
        on = suitable_day(account, day, today=today, owner_is_away=True)
        super().__init__(data, initial={"on": on}, auto_id="hand-%s", label_suffix="")
        self.account, self.plan, self.by, self.today = account, plan, by, today
        now_by = plan.by_id if plan and plan.by_id else account.owner_id
        choosable = [one.pk for one in heirs(account) if one.pk != now_by]
        self.fields["to"].queryset = User.objects.filter(pk__in=choosable)  # type: ignore[attr-defined]
        if len(choosable) == 1:
            self.initial["to"] = choosable[0]
        if plan:
            del self.fields["on"]
        else:
            self.fields["on"].widget.attrs["min"] = today.isoformat()

    @property
    def has_choice(self) -> bool:
        return bool(self.fields["to"].queryset.exists())  # type: ignore[attr-defined]

    @property
    def makes_deputy(self) -> bool:
        """Whether the choice becomes the deputy, as there is none."""
        return self.account.deputy_id is None

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day < self.today:
            raise ValidationError(_("This day has passed: choose today or a day to come."))
        return day

    def perform(self) -> Handed | None:
        """Hand it over, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        try:
            return hand_over_contact(
                self.account, self.plan, to=said["to"], on=said.get("on", self.today), by=self.by, today=self.today
            )
        except ValidationError as refusal:
            self.add_error(None, refusal.messages[0])
            return None
