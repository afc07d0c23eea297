"""The portfolio: every account in the reader's scope, the most revenue at risk first."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts_app.access import EVERYONE_INSIDE, EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.models import Account, Role
from accounts_app.scope import audience_of
from accounts_app.views.fragments import is_fragment, page_or_fragment
from signals.pages.losses.alarm import loss_alarm
from signals.pages.portfolio.changes import Changes, changes_of
from signals.pages.portfolio.filters import SHOWN_WITH
from signals.pages.portfolio.listing import listing, may
from signals.pages.portfolio.row_html import row_html
from signals.pages.portfolio.rows import Row
from signals.pages.portfolio.saved import Views, views_of
from signals.services.manual_judgements import in_force_of
from signals.services.visits import mark_read, seen


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
    now, company = timezone.now(), company_of(request)
    today, asked = company.day_of(now), tuple(request.GET.dict().items())
    audience = audience_of(request.user)
    shown = listing(audience, asked, company, today, has_start_view=views.start is not None)
    changes = None
    if not is_fragment(request):
        changes = changes_of(audience, shown.filters.whose, seen(request.user, now=now), now, company)
    context = {
        **vars(shown),
        "views": views.at(shown.filters),
        "loss_alarms": [] if is_fragment(request) else loss_alarm(request.user, today),
        "changes": changes,
        **may(request.user),
    }
    response = page_or_fragment(request, "signals/portfolio.html", context, fragment="table")
    # The address to show is the one without what says nothing, whatever the form sent.
    response["HX-Push-Url"] = request.path + shown.filters.address(page=shown.filters.page)
    return response


@access(EXCEPT_OPERATIONS)
def portfolio_row(request: Request, pk: int) -> HttpResponse:
    """One row as the list shows it, for a page that has heard that it changed."""
    account = get_object_or_404(Account.objects.visible_to(request.user).select_related(*SHOWN_WITH), pk=pk)
    row = Row(account, in_force_of([pk], company_of(request).day_of(timezone.now())).get(pk))
    return HttpResponse(row_html(row, company_of(request), **may(request.user)))


@access(EXCEPT_OPERATIONS, methods=("POST",))
def changes_read(request: Request) -> HttpResponse:
    """What has been told is told no more."""
    mark_read(request.user, now=timezone.now())
    if not is_fragment(request):
        return redirect("signals:portfolio")
    return TemplateResponse(request, "signals/portfolio_changes.html", {"changes": Changes(timezone.now())})
