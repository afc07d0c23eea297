"""What somebody said in a review, and a question of the library."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import ContactChoice, FactForm, people_of
from accounts_app.models import Level, User
from cadence.models import DiscoveryQuestion, ReviewAnswer
from cadence.services import review_notes

MOST_SAID = 4000


class AnswerForm(FactForm):
    contact = ContactChoice(label=gettext_lazy("Who said it"))

    groups = (("", ("question", "contact", "said")),)

    class Meta:
        model = ReviewAnswer
        fields = ("question", "contact", "said")
        widgets = {"said": forms.Textarea({"rows": 4, "maxlength": MOST_SAID})}
        labels = {"question": gettext_lazy("Question, as it was asked"), "said": gettext_lazy("What they said")}

    def __init__(self, data: Any = None, *, instance: ReviewAnswer, today: dt.date) -> None:
        super().__init__(data, instance=instance, today=today)
        review = instance.review
        self.fields["contact"].queryset = people_of(review.account_id)  # type: ignore[attr-defined]

    def clean_said(self) -> str:
        said = str(self.cleaned_data["said"])
        if len(said) > MOST_SAID:
            raise forms.ValidationError(_("Say it in 4,000 characters at most."))
        return said

    def write(self, *, by: User) -> None:
        asked = DiscoveryQuestion.objects.filter(text=self.instance.question).first()
        self.instance.level = asked.level if asked else self.instance.level
        review_notes.write_answer(self.instance, seen=self.cleaned_data["seen"], by=by)


class QuestionForm(FactForm):
    groups = (("", ("level", "text")),)

    class Meta:
        model = DiscoveryQuestion
        fields = ("level", "text")
        labels = {"level": gettext_lazy("Put to"), "text": gettext_lazy("Question")}

    def __init__(self, data: Any = None, *, instance: DiscoveryQuestion, today: dt.date) -> None:
        super().__init__(data, instance=instance, today=today)
        self.fields["level"].choices = Level.choices  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())

    def write(self, *, by: User) -> None:  # noqa: ARG002 - the trail knows who from the request
        review_notes.write_question(self.instance, seen=self.cleaned_data["seen"])
