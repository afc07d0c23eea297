"""What if somebody took these accounts over? The question stands in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.account_search import choosable_accounts
from accounts_app.models import Account, User

# More at once is a hand-over, not a question.
MOST_ACCOUNTS = 20


class WhatIfForm(forms.Form):
    """Who takes over, and one account more; those asked about before stand beside it."""

    to = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who takes over"), empty_label=None)
    account = forms.ModelChoiceField(
        Account.objects.none(),
        label=gettext_lazy("Which account"),
        required=False,
        empty_label=gettext_lazy("Choose …"),
    )

    def __init__(self, data: Any, *, user: User, people: Sequence[User]) -> None:
        super().__init__(data, auto_id="what-if-%s", label_suffix="")
        takers: Any = self.fields["to"]
        takers.queryset = User.objects.filter(pk__in=[one.pk for one in people], is_active=True).order_by("name")
        chosen: Any = self.fields["account"]
        chosen.queryset = choosable_accounts(user, "capacity").current()


def chosen_accounts(keys: Sequence[str], user: User) -> tuple[list[Account], str]:
    """The accounts that an address names, as far as the reader sees them; and what of it does not hold."""
    numbers = {int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 10}
    found = choosable_accounts(user, "capacity").current().filter(pk__in=numbers)
    accounts = list(found.select_related("owner", "tier").order_by("sort_name", "pk")[:MOST_ACCOUNTS])
    if len(accounts) < len({key for key in keys if key}):
        return accounts, _("Left out: accounts that are not or no longer here, or more than {n}.").format(
            n=MOST_ACCOUNTS
        )
    return accounts, ""
