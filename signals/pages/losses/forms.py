"""What people type about losses: the conclusion of a post-mortem, the alarm, and of whom a loss is to be recorded."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.account_search import choosable_accounts
from accounts_app.models import User
from signals.models import LossAlarm, PostMortem


class ConclusionForm(forms.ModelForm):
    class Meta:
        model = PostMortem
        fields = ("conclusion",)
        widgets: ClassVar[dict[str, Any]] = {"conclusion": forms.Textarea({"rows": 6, "maxlength": 4000})}
        labels: ClassVar[dict[str, Any]] = {"conclusion": gettext_lazy("What we conclude")}

    # What the writer saw: two who conclude at once must not overwrite one another.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, data: Any = None, *, instance: PostMortem) -> None:
        super().__init__(data, instance=instance, auto_id="conclusion-%s", label_suffix="")
        self.stored = instance.conclusion
        self.initial["seen"] = instance.conclusion
        self.fields["conclusion"].max_length = 4000  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("seen", "").replace("\r\n", "\n") != self.stored.replace("\r\n", "\n"):
            words = _(
                "Somebody else wrote a conclusion while you were typing. It says: {text}. Save again to keep yours."
            )
            self.data = dict(self.data.items()) | {"seen": self.stored}
            self.add_error(None, words.format(text=self.stored or "–"))
        return cleaned


class LossAlarmForm(forms.ModelForm):
    class Meta:
        model = LossAlarm
        fields = ("losses", "largest", "months")
        labels: ClassVar[dict[str, Any]] = {
            "losses": gettext_lazy("Tell from so many losses"),
            "largest": gettext_lazy("Among the largest"),
            "months": gettext_lazy("Within months"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "largest": gettext_lazy("Accounts, by revenue in the 12 months before the loss.")
        }

    def __init__(self, data: Any = None, *, instance: LossAlarm) -> None:
        super().__init__(data, instance=instance, auto_id="alarm-%s", label_suffix="")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        losses, largest = cleaned.get("losses"), cleaned.get("largest")
        if losses and largest and losses > largest:
            self.add_error("losses", _("There cannot be more losses than accounts looked at."))
        return cleaned


class LostAccountForm(forms.Form):
    """Of which account a loss is to be recorded."""

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, auto_id="lost-%s", label_suffix="")
        self.fields["account"] = forms.ModelChoiceField(
            choosable_accounts(user, "contact"), label=_("Account"), empty_label=_("Choose …")
        )
