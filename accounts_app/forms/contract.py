"""What binds the customer and us, and whether notice has come."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import CurrencyField, DayInput, FactForm, MoneyFields
from accounts_app.models import Contract


class ContractForm(MoneyFields, FactForm):
    amount_field = "annual_value"
    currency = CurrencyField()

    groups = (
        (gettext_lazy("Contract"), ("number", "title", "starts_on", "ends_on", "annual_value", "currency")),
        (gettext_lazy("How it ends"), ("notice_days", "no_cause", "auto_renews", "renewal_months")),
        (gettext_lazy("Notice"), ("notice_received_on",)),
    )
    past = ("notice_received_on",)
    in_order = (
        ("starts_on", "ends_on", gettext_lazy("Ends before it starts.")),
        ("starts_on", "notice_received_on", gettext_lazy("Notice before the contract began.")),
    )

    class Meta:
        model = Contract
        fields = (
            "number", "title", "starts_on", "ends_on", "annual_value", "currency",
            "notice_days", "no_cause", "auto_renews", "renewal_months", "notice_received_on",
        )  # fmt: skip
        widgets = {"starts_on": DayInput, "ends_on": DayInput, "notice_received_on": DayInput}
        labels = {
            "title": gettext_lazy("About"),
            "starts_on": gettext_lazy("First day"),
            "ends_on": gettext_lazy("Last day"),
            "notice_days": gettext_lazy("Days of notice"),
            "renewal_months": gettext_lazy("Months of each renewal"),
            "notice_received_on": gettext_lazy("Notice received on"),
            "annual_value": gettext_lazy("Worth a year"),
        }
        help_texts = {
            "number": gettext_lazy("Empty: it gets one."),
            "ends_on": gettext_lazy("Of the present term; empty while it runs on."),
            "notice_received_on": gettext_lazy("The day the customer's notice came; empty while there is none."),
        }

    def __init__(self, data: Any = None, *, instance: Contract, today: date) -> None:
        super().__init__(data, instance=instance, today=today)
        self.fields["number"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("auto_renews"):
            cleaned["renewal_months"] = None
        elif not cleaned.get("renewal_months") and "renewal_months" not in self.errors:
            self.add_error("renewal_months", _("By how many months does it renew?"))
        return cleaned
