"""The relationship map of an account, and the links that people tell."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import OWN_FEED, Account, Link
from accounts_app.services.links import take_out_link
from accounts_app.views.account_frame import account_frame, editable_account, visible_account
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from cadence.forms.link import LinkForm
from cadence.pages.guard_log import read_guard_log
from cadence.pages.relationships import read_map


@access(EXCEPT_OPERATIONS)
def relationships(request: Request, pk: int) -> HttpResponse:
    """The 3x3 with its people; `?without=contact-12` thinks somebody away, and may stand there several times."""
    account = visible_account(request.user, pk)
    today = company_of(request).day_of(timezone.now())
    context = {
        **account_frame(request, account, "relationships"),
        "map": read_map(account, today, request.GET.getlist("without")),
        "log": read_guard_log(account),
        "today": today,
    }
    return page_or_fragment(request, "cadence/relationships.html", context)


@access(WHO_ACT, methods=("GET", "POST"))
def link_add(request: Request, pk: int) -> HttpResponse:
    """`?contact=…&colleague=…` come chosen already."""
    account = editable_account(request.user, pk)
    chosen = {name: request.GET[name] for name in ("contact", "colleague") if request.GET.get(name, "").isdecimal()}
    form = _form(request, account, link=None, initial=chosen)
    if request.method == "POST" and (link := form.perform()):
        undo_url = reverse("cadence:link_remove", args=[pk, link.pk])
        return saved(request, text=_("Link saved."), back=_map_url(pk), undo_url=undo_url)
    return _answer(request, account, form, title=_("Who of us knows whom"))


@access(WHO_ACT, methods=("GET", "POST"))
def link_edit(request: Request, pk: int, link_pk: int) -> HttpResponse:
    account = editable_account(request.user, pk)
    link = _own_link(account, link_pk)
    form = _form(request, account, link=link)
    if request.method == "POST" and form.perform():
        return saved(request, text=_("Link saved."), back=_map_url(pk))
    return _answer(request, account, form, title=_("How well do they know each other?"))


@access(WHO_ACT, methods=("POST",))
def link_remove(request: Request, pk: int, link_pk: int) -> HttpResponse:
    account = editable_account(request.user, pk)
    take_out_link(account, _own_link(account, link_pk), by=request.user)
    return saved(request, text=_("Link removed. What they did together stays."), back=_map_url(pk))


def _form(request: Request, account: Account, *, link: Link | None, initial: Any = None) -> LinkForm:
    data = request.POST if request.method == "POST" else None
    today = company_of(request).day_of(timezone.now())
    return LinkForm(data, account=account, by=request.user, today=today, link=link, initial=initial)


def _answer(request: Request, account: Account, form: LinkForm, *, title: str) -> HttpResponse:
    context = {"form": form, "account": account, "title": title, "link": form.link, "back_url": _map_url(account.pk)}
    context["in_dialog"] = is_fragment(request)
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, "cadence/relationship_link.html", context, fragment="dialog", status=status)


def _own_link(account: Account, pk: int) -> Link:
    """A link told here; what a feed delivers is changed where it comes from."""
    link: Link = get_object_or_404(
        Link.objects.select_related("contact", "colleague", "feed").filter(contact__account=account), pk=pk
    )
    if link.feed.name != OWN_FEED:
        raise PermissionDenied
    return link


def _map_url(pk: int) -> str:
    return reverse("cadence:relationships", args=[pk])
