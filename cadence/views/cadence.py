"""Promised against kept: the quarter in a sentence and tables, each figure a link to its accounts."""

import datetime as dt

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.views.listing import ROWS_A_PAGE, address
from cadence.models import ScorecardPolicy
from cadence.pages.cadence_address import Asked
from cadence.pages.cadence_export import CadenceTable
from cadence.pages.cadence_page import CadencePage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access(EXCEPT_OPERATIONS)
def cadence(request: Request) -> HttpResponse:
    page = CadencePage(_asked(request))
    # Sorted by its keys alone, as every long list.
    paginator = Paginator(page.asked.rows().values_list("pk", flat=True), ROWS_A_PAGE)
    paginator.count = page.count
    rows = paginator.get_page(request.GET.get("page"))
    shown = page.asked.rows().filter(pk__in=list(rows.object_list)).select_related("account__tier", "owner")
    context = {
        "page": page,
        "rows": list(shown),
        "page_obj": rows,
        "previous_url": address(request, page=str(rows.previous_page_number())) if rows.has_previous() else "",
        "next_url": address(request, page=str(rows.next_page_number())) if rows.has_next() else "",
        "tabs": tabs(request, "cadence"),
        "query": page.asked.address(),
    }
    return TemplateResponse(request, "cadence/cadence.html", context)


@access(EXCEPT_OPERATIONS)
def cadence_csv(request: Request) -> HttpResponseBase:
    table = CadenceTable(_asked(request), company_of(request))
    headers = {"Content-Disposition": f'attachment; filename="{table.name}.csv"'}
    return StreamingHttpResponse(table.csv(), content_type="text/csv; charset=utf-8", headers=headers)


@access(EXCEPT_OPERATIONS)
def cadence_xlsx(request: Request) -> HttpResponseBase:
    table = CadenceTable(_asked(request), company_of(request))
    return FileResponse(table.workbook(), as_attachment=True, filename=f"{table.name}.xlsx", content_type=XLSX)


def tabs(request: Request, current: str) -> list[dict[str, object]]:
    """The pages about the cadence; hours and plans are for those who act."""
    shown = [("cadence", _("Promised and kept"), "cadence:cadence")]
    if request.user.role in WHO_ACT:
        shown += [("capacity", _("Time for it"), "cadence:capacity"), ("plan", _("Plan a quarter"), "cadence:plan")]
    if len(shown) == 1:
        return []
    return [
        {"label": label, "url": reverse(name), "count": None, "is_current": key == current}
        for key, label, name in shown
    ]


def _asked(request: Request) -> Asked:
    today: dt.date = company_of(request).day_of(timezone.now())
    asked = Asked.of(request.GET.dict(), request.user, today)
    return asked.of_teams_only() if ScorecardPolicy.the().team_level_only else asked
