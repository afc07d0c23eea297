"""The portfolio: every account in the reader's scope, the most revenue at risk first."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts_app.access import EVERYONE_INSIDE, Request, access
from accounts_app.models import Role
from accounts_app.views.fragments import page_or_fragment
from signals.key_figures import figures, open_alerts
from signals.notices import judgement
from signals.portfolio import Filters
from signals.portfolio_controls import controls
from signals.rows import rows

ROWS_A_PAGE = 50


@access(EVERYONE_INSIDE)
def portfolio(request: Request) -> HttpResponse:
    if request.user.role == Role.OPERATIONS:
        # The root is where a log-in ends; theirs is the board of incidents, and nothing here is for them.
        return redirect("accounts:incident_board")
    filters = Filters.of(request.GET.dict(), request.user)
    known = judgement(request.user)
    numbers = figures(filters, request.user, known.shown.business_date if known.shown else None)
    page = Paginator(filters.accounts(request.user), ROWS_A_PAGE).get_page(filters.page)
    alerts = open_alerts(filters, request.user)
    context = {
        "filters": filters,
        "controls": controls(filters, request.user, numbers, page),
        "figures": numbers,
        "judgement": known,
        "page_obj": page,
        "rows": rows(page),
        "alerts_in_scope": alerts["in_scope"],
        "open_alert_count": alerts["on_desk"],
    }
    response = page_or_fragment(request, "signals/portfolio.html", context, fragment="table")
    # The address to show is the one without what says nothing, whatever the form sent.
    response["HX-Push-Url"] = request.path + filters.address(page=filters.page)
    return response
