"""The accounts of somebody who leaves, given to others in one step."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.db.models import Count, OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect

from accounts_app.access import Request, access
from accounts_app.context import company_of
from accounts_app.forms.hand_over import HandOverForm
from accounts_app.models import Account, Role, User
from accounts_app.services.hand_over import HandOver, take_back, ticket_of, went_along
from accounts_app.views.fragments import is_fragment
from accounts_app.views.settings import tabs

WHO_HANDS_OVER = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})


@access(WHO_HANDS_OVER, methods=("GET", "POST"))
def hand_over(request: Request) -> HttpResponse:
    """Without `from`: whose accounts; with it: to whom."""
    owners = _owners(request.user)
    context: dict[str, Any] = {"tabs": tabs(request, "hand-over"), "owners": owners}
    if request.method == "POST" and request.GET.get("from") not in {str(owner.pk) for owner in owners}:
        # Somebody was quicker: whoever has pressed a button is told so, not that there is no such page.
        messages.error(request, _("Nothing was handed over: these accounts have changed hands meanwhile."))
        return redirect("accounts:hand_over")
    leaver = _leaver(request, owners)
    if leaver is None:
        return TemplateResponse(request, "accounts_app/settings_hand_over.html", context)
    today = company_of(request).day_of(timezone.now())
    form = HandOverForm(request.POST or None, leaver=leaver, by=request.user, today=today)
    done = form.perform() if request.method == "POST" else None
    if done is None:
        context |= {"leaver": leaver, "form": form}
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "accounts_app/settings_hand_over.html", context, status=status)
    undo = reverse("accounts:hand_over_undo", args=[ticket_of(done)])
    messages.success(request, _said(done, leaver), extra_tags=undo)
    return redirect("accounts:hand_over")


def _said(done: HandOver, leaver: User) -> str:
    """What was done, and what came along."""
    text = ngettext(
        "%(n)s account of %(name)s handed over.", "%(n)s accounts of %(name)s handed over.", len(done.owners)
    )
    return " ".join(filter(None, (text % {"n": len(done.owners), "name": leaver}, went_along(done))))


@access(WHO_HANDS_OVER, methods=("POST",))
def hand_over_undo(request: Request, ticket: str) -> HttpResponse:
    try:
        back = take_back(ticket, by=request.user)
    except signing.SignatureExpired:
        messages.error(request, _("This can no longer be taken back. Hand the accounts over again."))
    except (signing.BadSignature, Account.DoesNotExist) as missing:
        raise Http404 from missing
    else:
        messages.info(request, ngettext("%(n)s account went back.", "%(n)s accounts went back.", back) % {"n": back})
    # The list has changed as a whole, and the message stands on it.
    address = _list_of(request)
    return HttpResponseClientRedirect(address) if is_fragment(request) else redirect(address)


def _list_of(request: Request) -> str:
    """The page the change was made on: that of all hand-overs, or of one account."""
    account = request.GET.get("account", "")
    if account.isascii() and account.isdecimal():
        return reverse("accounts:account_details", args=[int(account)])
    return reverse("accounts:hand_over")


def _owners(user: User) -> list[User]:
    """Everybody who answers for an account this person may change, with how many; who can no longer act first."""
    owned = Account.objects.editable_by(user).filter(owner=OuterRef("pk")).order_by().values("owner")
    count = Subquery(owned.annotate(n=Count("pk")).values("n"))
    return list(User.objects.annotate(account_count=count).filter(account_count__gt=0).order_by("is_active", "name"))


def _leaver(request: Request, owners: list[User]) -> User | None:
    asked = request.GET.get("from", "")
    if not asked:
        return None
    for person in owners:
        if str(person.pk) == asked:
            return person
    raise Http404
