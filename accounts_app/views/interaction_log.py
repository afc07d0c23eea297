"""Log a contact from anywhere, plan the next in the same form, and take both back."""

import dataclasses
import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.account_search import choosable_accounts
from accounts_app.context import company_of
from accounts_app.forms.interaction_log import DUE, LogForm, opening
from accounts_app.models import Account, Interaction
from accounts_app.services.interactions import UNDO_WITHIN, Receipt, take_back
from accounts_app.templatetags.formats import day_text
from accounts_app.views.account_choice import picker_for
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved

# Receipts of the last logs, in the reader's session: nobody else can take them back.
RECEIPTS, MOST_RECEIPTS = "contact_receipts", 5


@access(WHO_ACT, methods=("GET", "POST"))
def interaction_log(request: Request) -> HttpResponse:
    account, today = account_named(request), company_of(request).day_of(timezone.now())
    is_sent = request.method == "POST" and "find" not in request.POST
    initial = {} if is_sent else _opening(request, account, today)
    ids = "log" if is_fragment(request) else "log-page"
    data = request.POST if is_sent else None
    form = LogForm(data, by=request.user, today=today, account=account, initial=initial, ids=ids)
    if is_sent and (receipt := form.perform()):
        return _logged(request, receipt, today)
    context = {
        "form": form,
        "picker": picker_for(request, "contact", account),
        "in_dialog": is_fragment(request),
        "is_drafted": "drafted" in request.POST,
    }
    return page_or_fragment(
        request, "accounts_app/interaction_log.html", context, fragment="dialog", status=422 if is_sent else 200
    )


@access(WHO_ACT, methods=("POST",))
def interaction_undo(request: Request, pk: int) -> HttpResponse:
    interaction = editable_interaction(request, pk)
    receipt = _receipt(request, pk)
    text = _("There is nothing to take back any more.")
    if receipt:
        try:
            take_back(receipt, by=request.user)
            text = _("Taken back.")
        except ValidationError as refusal:
            text = refusal.messages[0]
    return saved(request, text=text, back=rows_url(interaction))


def editable_interaction(request: Request, pk: int) -> Interaction:
    """Another team's contact is as good as missing; of the own team's only some are one's own to change."""
    rows = Interaction.objects.visible_to(request.user).select_related("account__tier", "value_item", "feed")
    interaction: Interaction = get_object_or_404(rows, pk=pk)
    if not Account.objects.editable_by(request.user).filter(pk=interaction.account_id).exists():
        raise PermissionDenied
    return interaction


def rows_url(interaction: Interaction) -> str:
    return reverse("accounts:interaction_list", args=[interaction.account_id])


def account_named(request: Request) -> Account | None:
    """The account that is named, if it is one for which this reader logs."""
    sent = request.POST if request.method == "POST" else request.GET
    pk = number_named(sent, "account")
    accounts = choosable_accounts(request.user, "contact").select_related("tier", "owner")
    return accounts.filter(pk=pk).first() if pk else None


def number_named(sent: QueryDict, name: str) -> int | None:
    text = sent.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _opening(request: Request, account: Account | None, today: dt.date) -> dict[str, Any]:
    """What the form shows before it is sent; after another account was chosen, with all that was said already."""
    asked = number_named(request.GET, "planned")
    opened = opening(account, by=request.user, today=today, asked=asked) | _named(request)
    if request.method != "POST":
        return opened
    fields = {
        name: field for name, field in LogForm.base_fields.items() if name not in {"account", "planned", "contacts"}
    }
    said = {name: field.widget.value_from_datadict(request.POST, {}, name) for name, field in fields.items()}
    # How it took place was set by nobody as long as nobody said what for: the plan of the new account knows better.
    # A mail or a meeting handed in does say it.
    left_open = {"channel"} if not said["purpose"] and "drafted" not in request.POST else set()
    return opened | {name: value for name, value in said.items() if value and name not in left_open}


def _named(request: Request) -> dict[str, Any]:
    """What a link into the form names beside the account: whom, what for, what was brought, that the next follows."""
    contact, item = number_named(request.GET, "contact"), number_named(request.GET, "item")
    purpose = request.GET.get("purpose", "")
    said = {
        "contacts": [contact] if contact else [],
        "value_item": item,
        "purpose": purpose if purpose in Interaction.Purpose.values else "",
        "next_on": DUE if request.GET.get("next") == DUE else "",
    }
    return {name: value for name, value in said.items() if value}


def _logged(request: Request, receipt: Receipt, today: dt.date) -> HttpResponse:
    rows = Interaction.objects.filter(pk__in=[receipt.interaction, receipt.next]).select_related("account")
    by_pk = {one.pk: one for one in rows}
    interaction, following = by_pk[receipt.interaction], by_pk.get(receipt.next or 0)
    text = _("Logged: {channel}, {account}.").format(
        channel=interaction.get_channel_display().lower(), account=interaction.account
    )
    if following and following.planned_on:
        day, channel = day_text(following.planned_on, today), following.get_channel_display().lower()
        text += " " + _("Next: {day}, {channel}.").format(day=day, channel=channel)
    keep_receipt(request, receipt)
    undo_url = reverse("accounts:interaction_undo", args=[interaction.pk])
    return saved(request, text=text, back=rows_url(interaction), undo_url=undo_url)


def keep_receipt(request: Request, receipt: Receipt) -> None:
    """Remember what a log did, so that its writer may take it back."""
    kept = request.session.get(RECEIPTS, {})
    # A second press of the same form wrote nothing: the first receipt is the one.
    entry = {"at": timezone.now().isoformat(), "receipt": dataclasses.asdict(receipt)}
    kept = {**kept, str(receipt.interaction): kept.get(str(receipt.interaction), entry)}
    request.session[RECEIPTS] = dict(list(kept.items())[-MOST_RECEIPTS:])


def _receipt(request: Request, pk: int) -> Receipt | None:
    """The receipt of this log, once, and for a while."""
    kept = request.session.get(RECEIPTS, {})
    entry = kept.pop(str(pk), None)
    request.session[RECEIPTS] = kept
    logged_at = parse_datetime(entry["at"]) if entry else None
    if logged_at is None or timezone.now() - logged_at > UNDO_WITHIN:
        return None
    return Receipt(**entry["receipt"])
