"""A file on its way in: handed in, read, told what it is, tried, imported."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts_app.access import Request, access
from accounts_app.forms.upload import MappingForm, UploadForm
from accounts_app.import_words import field_title, in_words_of_page, kind_title, progress_of
from accounts_app.models import OWN_FEED, Feed, ImportBatch, Upload
from accounts_app.services import uploads
from accounts_app.views.data import ADMINISTRATORS
from accounts_app.views.fragments import is_fragment, page_or_fragment

TEMPLATE = "accounts_app/data_upload.html"


def _upload(pk: int) -> Upload:
    return get_object_or_404(Upload.objects.select_related("feed", "by", "corrects"), pk=pk)


@access(ADMINISTRATORS, methods=("GET", "POST"))
def upload_new(request: Request) -> HttpResponse:
    form = _upload_form(request)
    if request.method == "POST" and form.is_valid():
        accepted = form.accept(by=request.user)
        if accepted:
            return redirect("accounts:upload", accepted.pk)
    context = {"form": form, "has_feeds": Feed.objects.exclude(name=OWN_FEED).exists()}
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "accounts_app/data_upload_new.html", context, status=status)


def _upload_form(request: Request) -> UploadForm:
    if request.method == "POST":
        handed_in = request.FILES  # asked for first: it is this that parses the body, and may cut it off
        return UploadForm(request.POST, handed_in, is_too_large=getattr(request, "upload_too_large", False))
    corrected = request.GET.get("corrects", "")
    batch = ImportBatch.objects.filter(pk=corrected).first() if corrected.isdecimal() else None
    if batch:
        return UploadForm(initial={"kind": batch.kind, "feed": batch.feed_id, "corrects": batch.pk})
    return UploadForm(initial={"kind": request.GET.get("kind", ""), "feed": request.GET.get("feed", "")})


@access(ADMINISTRATORS)
def upload(request: Request, pk: int) -> HttpResponse:
    the_upload = _upload(pk)
    if the_upload.batch_id:
        return _leave_for(request, resolve_url("accounts:import", the_upload.batch_id))
    return page_or_fragment(request, TEMPLATE, context_of(the_upload), fragment="upload")


def _leave_for(request: HttpRequest, address: str) -> HttpResponse:
    """A fragment cannot take the page along by a redirect."""
    return HttpResponseClientRedirect(address) if is_fragment(request) else redirect(address)


def context_of(the_upload: Upload, form: MappingForm | None = None) -> dict[str, Any]:
    seen = the_upload.preview or {}
    return {
        "upload": the_upload,
        "kind": kind_title(the_upload.kind),
        "seen": seen,
        "questions": [
            {**question, "text": in_words_of_page(question["text"])} for question in seen.get("questions", [])
        ],
        "error": in_words_of_page(the_upload.error),
        "progress": progress_of(the_upload) if the_upload.is_pending else None,
        "form": None if the_upload.is_pending else form or MappingForm(the_upload),
        "trial": _trial(the_upload.trial) if the_upload.may_be_imported else None,
    }


def _trial(found: dict[str, Any] | None) -> dict[str, Any]:
    """What the dry run found, as the page shows it."""
    trial = found or {}
    return {
        **trial,
        "reasons": [{**one, "reason": in_words_of_page(one["reason"])} for one in trial["reasons"]],
        "examples": [{**one, "values": _values(one)} for one in trial["examples"]],
    }


def _values(example: dict[str, Any]) -> list[dict[str, str]]:
    before = example["before"]
    return [
        {"name": field_title(name), "before": before.get(name, ""), "after": after}
        for name, after in example["after"].items()
    ]


@access(ADMINISTRATORS, methods=("POST",))
def upload_say(request: Request, pk: int) -> HttpResponse:
    """What was said about the file: it is read again, or tried."""
    the_upload = _upload(pk)
    form = MappingForm(the_upload, request.POST)
    again = "again" in request.POST or not the_upload.preview
    if not form.is_valid() or (not again and form.misses_columns()):
        return TemplateResponse(request, TEMPLATE, context_of(the_upload, form), status=422)
    ask = uploads.read_again if again else uploads.ask_dry_run
    return _answer(request, pk, done=ask(the_upload, form.options()))


@access(ADMINISTRATORS, methods=("POST",))
def upload_import(request: Request, pk: int) -> HttpResponse:
    return _answer(request, pk, done=uploads.ask_import(_upload(pk)))


@access(ADMINISTRATORS, methods=("POST",))
def upload_cancel(request: Request, pk: int) -> HttpResponse:
    return _answer(request, pk, done=uploads.cancel(_upload(pk)), otherwise=_("It had ended before."))


@access(ADMINISTRATORS, methods=("POST",))
def upload_discard(request: Request, pk: int) -> HttpResponse:
    the_upload = _upload(pk)
    if not uploads.discard(the_upload):
        return _answer(request, pk, done=False)
    messages.success(request, _("%(file)s is forgotten.") % {"file": the_upload.file_name})
    return redirect("accounts:data")


def _answer(request: Request, pk: int, *, done: bool, otherwise: str = "") -> HttpResponse:
    if not done:
        messages.info(request, otherwise or _("Work on this file is already under way."))
    return redirect("accounts:upload", pk)
