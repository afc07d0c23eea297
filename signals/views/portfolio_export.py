"""What the portfolio shows, as a file."""

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from signals.models import Run
from signals.pages.portfolio.address import opened
from signals.pages.portfolio.exports import PortfolioTable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access(EXCEPT_OPERATIONS)
def portfolio_csv(request: Request) -> HttpResponseBase:
    name = f'attachment; filename="{_name(request)}.csv"'
    headers = {"Content-Disposition": name}
    return StreamingHttpResponse(_table(request).csv(), content_type="text/csv; charset=utf-8", headers=headers)


@access(EXCEPT_OPERATIONS)
def portfolio_xlsx(request: Request) -> HttpResponseBase:
    shown = Run.objects.shown()
    today = company_of(request).day_of(timezone.now())
    book = _table(request).workbook(shown.business_date if shown else None, made_on=today)
    return FileResponse(book, as_attachment=True, filename=f"{_name(request)}.xlsx", content_type=XLSX)


def _table(request: Request) -> PortfolioTable:
    return PortfolioTable(opened(request.GET.dict(), request.user), request.user, company_of(request))


def _name(request: Request) -> str:
    """The day shown is in the file's name, and that its data are not real where they are not."""
    shown, company = Run.objects.shown(), company_of(request)
    day = shown.business_date if shown else company.day_of(timezone.now())
    return f"portfolio-{day.isoformat()}{'-simulated' if company.simulated else ''}"
