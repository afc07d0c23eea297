"""Put a contact right afterwards: correct what was told, move a plan, void either with a reason."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.interaction_fields import set_day
from accounts_app.forms.interaction_plan import PlanForm
from accounts_app.forms.interaction_told import ToldForm
from accounts_app.forms.value_choice import proposed_for
from accounts_app.models import Contact, Interaction, User
from accounts_app.services import interaction_corrections as corrections
from accounts_app.services.interaction_corrections import ChangedMeanwhileError
from accounts_app.services.interaction_snapshot import fingerprint
from accounts_app.templatetags.formats import day_text

IDS = "change"


class ChangeForm(forms.Form):
    """A form about one interaction as the reader saw it; it says what stands there now when that has changed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    interaction: Interaction
    by: User
    today: dt.date

    def write(self) -> None:
        raise NotImplementedError

    def perform(self) -> bool:
        """Write it, or return False with the reasons in `errors`."""
        if not self.is_valid():
            return False
        try:
            self.write()
        except ChangedMeanwhileError as conflict:
            self._tell(conflict)
        except ValidationError as refusal:
            named = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: [refusal]}
            for name, errors in named.items():
                self.add_error(name if name in self.fields else None, errors)
        return not self.errors

    def _tell(self, conflict: ChangedMeanwhileError) -> None:
        """Whoever saves again has read what stands there now, and means it."""
        stored = Interaction.objects.get(pk=self.interaction.pk)
        typed = cast("QueryDict", self.data).copy()
        typed["seen"] = fingerprint(stored)
        self.data = typed
        self.add_error(None, conflict)
        self.add_error(None, _("Stored now: {what}").format(what=in_words(stored)))


class CorrectForm(ChangeForm, ToldForm):
    """The fields of the log, filled with what was logged."""

    def __init__(self, data: Any = None, *, interaction: Interaction, by: User, today: dt.date) -> None:
        self.interaction = interaction
        names = ("channel", "purpose", "initiator", "tone", "note", "reaction")
        initial = {name: getattr(interaction, name) for name in names} | {
            "seen": fingerprint(interaction),
            "attempted": interaction.state == Interaction.State.ATTEMPTED,
            "value_item": interaction.value_item_id,
            "contacts": [one.pk for one in interaction.contacts.all()],
            "colleagues": [one.pk for one in interaction.colleagues.all()],
        }
        super().__init__(data, by=by, today=today, account=interaction.account, initial=initial, ids=IDS)
        set_day(self, "happened_on", interaction.happened_on or today)
        # Who has left since was met all the same, and a value item may have expired.
        met = Contact.objects.filter(Q(pk__in=initial["contacts"]) | Q(left_on=None), account=interaction.account)
        self.fields["contacts"].queryset = met.order_by("-primary", "name")  # type: ignore[attr-defined]
        self.fields["value_item"].offer(self.proposed, today, also=interaction)  # type: ignore[attr-defined]

    def write(self) -> None:
        corrections.correct(self.interaction, self.told(), by=self.by, seen=self.cleaned_data["seen"], today=self.today)


class MoveForm(ChangeForm, PlanForm):
    """Another day for a plan, or another way."""

    def __init__(self, data: Any = None, *, interaction: Interaction, by: User, today: dt.date) -> None:
        self.interaction, self.by = interaction, by
        initial = {name: getattr(interaction, name) for name in ("channel", "purpose", "value_item")}
        initial["seen"] = fingerprint(interaction)
        super().__init__(data, today=today, account=interaction.account, initial=initial, ids=IDS)
        proposed = proposed_for(interaction.account, today)
        self.fields["value_item"].offer(proposed, today, also=interaction)  # type: ignore[attr-defined]
        # A day that has passed is no answer to where the plan goes.
        if interaction.planned_on and interaction.planned_on >= today:
            set_day(self, "planned_on", interaction.planned_on)

    def write(self) -> None:
        seen = self.cleaned_data["seen"]
        corrections.move(self.interaction, self.plan(), by=self.by, seen=seen, today=self.today)


class VoidForm(ChangeForm):
    """Why it does not count."""

    reason = forms.CharField(
        label=gettext_lazy("Why it does not count"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why it does not count.")},
    )

    def __init__(self, data: Any = None, *, interaction: Interaction, by: User, today: dt.date) -> None:
        self.interaction, self.by, self.today = interaction, by, today
        super().__init__(data, initial={"seen": fingerprint(interaction)}, auto_id=f"{IDS}-%s", label_suffix="")

    def write(self) -> None:
        said = self.cleaned_data
        corrections.void(self.interaction, by=self.by, seen=said["seen"], reason=said["reason"])


def in_words(interaction: Interaction) -> str:
    """What stands there, in a line."""
    day = interaction.happened_on or interaction.planned_on
    parts: list[str | Promise] = [
        interaction.get_state_display(),
        day_text(day) if day else "",
        interaction.get_channel_display(),
        interaction.get_purpose_display(),
        interaction.void_reason or interaction.note[:120],
    ]
    return ", ".join(str(part) for part in parts if part)
