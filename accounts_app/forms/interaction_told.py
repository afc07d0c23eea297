"""What somebody tells of a contact: the fields that logging one and correcting one have in common."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, Max, OuterRef, Q, Subquery, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.interaction_fields import DayField, Several, day_chosen, other_day
from accounts_app.forms.value_choice import ValueChoice, proposed_for
from accounts_app.models import Account, Colleague, Contact, Interaction, Link, User
from accounts_app.models.person import ContactQuerySet
from accounts_app.services.interactions import Told

TONES = (
    ("", gettext_lazy("Not said")),
    (1, gettext_lazy("Good")),
    (0, gettext_lazy("Neutral")),
    (-1, gettext_lazy("Tense")),
)
REACTIONS = (("", gettext_lazy("Not said")), *Interaction.Reaction.choices)
LONGEST_NOTE = 10_000


class ChoosePeople(forms.ModelMultipleChoiceField):
    widget = Several

    def __init__(self, *, label: Any, refusal: Any) -> None:
        super().__init__(None, label=label, required=False)
        self.error_messages |= {"invalid_choice": refusal, "invalid_pk_value": refusal}


class ToldForm(forms.Form):
    """The account is given; whom one can have met, and which of us, follows from it."""

    contacts = ChoosePeople(label=gettext_lazy("Who"), refusal=gettext_lazy("Choose people of this account."))
    attempted = forms.BooleanField(label=gettext_lazy("Nobody reached"), required=False)
    happened_on = DayField(label=gettext_lazy("When"))
    happened_on_other = other_day()
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=Interaction.Channel, widget=forms.RadioSelect)
    purpose = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=Interaction.Purpose,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what it was for.")},
    )
    initiator = forms.ChoiceField(
        label=gettext_lazy("Started by"), choices=Interaction.Initiator, widget=forms.RadioSelect
    )
    tone = forms.TypedChoiceField(
        label=gettext_lazy("Tone"),
        choices=TONES,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3, "placeholder": gettext_lazy("What was said, what was promised")}),
    )
    value_item = ValueChoice(label=gettext_lazy("Brought"), nothing=gettext_lazy("Nothing in particular"))
    reaction = forms.ChoiceField(
        label=gettext_lazy("They found it"), choices=REACTIONS, required=False, widget=forms.RadioSelect
    )
    colleagues = ChoosePeople(label=gettext_lazy("Who of us"), refusal=gettext_lazy("Choose people of ours."))

    def __init__(
        self, data: Any = None, *, by: User, today: dt.date, account: Account | None, initial: dict[str, Any], ids: str
    ) -> None:
        super().__init__(data, initial=initial, auto_id=f"{ids}-%s", label_suffix="")
        self.by, self.today, self.about = by, today, account
        self.fields["contacts"].queryset = people_of(account, today)  # type: ignore[attr-defined]
        self.fields["colleagues"].queryset = Colleague.objects.all()  # type: ignore[attr-defined]
        self.proposed = proposed_for(account, today)
        self.fields["value_item"].offer(self.proposed, today)  # type: ignore[attr-defined]
        happened_on, other = self.fields["happened_on"], self.fields["happened_on_other"]
        happened_on.offer(recent_days(today))  # type: ignore[attr-defined]
        other.widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "happened_on" in cleaned:
            cleaned["happened_on"] = day_chosen(self, "happened_on")
        return cleaned

    def told(self) -> Told:
        said = self.cleaned_data
        names = ("happened_on", "channel", "purpose", "initiator", "note", "value_item", "contacts", "colleagues")
        reached = not said["attempted"]
        # There is no tone where nobody was reached, and nothing to react to where nothing was brought.
        reaction = said["reaction"] if reached and said["value_item"] else ""
        tone = said["tone"] if reached else None
        return Told(**{name: said[name] for name in names}, reached=reached, tone=tone, reaction=reaction)

    def refuse(self, refusal: ValidationError) -> None:
        """Show what a service refused at the field it names; a day beyond the chips at its date field."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)

    @property
    def asks_account(self) -> bool:
        return self.about is None

    @property
    def picks_colleagues(self) -> "ColleaguePick":
        return ColleaguePick.of(self)


class ColleaguePick:
    """Of our people, chips for who knows this account or is chosen already; a list for everybody else."""

    def __init__(self, near: list[tuple[Colleague, bool]], others: list[Colleague]) -> None:
        self.near, self.others = near, others

    @classmethod
    def of(cls, form: ToldForm) -> "ColleaguePick":
        chosen = {str(getattr(one, "pk", one)) for one in form["colleagues"].value() or []}
        rows = list(with_nearness(form.about, form.by))
        near = [(one, str(one.pk) in chosen) for one in rows if one.near or str(one.pk) in chosen]
        shown = {one.pk for one, _is_chosen in near}
        return cls(near, [one for one in rows if one.pk not in shown])


def recent_days(today: dt.date) -> list[tuple[dt.date, str]]:
    return [(today, _("Today")), (today - dt.timedelta(days=1), _("Yesterday"))]


def people_of(account: Account | None, today: dt.date) -> ContactQuerySet:
    """Who can be met there; whom we met last comes first."""
    if account is None:
        return Contact.objects.none()
    met = Interaction.objects.done().filter(contacts=OuterRef("pk")).order_by().values("contacts")
    rows = Contact.objects.filter(Q(left_on=None) | Q(left_on__gt=today), account=account)
    last_met = Subquery(met.annotate(day=Max("happened_on")).values("day"))
    return rows.annotate(last_met_on=last_met).order_by("-primary", F("last_met_on").desc(nulls_last=True), "name")


def with_nearness(account: Account | None, by: User) -> Any:
    """Our people, first who knows somebody at the account or was with them, and the reader."""
    links = Link.objects.filter(colleague=OuterRef("pk"), contact__account=account)
    meetings = Interaction.colleagues.through.objects.filter(colleague=OuterRef("pk"), interaction__account=account)
    near = Case(When(Q(user=by) | Exists(links) | Exists(meetings), then=True), default=False)
    return Colleague.objects.annotate(near=near).order_by("-near", "name")
