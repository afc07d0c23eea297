"""Whether they would recommend us, or the silence after we asked."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import ContactChoice, DayInput, FactForm, people_of
from accounts_app.models import SurveyAnswer


class SurveyAnswerForm(FactForm):
    contact = ContactChoice(label=gettext_lazy("Who was asked"))
    score = forms.IntegerField(
        label=gettext_lazy("Would recommend us"),
        min_value=0,
        max_value=10,
        required=False,
        help_text=gettext_lazy("0 to 10; empty: did not answer."),
    )

    groups = (("", ("contact", "asked_on", "score", "answered_on", "comment")),)
    past = ("asked_on", "answered_on")
    in_order = (("asked_on", "answered_on", gettext_lazy("Answered before being asked.")),)

    class Meta:
        model = SurveyAnswer
        fields = ("contact", "asked_on", "score", "answered_on", "comment")
        widgets = {"asked_on": DayInput, "answered_on": DayInput, "comment": forms.Textarea({"rows": 3})}
        labels = {
            "asked_on": gettext_lazy("Asked on"),
            "answered_on": gettext_lazy("Answered on"),
            "comment": gettext_lazy("In their words"),
        }

    def __init__(self, data: Any = None, *, instance: SurveyAnswer, today: date) -> None:
        super().__init__(data, instance=instance, today=today)
        self.fields["contact"].queryset = people_of(instance.account_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        has_score, has_day = (cleaned.get(name) is not None for name in ("score", "answered_on"))
        if has_score and not has_day and "answered_on" not in self.errors:
            self.add_error("answered_on", _("On which day was it answered?"))
        if has_day and not has_score and "score" not in self.errors:
            self.add_error("score", _("An answer has a number; without one leave its day empty too."))
        return cleaned
