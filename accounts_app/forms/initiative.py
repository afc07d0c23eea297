"""What the customer wants to achieve, in the customer's words, and what became of it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import ContactChoice, DayInput, FactForm, people_of
from accounts_app.forms.suggestions import Suggested, topics
from accounts_app.models import Initiative


class InitiativeForm(FactForm):
    sponsor = ContactChoice(label=gettext_lazy("Who wants it"))

    groups = (
        ("", ("title", "topic", "metric", "target", "sponsor", "heard_on", "target_on")),
        (gettext_lazy("What became of it"), ("outcome", "ended_on", "note")),
    )
    past = ("heard_on", "ended_on")
    in_order = (
        ("heard_on", "target_on", gettext_lazy("Before we heard of it.")),
        ("heard_on", "ended_on", gettext_lazy("Ended before we heard of it.")),
    )

    class Meta:
        model = Initiative
        fields = (
            "title", "topic", "metric", "target", "sponsor", "heard_on", "target_on", "outcome", "ended_on", "note",
        )  # fmt: skip
        widgets = {
            "topic": Suggested,
            "heard_on": DayInput,
            "target_on": DayInput,
            "ended_on": DayInput,
            "note": forms.Textarea({"rows": 2}),
        }
        labels = {
            "title": gettext_lazy("What they want to achieve"),
            "metric": gettext_lazy("Figure they watch"),
            "heard_on": gettext_lazy("Heard on"),
            "target_on": gettext_lazy("By when"),
            "ended_on": gettext_lazy("On"),
        }
        help_texts = {
            "title": gettext_lazy("In their words: cut downtime."),
            "topic": gettext_lazy("As in the value library: items of this topic are proposed."),
            "metric": gettext_lazy("Such as hours of unplanned stops a month."),
            "target": gettext_lazy("Such as 20 instead of 35."),
        }

    def __init__(self, data: Any = None, *, instance: Initiative, today: date) -> None:
        super().__init__(data, instance=instance, today=today)
        self.fields["sponsor"].queryset = people_of(instance.account_id)  # type: ignore[attr-defined]
        self.fields["topic"].widget.offer(topics())
        self.fields["outcome"].choices = [("", _("Still open")), *Initiative.Outcome.choices]  # type: ignore[attr-defined]
        if not instance.pk:
            self.initial["heard_on"] = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("outcome") and not cleaned.get("ended_on") and "ended_on" not in self.errors:
            self.add_error("ended_on", _("On which day did it end?"))
        if cleaned.get("ended_on") and not cleaned.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", _("Reached or dropped? While it is open it has no such day."))
        return cleaned
