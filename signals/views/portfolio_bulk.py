"""One change to many accounts: chosen in the list, confirmed on a page that says how many, taken back as one."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Account
from accounts_app.services.interaction_groups import MOST_ACCOUNTS as MOST_MET
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from signals.models import BulkAct
from signals.pages.portfolio.address import opened
from signals.pages.portfolio.filters import ROLES_THAT_ASSIGN
from signals.pages.portfolio.forms import BulkForm, BulkOwnerForm, BulkPlanForm, BulkSnoozeForm, BulkTierForm, numbers
from signals.pages.portfolio.saved import back_to
from signals.services import bulk_acts
from signals.services.bulk_acts import MOST_ACCOUNTS, ChangedSinceError, Undone

# More than these are counted, not named.
MOST_NAMED = 50


@dataclass(frozen=True)
class Selection:
    """The accounts chosen that the reader sees: those that may be changed, and the others, which are left alone."""

    editable: list[Account]
    others: list[Account]

    @property
    def keys(self) -> str:
        return ",".join(str(account.pk) for account in self.editable)

    @property
    def is_too_large(self) -> bool:
        return len(self.editable) > MOST_ACCOUNTS


@access(ROLES_THAT_ASSIGN, methods=("GET", "POST"))
def bulk_owner(request: Request) -> HttpResponse:
    return _bulk(request, BulkOwnerForm)


@access(WHO_ACT, methods=("GET", "POST"))
def bulk_tier(request: Request) -> HttpResponse:
    return _bulk(request, BulkTierForm)


@access(WHO_ACT, methods=("GET", "POST"))
def bulk_snooze(request: Request) -> HttpResponse:
    return _bulk(request, BulkSnoozeForm)


@access(WHO_ACT, methods=("GET", "POST"))
def bulk_plan(request: Request) -> HttpResponse:
    return _bulk(request, BulkPlanForm)


@access(WHO_ACT)
def bulk_met(request: Request) -> HttpResponse:
    """Met at a fair: the chosen accounts open the form that logs one occasion for each of them."""
    selection = _selection(request)
    if not 0 < len(selection.editable) <= MOST_MET:
        text = _("Choose between one account of yours and {most}: so many can be logged at once.")
        messages.warning(request, text.format(most=MOST_MET))
        return redirect(back_to(request.GET.urlencode(), request.user))
    if selection.others:
        n = len(selection.others)
        text = ngettext("{n} account is not yours and is left out.", "{n} accounts are not yours and are left out.", n)
        messages.warning(request, text.format(n=n))
    query = urlencode({"accounts": selection.keys, "channel": "event", "purpose": "proactive"})
    return redirect(f"{reverse('accounts:interaction_group')}?{query}")


@access(WHO_ACT, methods=("GET", "POST"))
def bulk_undo(request: Request, act_pk: int) -> HttpResponse:
    """Take back what one did oneself; where something was changed since, say what, and ask whether to go on."""
    act = get_object_or_404(BulkAct, pk=act_pk, by=request.user)
    if request.method == "GET":
        return _conflict(request, act, 200)
    now = timezone.now()
    today, only_unchanged = company_of(request).day_of(now), request.POST.get("only_unchanged") == "1"
    try:
        undone = bulk_acts.undo(act, by=request.user, now=now, today=today, only_unchanged=only_unchanged)
    except ChangedSinceError:
        return _conflict(request, act, 409)
    except ValidationError as refusal:
        return _told(request, act, refusal.messages[0], messages.ERROR)
    return _told(request, act, _undone_text(undone), messages.SUCCESS)


def _bulk(request: Request, form_class: type[BulkForm]) -> HttpResponse:
    is_post = request.method == "POST"
    selection = _selection(request)
    today = company_of(request).day_of(timezone.now())
    form = form_class(request.POST if is_post else None, by=request.user, today=today, accounts=selection.keys)
    came_from = request.POST.get("back", "") if is_post else request.GET.urlencode()
    back = back_to(came_from, request.user)
    if is_post and not selection.is_too_large and (act := form.perform()):
        undo_url = reverse("signals:bulk_undo", args=[act.pk]) if act.items else ""
        return saved(request, text=_done_text(act, selection), undo_url=undo_url, back=back)
    context = {
        "form": form,
        "selection": selection,
        "address": reverse(f"signals:bulk_{form.kind}"),
        "back": came_from,
        "back_url": back,
        "most": MOST_ACCOUNTS,
        "in_dialog": is_fragment(request),
        **_named(selection),
    }
    status = 422 if is_post else 200
    return page_or_fragment(request, "signals/portfolio_bulk.html", context, fragment="dialog", status=status)


def _selection(request: Request) -> Selection:
    """What was ticked, or all that the list's address matches; the form then names its accounts itself."""
    if request.method == "POST":
        asked = numbers(request.POST.get("accounts", "").split(","))
    elif request.GET.get("all"):
        address = {name: value for name, value in request.GET.dict().items() if name not in {"account", "all"}}
        asked = list(opened(address, request.user).filters.accounts(request.user).values_list("pk", flat=True))
    else:
        asked = numbers(request.GET.getlist("account"))
    seen = list(Account.objects.visible_to(request.user).filter(pk__in=asked))
    editable = set(Account.objects.editable_by(request.user).filter(pk__in=asked).values_list("pk", flat=True))
    return Selection(
        [account for account in seen if account.pk in editable],
        [account for account in seen if account.pk not in editable],
    )


