"""A review: what is prepared, how it was held, and what is put right afterwards."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.account_search import choosable_accounts
from accounts_app.forms.fact import DayInput, FactForm, people_of
from accounts_app.forms.interaction_fields import Several
from accounts_app.models import Account, Colleague, Interaction, User
from cadence.models import DiscoveryQuestion, Review, ReviewSection
from cadence.services import reviews

LONGEST = dt.timedelta(days=3 * 366)
EARLIEST = dt.date(1990, 1, 1)
FAR = dt.timedelta(days=366)


class People(forms.ModelMultipleChoiceField):
    """Any number of people, a tap each."""

    widget = Several

    def __init__(self, *, label: Any) -> None:
        super().__init__(queryset=Colleague.objects.none(), label=label, required=False)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.title}" if obj.title else str(obj.name)


class QuestionsChoice(forms.ModelMultipleChoiceField):
    widget = Several

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_level_display()}: {obj.text}"


class _ReviewForm(FactForm):
    """What all forms of a review share: its people, and saying what another wrote meanwhile."""

    # The rows a review names, beside its own fields.
    named: ClassVar[tuple[str, ...]] = ("contacts", "colleagues")

    def __init__(self, data: Any = None, *, instance: Review, today: dt.date) -> None:
        super().__init__(data, instance=instance, today=today)
        self._offer(instance)
        for name in self.named if instance.pk else ():
            self.initial[name] = [row.pk for row in getattr(instance, name).all()]

    def _offer(self, review: Review) -> None:
        here = Q(left_on=None) | Q(reviews=review.pk or 0)
        people = people_of(review.account_id).filter(here).distinct()
        self.fields["contacts"].queryset = people  # type: ignore[attr-defined]
        self.fields["colleagues"].queryset = Colleague.objects.order_by("name", "pk")  # type: ignore[attr-defined]

    @property
    def people(self) -> dict[str, list[Any]]:
        return {name: list(self.cleaned_data[name]) for name in self.named}

    def write(self, *, by: User) -> None:
        seen = self.cleaned_data["seen"]
        reviews.change(self.instance, self.written, self.people, seen=seen, by=by, today=self.today)

    def _tell(self, stored: Any) -> None:
        super()._tell(stored)
        told = [
            _("Stored now: {field}: {value}").format(
                field=self[name].label, value=", ".join(str(row) for row in getattr(stored, name).all()) or "–"
            )
            for name in self.named
            if {row.pk for row in getattr(stored, name).all()} != {row.pk for row in self.cleaned_data.get(name, ())}
        ]
        if told:
            self.add_error(NON_FIELD_ERRORS, ValidationError(told))


class AccountForm(forms.Form):
    """With whom: the first step, where the account is not known yet."""

    account = forms.ModelChoiceField(Account.objects.none(), label=gettext_lazy("Account"))

    def __init__(self, *, by: User) -> None:
        super().__init__(auto_id="review-%s", label_suffix="")
        self.fields["account"].queryset = choosable_accounts(by, "contact")  # type: ignore[attr-defined]


class PrepareForm(_ReviewForm):
    contacts = People(label=gettext_lazy("Theirs"))
    colleagues = People(label=gettext_lazy("Ours"))
    questions = QuestionsChoice(
        DiscoveryQuestion.objects.none(), label=gettext_lazy("What we would like to hear"), required=False
    )
    left_out = forms.MultipleChoiceField(
        label=gettext_lazy("Leave out of what they see"), choices=ReviewSection, required=False, widget=Several
    )

    named = ("contacts", "colleagues", "questions")
    groups = (
        ("", ("title", "from_day", "until_day", "planned_on", "channel")),
        (gettext_lazy("Who takes part"), ("contacts", "colleagues")),
        (gettext_lazy("What it is about"), ("agenda", "questions", "left_out")),
    )
    in_order = (("from_day", "until_day", gettext_lazy("The time ends before it begins.")),)

    class Meta:
        model = Review
        fields = ("title", "from_day", "until_day", "planned_on", "channel", "agenda", "left_out")
        widgets = {
            "from_day": DayInput,
            "until_day": DayInput,
            "planned_on": DayInput,
            "channel": forms.RadioSelect,
            "agenda": forms.Textarea({"rows": 5}),
        }
        labels = {
            "title": gettext_lazy("Title"),
            "from_day": gettext_lazy("About the time from"),
            "until_day": gettext_lazy("Until"),
            "planned_on": gettext_lazy("To be held on"),
            "channel": gettext_lazy("How"),
            "agenda": gettext_lazy("Agenda"),
        }
        help_texts = {
            "title": gettext_lazy("The customer reads it on the first page."),
            "until_day": "",
            "planned_on": gettext_lazy("Then it stands in your plans; it can be left open."),
            "agenda": gettext_lazy("A line for each point; the customer reads it."),
        }

    def __init__(self, data: Any = None, *, instance: Review, today: dt.date) -> None:
        super().__init__(data, instance=instance, today=today)
        self.fields["channel"].choices = Interaction.Channel.choices  # type: ignore[attr-defined]
        if instance.pk:
            self.initial["planned_on"] = instance.meets_on

    def _offer(self, review: Review) -> None:
        super()._offer(review)
        library = DiscoveryQuestion.library()
        offered = library.filter(Q(active=True) | Q(reviews=review.pk or 0)).distinct()
        self.fields["questions"].queryset = offered  # type: ignore[attr-defined]

    def clean_planned_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["planned_on"]
        if day and day != self.instance.meets_on and not self.today <= day <= self.today + FAR:
            raise ValidationError(_("Choose a day from today on, within a year."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("from_day"), cleaned.get("until_day")
        if first and last and (first < EARLIEST or last > self.today + FAR or last - first > LONGEST):
            self.add_error("until_day", _("A review is about three years at most: are both years right?"))
        return cleaned

    def write(self, *, by: User) -> None:
        if self.instance.pk:
            super().write(by=by)
        else:
            reviews.begin(self.instance, self.people, by=by, today=self.today)


class HoldForm(_ReviewForm):
    """Who was there, when, and what came of it."""

    contacts = People(label=gettext_lazy("Theirs"))
    colleagues = People(label=gettext_lazy("Ours"))

    groups = (("", ("held_on", "channel", "contacts", "colleagues", "outcome")),)
    past = ("held_on",)

    class Meta:
        model = Review
        fields = ("held_on", "channel", "outcome")
        widgets = {"held_on": DayInput, "channel": forms.RadioSelect, "outcome": forms.Textarea({"rows": 4})}
        labels = {
            "held_on": gettext_lazy("Held on"),
            "channel": gettext_lazy("How"),
            "outcome": gettext_lazy("What came of it"),
        }
        help_texts = {"outcome": gettext_lazy("For ourselves: the customer does not see it.")}

    def __init__(self, data: Any = None, *, instance: Review, today: dt.date) -> None:
        super().__init__(data, instance=instance, today=today)
        self.fields["held_on"].required = True
        self.fields["channel"].choices = Interaction.Channel.choices  # type: ignore[attr-defined]
        self.initial["held_on"] = min(instance.meets_on or today, today)

    def write(self, *, by: User) -> None:
        said = self.cleaned_data
        meeting = reviews.Meeting(
            held_on=said["held_on"],
            channel=said["channel"],
            contacts=list(said["contacts"]),
            colleagues=list(said["colleagues"]),
            outcome=said["outcome"],
        )
        reviews.hold(self.instance, meeting, seen=said["seen"], by=by, today=self.today)


class HeldForm(_ReviewForm):
    """What is put right once it was held."""

    contacts = People(label=gettext_lazy("Theirs"))
    colleagues = People(label=gettext_lazy("Ours"))
    left_out = forms.MultipleChoiceField(
        label=gettext_lazy("Leave out of what they see"), choices=ReviewSection, required=False, widget=Several
    )

    groups = (("", ("title", "contacts", "colleagues", "outcome", "left_out")),)

    class Meta:
        model = Review
        fields = ("title", "outcome", "left_out")
        widgets = {"outcome": forms.Textarea({"rows": 4})}
        labels = {"title": gettext_lazy("Title"), "outcome": gettext_lazy("What came of it")}
        help_texts = {
            "title": gettext_lazy("The customer reads it on the first page."),
            "outcome": gettext_lazy("For ourselves: the customer does not see it."),
        }
