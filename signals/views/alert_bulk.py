"""One act on several alerts: ticked in the list, confirmed on a page that names them, taken back as one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from signals.compute.registry import BY_KEY
from signals.models import Alert, BulkAct
from signals.pages.alerts.bulk_forms import AlertBulkForm, AlertBulkResolveForm, AlertBulkSnoozeForm
from signals.pages.portfolio.forms import numbers
from signals.services import alert_bulk

# A page of the list; more at once would keep others waiting.
MOST_ALERTS = 200


@dataclass(frozen=True)
class Chosen:
    """The alerts ticked that the reader sees: those to act on, and how many others are left alone."""

    alerts: list[Alert]
    left: int

    @property
    def keys(self) -> str:
        return ",".join(str(alert.pk) for alert in self.alerts)

    @property
    def names(self) -> list[str]:
        return [f"{alert.account.name} ({_title(alert.signal)})" for alert in self.alerts]


@access(WHO_ACT, methods=("GET", "POST"))
def bulk_acknowledge(request: Request) -> HttpResponse:
    return _bulk(request, AlertBulkForm)


@access(WHO_ACT, methods=("GET", "POST"))
def bulk_snooze(request: Request) -> HttpResponse:
    return _bulk(request, AlertBulkSnoozeForm)


@access(WHO_ACT, methods=("GET", "POST"))
def bulk_resolve(request: Request) -> HttpResponse:
    return _bulk(request, AlertBulkResolveForm)


def _bulk(request: Request, form_class: type[AlertBulkForm]) -> HttpResponse:
    is_post = request.method == "POST"
    texts = request.POST.get("alerts", "").split(",") if is_post else request.GET.getlist("alert")
    chosen = _chosen(request, numbers(texts)[:MOST_ALERTS])
    today = company_of(request).day_of(timezone.now())
    form = form_class(request.POST if is_post else None, by=request.user, today=today, alerts=chosen.keys)
    if is_post and (act := form.perform()):
        undo_url = reverse("signals:bulk_undo", args=[act.pk]) if act.items else ""
        back = reverse("signals:alert_list")
        return saved(request, text=_done_text(act, asked=len(numbers(texts))), undo_url=undo_url, back=back)
    context = {
        "form": form,
        "chosen": chosen,
        "address": reverse(f"signals:alerts_{form.verb}"),
        "in_dialog": is_fragment(request),
    }
    status = 422 if is_post else 200
    return page_or_fragment(request, "signals/alert_bulk.html", context, fragment="dialog", status=status)


def _chosen(request: Request, asked: Iterable[int]) -> Chosen:
    alerts = list(alert_bulk.editable(asked, by=request.user).select_related("account"))
    seen = Alert.objects.visible_to(request.user).filter(pk__in=list(asked)).count()
    return Chosen(alerts, seen - len(alerts))


def _title(key: str) -> str:
    signal = BY_KEY.get(key)
    return signal.title if signal else key.replace("_", " ")


def _done_text(act: BulkAct, *, asked: int) -> str:
    left = asked - len(act.items)
    if left <= 0:
        return act.said
    words = ngettext("{n} alert was left as it is.", "{n} alerts were left as they are.", left)
    return f"{act.said} {words.format(n=left)}"
