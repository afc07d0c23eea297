"""Playbooks and alarm budgets, as leaders and administrators type them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import User
from signals.models import Playbook
from signals.models.alarm_budget import LARGEST_BUDGET, Budgets
from signals.services import alarm_budgets, playbooks
from signals.services.playbooks import LONGEST_STEP, MOST_STEPS


class PlaybookForm(forms.Form):
    """Up to eight steps in the order of their numbers; a line left empty is no step."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, signal: str, playbook: Playbook | None, by: User) -> None:
        super().__init__(data, auto_id="playbook-%s", label_suffix="")
        self.signal, self.by = signal, by
        self.fields["seen_version"].initial = playbook.version if playbook else 0
        steps = playbook.steps if playbook else []
        for n in range(MOST_STEPS):
            step = steps[n] if n < len(steps) else {"key": "", "text": "", "act": ""}
            self._add_line(n, step)

    def _add_line(self, n: int, step: dict[str, Any]) -> None:
        number = n + 1
        self.fields[f"place-{n}"] = forms.IntegerField(
            label=_("Place of step {n}").format(n=number), initial=number, min_value=1, max_value=99
        )
        self.fields[f"text-{n}"] = forms.CharField(
            label=_("Step {n}").format(n=number),
            initial=step["text"],
            required=False,
            max_length=LONGEST_STEP,
            widget=forms.Textarea({"rows": 2}),
        )
        self.fields[f"act-{n}"] = forms.ChoiceField(
            label=_("Opens, step {n}").format(n=number),
            initial=step["act"],
            required=False,
            choices=[("", _("nothing")), *((act.value, act.label) for act in Playbook.Act if act.value)],
        )
        self.fields[f"key-{n}"] = forms.CharField(
            initial=step["key"], required=False, max_length=20, widget=forms.HiddenInput
        )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The fields of each line, as the page sets them beside one another."""
        return [{name: self[f"{name}-{n}"] for name in ("place", "text", "act", "key")} for n in range(MOST_STEPS)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        keys = [cleaned.get(f"key-{n}") for n in range(MOST_STEPS) if cleaned.get(f"key-{n}")]
        if not any(cleaned.get(f"text-{n}") for n in range(MOST_STEPS)):
            raise ValidationError(_("A playbook needs at least one step."))
        if len(keys) != len(set(keys)):
            raise ValidationError(_("Two lines stand for the same step. Open the page anew."))
        return cleaned

    def perform(self) -> bool:
        """Save it, or return False with the reasons in `errors`."""
        if not self.is_valid():
            return False
        said = self.cleaned_data
        filled = [n for n in range(MOST_STEPS) if said[f"text-{n}"]]
        ordered = sorted(filled, key=lambda n: (said[f"place-{n}"], n))
        steps = [{name: said[f"{name}-{n}"] for name in ("key", "text", "act")} for n in ordered]
        try:
            playbooks.save(self.signal, steps, by=self.by, seen_version=said["seen_version"])
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return False
        return True


class AlarmBudgetForm(forms.Form):
    """A number, or none: then the usual one holds."""

    weekly = forms.IntegerField(
        label=gettext_lazy("Alerts shown in seven days"), min_value=1, max_value=LARGEST_BUDGET, required=False
    )

    def __init__(self, data: Any = None, *, manager: User | None, by: User) -> None:
        super().__init__(data, auto_id="budget-%s", label_suffix="")
        self.manager, self.by = manager, by
        budgets, weekly = Budgets.read(), self.fields["weekly"]
        if manager is None:
            weekly.initial, weekly.required = budgets.usual, True
        else:
            weekly.initial = budgets.own.get(manager.pk)
            weekly.help_text = _("Left empty: {n}, as for everybody else.").format(n=budgets.usual)

    def perform(self) -> bool:
        """Save it, or return False with the reasons in `errors`."""
        if not self.is_valid():
            return False
        alarm_budgets.set_budget(self.manager, self.cleaned_data["weekly"], by=self.by)
        return True
