"""The year before a loss as it is stored: what was judged of the account week by week, and which signal rose first."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts_app.models import Loss
from accounts_app.templatetags.formats import day_text
from signals.compute import post_mortem
from signals.compute.post_mortem import Rise
from signals.compute.rules import RuleSetValues
from signals.models import RiskDay, Run
from signals.services.history import LOSSES_OF
from signals.services.rules import current_rules, values_of

# Of every week the last day judged in it.
WEEKS_BEFORE = """
    SELECT DISTINCT ON (loss.id, weeks_before)
        loss.id, known.day, known.band, known.risk, known.origin, known.levels,
        (loss.lost_on - known.day) / 7 AS weeks_before
    FROM accounts_app_loss loss
    JOIN signals_riskday known ON known.account_id = loss.account_id AND known.day <= loss.lost_on
        AND known.day > loss.lost_on - %(days)s
    WHERE loss.id = ANY(%(losses)s)
    ORDER BY loss.id, weeks_before DESC, known.day DESC"""


@dataclass(frozen=True)
class Week:
    """What was judged last in one week."""

    day: dt.date
    band: str
    risk: int
    origin: str
    levels: dict[str, float]


@dataclass(frozen=True)
class Replay:
    """The weeks judged before one loss, the oldest first, and the lines they are held against."""

    lost_on: dt.date
    rules: RuleSetValues
    weeks: list[Week] = field(default_factory=list)

    @cached_property
    def rises(self) -> list[Rise]:
        days = ((week.day, week.levels) for week in self.weeks)
        lines = {"opens_at": self.rules.alert_opens_at, "closes_under": self.rules.alert_closes_under}
        return post_mortem.rises(days, self.lost_on, **lines)

    @property
    def first(self) -> Rise | None:
        """Of the signals that give points: that notice may be given soon is no drift by itself."""
        weights = self.rules.weights
        return post_mortem.first_of(
            [rise for rise in self.rises if rise.key not in weights or weights[rise.key].likelihood_ratio != 1]
        )

    @property
    def is_whole(self) -> bool:
        """Whether the whole year before the loss was judged."""
        return bool(self.weeks) and post_mortem.covers(self.weeks[0].day, self.lost_on)

    @property
    def origin(self) -> str:
        """Whether people could have seen it on its day, or it was computed since from what was known then."""
        shown = [week.day for week in self.weeks if week.origin == RiskDay.Origin.SHOWN]
        if len(shown) == len(self.weeks):
            return _("as it was shown then")
        afterwards = _("computed afterwards from what was known on each day")
        if not shown:
            return afterwards
        return _("{afterwards}; since {day} as it was shown then").format(afterwards=afterwards, day=day_text(shown[0]))


def replays_of(losses: Iterable[Any]) -> dict[int, Replay]:
    """The replay of each loss, one without weeks where nothing was judged; one statement for all."""
    rules = values_of(current_rules())
    replays = {loss.pk: Replay(loss.lost_on, rules) for loss in losses}
    days = post_mortem.DAYS_OF_WEEK * (post_mortem.WEEKS + 1)
    with connection.cursor() as cursor:
        cursor.execute(WEEKS_BEFORE, {"losses": list(replays), "days": days})
        for loss_id, day, band, risk, origin, levels, _weeks in cursor.fetchall():
            replays[loss_id].weeks.append(Week(day, band, risk, origin, json.loads(levels)))
    return replays


def why_not_known(loss: Loss, replay: Replay, today: dt.date) -> str:
    """Why the year before a loss, or the beginning of it, cannot be told; empty where all of it was judged."""
    if replay.is_whole:
        return ""
    if replay.weeks:
        said = _("What rose before {day} is not known: the account was not judged before.").format(
            day=day_text(replay.weeks[0].day)
        )
    else:
        said = _("Which signal rose first is not known: no day of the year before was judged.")
    return f"{said} {_remedy(loss, today)}"


def _remedy(loss: Loss, today: dt.date) -> str:
    if loss.lost_on <= today - LOSSES_OF:
        return _("Vigil judges it afterwards for losses of the last three years only.")
    if Run.objects.unfinished().filter(kind=Run.Kind.HISTORY).exists():
        return _("Past days are being judged at this moment: reload in some minutes.")
    return _("The next nightly run has it judged afterwards.")
