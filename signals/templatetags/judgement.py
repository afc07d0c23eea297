"""Band, risk, coverage and pulse strip, as every page draws them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.templatetags.formats import day_text, percent
from signals.models import Band, Standing

register = template.Library()

Context = dict[str, Any]


@register.inclusion_tag("components/band.html")
def band(key: str, number: int | None = None) -> Context:
    """Icon, word and number of a band; Unknown never shows a number, which would read as a low risk."""
    known = key in {Band.AT_RISK, Band.DRIFTING, Band.HEALTHY}
    return {"key": key, "word": Band(key).label, "number": number if known else None}


@register.inclusion_tag("components/risk.html")
def risk(standing: Standing | None) -> Context:
    """The badge with the change in 30 days and the coverage below; also for an account not judged yet."""
    return {"standing": standing, "is_computed": standing is not None and standing.state == Standing.State.COMPUTED}


@register.inclusion_tag("components/coverage.html")
def coverage(share: float) -> Context:
    """The share of signal weight which rests on fresh data."""
    return {"percent": round(share * 100), "text": _("coverage {share}").format(share=percent(share))}


@register.inclusion_tag("components/points.html")
def points(number: float, most: float = 40) -> Context:
    """A bar for the points of one contribution; `most` points fill it."""
    return {"percent": min(100, round(abs(number) * 100 / most))}


@register.inclusion_tag("components/strip.html")
def strip(data: Mapping[str, Any], size: str = "") -> Context:
    """Draw the pulse strip of `signals.strips`; `large` for the account page."""
    return {"data": data, "size": size, "text": strip_text(data) if data else ""}


def strip_text(data: Mapping[str, Any]) -> str:
    """Say in words what a strip shows."""
    counts = data["counts"]
    parts = [
        _orders(counts["orders"], data["last_order"]),
        _("{proactive} proactive and {other} other contacts").format(**counts),
        ngettext("{n} incident", "{n} incidents", counts["incidents"]).format(n=counts["incidents"]),
        _since(_("an order is later than usual since {day}"), data["late_from"]),
        _since(_("orders are not known after {day}"), data["no_data_from"]),
    ]
    until = day_text(dt.date.fromisoformat(data["until"]))
    return _("18 months to {day}: {parts}.").format(day=until, parts=", ".join(part for part in parts if part))


def _orders(count: int, last: str | None) -> str:
    if last is None:
        return _("no order")
    words = ngettext("{n} order day, the last on {day}", "{n} order days, the last on {day}", count)
    return words.format(n=count, day=day_text(dt.date.fromisoformat(last)))


def _since(words: str, day: str | None) -> str:
    return words.format(day=day_text(dt.date.fromisoformat(day))) if day else ""
