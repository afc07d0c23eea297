"""Saved views: the list of them, and what is done with one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.views.fragments import is_fragment, page_or_fragment
from signals.models import SavedView, StartView
from signals.pages.portfolio.address import choices_of
from signals.pages.portfolio.forms import SavedViewForm
from signals.pages.portfolio.saved import Shown, back_to, state_of, views_of
from signals.services import saved_views


@access(EXCEPT_OPERATIONS)
def view_list(request: Request) -> HttpResponse:
    views = views_of(request.user)
    known = choices_of(state_of("whose=all", request.user), request.user)
    rows = [_row(shown, request, known.described(shown.state)) for shown in views.every]
    return TemplateResponse(request, "signals/portfolio_views.html", {"rows": rows})


def _row(shown: Shown, request: Request, words: list[Any]) -> dict[str, Any]:
    return {"shown": shown, "words": words, "may_change": shown.view.may_be_changed_by(request.user)}


@access(EXCEPT_OPERATIONS, methods=("GET", "POST"))
def view_save(request: Request) -> HttpResponse:
    """Keep the present list under a name."""
    new = SavedView(owner=request.user, query=state_of(request.GET.urlencode(), request.user).query)
    return _form(request, new, _("Saved as “{name}”."))


@access(EXCEPT_OPERATIONS, methods=("GET", "POST"))
def view_edit(request: Request, view_pk: int) -> HttpResponse:
    return _form(request, _changeable(request, view_pk), _("“{name}” is changed."))


@access(EXCEPT_OPERATIONS, methods=("POST",))
def view_start(request: Request, view_pk: int) -> HttpResponse:
    """Begin with this view, or with the plain list again."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=view_pk)
    wanted = request.POST.get("wanted") == "1"
    saved_views.start_with(view, by=request.user, wanted=wanted)
    begins, begins_no_more = _("The portfolio begins with “{name}”."), _("The portfolio begins with the plain list.")
    messages.success(request, (begins if wanted else begins_no_more).format(name=view.name))
    return _to_list(request)


@access(EXCEPT_OPERATIONS, methods=("POST",))
def view_delete(request: Request, view_pk: int) -> HttpResponse:
    view = _changeable(request, view_pk)
    saved_views.delete(view, by=request.user, now=timezone.now())
    undo_url = reverse("signals:view_restore", args=[view.pk])
    messages.success(request, _("“{name}” is deleted.").format(name=view.name), extra_tags=undo_url)
    return _to_list(request)


@access(EXCEPT_OPERATIONS, methods=("POST",))
def view_restore(request: Request, view_pk: int) -> HttpResponse:
    view = SavedView.objects.filter(pk=view_pk).first()
    if view is None or not view.may_be_restored_by(request.user, now=timezone.now()):
        raise Http404
    try:
        saved_views.restore(view)
        messages.success(request, _("“{name}” is back.").format(name=view.name))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return _to_list(request)


def _form(request: Request, view: SavedView, said: str) -> HttpResponse:
    is_start = bool(view.pk) and StartView.objects.filter(user=request.user, view=view).exists()
    form = SavedViewForm(request.POST or None, instance=view, by=request.user, is_start=is_start)
    if request.method == "POST" and form.perform():
        messages.success(request, said.format(name=view.name))
        return _go(request, back_to(view.query, request.user))
    context = {
        "form": form,
        "view": view,
        "address": request.path,
        "back_url": back_to(view.query, request.user),
        "in_dialog": is_fragment(request),
    }
    status = 422 if request.method == "POST" else 200
    return page_or_fragment(request, "signals/portfolio_view_form.html", context, fragment="dialog", status=status)


def _changeable(request: Request, pk: int) -> SavedView:
    """What another keeps for himself is as good as missing; what he shares is his to change."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    if not view.may_be_changed_by(request.user):
        raise PermissionDenied
    return view


def _to_list(request: Request) -> HttpResponse:
    return _go(request, reverse("signals:view_list"))


def _go(request: Request, url: str) -> HttpResponse:
    """Show a page anew: its menu of views has changed as well."""
    return HttpResponseClientRedirect(url) if is_fragment(request) else HttpResponseRedirect(url)
