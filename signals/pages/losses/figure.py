"""The year before a loss as a figure: the replayed risk over orders, contacts and incidents, and what rose when."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts_app.models import Loss
from accounts_app.templatetags.formats import day_text
from signals.chart_layout import Frame
from signals.charts import lanes_figure, table
from signals.models import Band
from signals.pages.account.lanes import read_lanes
from signals.pages.losses.post_mortem import AlertStory, RiseRow
from signals.pages.losses.replay import Replay, Week


def figure(loss: Loss, replay: Replay, rises: list[RiseRow], alerts: list[AlertStory], currency: str) -> dict[str, Any]:
    """Plotly's figure, as on the page of an account; marks are first crossings and alerts in place of events."""
    lanes = read_lanes(loss.account, loss.lost_on, currency)
    risk = table("risk", [_risk(week) for week in replay.weeks])
    return lanes_figure(
        replace(lanes, risk=risk, events=table("events", _marks(rises, alerts))),
        Frame(
            as_of=loss.lost_on,
            drifting_from=replay.rules.drifting_from,
            at_risk_from=replay.rules.at_risk_from,
            names={
                "risk": _("risk"),
                "orders": _("orders"),
                "contacts": _("contacts"),
                "incidents": _("incidents"),
                "events": _("signals"),
            },
        ),
    )


def _risk(week: Week) -> tuple[Any, ...]:
    label = _("{day} · {band} {risk}").format(day=day_text(week.day), band=Band(week.band).label, risk=week.risk)
    return week.day, week.risk, week.band, label


def _marks(rises: list[RiseRow], alerts: list[AlertStory]) -> list[tuple[Any, ...]]:
    crossed = _("{day} · {title} reached its line")
    opened = _("{day} · alert: {title}")
    marks = [
        (one.day, one.title.lower(), crossed.format(day=day_text(one.day), title=one.title)) for one in rises if one.day
    ]
    marks += [
        (
            story.alert.opened_on,
            _("alert"),
            opened.format(day=day_text(story.alert.opened_on), title=story.title),
        )
        for story in alerts
    ]
    return sorted(marks, key=lambda mark: mark[0])
