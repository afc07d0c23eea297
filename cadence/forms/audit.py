"""What is typed on the page of an audit beside its answers."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import DayInput
from accounts_app.models import User
from cadence.models import ActionClosing, Audit
from signals.models import Band

LONGEST_LINE = 300


def judgement_mark(audit: Audit) -> str:
    """Which judgement a form was filled in over."""
    return hashlib.sha256(f"{audit.judged_band}\n{audit.judgement}".encode()).hexdigest()[:16]


def anew(data: Any, **values: str) -> QueryDict:
    """What was sent with some of it another, to be shown once more."""
    changed: QueryDict = data.copy()
    for name, value in values.items():
        changed[name] = value
    return changed


class JudgementForm(forms.Form):
    """A band, and what the figures do not say."""

    band = forms.ChoiceField(
        label=gettext_lazy("How the account stands"), choices=Band, required=False, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("What the figures do not say"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, audit: Audit) -> None:
        now = {"band": audit.judged_band, "text": audit.judgement, "seen": judgement_mark(audit)}
        super().__init__(data, initial=now, auto_id="judge-%s", label_suffix="")
        self.audit = audit

    def clean(self) -> dict[str, Any]:
        """Somebody else's judgement is shown before it is replaced."""
        cleaned = super().clean() or {}
        mark = judgement_mark(self.audit)
        theirs = (self.audit.judged_band, self.audit.judgement)
        is_other = any(theirs) and (cleaned.get("band"), (cleaned.get("text") or "").strip()) != theirs
        if cleaned.get("seen") != mark and is_other:
            said = _("Somebody has judged meanwhile: {band}, “{text}”. Saving again puts yours in its place.")
            band = Band(self.audit.judged_band).label if self.audit.judged_band else _("nothing")
            self.add_error(None, said.format(band=band, text=self.audit.judgement))
            self.data = anew(self.data, seen=mark)
        return cleaned


class ActionForm(forms.Form):
    """What is to be done, by whom, until when."""

    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=LONGEST_LINE)
    owner: forms.ModelChoiceField = forms.ModelChoiceField(None, label=gettext_lazy("Who"), empty_label=None)
    due_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput())

    def __init__(self, data: Any = None, *, doers: Sequence[User], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="action-%s", label_suffix="")
        people = User.objects.filter(pk__in=[one.pk for one in doers]).order_by("name")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        self.fields["owner"].initial = doers[0].pk if doers else None
        if initial:
            # Words that are offered again: whoever came by keyboard goes on from them.
            self.fields["text"].widget.attrs["autofocus"] = True


class ClosingForm(forms.Form):
    """How an action ended."""

    outcome = forms.ChoiceField(choices=ActionClosing.Outcome)
    note = forms.CharField(max_length=LONGEST_LINE, required=False)


class ReasonForm(forms.Form):
    """Why something is sent back, corrected or left out."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=LONGEST_LINE)


class ReviewerForm(forms.Form):
    """Who scores instead."""

    reviewer: forms.ModelChoiceField = forms.ModelChoiceField(None, label=gettext_lazy("Reviewer"), empty_label=None)

    def __init__(self, data: Any = None, *, choices: Sequence[User]) -> None:
        super().__init__(data, auto_id="reviewer-%s", label_suffix="")
        people = User.objects.filter(pk__in=[one.pk for one in choices]).order_by("name")
        self.fields["reviewer"].queryset = people  # type: ignore[attr-defined]
