"""The library of value items: the list, an item's page, its document, and the acts on it."""

import datetime as dt
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.forms.suggestions import industries, topics
from accounts_app.models import ValueItem
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from accounts_app.views.listing import Column, page_of, sorting
from cadence.forms.value_item import RetireForm, ValueItemForm
from cadence.pages.value_given import brought_of, tallies
from cadence.pages.values import LibraryFilters, LibraryRow, library_rows
from cadence.services.value_library import confirm, retire

COLUMNS = (
    Column("title", gettext_lazy("Item"), "title"),
    Column("for", gettext_lazy("For whom")),
    Column("owner", gettext_lazy("Looked after by")),
    Column("valid", gettext_lazy("Valid"), "valid_until"),
    Column("brought", gettext_lazy("Brought"), "pk", descending_first=True),
    Column("reactions", gettext_lazy("Reactions")),
)


def today_of(request: Request) -> dt.date:
    return company_of(request).day_of(timezone.now())


@access(EXCEPT_OPERATIONS)
def value_list(request: Request) -> HttpResponse:
    filters = LibraryFilters.of(request, today_of(request))
    sort = request.GET.get("sort", "title")
    page = page_of(request, library_rows(filters, request.user, sort=sort))
    context = {
        **page,
        "filters": filters,
        "headers": sorting(request, COLUMNS, default="title").headers,
        "topics": topics(),
        "industries": industries(),
        "may_edit": request.user.role in WHO_ACT,
        "has_items": bool(page["page_obj"].object_list) or ValueItem.objects.exists(),
    }
    return page_or_fragment(request, "cadence/values.html", context)


@access(EXCEPT_OPERATIONS)
def value_item(request: Request, pk: int) -> HttpResponse:
    item = _item(pk)
    today = today_of(request)
    context = {
        **page_of(request, brought_of(item, request.user)),
        "item": item,
        "row": LibraryRow(item, tallies([item], request.user)[pk], today),
        "today": today,
        "may_edit": request.user.role in WHO_ACT,
    }
    return page_or_fragment(request, "cadence/value_item.html", context)


@access(EXCEPT_OPERATIONS)
def value_file(_request: Request, pk: int) -> FileResponse:
    """Always a download, never shown: what somebody handed in is not a page of ours."""
    item = _item(pk)
    try:
        file = item.file.open("rb")
    except (ValueError, FileNotFoundError) as missing:
        raise Http404 from missing
    answer = FileResponse(
        file, as_attachment=True, filename=item.file_name or "file", content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@access(WHO_ACT, methods=("GET", "POST"))
def value_add(request: Request) -> HttpResponse:
    return _form(request, ValueItem(owner=request.user), back=reverse("cadence:value_list"))


@access(WHO_ACT, methods=("GET", "POST"))
def value_edit(request: Request, pk: int) -> HttpResponse:
    return _form(request, _item(pk), back=reverse("cadence:value_item", args=[pk]))


def _form(request: Request, item: ValueItem, *, back: str) -> HttpResponse:
    is_sent, title = request.method == "POST", _("Edit a value item") if item.pk else _("Add a value item")
    files = request.FILES if is_sent else None  # asked for first: it is this that parses the body, and may cut it off
    form = ValueItemForm(
        request.POST if is_sent else None,
        files,
        instance=item,
        today=today_of(request),
        is_too_large=getattr(request, "upload_too_large", False),
    )
    if is_sent and form.perform(by=request.user):
        return saved(request, text=_("{item} saved.").format(item=form.instance.title), back=back)
    context = {"form": form, "title": title, "item": item if item.pk else None, "back_url": back}
    return _dialog(request, "cadence/value_form.html", context, is_sent=is_sent)


@access(WHO_ACT, methods=("GET", "POST"))
def value_retire(request: Request, pk: int) -> HttpResponse:
    item, is_sent, back = _item(pk), request.method == "POST", reverse("cadence:value_item", args=[pk])
    form = RetireForm(request.POST if is_sent else None, today=today_of(request))
    if is_sent and form.is_valid():
        before = item.valid_until.isoformat() if item.valid_until else ""
        retire(item, until=form.cleaned_data["valid_until"], by=request.user)
        undo_url = f"{reverse('cadence:value_restore', args=[pk])}?until={before}"
        return saved(request, text=_("{item} is retired.").format(item=item), back=back, undo_url=undo_url)
    return _dialog(
        request, "cadence/value_retire.html", {"form": form, "item": item, "back_url": back}, is_sent=is_sent
    )


@access(WHO_ACT, methods=("POST",))
def value_restore(request: Request, pk: int) -> HttpResponse:
    """Let it be brought again, until the day it was valid before, or without an end."""
    item = _item(pk)
    retire(item, until=_day_of(request.GET.get("until", "")), by=request.user)
    back = reverse("cadence:value_item", args=[pk])
    return saved(request, text=_("{item} may be brought again.").format(item=item), back=back)


@access(WHO_ACT, methods=("POST",))
def value_confirm(request: Request, pk: int) -> HttpResponse:
    item = _item(pk)
    confirm(item, by=request.user, today=today_of(request))
    back = reverse("cadence:value_item", args=[pk])
    return saved(request, text=_("Looked at today: {item} still holds.").format(item=item), back=back)


def _item(pk: int) -> ValueItem:
    return get_object_or_404(ValueItem.objects.select_related("owner"), pk=pk)


def _day_of(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _dialog(request: Request, template: str, context: dict[str, Any], *, is_sent: bool) -> HttpResponse:
    around = {**context, "is_dialog": is_fragment(request)}
    return page_or_fragment(request, template, around, fragment="dialog", status=422 if is_sent else 200)
