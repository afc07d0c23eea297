"""Which accounts are audited, and what they are asked."""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadence.forms.audit import anew
from cadence.models import AuditPolicy, AuditQuestions, Dimension
from cadence.services.audit_questions import LONGEST
from signals.models import Band

NEW_ROWS = 2


class PolicyForm(forms.ModelForm):
    """The policy of the next audit; one under way keeps what it was opened with."""

    bands = forms.MultipleChoiceField(
        label=gettext_lazy("Bands"),
        choices=Band,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Accounts of these bands are audited, whatever their tier and revenue."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = AuditPolicy
        fields = ("revenue_share", "bands", "days_to_answer", "days_to_sign", "remind_days")
        labels: ClassVar[dict[str, Any]] = {
            "revenue_share": gettext_lazy("Share of revenue, in percent"),
            "days_to_answer": gettext_lazy("Days from opening until the answers are due"),
            "days_to_sign": gettext_lazy("Days from then until both signatures are due"),
            "remind_days": gettext_lazy("Days before a due day on which a reminder is sent"),
        }

    def __init__(self, data: Any = None, *, instance: AuditPolicy) -> None:
        super().__init__(data, instance=instance, auto_id="policy-%s", label_suffix="")
        self.mark = _mark(instance)
        self.initial["seen"] = self.mark

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("seen") not in ("", self.mark):
            self.add_error(None, _("Somebody has changed the policy meanwhile. Saving again puts yours in its place."))
            self.data = anew(self.data, seen=self.mark)
        return cleaned


def _mark(policy: AuditPolicy) -> str:
    fields = ("revenue_share", "bands", "days_to_answer", "days_to_sign", "remind_days")
    return hashlib.sha256(repr([getattr(policy, name) for name in fields]).encode()).hexdigest()[:16]


class QuestionForm(forms.Form):
    """One question; without a text a new row is none, and a question that was there is not asked any more."""

    key = forms.SlugField(widget=forms.HiddenInput, required=False, max_length=40)
    dimension = forms.ChoiceField(label=gettext_lazy("Dimension"), choices=Dimension)
    text = forms.CharField(
        label=gettext_lazy("Question"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    guide = forms.CharField(
        label=gettext_lazy("What a 1 and a 5 are"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    drop = forms.BooleanField(label=gettext_lazy("Do not ask any more"), required=False)

    @property
    def is_new(self) -> bool:
        """A row for a question that was not asked before: there is nothing to drop."""
        return not self["key"].value()


class VersionForm(forms.Form):
    base = forms.IntegerField(widget=forms.HiddenInput)
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=80)
    reason = forms.CharField(
        label=gettext_lazy("Why the questions change"), required=False, max_length=300,
        help_text=gettext_lazy("It stands with the version, for whoever compares quarters."),
    )  # fmt: skip


class QuestionsForm:
    """All questions of the next version, begun with those of the latest."""

    def __init__(self, data: Any, latest: AuditQuestions) -> None:
        self.latest = latest
        initial = [{**one} for one in latest.questions] + [{} for _row in range(NEW_ROWS)]
        head = {"base": latest.version, "rows": len(initial)}
        self.version = VersionForm(data, initial=head, auto_id="questions-%s", label_suffix="")
        number = len(initial)
        if data is not None:
            number = self.version.cleaned_data["rows"] if self.version.is_valid() else number
        self.rows = [
            QuestionForm(
                data,
                initial=initial[n] if n < len(initial) else {},
                prefix=f"q{n}",
                auto_id="questions-%s",
                label_suffix="",
            )
            for n in range(number)
        ]

    def is_valid(self) -> bool:
        return all([self.version.is_valid(), *(row.is_valid() for row in self.rows)])

    @property
    def questions(self) -> list[dict[str, str]]:
        """What is asked, as typed; a key that no question of the latest version has is none."""
        known = {one["key"] for one in self.latest.questions}
        kept = [row.cleaned_data for row in self.rows if row.cleaned_data["text"] and not row.cleaned_data["drop"]]
        return [
            {
                "key": said["key"] if said["key"] in known else "",
                "dimension": said["dimension"],
                "text": said["text"],
                "guide": said["guide"],
            }
            for said in kept
        ]

    def refuse(self, text: str) -> None:
        self.version.add_error(None, text)

    def follow(self, version: int) -> None:
        """What is saved next comes after this version."""
        self.version.data = anew(self.version.data, base=str(version))


def changes(before: Sequence[dict[str, str]], after: Sequence[dict[str, str]]) -> dict[str, list[str]]:
    """What the next version asks otherwise: reworded, asked under another dimension, new, and no more."""
    old = {one["key"]: one for one in before}
    kept = {one["key"] for one in after if one["key"]}
    found: dict[str, list[str]] = {"reworded": [], "moved": [], "new": [], "gone": []}
    for one in after:
        earlier = old.get(one["key"])
        if earlier is None:
            found["new"].append(one["text"])
        elif earlier["dimension"] != one["dimension"]:
            found["moved"].append(one["text"])
        elif (earlier["text"], earlier.get("guide", "")) != (one["text"], one["guide"]):
            found["reworded"].append(one["text"])
    found["gone"] = [one["text"] for one in before if one["key"] not in kept]
    return found
