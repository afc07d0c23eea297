"""How often each signal was right: measured from what people said of its alerts when they closed them.

Alerts that went away by themselves were judged by nobody and stand apart: after somebody had acted, perhaps because of
that; else, because the level fell.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.access import Request
from accounts_app.models import Incident, Interaction, Team
from accounts_app.scope import account_filter
from accounts_app.views.listing import options
from signals.compute.proactive_gap import PROACTIVE_PURPOSES
from signals.compute.registry import BY_KEY
from signals.compute.wilson import wilson_interval
from signals.models import Alert, PlaybookTick
from signals.models.alert import AlertQuerySet

# Fewer judgements than this leave an interval so wide that the share says next to nothing.
FEW = 20
# What followed within these days of its opening counts as acting on it (signals.md, Backtest).
ACTED_WITHIN = dt.timedelta(days=30)
PERIODS: Mapping[str, tuple[str | Promise, int | None]] = {
    "": (gettext_lazy("12 months"), 365),
    "90": (gettext_lazy("90 days"), 90),
    "30": (gettext_lazy("30 days"), 30),
    "all": (gettext_lazy("all time"), None),
}


@dataclass(frozen=True)
class Quality:
    """What became of the closed alerts of one signal."""

    key: str
    real: int = 0
    false: int = 0
    too_early: int = 0
    acted: int = 0
    faded: int = 0

    @property
    def title(self) -> str:
        signal = BY_KEY.get(self.key)
        return signal.title if signal else self.key.replace("_", " ").capitalize()

    @property
    def judged(self) -> int:
        return self.real + self.false + self.too_early

    @property
    def is_small(self) -> bool:
        return self.judged < FEW

    @property
    def share_text(self) -> str:
        """The share of false alarms; words and counts come before a share that rests on a few."""
        if not self.judged:
            return _("none judged yet")
        counted = _("{false} of {judged} false").format(false=self.false, judged=self.judged)
        if self.is_small:
            return counted
        return _("{share} % false").format(share=round(100 * self.false / self.judged)) + f" ({counted})"

    @property
    def interval_text(self) -> str:
        if not self.judged:
            return ""
        low, high = wilson_interval(self.false, self.judged)
        span = _("{low}-{high} %").format(low=round(100 * low), high=round(100 * high))
        return span + (", " + _("too few to say more") if self.is_small else "")


@dataclass(frozen=True)
class QualityFilters:
    """Which alerts are counted; what is not understood means all that the reader may see, of the last year."""

    request: Request
    period: str
    team: int | None

    @classmethod
    def of(cls, request: Request) -> "QualityFilters":
        period, team = request.GET.get("period", ""), request.GET.get("team", "")
        number = int(team) if team.isascii() and team.isdecimal() and len(team) <= 18 else None
        known = number if number and cls.teams_of(request).filter(pk=number).exists() else None
        return cls(request, period if period in PERIODS else "", known)

    @staticmethod
    def teams_of(request: Request) -> Any:
        """Teams with an account that the reader may see."""
        return Team.objects.filter(account_filter(request.user, "accounts__"), accounts__isnull=False).distinct()

    def alerts(self, today: dt.date) -> AlertQuerySet:
        days = PERIODS[self.period][1]
        closed = Alert.objects.visible_to(self.request.user).filter(closed_on__isnull=False)
        since = closed.filter(closed_on__gt=today - dt.timedelta(days=days)) if days else closed
        return since.filter(account__team=self.team) if self.team else since

    def period_options(self) -> list[dict[str, Any]]:
        choices = [(key, label) for key, (label, _days) in PERIODS.items()]
        return options(self.request, "period", choices, chosen=self.period)

    def team_options(self) -> list[dict[str, Any]]:
        teams = [(str(team.pk), team.name) for team in self.teams_of(self.request)]
        if len(teams) < 2:
            return []
        return options(self.request, "team", [("", _("All teams")), *teams], chosen=str(self.team or ""))


def qualities(closed: AlertQuerySet) -> list[Quality]:
    """One row for each signal, in the order of the registry; signals without a closed alert too."""
    count = {
        "real": Q(outcome=Alert.Outcome.REAL),
        "false": Q(outcome=Alert.Outcome.FALSE),
        "too_early": Q(outcome=Alert.Outcome.TOO_EARLY),
        "acted": Q(state=Alert.State.FADED, acted_on=True),
        "faded": Q(state=Alert.State.FADED, acted_on=False),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in count.items()}
    rows = _with_acts(closed).order_by("signal").values("signal").annotate(**counts)
    found = {row.pop("signal"): row for row in rows}
    retired = [key for key in found if key not in BY_KEY]
    return [Quality(key, **found.get(key, {})) for key in [*BY_KEY, *retired]]


def _with_acts(alerts: AlertQuerySet) -> AlertQuerySet:
    """Whether somebody ticked a step, came by unasked, or closed an incident while it was open, within 30 days."""
    came = Interaction.objects.filter(
        _while_open("happened_on"),
        state=Interaction.State.DONE,
        initiator=Interaction.Initiator.US,
        purpose__in=PROACTIVE_PURPOSES,
    )
    settled = Incident.objects.filter(_while_open("resolved_at__date"))
    ticked = PlaybookTick.objects.filter(alert=OuterRef("pk"), undone_at=None)
    return alerts.alias(acted_on=Exists(ticked) | Exists(came) | Exists(settled))


def _while_open(day: str) -> Q:
    """Of the alert's account, on a day on which the alert was open: what came later is not why it went away."""
    opened = OuterRef("opened_on")
    soon = Q(**{f"{day}__gte": opened, f"{day}__lte": opened + ACTED_WITHIN})
    return Q(account=OuterRef("account")) & soon & Q(**{f"{day}__lte": OuterRef("closed_on")})


def false_shares(user: Any) -> dict[str, str]:
    """Beside the name of each signal in the alerts' filter: how many of its judged alerts were false."""
    judged = Alert.objects.visible_to(user).filter(state=Alert.State.RESOLVED)
    counted = (
        judged.order_by()
        .values("signal")
        .annotate(n=Count("pk"), wrong=Count("pk", filter=Q(outcome=Alert.Outcome.FALSE)), key=F("signal"))
    )
    words = {row["key"]: (row["wrong"], row["n"]) for row in counted}
    return {
        key: ngettext("{false} of {n} judged was false", "{false} of {n} judged were false", false).format(
            false=false, n=n
        )
        for key, (false, n) in words.items()
    }
