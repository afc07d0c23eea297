"""Every contract in force, by the day until which notice counts."""

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.views.listing import page_of
from cadence.pages.contracts_address import Asked
from cadence.pages.contracts_export import ContractsTable
from cadence.pages.contracts_page import ContractsPage
from cadence.views.cadence import XLSX
from signals.pages.notices import judgement

MONTHS = "months"


@access(EXCEPT_OPERATIONS)
def contracts(request: Request) -> HttpResponse:
    page = _page(request)
    is_list = page.asked.view != MONTHS
    listed = page_of(request, range(len(page.shown)))
    places = list(listed["page_obj"])
    context = {
        **listed,
        "page": page,
        "rows": page.rows(page.shown.iloc[places]) if is_list else [],
        "months": [] if is_list else page.months,
        "is_list": is_list,
        "judgement": judgement(request.user),
    }
    return TemplateResponse(request, "cadence/contracts.html", context)


@access(EXCEPT_OPERATIONS)
def contracts_csv(request: Request) -> HttpResponseBase:
    table = ContractsTable(_page(request))
    headers = {"Content-Disposition": f'attachment; filename="{table.name}.csv"'}
    return StreamingHttpResponse(table.csv(), content_type="text/csv; charset=utf-8", headers=headers)


@access(EXCEPT_OPERATIONS)
def contracts_xlsx(request: Request) -> HttpResponseBase:
    table = ContractsTable(_page(request))
    return FileResponse(table.workbook(), as_attachment=True, filename=f"{table.name}.xlsx", content_type=XLSX)


def _page(request: Request) -> ContractsPage:
    company = company_of(request)
    return ContractsPage(Asked.of(request.GET.dict(), request.user, company.day_of(timezone.now())), company)
