"""The alerts that want somebody, the most money at stake first, and what is done with them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Account
from accounts_app.views.fragments import is_fragment, page_or_fragment
from accounts_app.views.listing import page_of
from signals.compute.registry import BY_KEY
from signals.models import Alert, AlertAction, Run
from signals.pages.alerts import words
from signals.pages.alerts.filters import AlertFilters
from signals.pages.alerts.forms import FORMS, ActForm
from signals.pages.alerts.quality import false_shares
from signals.pages.alerts.rows import AlertRow, alert_rows, with_rows
from signals.pages.alerts.undo import address_back, offer_after_redirect, offer_for
from signals.services.playbooks import in_force, tick, untick


@access(EXCEPT_OPERATIONS)
def alert_list(request: Request) -> HttpResponse:
    filters, now = AlertFilters.of(request), timezone.now()
    today = company_of(request).day_of(now)
    page = page_of(request, with_rows(filters.alerts(), request.user))
    rows = alert_rows(page["page_obj"], request.user, now=now, today=today)
    context = {
        **page,
        "rows": rows,
        "filters": filters,
        "states": filters.state_options(),
        "whose": filters.whose_options(),
        "signals": _signal_choices(request),
        "today": today,
        "tabs": words.tabs("list"),
        "may_choose": any(row.may_act and row.alert.is_unclosed for row in rows),
        "queues": words.queue_lines(request, today),
        **_rules(),
        "undo": offer_after_redirect(request),
    }
    return page_or_fragment(request, "signals/alert_list.html", context)


def _rules() -> dict[str, Any]:
    shown = Run.objects.defer("params").select_related("rule_set").shown()
    return {"alert_rules": words.alert_rules(shown), "gap_text": words.gap_text(shown)}


def _signal_choices(request: Request) -> list[tuple[str, str]]:
    """Each signal with how many of its alerts were judged false: whoever filters by it knows what it is worth."""
    shares = false_shares(request.user)
    return [
        (key, f"{signal.title} · {shares[key]}" if key in shares else signal.title) for key, signal in BY_KEY.items()
    ]


@access(WHO_ACT, methods=("POST",))
def alert_acknowledge(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "acknowledge")


@access(WHO_ACT, methods=("POST",))
def alert_snooze(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "snooze")


@access(WHO_ACT, methods=("POST",))
def alert_resolve(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "resolve")


@access(WHO_ACT, methods=("POST",))
def alert_release(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "release")


@access(WHO_ACT, methods=("POST",))
def alert_undo(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "undo")


@vary_on_headers("HX-Request")
def _act(request: Request, pk: int, verb: str) -> HttpResponse:
    """Do it and show the row as it is now; what was refused comes back as it was typed, with the reason."""
    alert, now = _editable_alert(request, pk), timezone.now()
    today = company_of(request).day_of(now)
    form = FORMS[verb](request.POST, alert=alert, now=now, today=today)
    action = form.perform(by=request.user)
    undoable = action if action and action.kind != AlertAction.Kind.UNDO else None
    if action and not undoable:
        messages.info(request, _("Taken back."))
    by_htmx = is_fragment(request)
    if action and not by_htmx:
        return HttpResponseRedirect(address_back(request, done=pk if undoable else None))
    failed = None if action else form
    row = _row(request, pk, now, failed=failed)
    context = {"row": row, "today": today, "undo": offer_for(undoable) if undoable else None, "moves_focus": True}
    return _fragment(request, context, failed) if by_htmx else _page(request, context, form)


def _fragment(request: Request, context: dict[str, Any], failed: ActForm | None) -> HttpResponse:
    # The toast's undo does not stand inside the row: the answer itself says what it replaces.
    headers = {"HX-Retarget": f"#alert-{context['row'].alert.pk}", "HX-Reswap": "outerHTML"}
    status = 422 if failed else 200
    return TemplateResponse(request, "signals/alert_answer.html", context, status=status, headers=headers)


def _page(request: Request, context: dict[str, Any], form: ActForm) -> HttpResponse:
    """Without script: the refused form on a page of its own."""
    back = {"form": form, "back_url": address_back(request, done=None)}
    return TemplateResponse(request, "signals/alert_form.html", context | back, status=422)


def _row(request: Request, pk: int, now: dt.datetime, **shown: Any) -> AlertRow:
    alert = get_object_or_404(with_rows(Alert.objects.visible_to(request.user), request.user), pk=pk)
    playbook = in_force().get(alert.signal)
    return AlertRow(alert, request.user, now, company_of(request).day_of(now), playbook=playbook, **shown)


@access(WHO_ACT, methods=("POST",))
def step_tick(request: Request, pk: int, key: str) -> HttpResponse:
    return _step(request, pk, key, tick)


@access(WHO_ACT, methods=("POST",))
def step_untick(request: Request, pk: int, key: str) -> HttpResponse:
    return _step(request, pk, key, untick)


@vary_on_headers("HX-Request")
def _step(request: Request, pk: int, key: str, do: Callable[..., object]) -> HttpResponse:
    """Tick a step off or take the tick back; the row comes back with its playbook open, where the reader was."""
    alert = _editable_alert(request, pk)
    try:
        do(alert, key, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    if not is_fragment(request):
        return HttpResponseRedirect(address_back(request, done=None))
    row = _row(request, pk, timezone.now(), shows_playbook=True)
    # The button was disabled while it was sent, and with it lost the focus.
    context = {"row": row, "today": row.today, "undo": None, "moves_focus": False, "focus_step": key}
    return _fragment(request, context, None)


def _editable_alert(request: Request, pk: int) -> Alert:
    """Another team's alert is as good as missing; of the own team's only some are one's own to decide."""
    alert = get_object_or_404(Alert.objects.visible_to(request.user), pk=pk)
    if not Account.objects.editable_by(request.user).filter(pk=alert.account_id).exists():
        raise PermissionDenied
    return alert
