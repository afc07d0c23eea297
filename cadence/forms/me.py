from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_app.models import User
from cadence.services.digests import choose


class DigestForm(forms.Form):
    """Which digests somebody wants by mail."""

    daily = forms.BooleanField(
        label=_("Every working day"), required=False, help_text=_("Whom to contact today, and what changed.")
    )
    weekly = forms.BooleanField(
        label=_("Every Monday"),
        required=False,
        help_text=_("The same for the whole week; on that day it takes the place of the daily one."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="digest-%s", label_suffix="")

    def perform(self, user: User) -> None:
        if self.is_valid():
            choose(user, daily=self.cleaned_data["daily"], weekly=self.cleaned_data["weekly"])
