"""Log one occasion for people of several accounts: a fair, a dinner, a joint call; taken back as one."""

import dataclasses
import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.forms.interaction_group import GroupForm, People, opening_of_group, with_pasted
from accounts_app.models import Account, Interaction
from accounts_app.services.interaction_groups import take_back_group
from accounts_app.services.interactions import UNDO_WITHIN, Receipt
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved

# As of a single log (interaction_log.py), but a list of receipts under one name.
RECEIPTS, MOST_RECEIPTS = "group_receipts", 3
TEMPLATE = "accounts_app/interaction_group.html"


@access(WHO_ACT, methods=("GET", "POST"))
def interaction_group(request: Request) -> HttpResponse:
    today, is_post = company_of(request).day_of(timezone.now()), request.method == "POST"
    sent = with_pasted(request.POST if is_post else request.GET, request.user)
    is_sent = is_post and "find" not in request.POST
    form = _form(request, sent if is_post else None, today)
    if is_sent and (receipts := form.perform()):
        return _logged(request, str(form.cleaned_data["token"]), receipts)
    if is_post and not is_sent:
        form.only_asked_for_people()
    people = People(sent, by=request.user, today=today)
    context = {"form": form, "people": people, "in_dialog": is_fragment(request)}
    return page_or_fragment(request, TEMPLATE, context, fragment="dialog", status=422 if is_sent else 200)


@access(WHO_ACT)
def group_people(request: Request) -> HttpResponse:
    """Who is chosen and who is found, while somebody types."""
    today = company_of(request).day_of(timezone.now())
    people = People(request.GET, by=request.user, today=today)
    return TemplateResponse(request, "accounts_app/interaction_group_people.html", {"people": people})


@access(WHO_ACT, methods=("POST",))
def group_undo(request: Request) -> HttpResponse:
    """Of the own session only, and only where all of it may still be changed."""
    receipts = _receipts(request, request.GET.get("of", ""))
    text = _("There is nothing to take back any more.")
    if receipts and _may_change_all(request, receipts):
        try:
            take_back_group(receipts, by=request.user)
            text = _("Taken back.")
        except ValidationError as refusal:
            text = refusal.messages[0]
    return saved(request, text=text, back=resolve_url("/"))


def _form(request: Request, data: Any, today: dt.date) -> GroupForm:
    initial = opening_of_group(request.GET, by=request.user, today=today)
    ids = "group" if is_fragment(request) else "group-page"
    return GroupForm(data, by=request.user, today=today, initial=initial, ids=ids)


def _logged(request: Request, token: str, receipts: list[Receipt]) -> HttpResponse:
    planned = sum(one.next is not None for one in receipts)
    text = ngettext("Logged for {n} account.", "Logged for {n} accounts.", len(receipts)).format(n=len(receipts))
    if planned:
        text += " " + ngettext("Planned next with {n}.", "Planned next with {n}.", planned).format(n=planned)
    kept = request.session.get(RECEIPTS, {})
    # A second press wrote nothing: the receipts of the first are the ones.
    entry = {"at": timezone.now().isoformat(), "receipts": [dataclasses.asdict(one) for one in receipts]}
    kept = {**kept, token: kept.get(token, entry)}
    request.session[RECEIPTS] = dict(list(kept.items())[-MOST_RECEIPTS:])
    undo_url = f"{reverse('accounts:group_undo')}?of={token}"
    return saved(request, text=text, back=resolve_url("/"), undo_url=undo_url)


def _receipts(request: Request, token: str) -> list[Receipt]:
    """The receipts of this occasion, once, and for a while."""
    kept = request.session.get(RECEIPTS, {})
    entry = kept.pop(token, None)
    request.session[RECEIPTS] = kept
    logged_at = parse_datetime(entry["at"]) if entry else None
    if logged_at is None or timezone.now() - logged_at > UNDO_WITHIN:
        return []
    return [Receipt(**one) for one in entry["receipts"]]


def _may_change_all(request: Request, receipts: list[Receipt]) -> bool:
    rows = Interaction.objects.filter(pk__in=[one.interaction for one in receipts])
    return not rows.exclude(account__in=Account.objects.editable_by(request.user)).exists()
