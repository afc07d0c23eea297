"""Fields of one tap: a day among the usual ones or any other, people as chips."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Account
from accounts_app.services.both_sides import Calendar
from accounts_app.templatetags.formats import day_text

OTHER = "other"
Shortcut = tuple[dt.date, str]


class DayField(forms.ChoiceField):
    """A day by its date; the usual ones are offered, and "another day" opens a date field beside it (`day_chosen`).

    The chips carry dates, not words: a form opened before midnight means the same day when it is sent after.
    """

    widget = forms.RadioSelect

    def offer(self, shortcuts: Iterable[Shortcut], *, before: Iterable[tuple[str, str]] = ()) -> None:
        self.offered: dict[str, str] = {}
        for day, label in shortcuts:
            # Where somebody is away for weeks, several mean the same day: it is offered once.
            self.offered.setdefault(day.isoformat(), label)
        self.choices = [*before, *self.offered.items(), (OTHER, _("Another day"))]

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or day_of(str(value)) is not None


def other_day() -> forms.DateField:
    """The date field that goes with a DayField, named like it with `_other`."""
    return forms.DateField(
        label=gettext_lazy("Which day?"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


def day_chosen(form: forms.Form, name: str) -> dt.date | None:
    """The day that was tapped, or typed where "another day" was; says at the date field when it is missing."""
    tapped = form.cleaned_data.get(name, "")
    if tapped != OTHER:
        return day_of(tapped)
    other = f"{name}_other"
    if form.cleaned_data.get(other) is None and other not in form.errors:
        form.add_error(other, _("Choose the day."))
    return form.cleaned_data.get(other)


def day_of(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:  # well formed, and no day: 31 June
        return None


def set_day(form: forms.Form, name: str, day: dt.date) -> None:
    """Let the form open with this day: its chip, or "another day" with the date filled in."""
    field = form.fields[name]
    is_offered = isinstance(field, DayField) and day.isoformat() in field.offered
    form.initial[name] = day.isoformat() if is_offered else OTHER
    if not is_offered:
        form.initial[f"{name}_other"] = day


def asked_about(form: forms.BaseForm, name: str, account: Account, calendar: Calendar) -> None:
    """Let a date field say what is against its day: as it opens, and anew when another is typed."""
    field: Any = form.fields[name]
    field.said_at = f"{form[name].auto_id}-said"

    def said() -> list[str]:
        """Asked when it is shown: a form may still be given its day."""
        day = day_of(str(form[name].value() or ""))
        return calendar.said_of(day) if day else []

    field.said = said
    field.widget.attrs |= {
        "hx-get": reverse("accounts:day_said", args=[account.pk]),
        "hx-trigger": "change",
        "hx-target": f"#{field.said_at}",
        "hx-swap": "innerHTML",
        "hx-sync": "this:replace",
        "hx-disabled-elt": "unset",
    }


def dated(label: str, day: dt.date, today: dt.date) -> Shortcut:
    """A chip that says its date."""
    return day, f"{label} · {day_text(day, today)}"


class Several(forms.CheckboxSelectMultiple):
    """Chips of which any number may be pressed; an empty select of the same name adds nothing."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = super().value_from_datadict(data, files, name)
        return [value for value in values or [] if value]
