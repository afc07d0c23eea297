"""What leaves the house of a review: the preview of it, a PDF, and slides to edit."""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.views.fragments import page_or_fragment
from cadence.models import Review
from cadence.reports.review_pdf import review_pdf
from cadence.reports.review_slides import review_slides
from cadence.services.review_content import customer_view
from cadence.views.reviews import today_of, visible_review

PDF = "application/pdf"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@access(EXCEPT_OPERATIONS)
def review_preview(request: Request, pk: int) -> HttpResponse:
    """What the customer will see, and nothing else."""
    row = visible_review(request, pk)
    context = {"view": customer_view(row, today_of(request)), "review": row}
    return page_or_fragment(request, "cadence/review_preview.html", context, fragment="preview")


@access(EXCEPT_OPERATIONS)
def review_pdf_file(request: Request, pk: int) -> HttpResponse:
    row = visible_review(request, pk)
    return _file(row, "pdf", PDF, _set(request, row, review_pdf))


@access(EXCEPT_OPERATIONS)
def review_pptx_file(request: Request, pk: int) -> HttpResponse:
    row = visible_review(request, pk)
    return _file(row, "pptx", PPTX, _set(request, row, review_slides))


def _set(request: Request, row: Review, report: Callable[..., bytes]) -> bytes:
    """The file, with the few words that are not of the view."""
    words = {
        "agenda": _("Agenda"),
        "people": _("Who takes part"),
        "value": _("Value"),
        "target": _("Target"),
    }
    return report(customer_view(row, today_of(request)), words, at=timezone.now())


def _file(row: Review, ending: str, kind: str, content: bytes) -> HttpResponse:
    """Named as the customer would file it."""
    name = slugify(f"{row.title} {row.account.name}")[:80] or _("review")
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    )
