"""A person's own judgement of an account, as it is typed."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts_app.models import Account, User
from signals.models import ManualJudgement
from signals.services import manual_judgements


class ManualJudgementForm(forms.ModelForm):
    class Meta:
        model = ManualJudgement
        fields = ("band", "reason")
        widgets = {"band": forms.RadioSelect, "reason": forms.Textarea({"rows": 3, "maxlength": 300})}
        labels = {"band": gettext_lazy("I hold this account to be"), "reason": gettext_lazy("Why")}
        help_texts = {
            "reason": gettext_lazy("What you know that the rows do not say. Shown with your name for 90 days."),
        }
        error_messages = {
            "band": {"required": gettext_lazy("Choose one.")},
            "reason": {"required": gettext_lazy("Say why: a judgement without a reason helps nobody.")},
        }

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="judgement-%s", label_suffix="")
        self.fields["band"].choices = ManualJudgement.Verdict.choices  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        return " ".join(str(self.cleaned_data["reason"]).split())

    def perform(self, account: Account, *, by: User, now: dt.datetime, today: dt.date) -> ManualJudgement | None:
        """Write it, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        return manual_judgements.judge(account, band=said["band"], reason=said["reason"], by=by, now=now, today=today)
