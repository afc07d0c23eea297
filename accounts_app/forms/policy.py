"""Users, teams and tiers, as an administrator types them."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Role, Team, Tier, User
from accounts_app.services import people

ROLE_HINTS = {
    Role.ACCOUNT_MANAGER: gettext_lazy("acts on own and deputised accounts, sees the team's"),
    Role.SALES_LEADER: gettext_lazy("acts on all accounts of the teams led"),
    Role.OPERATIONS: gettext_lazy("logs incidents of every account, sees no money"),
    Role.ADMINISTRATOR: gettext_lazy("sees and changes everything"),
    Role.READ_ONLY: gettext_lazy("looks at the teams given"),
}


class UserForm(forms.ModelForm):
    """Somebody who may log in."""

    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(),
        label=gettext_lazy("Teams"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Worked in, led, or open to look at, by the role."),
    )

    class Meta:
        model = User
        fields = ("name", "email", "role", "teams", "is_active")
        labels: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("Name"),
            "email": gettext_lazy("E-mail address"),
            "role": gettext_lazy("Role"),
            "is_active": gettext_lazy("May log in"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "is_active": gettext_lazy("Somebody who has left is not removed: the history names them.")
        }

    def __init__(self, data: Any = None, *, instance: User) -> None:
        super().__init__(data, instance=instance, auto_id="user-%s", label_suffix="")
        roles = [(role.value, f"{role.label}: {ROLE_HINTS[role]}") for role in Role]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        if instance._state.adding:  # noqa: SLF001  Django's documented way
            del self.fields["is_active"]
        else:
            self.initial["teams"] = instance.teams.all()

    def clean_email(self) -> str:
        """Addresses are one and the same in any case."""
        return str(self.cleaned_data["email"]).lower()

    def perform(self) -> User | None:
        """Write it, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        try:
            return people.save_user(self.instance, teams=self.cleaned_data["teams"])
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ("name",)
        labels: ClassVar[dict[str, Any]] = {"name": gettext_lazy("Name")}

    def __init__(self, data: Any = None, *, instance: Team) -> None:
        super().__init__(data, instance=instance, auto_id="team-%s", label_suffix="")


class TierForm(forms.ModelForm):
    """The promise to a tier; what does not fit together is said at the field."""

    class Meta:
        model = Tier
        fields = (
            "name", "ideal_days", "max_days", "min_levels", "review_days",
            "critical_days", "major_days", "minor_days", "audited",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("Name"),
            "ideal_days": gettext_lazy("Contact every … days"),
            "max_days": gettext_lazy("At the latest after … days"),
            "min_levels": gettext_lazy("Levels of the customer met within a year"),
            "review_days": gettext_lazy("A review every … days"),
            "critical_days": gettext_lazy("Critical incidents resolved within … days"),
            "major_days": gettext_lazy("Major incidents within … days"),
            "minor_days": gettext_lazy("Minor incidents within … days"),
            "audited": gettext_lazy("Audited every quarter, whatever the band and the revenue"),
        }
        help_texts: ClassVar[dict[str, Any]] = {"audited": ""}

    # (the smaller one, the larger one, what is said at the larger one)
    IN_ORDER = (
        ("ideal_days", "max_days", gettext_lazy("Not sooner than the usual interval.")),
        ("ideal_days", "review_days", gettext_lazy("A review is a contact too: not more often than one is promised.")),
        ("critical_days", "major_days", gettext_lazy("Not sooner than critical ones.")),
        ("major_days", "minor_days", gettext_lazy("Not sooner than major ones.")),
    )

    def __init__(self, data: Any = None, *, instance: Tier) -> None:
        super().__init__(data, instance=instance, auto_id="tier-%s", label_suffix="")
        for name in self.fields:
            if name.endswith("_days"):
                self.fields[name].widget.attrs.update(min=1, max=1000)
        self.fields["min_levels"].widget.attrs.update(max=3)
        self.fields["min_levels"].error_messages["min_value"] = _("Between 0 and 3.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, days in list(cleaned.items()):
            if name.endswith("_days") and days is not None and not 1 <= days <= 1000:
                self.add_error(name, _("Between 1 and 1,000 days."))
        for smaller, larger, text in self.IN_ORDER:
            low, high = cleaned.get(smaller), cleaned.get(larger)
            if low and high and high < low:
                self.add_error(larger, str(text))
        return cleaned
