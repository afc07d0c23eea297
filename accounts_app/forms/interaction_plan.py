"""Plan a contact: when, how, what for and what to bring."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.interaction_fields import DayField, asked_about, dated, day_chosen, other_day
from accounts_app.forms.value_choice import ValueChoice, proposed_for
from accounts_app.models import Account, Interaction, User
from accounts_app.plan_days import ANYBODY, DAY, in_a_month, in_weeks, working_day
from accounts_app.services.both_sides import calendars
from accounts_app.services.interactions import Plan, plan_contact

USUAL = {"channel": Interaction.Channel.CALL, "purpose": Interaction.Purpose.PROACTIVE}


class PlanForm(forms.Form):
    planned_on = DayField(label=gettext_lazy("Day"), error_messages={"required": gettext_lazy("Choose the day.")})
    planned_on_other = other_day()
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=Interaction.Channel, widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), choices=Interaction.Purpose, widget=forms.RadioSelect)
    value_item = ValueChoice(label=gettext_lazy("To bring"), nothing=gettext_lazy("Nothing chosen yet"))

    def __init__(
        self,
        data: Any = None,
        *,
        today: dt.date,
        account: Account | None = None,
        initial: dict[str, Any] | None = None,
        ids: str = "plan",
    ) -> None:
        super().__init__(data, initial=USUAL | (initial or {}), auto_id=f"{ids}-%s", label_suffix="")
        self.today = today
        calendar = calendars([account])[account.pk] if account else None
        sides = calendar.sides if calendar else ANYBODY
        soon, week, two = working_day(today + DAY, sides), in_weeks(today, 1, sides), in_weeks(today, 2, sides)
        usual = (
            (_("Next working day"), soon),
            (_("In a week"), week),
            (_("In 2 weeks"), two),
            (_("In a month"), in_a_month(today, sides)),
        )
        days = [dated(label, day, today) for label, day in usual]
        self.fields["planned_on"].offer(days)  # type: ignore[attr-defined]
        self.fields["planned_on_other"].widget.attrs["min"] = today.isoformat()
        if account and calendar:
            asked_about(self, "planned_on_other", account, calendar)
        self.fields["value_item"].offer(proposed_for(account, today), today)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "planned_on" in cleaned:
            cleaned["planned_on"] = day_chosen(self, "planned_on")
        return cleaned

    def plan(self) -> Plan:
        return Plan(**{name: self.cleaned_data[name] for name in ("planned_on", "channel", "purpose", "value_item")})

    def perform_for(self, account: Account, *, by: User) -> Interaction | None:
        """Plan it, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        try:
            return plan_contact([account], by=by, today=self.today, **vars(self.plan()))[0]
        except ValidationError as refusal:
            self.add_error("planned_on", refusal.messages[0])
            return None
