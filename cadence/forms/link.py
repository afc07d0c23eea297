"""Who of us knows whom, and how well."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Account, Colleague, Contact, Link, User
from accounts_app.services.links import tell_link
from signals.pages.account.relations import STRENGTHS


class LinkForm(forms.Form):
    """One of theirs, one of ours and the strength; of a link that is there only the strength is asked for."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=gettext_lazy("Theirs"), empty_label=gettext_lazy("Choose …")
    )
    colleague = forms.ModelChoiceField(
        Colleague.objects.none(), label=gettext_lazy("Ours"), empty_label=gettext_lazy("Choose …")
    )
    strength = forms.TypedChoiceField(
        label=gettext_lazy("How well"), coerce=int, widget=forms.RadioSelect, choices=list(STRENGTHS.items())
    )

    def __init__(
        self, data: Any = None, *, account: Account, by: User, today: date, link: Link | None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id="link-%s", label_suffix="")
        self.account, self.by, self.today, self.link = account, by, today, link
        if link is not None:
            del self.fields["contact"], self.fields["colleague"]
            self.initial["strength"] = link.strength
            return
        people = Contact.objects.filter(account=account, left_on=None)
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["colleague"].queryset = Colleague.objects.all()  # type: ignore[attr-defined]

    def perform(self) -> Link | None:
        """Write it, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        contact = self.link.contact if self.link else said["contact"]
        colleague = self.link.colleague if self.link else said["colleague"]
        try:
            return tell_link(self.account, contact, colleague, said["strength"], by=self.by, today=self.today)
        except ValidationError as refusal:
            self.add_error(None, refusal if not hasattr(refusal, "error_dict") else _first(refusal))
            return None


def _first(refusal: ValidationError) -> str:
    return " ".join(message for messages in refusal.message_dict.values() for message in messages) or _("Refused.")
