"""The portfolio: every account in the reader's scope, the most revenue at risk first."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.vary import vary_on_headers

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from signals.key_figures import figures, open_alerts
from signals.notices import judgement
from signals.portfolio import Filters
from signals.portfolio_controls import controls
from signals.rows import rows

ROWS_A_PAGE = 50


class CountedPaginator(Paginator):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Pages of a list whose length is known already, from the counts of the bands."""

    def __init__(self, accounts: Any, length: int) -> None:
        super().__init__(accounts, ROWS_A_PAGE)
        self.length = length

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        return self.length


@access(EXCEPT_OPERATIONS)
@vary_on_headers("HX-Request")
def portfolio(request: Request) -> HttpResponse:
    filters = Filters.of(request.GET.dict(), request.user)
    known = judgement()
    numbers = figures(filters, request.user, known.shown.business_date if known.shown else None)
    length = numbers.matching[filters.band] if filters.band else sum(numbers.matching.values())
    page = CountedPaginator(filters.accounts(request.user), length).get_page(filters.page)
    alerts = open_alerts(filters, request.user)
    context = {
        "filters": filters,
        "controls": controls(filters, request.user, numbers, page),
        "figures": numbers,
        "judgement": known,
        "page_obj": page,
        "rows": rows(page),
        "alerts_in_scope": alerts["in_scope"],
        "open_alert_count": alerts["everywhere"],
    }
    fragment = "#table" if request.htmx else ""
    headers = {"HX-Push-Url": request.path + filters.address(page=filters.page)} if fragment else None
    return TemplateResponse(request, f"signals/portfolio.html{fragment}", context, headers=headers)
