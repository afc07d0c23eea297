"""An account, or a part of its business, gone."""

from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import CurrencyField, DayInput, FactForm, MoneyFields
from accounts_app.models import Account, Loss, User
from accounts_app.services import accounts


class LossForm(MoneyFields, FactForm):
    amount_field = "annual_amount"
    currency = CurrencyField()
    former = forms.BooleanField(
        label=gettext_lazy("The account is no customer any more"),
        required=False,
        help_text=gettext_lazy("Its status becomes former: it keeps its history and leaves the lists."),
    )

    groups = (
        (gettext_lazy("What is gone"), ("lost_on", "part", "annual_amount", "currency", "former")),
        (gettext_lazy("Why"), ("reason", "went_to", "note")),
    )
    past = ("lost_on",)

    class Meta:
        model = Loss
        fields = ("lost_on", "part", "annual_amount", "currency", "reason", "went_to", "note")
        widgets = {"lost_on": DayInput, "note": forms.Textarea({"rows": 3})}
        labels = {
            "lost_on": gettext_lazy("Lost on"),
            "part": gettext_lazy("Which part"),
            "annual_amount": gettext_lazy("Worth a year"),
            "went_to": gettext_lazy("Went to"),
        }
        help_texts = {"part": gettext_lazy("Of the business, such as a product line; empty: the whole account.")}

    def __init__(self, data: Any = None, *, instance: Loss, today: date) -> None:
        super().__init__(data, instance=instance, today=today)
        if instance.account.status == Account.Status.FORMER:
            del self.fields["former"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("former") and cleaned.get("part"):
            self.add_error("former", _("A customer of whom only a part is lost stays a customer."))
        return cleaned

    @transaction.atomic
    def write(self, *, by: User) -> None:
        super().write(by=by)
        if self.cleaned_data.get("former"):
            accounts.become_former(self.instance.account_id, by=by)
