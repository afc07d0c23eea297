"""One import: what became of the rows of a file, and the rows it wrote."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts_app.access import Request, access
from accounts_app.import_words import in_words_of_page, kind_title
from accounts_app.models import ImportBatch, Upload
from accounts_app.services.uploads import files
from accounts_app.views.data import ADMINISTRATORS, imports
from accounts_app.views.data_rows import written_by


def _batch(pk: int) -> ImportBatch:
    return get_object_or_404(imports(), pk=pk)


@access(ADMINISTRATORS)
def import_page(request: Request, pk: int) -> HttpResponse:
    batch = _batch(pk)
    upload = Upload.objects.filter(batch=batch).first()
    corrected = ImportBatch.objects.filter(corrections__batch=batch).first()
    context: dict[str, Any] = {
        "batch": batch,
        "kind": kind_title(batch.kind),
        "reasons": [{**reason, "reason": in_words_of_page(reason["reason"])} for reason in batch.reasons],
        "has_rejects": upload is not None and files.rejects_of(upload).exists(),
        "corrected": corrected,
        "corrections": imports().filter(upload__corrects=batch),
        "said": _said(batch.options),
        "opens_rows": written_by(batch.kind) is not None,
    }
    return TemplateResponse(request, "accounts_app/data_import.html", context)


def _said(options: dict[str, Any]) -> list[tuple[str, str]]:
    """What was said about the file, in words."""
    known = _("the day it happened") if options.get("history") else _("the day of the import")
    columns = ", ".join(
        f"{header} = {name.replace('_', ' ')}" for name, header in options.get("map", {}).items() if header
    )
    said = [
        (_("Known since"), known),
        (_("Columns"), columns),
        (_("Accounts named by"), options.get("accounts_from", "")),
        (_("Currency"), options.get("currency", "")),
        (_("Unknown keys"), _("became accounts") if options.get("create_accounts") else ""),
    ]
    return [(name, value) for name, value in said if value]


@access(ADMINISTRATORS)
def import_rejects(request: Request, pk: int) -> HttpResponseBase:  # noqa: ARG001  # a view
    upload = get_object_or_404(Upload, batch=_batch(pk))
    try:
        file = files.rejects_of(upload).open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    name = f"{upload.file_name.rsplit('.', 1)[0]}.rejected.csv"
    return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
