"""The year before a loss as a figure: the replayed risk over orders, contacts and incidents, and what rose when."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts_app.models import Loss
from accounts_app.templatetags.formats import day_text
from signals.chart_layout import Frame
from signals.charts import lanes_figure, table
from signals.models import Band, PostMortem
from signals.pages.account.lanes import read_lanes
from signals.pages.losses.post_mortem import AlertStory, RiseRow


def figure(
    loss: Loss, made: PostMortem, rises: list[RiseRow], alerts: list[AlertStory], currency: str
) -> dict[str, Any]:
    """Plotly's figure, as on the page of an account; marks are first crossings and alerts in place of events."""
    replay = made.replay or {"weeks": [], "lines": [35, 60]}
    lanes = read_lanes(loss.account, loss.lost_on, currency)
    risk = table("risk", [_risk(week) for week in replay["weeks"]])
    return lanes_figure(
        replace(lanes, risk=risk, events=table("events", _marks(rises, alerts))),
        Frame(
            as_of=loss.lost_on,
            drifting_from=replay["lines"][0],
            at_risk_from=replay["lines"][1],
            names={
                "risk": _("risk"),
                "orders": _("orders"),
                "contacts": _("contacts"),
                "incidents": _("incidents"),
                "events": _("signals"),
            },
        ),
    )


def _risk(week: dict[str, Any]) -> tuple[Any, ...]:
    day = dt.date.fromisoformat(week["day"])
    label = _("{day} · {band} {risk}").format(day=day_text(day), band=Band(week["band"]).label, risk=week["risk"])
    return day, week["risk"], week["band"], label


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
