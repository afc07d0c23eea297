"""The audits: what waits, every quarter, opening the next one, and the page of a quarter."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.models import Role
from accounts_app.views.listing import address, page_of
from cadence.models import AuditCycle, AuditPolicy
from cadence.pages.audit_address import CycleAsked
from cadence.pages.audit_cycle_page import CyclePage
from cadence.pages.audit_list import Waiting, cycles_of
from cadence.pages.audit_opening import Opening
from cadence.services.audits import AuditError, open_cycle
from cadence.views.audit import today_of

LEADERS = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})
ROWS_A_PAGE = 50


@access(EXCEPT_OPERATIONS)
def audit_list(request: Request) -> HttpResponse:
    today, leads = today_of(request), request.user.role in LEADERS
    cycles = cycles_of(request.user, today)
    context = {
        "cycles": cycles,
        "waiting": Waiting(request.user, today, every=request.GET.get("show") == "all"),
        "opening": Opening(today, AuditPolicy.the(), request.user) if leads else None,
        "leads": leads,
        "today": today,
    }
    return TemplateResponse(request, "cadence/audits.html", context)


@access(LEADERS, methods=("GET", "POST"))
def audit_open(request: Request) -> HttpResponse:
    """Whom the policy chooses, then the quarter's audit is opened for them."""
    today, refused = today_of(request), ""
    if request.method == "POST":
        try:
            cycle = open_cycle(today, request.user)
            return HttpResponseRedirect(reverse("cadence:audit_cycle", args=[cycle.name]))
        except AuditError as refusal:
            refused = str(refusal)
    opening = Opening(today, AuditPolicy.the(), request.user)
    context = {"opening": opening, "refused": refused, **page_of(request, opening.accounts)}
    return TemplateResponse(request, "cadence/audit_open.html", context, status=422 if refused else 200)


@access(EXCEPT_OPERATIONS)
def audit_cycle(request: Request, name: str) -> HttpResponse:
    cycle = get_object_or_404(AuditCycle.objects.select_related("questions", "opened_by"), name=name)
    page = CyclePage(cycle, CycleAsked.of(request.GET.dict()), request.user, today_of(request))
    rows = Paginator(page.shown, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "cycle": cycle,
        "rows": rows.object_list,
        "page_obj": rows,
        "previous_url": address(request, page=str(rows.previous_page_number())) if rows.has_previous() else "",
        "next_url": address(request, page=str(rows.next_page_number())) if rows.has_next() else "",
        "here": request.get_full_path(),
    }
    return TemplateResponse(request, "cadence/audit_cycle.html", context)
