"""What the customer asked of us, and what became of it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import ContactChoice, CurrencyField, DayInput, FactForm, MoneyFields, people_of
from accounts_app.models import Inquiry


class InquiryForm(MoneyFields, FactForm):
    amount_field = "amount"
    contact = ContactChoice(label=gettext_lazy("Asked by"))
    currency = CurrencyField()

    groups = (
        (gettext_lazy("What was asked"), ("kind", "asked_on", "title", "contact", "number", "amount", "currency")),
        (gettext_lazy("What became of it"), ("outcome", "decided_on", "awarded_to")),
    )
    past = ("asked_on", "decided_on")
    in_order = (("asked_on", "decided_on", gettext_lazy("Decided before it was asked.")),)

    class Meta:
        model = Inquiry
        fields = (
            "kind", "asked_on", "title", "contact", "number", "amount", "currency",
            "outcome", "decided_on", "awarded_to",
        )  # fmt: skip
        widgets = {"asked_on": DayInput, "decided_on": DayInput}
        labels = {
            "title": gettext_lazy("About"),
            "asked_on": gettext_lazy("Asked on"),
            "decided_on": gettext_lazy("Decided on"),
            "awarded_to": gettext_lazy("Awarded to"),
        }
        help_texts = {
            "number": gettext_lazy("Empty: it gets one."),
            "awarded_to": gettext_lazy("As far as it is known."),
        }

    def __init__(self, data: Any = None, *, instance: Inquiry, today: date) -> None:
        super().__init__(data, instance=instance, today=today)
        self.fields["number"].required = False
        self.fields["contact"].queryset = people_of(instance.account_id)  # type: ignore[attr-defined]
        if not instance.pk:
            self.initial["asked_on"] = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        # Out of sight unless it was decided, or went to others: what was typed there before must not stand in the way.
        if outcome == Inquiry.Outcome.OPEN:
            cleaned |= {"decided_on": None, "awarded_to": ""}
        elif outcome == Inquiry.Outcome.WON:
            cleaned["awarded_to"] = ""
        if outcome != Inquiry.Outcome.OPEN and not cleaned.get("decided_on") and "decided_on" not in self.errors:
            self.add_error("decided_on", _("On which day was it decided?"))
        return cleaned
