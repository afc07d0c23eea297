"""Whether scorecards of single people are shown, as an administrator sets it."""

from django import forms

from cadence.models import ScorecardPolicy


class ScorecardPolicyForm(forms.ModelForm):
    class Meta:
        model = ScorecardPolicy
        fields = ("team_level_only",)

    def __init__(self, data: object = None, *, instance: ScorecardPolicy) -> None:
        super().__init__(data, instance=instance, auto_id="scorecards-%s", label_suffix="")  # type: ignore[arg-type]
