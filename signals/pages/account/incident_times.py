"""How long incidents take at one account: now, in the year before, and at all accounts together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from signals.compute.base import Status
from signals.models import Standing

KEY = "incident_delay"
KINDS: tuple[tuple[str, str | Promise], ...] = (
    ("small", gettext_lazy("Small")),
    ("large", gettext_lazy("Major and critical")),
)


@dataclass(frozen=True)
class Pace:
    """Days open per closed incident of one span, with what it rests on."""

    days: str
    count: str


@dataclass(frozen=True)
class TimesRow:
    label: str | Promise
    now: Pace
    before: Pace
    firm: str


def reading_of(standing: Standing | None) -> Mapping[str, Any] | None:
    """The stored reading, if the account was judged by rules that know this signal."""
    return next((one for one in standing.contributions if one["key"] == KEY), None) if standing else None


def times_rows(reading: Mapping[str, Any] | None) -> list[TimesRow]:
    """One row for small incidents and one for larger ones; none where nothing is known or the feed is late."""
    if reading is None or reading["status"] in {Status.NO_DATA, Status.NOT_USED, Status.STALE}:
        return []
    details = reading["details"]
    firm = {"small": _days(details["firm_days"])}
    return [
        TimesRow(label, _pace(details, name, ""), _pace(details, name, "_before"), firm.get(name, "–"))
        for name, label in KINDS
    ]


def _pace(details: Mapping[str, Any], name: str, when: str) -> Pace:
    count, closed, days = (details[f"{name}_{what}{when}"] for what in ("count", "closed", "days"))
    if not count:
        return Pace("–", _("none"))
    said = ngettext("%(closed)s of %(n)s closed", "%(closed)s of %(n)s closed", count) % {"closed": closed, "n": count}
    return Pace(_("none closed") if days is None else _days(days), said)


def _days(days: float) -> str:
    text = f"{days:.1f}" if days < 2 else f"{days:.0f}"
    return f"{text}\N{NO-BREAK SPACE}d"
