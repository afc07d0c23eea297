"""The playbook of one alert as lists show it: its steps, who did which, and what an earlier playbook had."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from signals.models import Alert, Playbook, PlaybookTick

ACTS: dict[str, str | Promise] = {
    Playbook.Act.LOG_CONTACT: _("Log a contact"),
    Playbook.Act.PLAN_CONTACT: _("Plan a contact"),
    Playbook.Act.LOG_INCIDENT: _("Log an incident"),
}


@dataclass(frozen=True)
class StepRow:
    """One step; `tick` says who did it, `is_former` that the playbook has it no longer."""

    key: str
    text: str
    act_label: str | Promise
    act_url: str
    tick: PlaybookTick | None
    is_former: bool = False


@dataclass(frozen=True)
class AlertPlaybook:
    steps: list[StepRow]

    @property
    def done(self) -> int:
        return sum(step.tick is not None for step in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)


def alert_playbook(alert: Alert, playbook: Playbook | None) -> AlertPlaybook:
    """The steps of today with the ticks of this alert, then what was ticked off in an earlier playbook."""
    ticks = {tick.key: tick for tick in _standing(alert.ticks.all())}
    steps = playbook.steps if playbook else []
    present = [_row(step, ticks.pop(step["key"], None), alert) for step in steps]
    former = [StepRow(tick.key, tick.text, "", "", tick, is_former=True) for tick in ticks.values()]
    return AlertPlaybook([*present, *former])


def _standing(ticks: Iterable[PlaybookTick]) -> list[PlaybookTick]:
    return [tick for tick in ticks if tick.undone_at is None]


def _row(step: dict[str, Any], tick: PlaybookTick | None, alert: Alert) -> StepRow:
    # What was done stays as it read when it was done.
    text = tick.text if tick else step["text"]
    return StepRow(step["key"], text, ACTS.get(step["act"], ""), _act_url(step["act"], alert.account_id), tick)


def _act_url(act: str, account: int) -> str:
    if act == Playbook.Act.PLAN_CONTACT:
        return reverse("accounts:interaction_plan", args=[account])
    if act == Playbook.Act.LOG_CONTACT:
        return f"{reverse('accounts:interaction_log')}?account={account}"
    return f"{reverse('accounts:incident_log')}?account={account}" if act == Playbook.Act.LOG_INCIDENT else ""
