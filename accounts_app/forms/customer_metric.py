"""A figure the customer watches, and what it was on a day."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import DayInput, FactForm
from accounts_app.models import CustomerMetric, Initiative, MetricValue

EARLIEST = date(1990, 1, 1)
PLAIN_NUMBER = re.compile(r"\s*[+-]?[0-9]+(\.[0-9]+)?\s*", re.ASCII)


class PlainNumber(forms.DecimalField):
    """As a person writes it: no underscores, exponents or digits of other scripts, which Python would take."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=15, decimal_places=3, **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip() and not PLAIN_NUMBER.fullmatch(value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class CustomerMetricForm(FactForm):
    initiative = forms.ModelChoiceField(
        Initiative.objects.none(),
        label=gettext_lazy("Belongs to"),
        required=False,
        empty_label=gettext_lazy("No initiative"),
    )
    target = PlainNumber(label=gettext_lazy("Target"), required=False)

    groups = (
        ("", ("name", "unit", "better", "initiative")),
        (gettext_lazy("What it shall become"), ("target", "target_on")),
    )

    class Meta:
        model = CustomerMetric
        fields = ("name", "unit", "better", "initiative", "target", "target_on")
        widgets = {"target_on": DayInput}
        labels = {
            "name": gettext_lazy("Figure they watch"),
            "better": gettext_lazy("Which way"),
            "target_on": gettext_lazy("By when"),
        }
        help_texts = {
            "name": gettext_lazy("In their words: unplanned stops a month."),
            "unit": gettext_lazy("Such as hours, % or kWh a part."),
        }

    def __init__(self, data: Any = None, *, instance: CustomerMetric, today: date) -> None:
        super().__init__(data, instance=instance, today=today)
        rows = Initiative.objects.filter(account=instance.account_id)
        self.fields["initiative"].queryset = rows  # type: ignore[attr-defined]
        self.fields["better"].choices = CustomerMetric.Better.choices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("target_on") and cleaned.get("target") is None and "target" not in self.errors:
            self.add_error("target", _("What shall it be by then?"))
        return cleaned


class MetricValueForm(FactForm):
    value = PlainNumber(label=gettext_lazy("Value"))

    groups = (("", ("metric", "day", "value")),)
    past = ("day",)

    class Meta:
        model = MetricValue
        fields = ("metric", "day", "value")
        widgets = {"day": DayInput}
        labels = {"metric": gettext_lazy("Figure"), "day": gettext_lazy("As of")}
        help_texts = {"day": gettext_lazy("The day the figure is of, such as the last of a month.")}

    def __init__(self, data: Any = None, *, instance: MetricValue, today: date) -> None:
        super().__init__(data, instance=instance, today=today)
        metrics = CustomerMetric.objects.filter(account=instance.account_id)
        self.fields["metric"].queryset = metrics  # type: ignore[attr-defined]
        self.fields["day"].widget.attrs["min"] = EARLIEST.isoformat()
        if not instance.pk:
            self.initial["day"] = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < EARLIEST:
            raise forms.ValidationError(_("This is before 1990: is the year right?"))
        return day
