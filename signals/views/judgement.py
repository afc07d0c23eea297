"""A person's own judgement beside the computed risk: its card, the dialog to say one, taking it back."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Account
from accounts_app.views.account_frame import account_frame, editable_account, may_edit, visible_account
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from signals.pages.account.judgement_forms import ManualJudgementForm
from signals.pages.account.judgements import Beside, beside
from signals.services import manual_judgements


def judgement_of(account: Account, today: dt.date, *, editable: bool) -> dict[str, Any]:
    """Context of the card, for the account's page too."""
    found: Beside = beside(account, today)
    return {"beside": found, "may_judge": editable}


@access(EXCEPT_OPERATIONS)
def judgement_card(request: Request, pk: int) -> HttpResponse:
    """What people said of this account, the present first."""
    account = visible_account(request.user, pk)
    shown = judgement_of(account, _today(request), editable=may_edit(account))
    context = account_frame(request, account, "overview") | shown | {"is_renewal": is_fragment(request)}
    return page_or_fragment(request, "signals/account_judgement.html", context, fragment="panel")


@access(WHO_ACT, methods=("GET", "POST"))
def judgement_say(request: Request, pk: int) -> HttpResponse:
    account = editable_account(request.user, pk)
    form = ManualJudgementForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    if request.method == "POST" and form.perform(account, by=request.user, now=now, today=_today(request)):
        return saved(request, text=_("Your judgement is kept for 90 days."), back=_back(pk))
    context = account_frame(request, account, "overview") | judgement_of(account, _today(request), editable=True)
    status = 422 if form.is_bound else 200
    around = {"form": form, "back_url": _back(pk), "is_dialog": is_fragment(request)}
    return page_or_fragment(request, "signals/judgement_form.html", context | around, fragment="dialog", status=status)


@access(WHO_ACT, methods=("POST",))
def judgement_withdraw(request: Request, pk: int) -> HttpResponse:
    account = editable_account(request.user, pk)
    ended = manual_judgements.withdraw(account, by=request.user, now=timezone.now(), today=_today(request))
    text = _("The judgement is withdrawn.") if ended else _("There was no judgement in force any more.")
    undo_url = reverse("signals:judgement_restore", args=[pk]) if ended else ""
    return saved(request, text=text, back=_back(pk), undo_url=undo_url)


@access(WHO_ACT, methods=("POST",))
def judgement_restore(request: Request, pk: int) -> HttpResponse:
    account = editable_account(request.user, pk)
    try:
        manual_judgements.restore(account, by=request.user)
        text = _("The judgement is back.")
    except ValidationError as refusal:
        text = refusal.messages[0]
    return saved(request, text=text, back=_back(pk))


def _today(request: Request) -> dt.date:
    return company_of(request).day_of(timezone.now())


def _back(pk: int) -> str:
    return reverse("signals:account", args=[pk])
