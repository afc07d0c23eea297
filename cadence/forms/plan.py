"""Whose contacts are planned, and over which days."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import DayInput
from accounts_app.models import User
from cadence.quarter import Span
from cadence.services.planning import plannable

EVERYBODY = ""
MOST_DAYS = 366
FURTHEST_DAYS = 2 * 366
# With less of a quarter left than this, it is the next one that wants planning.
WORTH_PLANNING_DAYS = 28
MONTHS_OF_QUARTER = 3
DECEMBER = 12


def proposed_span(today: dt.date) -> tuple[dt.date, dt.date]:
    """The rest of this quarter from tomorrow; towards its end the coming one."""
    ends = _end_of_quarter(today)
    if (ends - today).days >= WORTH_PLANNING_DAYS:
        return today + dt.timedelta(days=1), ends
    begins = ends + dt.timedelta(days=1)
    return begins, _end_of_quarter(begins)


def _end_of_quarter(day: dt.date) -> dt.date:
    last_month = (day.month + MONTHS_OF_QUARTER - 1) // MONTHS_OF_QUARTER * MONTHS_OF_QUARTER
    following = dt.date(day.year + 1, 1, 1) if last_month == DECEMBER else dt.date(day.year, last_month + 1, 1)
    return following - dt.timedelta(days=1)


class PlanForm(forms.Form):
    """What is to be planned; says at the field why something cannot be."""

    whose = forms.TypedChoiceField(label=gettext_lazy("Whose accounts"), required=False, coerce=int, empty_value=None)
    begins = forms.DateField(label=gettext_lazy("From"), widget=DayInput())
    ends = forms.DateField(label=gettext_lazy("Until"), widget=DayInput())

    def __init__(self, data: Any = None, *, by: User, today: dt.date) -> None:
        begins, ends = proposed_span(today)
        owners = list(User.objects.filter(pk__in=plannable(by, None).order_by().values("owner")).order_by("name"))
        self.names = {one.pk: one.name for one in owners}
        own = by.pk if by.pk in self.names else None
        initial = {"whose": own, "begins": begins, "ends": ends}
        super().__init__(data or None, initial=initial, auto_id="plan-%s", label_suffix="")
        self.today = today
        people = [(pk, _("Mine") if pk == by.pk else name) for pk, name in self.names.items()]
        self.fields["whose"].choices = [(EVERYBODY, _("All I may plan for")), *people]  # type: ignore[attr-defined]
        for name in ("begins", "ends"):
            self.fields[name].widget.attrs["min"] = today.isoformat()

    def clean_begins(self) -> dt.date:
        begins: dt.date = self.cleaned_data["begins"]
        if begins < self.today:
            raise ValidationError(_("This day has passed: choose today or a day to come."))
        if (begins - self.today).days >= FURTHEST_DAYS:
            raise ValidationError(_("Too far ahead: begin within two years."))
        return begins

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("Not before the first day."))
        elif begins and ends and (ends - begins).days >= MOST_DAYS:
            self.add_error("ends", _("A year at most is planned at once."))
        return cleaned

    @property
    def span(self) -> Span:
        return Span(self.cleaned_data["begins"], self.cleaned_data["ends"], self.today)

    @property
    def owner(self) -> int | None:
        owner: int | None = self.cleaned_data["whose"]
        return owner
