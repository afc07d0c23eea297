"""Something we told a customer we would do: until when, who sees to it, and what became of it."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import ContactChoice, DayInput, FactForm, Group, people_of
from accounts_app.models import Promise, User
from accounts_app.services.people import ROLES_OF_OWNERS

CLOSED = (gettext_lazy("What became of it"), ("outcome", "closed_on", "note"))


class PromiseForm(FactForm):
    contact = ContactChoice(label=gettext_lazy("Promised to"))
    by = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who sees to it"),
        required=False,
        empty_label=gettext_lazy("Whoever owns the account"),
    )

    groups: tuple[Group, ...] = (("", ("text", "contact", "by", "promised_on", "due_on")), CLOSED)  # type: ignore[misc]
    past = ("promised_on", "closed_on")
    in_order = (
        ("promised_on", "due_on", gettext_lazy("Due before it was promised.")),
        ("promised_on", "closed_on", gettext_lazy("Closed before it was promised.")),
    )

    class Meta:
        model = Promise
        fields = ("text", "contact", "by", "promised_on", "due_on", "outcome", "closed_on", "note")
        widgets = {
            "promised_on": DayInput,
            "due_on": DayInput,
            "closed_on": DayInput,
            "note": forms.Textarea({"rows": 2}),
        }
        labels = {
            "text": gettext_lazy("What we promised"),
            "promised_on": gettext_lazy("Promised on"),
            "due_on": gettext_lazy("Until"),
            "outcome": gettext_lazy("Outcome"),
            "closed_on": gettext_lazy("On"),
        }

    def __init__(self, data: Any = None, *, instance: Promise, today: date) -> None:
        super().__init__(data, instance=instance, today=today)
        self.fields["contact"].queryset = people_of(instance.account_id)  # type: ignore[attr-defined]
        acts = Q(is_active=True, role__in=ROLES_OF_OWNERS) | Q(pk=instance.by_id)
        self.fields["by"].queryset = User.objects.filter(acts).order_by("name")  # type: ignore[attr-defined]
        self.fields["outcome"].choices = [("", _("Still open")), *Promise.Outcome.choices]  # type: ignore[attr-defined]
        if not instance.pk:
            self.initial["promised_on"] = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "outcome" in self.errors or "closed_on" in self.errors:
            return cleaned
        if cleaned.get("outcome") and not cleaned.get("closed_on"):
            # Kept just now: the usual case needs no second field.
            cleaned["closed_on"] = self.today
            self.instance.closed_on = self.today
        if cleaned.get("closed_on") and not cleaned.get("outcome"):
            self.add_error("outcome", _("Kept or withdrawn? While it is open it has no such day."))
        return cleaned
