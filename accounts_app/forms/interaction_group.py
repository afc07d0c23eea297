"""Log one occasion for people of several accounts at once."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.account_search import choosable_accounts, find_accounts
from accounts_app.forms.interaction_fields import day_of, set_day
from accounts_app.forms.interaction_told import ChoosePeople, ToldForm
from accounts_app.meeting_files.header import addresses_in
from accounts_app.models import Account, Colleague, Contact, Interaction, User
from accounts_app.models.person import ContactQuerySet
from accounts_app.search import names
from accounts_app.search.wording import Wording
from accounts_app.services.address_match import match
from accounts_app.services.interaction_groups import MOST_ACCOUNTS, log_group, parts_of
from accounts_app.services.interactions import Receipt

FOUND = 8
LONGEST_PASTE = 20_000


class GroupForm(ToldForm):
    """The account is not given: people are chosen from all for which the reader logs, or whole accounts."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    accounts = ChoosePeople(label=gettext_lazy("Accounts"), refusal=gettext_lazy("Choose among your accounts."))
    addresses = forms.CharField(
        label=gettext_lazy("Or paste mail addresses"),
        required=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea({"rows": 2, "placeholder": gettext_lazy("ada@example.com, bo@example.org …")}),
    )
    plans_next = forms.BooleanField(
        label=gettext_lazy("Plan the next with each as promised, where none is planned"), required=False
    )

    def __init__(self, data: Any = None, *, by: User, today: dt.date, initial: dict[str, Any], ids: str) -> None:
        super().__init__(data, by=by, today=today, account=None, initial=initial, ids=ids)
        self.fields["contacts"].queryset = loggable_people(by, today)  # type: ignore[attr-defined]
        self.fields["accounts"].queryset = choosable_accounts(by, "contact")  # type: ignore[attr-defined]
        if data is None and initial.get("day"):
            set_day(self, "happened_on", initial["day"])

    def clean_addresses(self) -> str:
        """Whom the addresses name was added when they came; what is left of them is nobody."""
        left = self.cleaned_data["addresses"]
        if left.strip():
            raise ValidationError(_("Nobody you log for has these addresses: take them out, or add the people first."))
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "contacts" in cleaned and "accounts" in cleaned:
            self.parts = parts_of(cleaned["contacts"], cleaned["accounts"])
            if not self.parts:
                self.add_error("contacts", _("Choose at least one person, or an account."))
            elif len(self.parts) > MOST_ACCOUNTS:
                self.add_error("contacts", _("At most {most} accounts at once.").format(most=MOST_ACCOUNTS))
        return cleaned

    def only_asked_for_people(self) -> None:
        """Somebody looked for people and has not pressed the save: nothing is wrong yet, but for unknown addresses."""
        self.is_valid()
        left = self.errors.get("addresses")
        self._errors = ErrorDict({"addresses": left} if left else {})

    def perform(self) -> list[Receipt]:
        """Write it, or return nothing with the reasons in `errors`."""
        if not self.is_valid():
            return []
        said = self.cleaned_data
        try:
            return log_group(
                self.parts,
                self.told(),
                by=self.by,
                today=self.today,
                token=said["token"],
                plans_next=said["plans_next"],
            )
        except ValidationError as refusal:
            self.refuse(refusal)
            return []


class People:
    """Who is chosen by now, and whom the words typed find."""

    def __init__(self, sent: QueryDict, *, by: User, today: dt.date, also: Sequence[int] = ()) -> None:
        people, accounts = loggable_people(by, today), choosable_accounts(by, "contact")
        self.typed = sent.get("people_search", "")[:100]
        self.contacts = list(people.filter(pk__in=[*numbers(sent.getlist("contacts")), *also]))
        self.accounts = list(accounts.filter(pk__in=numbers(sent.getlist("accounts"))))
        wording = Wording.of(self.typed)
        self.found: list[Contact] = []
        self.found_accounts: list[Account] = []
        if wording.is_long_enough:
            named = names.contacts_named(people, wording, by).order_by("foreign", "rank", "sort_name", "pk")
            self.found = list(named.exclude(pk__in=[one.pk for one in self.contacts])[:FOUND])
            found_accounts = find_accounts(accounts, self.typed, user=by)
            self.found += self._of(found_accounts, people)
            chosen = {one.pk for one in self.accounts}
            self.found_accounts = [one for one in found_accounts if one.pk not in chosen]

    def _of(self, accounts: Sequence[Account], people: ContactQuerySet) -> list[Contact]:
        """The people of the accounts found: whoever types a company's name looks for somebody of it."""
        known = [one.pk for one in (*self.contacts, *self.found)]
        return list(people.filter(account__in=accounts).exclude(pk__in=known)[: FOUND - len(self.found)])

    @property
    def is_searched(self) -> bool:
        return Wording.of(self.typed).is_long_enough


def loggable_people(by: User, today: dt.date) -> ContactQuerySet:
    there = Q(left_on=None) | Q(left_on__gt=today)
    rows = Contact.objects.filter(there, account__in=choosable_accounts(by, "contact"))
    people: ContactQuerySet = rows.select_related("account__tier").order_by("account__sort_name", "name", "pk")
    return people


def with_pasted(sent: QueryDict, by: User) -> QueryDict:
    """What was sent, with the people of the addresses pasted among those chosen; unknown addresses stay pasted.

    An address of which only the domain is known adds its account; one of ours is left out.
    """
    addresses = addresses_in(sent.get("addresses", "")[:LONGEST_PASTE])
    if not addresses:
        return sent
    found, filled = match(addresses, by), sent.copy()
    for candidate in found.candidates:
        for contact in candidate.contacts:
            filled.appendlist("contacts", str(contact.pk))
        if not candidate.contacts:
            filled.appendlist("accounts", str(candidate.account.pk))
    for colleague in found.colleagues:
        filled.appendlist("colleagues", str(colleague.pk))
    filled["addresses"] = ", ".join(found.unknown)
    return filled


def opening_of_group(named: QueryDict, *, by: User, today: dt.date) -> dict[str, Any]:
    """An occasion outside: proactive and started by us, unless the address says otherwise."""
    channel, purpose = named.get("channel", ""), named.get("purpose", "")
    day = day_of(named.get("on", ""))
    return {
        "token": uuid.uuid4(),
        "happened_on": today.isoformat(),
        "day": day if day and day <= today else None,
        "channel": channel if channel in Interaction.Channel.values else Interaction.Channel.EVENT,
        "purpose": purpose if purpose in Interaction.Purpose.values else Interaction.Purpose.PROACTIVE,
        "initiator": Interaction.Initiator.US,
        "note": named.get("note", "")[:200],
        "colleagues": list(Colleague.objects.filter(user=by).values_list("pk", flat=True)),
        "tone": "",
        "reaction": "",
    }


def numbers(texts: Sequence[str]) -> list[int]:
    """The keys among what was sent; several may stand in one, with commas between."""
    words = [word for text in texts for word in text.split(",")]
    return [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 19]
