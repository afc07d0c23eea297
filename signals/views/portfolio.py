"""The portfolio: every account in the reader's scope, the most revenue at risk first."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.views.fragments import page_or_fragment
from signals.key_figures import figures, open_alerts
from signals.notices import judgement
from signals.portfolio import Filters
from signals.portfolio_controls import controls
from signals.rows import rows

ROWS_A_PAGE = 50


class CountedPaginator(Paginator):
    """Pages of a list whose length is known already, from the counts of the bands."""

    def __init__(self, accounts: Any, length: int) -> None:
        super().__init__(accounts, ROWS_A_PAGE)
        self.length = length

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        return self.length


@access(EXCEPT_OPERATIONS)
def portfolio(request: Request) -> HttpResponse:
    filters = Filters.of(request.GET.dict(), request.user)
    known = judgement(request.user)
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
    response = page_or_fragment(request, "signals/portfolio.html", context, fragment="table")
    # The address to show is the one without what says nothing, whatever the form sent.
    response["HX-Push-Url"] = request.path + filters.address(page=filters.page)
    return response