def _named(selection: Selection) -> dict[str, Any]:
    return {
        "named": selection.editable[:MOST_NAMED],
        "unnamed": max(0, len(selection.editable) - MOST_NAMED),
        "left_named": selection.others[:MOST_NAMED],
        "left_unnamed": max(0, len(selection.others) - MOST_NAMED),
    }


def _done_text(act: BulkAct, selection: Selection) -> str:
    touched = {item["account"] for item in act.items}
    left = len(selection.editable) + len(selection.others) - len(touched)
    if not left:
        return act.said
    words = ngettext("{n} account was left as it is.", "{n} accounts were left as they are.", left)
    return f"{act.said} {words.format(n=left)}"


def _undone_text(undone: Undone) -> str:
    words = ngettext("Taken back for {n} account.", "Taken back for {n} accounts.", undone.back)
    return words.format(n=undone.back)


def _told(request: Request, act: BulkAct, text: str, level: int) -> HttpResponse:
    """Say it on the page one is on, or on the list the act began from."""
    url = _list_of(act)
    if level == messages.SUCCESS:
        return saved(request, text=text, back=url)
    messages.add_message(request, level, text)
    return HttpResponseClientRedirect(url) if is_fragment(request) else redirect(url)


def _list_of(act: BulkAct) -> str:
    return reverse("signals:alert_list" if act.kind == BulkAct.Kind.ALERTS else "signals:portfolio")


def _conflict(request: Request, act: BulkAct, status: int) -> HttpResponse:
    """A page of its own: which accounts changed since, and whether to take the act back for the others."""
    if is_fragment(request):
        return HttpResponseClientRedirect(reverse("signals:bulk_undo", args=[act.pk]))
    now = timezone.now()
    may_be_undone = act.may_be_undone(now=now)
    today = company_of(request).day_of(now)
    changed = bulk_acts.changed_since(act, by=request.user, now=now, today=today) if may_be_undone else set()
    accounts = {item["account"] for item in act.items}
    context = {
        "act": act,
        "may_be_undone": may_be_undone,
        "changed": Account.objects.visible_to(request.user).filter(pk__in=changed),
        "unchanged_count": len(accounts - changed),
        "list_url": _list_of(act),
    }
    return TemplateResponse(request, "signals/portfolio_bulk_undo.html", context, status=status)
