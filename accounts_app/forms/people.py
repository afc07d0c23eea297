"""Hours, country and absences of our people."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import DayInput
from accounts_app.models import Absence, Colleague
from accounts_app.public_holidays import country_code

LONGEST_DAYS = 3 * 366


class PersonForm(forms.ModelForm):
    class Meta:
        model = Colleague
        fields = ("hours_a_week", "country")
        labels: ClassVar[dict[str, Any]] = {
            "hours_a_week": gettext_lazy("Hours a week for accounts"),
            "country": gettext_lazy("Country"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "hours_a_week": gettext_lazy("Preparation and travel included. Empty: not known."),
            "country": gettext_lazy("Whose public holidays are kept. Empty: the company's."),
        }

    def __init__(self, data: Any = None, *, instance: Colleague) -> None:
        super().__init__(data, instance=instance, auto_id="person-%s", label_suffix="")
        self.fields["hours_a_week"].widget.attrs.update(min=0, max=80, step="0.5")
        if instance.hours_a_week is not None:
            self.initial["hours_a_week"] = f"{instance.hours_a_week.normalize():f}"

    def clean_hours_a_week(self) -> Any:
        hours = self.cleaned_data["hours_a_week"]
        if hours is not None and not 0 <= hours <= 80:
            raise ValidationError(_("Between 0 and 80 hours."))
        return hours

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).strip()
        if country and not country_code(country):
            raise ValidationError(_("No country is known by this name; try it in English, or two letters such as DE."))
        return country


class AbsenceForm(forms.ModelForm):
    class Meta:
        model = Absence
        fields = ("from_day", "until_day")
        labels: ClassVar[dict[str, Any]] = {
            "from_day": gettext_lazy("First day away"),
            "until_day": gettext_lazy("Last day away"),
        }
        help_texts: ClassVar[dict[str, Any]] = {"until_day": ""}
        widgets: ClassVar[dict[str, Any]] = {"from_day": DayInput(), "until_day": DayInput()}

    def __init__(self, data: Any = None, *, instance: Absence) -> None:
        super().__init__(data, instance=instance, auto_id="absence-%s", label_suffix="")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin: date | None = cleaned.get("from_day")
        end: date | None = cleaned.get("until_day")
        if begin and end and end < begin:
            self.add_error("until_day", _("Not before the first day away."))
        elif begin and end and (end - begin).days > LONGEST_DAYS:
            self.add_error(
                "until_day", _("More than three years: whoever is away for so long hands the accounts over.")
            )
        return cleaned
