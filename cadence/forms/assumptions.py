"""What the company assumes, as a leader types it."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from cadence.models import Assumptions


class AssumptionsForm(forms.ModelForm):
    # What the writer saw: two who change it at once must not overwrite one another.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    class Meta:
        model = Assumptions
        fields = ("hour_cost", "replace_times")
        widgets: ClassVar[dict[str, Any]] = {
            "hour_cost": forms.NumberInput({"inputmode": "decimal"}),
            "replace_times": forms.NumberInput({"inputmode": "decimal"}),
        }

    def __init__(self, data: Any = None, *, instance: Assumptions) -> None:
        super().__init__(data, instance=instance, auto_id="assumptions-%s", label_suffix="")
        self.stored = f"{_plain(instance.hour_cost)};{_plain(instance.replace_times)}"
        self.initial["seen"] = self.stored

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("seen", "") != self.stored:
            self.data = dict(self.data.items()) | {"seen": self.stored}
            said = _("Somebody else changed this meanwhile, to: {values}. Save again to keep yours.")
            cost, _sign, times = self.stored.partition(";")
            values = _("cost of an hour {cost}, replacing {times} times").format(
                cost=cost or _("not known"), times=times
            )
            self.add_error(None, said.format(values=values))
        return cleaned


def _plain(value: Decimal | None) -> str:
    """The same text whether it was just made or read: a stored 3 comes back as 3.0."""
    return "" if value is None else f"{value.normalize():f}"
