"""The rows behind the 18-month lanes of one account, read for the chart and for the table beside it."""

import datetime as dt
from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, Count, Exists, Max, OuterRef, QuerySet, Sum, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, ChangeEvent, Contact, Incident, Interaction, Order, Ownership
from accounts_app.templatetags.formats import day_text, money
from signals.chart_layout import Frame
from signals.charts import Lanes, table
from signals.models import Band, RiskDay, RuleSet, Standing
from signals.strips import SPAN_DAYS

SEPARATOR = " · "
Span = tuple[dt.date, dt.date]


def read_lanes(account: Account, as_of: dt.date, currency: str) -> Lanes:
    """Five statements, whatever the size: a row a day of orders, and each contact, incident and event."""
    span = (as_of - dt.timedelta(days=SPAN_DAYS), as_of)
    return Lanes(
        risk=table("risk", [_risk(one) for one in _risk_days(account, span)]),
        orders=table("orders", [_order(row, currency) for row in _order_days(account, span)]),
        contacts=table("contacts", [_contact(one) for one in _meetings(account, span)]),
        incidents=table("incidents", [_incident(one) for one in _incidents(account, span)]),
        events=table("events", [_event(*row) for row in _happenings(account, span)]),
    )


def frame_of(standing: Standing, rules: RuleSet) -> Frame:
    """What the lanes are drawn against, as it was stored with the pulse strip."""
    late, unseen = (_parsed(standing.strip.get(name)) for name in ("late_from", "no_data_from"))
    return Frame(
        as_of=standing.as_of,
        drifting_from=rules.weights["drifting_from"],
        at_risk_from=rules.weights["at_risk_from"],
        late_from=late,
        no_data_from=unseen,
        late_text=_("expected by {day}").format(day=day_text(late, standing.as_of)) if late else "",
        names={
            "risk": _("risk"),
            "orders": _("orders"),
            "contacts": _("contacts"),
            "incidents": _("incidents"),
            "events": _("events"),
        },
    )


def _parsed(iso: str | None) -> dt.date | None:
    return dt.date.fromisoformat(iso) if iso else None


def _risk_days(account: Account, span: Span) -> QuerySet[RiskDay]:
    return RiskDay.objects.filter(account=account, day__range=span).order_by("day")


def _risk(day: RiskDay) -> tuple[Any, ...]:
    words = _("{day} · {band} {risk} · coverage {coverage} %")
    label = words.format(
        day=day_text(day.day), band=Band(day.band).label, risk=day.risk, coverage=round(day.coverage * 100)
    )
    return day.day, day.risk, day.band, label


def _order_days(account: Account, span: Span) -> QuerySet[Order, dict[str, Any]]:
    rows = Order.objects.filter(account=account, ordered_on__range=span).order_by("ordered_on")
    return rows.values("ordered_on").annotate(total=Sum("reporting_amount"), n=Count("pk"), number=Max("number"))


def _order(row: dict[str, Any], currency: str) -> tuple[Any, ...]:
    which = row["number"] if row["n"] == 1 else ngettext("{n} order", "{n} orders", row["n"]).format(n=row["n"])
    label = SEPARATOR.join((day_text(row["ordered_on"]), which, money(row["total"], currency)))
    return row["ordered_on"], row["total"], label


def _meetings(account: Account, span: Span) -> QuerySet[Interaction]:
    return Interaction.objects.done().filter(account=account, happened_on__range=span).order_by("happened_on", "pk")


def _contact(interaction: Interaction) -> tuple[Any, ...]:
    day = interaction.happened_on
    what = (interaction.get_channel_display(), interaction.get_purpose_display())
    who = _("started by us") if interaction.initiator == Interaction.Initiator.US else _("started by them")
    return day, interaction.is_proactive, SEPARATOR.join((day_text(day) if day else "", *what, who))


def _incidents(account: Account, span: Span) -> QuerySet[Incident]:
    rows = Incident.objects.filter(account=account, opened_at__date__lte=span[1]).order_by("opened_at", "pk")
    return rows.exclude(resolved_at__date__lt=span[0])


def _incident(incident: Incident) -> tuple[Any, ...]:
    opened = timezone.localdate(incident.opened_at)
    resolved = timezone.localdate(incident.resolved_at) if incident.resolved_at else None
    until = _("open") if resolved is None else day_text(resolved)
    label = (
        f"{day_text(opened)} – {until}" + SEPARATOR + SEPARATOR.join((incident.get_severity_display(), incident.title))
    )
    return opened, resolved, label


class Happening(StrEnum):
    """What is drawn as an event."""

    MAIN_CONTACT_LEFT = "main_contact_left"
    CONTACT_LEFT = "contact_left"
    OWNER_CHANGED = "owner_changed"
    CHANGE_EVENT = "change_event"


def _happenings(account: Account, span: Span) -> QuerySet[Any, Any]:
    """Day, name and kind of leavings, hand-overs and changes, in one statement; the first owner is no change."""
    kind = Case(When(primary=True, then=Value(Happening.MAIN_CONTACT_LEFT)), default=Value(Happening.CONTACT_LEFT))
    left = Contact.objects.filter(account=account, left_on__range=span).order_by()
    owned = Ownership.objects.filter(account=account, duty=Ownership.Duty.OWNER).order_by()
    before = owned.filter(from_day__lt=OuterRef("from_day"))
    changed = owned.filter(Exists(before), from_day__range=span)
    hand_overs = changed.values_list("from_day", "user__name", Value(Happening.OWNER_CHANGED, CharField()))
    news = ChangeEvent.objects.filter(account=account, happened_on__range=span).order_by()
    changes = news.values_list("happened_on", "title", Value(Happening.CHANGE_EVENT, CharField()))
    leavings = left.values_list("left_on", "name", Cast(kind, CharField()))
    return leavings.union(hand_overs, changes, all=True).order_by("left_on")


def _event(day: dt.date, name: str, kind: str) -> tuple[Any, ...]:
    if kind == Happening.CHANGE_EVENT:
        return day, name, f"{day_text(day)}{SEPARATOR}{name}"
    names = {
        Happening.MAIN_CONTACT_LEFT: _("main contact left"),
        Happening.CONTACT_LEFT: _("contact left"),
        Happening.OWNER_CHANGED: _("owner changed"),
    }
    words = _("{day} · {name} took over") if kind == Happening.OWNER_CHANGED else _("{day} · {name} left")
    return day, names[Happening(kind)], words.format(day=day_text(day), name=name)
