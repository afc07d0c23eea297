"""The portfolio: every account in the reader's scope, the most revenue at risk first."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts_app.access import EVERYONE_INSIDE, EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Account, Role
from accounts_app.views.fragments import is_fragment, page_or_fragment
from signals.pages.losses.alarm import loss_alarm
from signals.pages.notices import Notice, judgement
from signals.pages.portfolio.address import opened
from signals.pages.portfolio.changes import Changes, changes
from signals.pages.portfolio.controls import controls
from signals.pages.portfolio.filters import ROLES_THAT_ASSIGN, SHOWN_WITH, Filters
from signals.pages.portfolio.key_figures import figures, open_alerts
from signals.pages.portfolio.row_html import row_html
from signals.pages.portfolio.rows import Row, rows
from signals.pages.portfolio.saved import Views, views_of
from signals.services.manual_judgements import in_force_of
from signals.services.visits import mark_read, seen

ROWS_A_PAGE = 50


@access(EVERYONE_INSIDE)
def portfolio(request: Request) -> HttpResponse:
    if request.user.role == Role.OPERATIONS:
        # The root is where a log-in ends; theirs is the board of incidents, and nothing here is for them.
        return redirect("accounts:incident_board")
    views = views_of(request.user)
    if views.start and not request.GET and not is_fragment(request):
        return redirect(views.start.url)
    return _list(request, views)


def _list(request: Request, views: Views) -> HttpResponse:
    address = opened(request.GET.dict(), request.user, has_start_view=views.start is not None)
    filters, known = address.filters, judgement(request.user)
    numbers = figures(filters, request.user, known.shown.business_date if known.shown else None)
    paginator = Paginator(filters.accounts(request.user).values("pk"), ROWS_A_PAGE)
    # The key figures have counted the rows already.
    paginator.count = numbers.matching_in(filters.band)
    page = paginator.get_page(filters.page)
    alerts = open_alerts(filters, request.user)
    accounts = filters.on_page(page.object_list, request.user)
    judgements = in_force_of([account.pk for account in accounts], company_of(request).day_of(timezone.now()))
    context = {
        "filters": filters,
        "left_out": address.left_out,
        "controls": controls(filters, address.choices, numbers, page),
        "views": views.at(filters),
        "figures": numbers,
        "judgement": known,
        "loss_alarms": [] if is_fragment(request) else _loss_alarms(request),
        "page_obj": page,
        "rows": [row_html(row, company_of(request), **_may(request)) for row in rows(accounts, judgements)],
        "vacant_first": address.choices.has_vacant and filters.shows_vacant_first(request.user),
        "changes": None if is_fragment(request) else _changes(request, filters),
        "alerts_in_scope": alerts["in_scope"],
        "open_alert_count": alerts["on_desk"],
        **_may(request),
    }
    response = page_or_fragment(request, "signals/portfolio.html", context, fragment="table")
    # The address to show is the one without what says nothing, whatever the form sent.
    response["HX-Push-Url"] = request.path + filters.address(page=filters.page)
    return response


def _loss_alarms(request: Request) -> list[Notice]:
    return loss_alarm(request.user, company_of(request).day_of(timezone.now()))


def _changes(request: Request, filters: Filters) -> Changes:
    now, company = timezone.now(), company_of(request)
    since = seen(request.user, now=now)
    scope = filters.in_scope(request.user)
    return changes(scope, since, now=now, today=company.day_of(now), day=company.day_of(since or now))


def _may(request: Request) -> dict[str, bool]:
    """What the rows offer this reader."""
    return {"may_act": request.user.role in WHO_ACT, "may_assign": request.user.role in ROLES_THAT_ASSIGN}


@access(EXCEPT_OPERATIONS)
def portfolio_row(request: Request, pk: int) -> HttpResponse:
    """One row as the list shows it, for a page that has heard that it changed."""
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related(*SHOWN_WITH), pk=pk)
    row = Row(account, in_force_of([pk], company_of(request).day_of(timezone.now())).get(pk))
    return HttpResponse(row_html(row, company_of(request), **_may(request)))


@access(EXCEPT_OPERATIONS, methods=("POST",))
def changes_read(request: Request) -> HttpResponse:
    """What has been told is told no more."""
    mark_read(request.user, now=timezone.now())
    if not is_fragment(request):
        return redirect("signals:portfolio")
    return TemplateResponse(request, "signals/portfolio_changes.html", {"changes": Changes(timezone.now())})
