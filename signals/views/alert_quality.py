"""How often each signal was right, from what people said when they closed its alerts."""

from django.http import HttpResponse
from django.utils import timezone

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.views.fragments import page_or_fragment
from signals.pages.alerts import words
from signals.pages.alerts.quality import FEW, QualityFilters, qualities


@access(EXCEPT_OPERATIONS)
def alert_quality(request: Request) -> HttpResponse:
    filters = QualityFilters.of(request)
    rows = qualities(filters.alerts(company_of(request).day_of(timezone.now())))
    context = {
        "rows": rows,
        "judged": sum(row.judged for row in rows),
        "few": FEW,
        "periods": filters.period_options(),
        "teams": filters.team_options(),
        "tabs": words.tabs("quality"),
    }
    return page_or_fragment(request, "signals/alert_quality.html", context)
