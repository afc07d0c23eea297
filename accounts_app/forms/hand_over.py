"""Who gets the accounts of somebody who leaves."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Account, User
from accounts_app.services.hand_over import HandOver, accounts_of, hand_over
from accounts_app.services.people import ROLES_OF_OWNERS

NOBODY = "0"


class HandOverForm(forms.Form):
    """One heir for all, and where wanted another one for single accounts."""

    to = forms.ChoiceField(label=gettext_lazy("All accounts go to"))

    def __init__(self, data: Any = None, *, leaver: User, by: User, today: date) -> None:
        super().__init__(data, auto_id="hand-over-%s", label_suffix="")
        self.leaver, self.by, self.today = leaver, by, today
        self.accounts = list(accounts_of(leaver, by=by).select_related("tier", "team", "deputy"))
        heirs = User.objects.filter(is_active=True, role__in=ROLES_OF_OWNERS).exclude(pk=leaver.pk).order_by("name")
        self.heirs = {str(user.pk): user for user in heirs}
        people = [(key, f"{user} · {user.get_role_display()}") for key, user in self.heirs.items()]
        people.append((NOBODY, _("Nobody for now: no owner")))
        self.fields["to"].choices = [("", _("Choose …")), *people]  # type: ignore[attr-defined]
        for account in self.accounts:
            same = [("", _("As above")), *people]
            self.fields[self.name_of(account)] = forms.ChoiceField(label=account.name, choices=same, required=False)

    @staticmethod
    def name_of(account: Account) -> str:
        return f"account_{account.pk}"

    def rows(self) -> list[tuple[Account, forms.BoundField]]:
        return [(account, self[self.name_of(account)]) for account in self.accounts]

    def perform(self) -> HandOver | None:
        """Hand them over, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        chosen = self.cleaned_data
        heirs = {account.pk: self.heirs.get(chosen[self.name_of(account)] or chosen["to"]) for account in self.accounts}
        try:
            return hand_over(self.leaver, heirs, by=self.by, on=self.today)
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None
