"""Who gets the accounts of somebody who leaves, and when both visit the customer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import DayInput
from accounts_app.forms.interaction_fields import asked_about
from accounts_app.models import Account, Promise, User
from accounts_app.plan_days import first_visit_day, joint_visit_days, working_day
from accounts_app.services.both_sides import calendars
from accounts_app.services.hand_over import HandOver, accounts_of, hand_over
from accounts_app.services.hand_over_contacts import check_day
from accounts_app.services.people import ROLES_OF_OWNERS

NOBODY = "0"


@dataclass(frozen=True)
class Row:
    """An account with its fields: the heir, whether there is a joint visit, and when; beside it its open promises."""

    account: Account
    heir: forms.BoundField
    visit: forms.BoundField
    visit_on: forms.BoundField
    promises: int


class HandOverForm(forms.Form):
    """One heir for all, and where wanted another one for single accounts; a joint visit for each, unless unticked."""

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
        days = joint_visit_days(first_visit_day(today), len(self.accounts))
        self._both = calendars(self.accounts)
        self._days = {pk: working_day(day, self._both[pk].sides) for pk, day in zip(self._by_tier(), days, strict=True)}
        for account in self.accounts:
            self._ask_about(account, [("", _("As above")), *people])
        self._promises = list(
            Promise.objects.open().filter(account__in=self.accounts).values_list("account", flat=True)
        )

    def _by_tier(self) -> list[int]:
        """The most important are visited first."""
        return [one.pk for one in sorted(self.accounts, key=lambda one: (one.tier.rank, one.pk))]

    def _ask_about(self, account: Account, people: list[tuple[str, str]]) -> None:
        self.fields[self.name_of(account)] = forms.ChoiceField(label=account.name, choices=people, required=False)
        visit = _("Joint visit to {name}").format(name=account.name)
        self.fields[f"visit_{account.pk}"] = forms.BooleanField(label=visit, required=False, initial=True)
        day = _("Day of the visit to {name}").format(name=account.name)
        proposed = self._days[account.pk]
        asked = forms.DateField(label=day, required=False, initial=proposed, widget=DayInput())
        asked.widget.attrs["min"] = self.today.isoformat()
        self.fields[f"visit_on_{account.pk}"] = asked
        asked_about(self, f"visit_on_{account.pk}", account, self._both[account.pk])

    @staticmethod
    def name_of(account: Account) -> str:
        return f"account_{account.pk}"

    @property
    def promises(self) -> int:
        """How many open promises stay with the accounts."""
        return len(self._promises)

    def rows(self) -> list[Row]:
        return [
            Row(
                one,
                self[self.name_of(one)],
                self[f"visit_{one.pk}"],
                self[f"visit_on_{one.pk}"],
                self._promises.count(one.pk),
            )
            for one in self.accounts
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for account in self.accounts:
            if cleaned.get(f"visit_{account.pk}"):
                self._check_day(f"visit_on_{account.pk}", cleaned)
        return cleaned

    def _check_day(self, name: str, cleaned: dict[str, Any]) -> None:
        if name in self.errors:
            return
        if cleaned.get(name) is None:
            self.add_error(name, _("On which day?"))
            return
        try:
            check_day(cleaned[name], today=self.today)
        except ValidationError as refusal:
            self.add_error(name, refusal)

    def perform(self) -> HandOver | None:
        """Hand them over, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        chosen = self.cleaned_data
        heirs = {account.pk: self.heirs.get(chosen[self.name_of(account)] or chosen["to"]) for account in self.accounts}
        visits = {one.pk: chosen[f"visit_on_{one.pk}"] for one in self.accounts if chosen[f"visit_{one.pk}"]}
        try:
            return hand_over(self.leaver, heirs, by=self.by, on=self.today, visits=visits)
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None
