"""What happened at one account in a span of days, in sentences that open exactly their rows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, ChangeEvent, Contact, Incident, Inquiry, Interaction, Loss, Order
from accounts_app.templatetags.formats import day_text
from signals.compute.proactive_gap import PROACTIVE_PURPOSES

MOST_NAMED = 5


@dataclass(frozen=True)
class Line:
    """One sentence; `amount` is money, written by the template in the company's currency."""

    text: str
    url: str
    amount: Any = None


@dataclass(frozen=True)
class Span:
    """The days after `since` up to `until`, both by the company's clock."""

    account: Account
    since: dt.date
    until: dt.date

    def of(self, field: str) -> Q:
        return Q(**{"account": self.account, f"{field}__gt": self.since, f"{field}__lte": self.until})

    def url(self, name: str, **more: str) -> str:
        wanted = {"from": (self.since + dt.timedelta(days=1)).isoformat(), "until": self.until.isoformat(), **more}
        return f"{reverse(name, args=[self.account.pk])}?{urlencode(wanted)}"

    def rows(self, name: str, keys: Iterable[int]) -> str:
        return f"{reverse(name, args=[self.account.pk])}?{urlencode({'ids': ','.join(map(str, keys))})}"


def news(account: Account, since: dt.date, until: dt.date) -> list[Line]:
    """People first, then what was lost, then the course of business; nothing of what did not happen but orders."""
    span = Span(account, since, until)
    told = (_left, _losses, _events, _orders, _contacts, _opened, _resolved, _inquiries)
    return [line for tell in told for line in tell(span)]


def _left(span: Span) -> list[Line]:
    gone = list(Contact.objects.filter(span.of("left_on")).order_by("-primary", "-left_on", "pk"))
    if not gone:
        return []
    names = ", ".join(f"{one.name} ({day_text(one.left_on)})" for one in gone[:MOST_NAMED] if one.left_on)
    words = ngettext("{n} person left: {names}.", "{n} people left: {names}.", len(gone))
    return [Line(words.format(n=len(gone), names=names), span.rows("accounts:contact_list", (one.pk for one in gone)))]


def _losses(span: Span) -> list[Line]:
    lost = list(Loss.objects.filter(span.of("lost_on")).order_by("-lost_on", "pk"))
    url = reverse("accounts:event_list", args=[span.account.pk])
    words = _("Loss recorded: {what}, {reason}.")
    return [
        Line(words.format(what=one.part or _("the account"), reason=one.get_reason_display().lower()), url)
        for one in lost[:MOST_NAMED]
    ]


def _events(span: Span) -> list[Line]:
    happened = list(ChangeEvent.objects.filter(span.of("happened_on")).order_by("-happened_on", "pk"))
    url = span.url("accounts:event_list")
    return [Line(f"{one.get_kind_display()}: {one.title}.", url) for one in happened[:MOST_NAMED]]


def _orders(span: Span) -> list[Line]:
    found = Order.objects.filter(span.of("ordered_on")).aggregate(n=Count("pk"), worth=Sum("reporting_amount"))
    if not found["n"]:
        return [Line(_("No order came."), reverse("accounts:order_list", args=[span.account.pk]))]
    words = ngettext("{n} order,", "{n} orders,", found["n"])
    return [Line(words.format(n=found["n"]), span.url("accounts:order_list"), found["worth"])]


def _contacts(span: Span) -> list[Line]:
    met = Interaction.objects.filter(span.of("happened_on"), state=Interaction.State.DONE)
    ours = Q(initiator=Interaction.Initiator.US, purpose__in=PROACTIVE_PURPOSES)
    found = met.aggregate(n=Count("pk"), ours=Count("pk", filter=ours))
    if not found["n"]:
        return []
    words = ngettext("{n} contact, {ours} of them proactive.", "{n} contacts, {ours} of them proactive.", found["n"])
    return [Line(words.format(**found), span.url("accounts:interaction_list"))]


def _opened(span: Span) -> list[Line]:
    keys = _keys(Incident.objects.filter(span.of("opened_at__date")))
    words = ngettext("{n} incident was opened.", "{n} incidents were opened.", len(keys))
    return [Line(words.format(n=len(keys)), span.rows("accounts:incident_list", keys))] if keys else []


def _resolved(span: Span) -> list[Line]:
    keys = _keys(Incident.objects.filter(span.of("resolved_at__date")))
    words = ngettext("{n} incident was resolved.", "{n} incidents were resolved.", len(keys))
    return [Line(words.format(n=len(keys)), span.rows("accounts:incident_list", keys))] if keys else []


def _keys(rows: QuerySet[Incident]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _inquiries(span: Span) -> list[Line]:
    asked = Inquiry.objects.filter(span.of("asked_on")).count()
    if not asked:
        return []
    words = ngettext("It asked once for advice or an offer.", "It asked {n} times for advice or offers.", asked)
    return [Line(words.format(n=asked), span.url("accounts:inquiry_list"))]
