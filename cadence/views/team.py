"""Scorecards: a team side by side, and the card of one person."""

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Role, User
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from accounts_app.views.listing import Column, sorting
from cadence.forms.scorecard_policy import ScorecardPolicyForm
from cadence.models import ScorecardPolicy
from cadence.pages.scorecard_page import ScorecardPage
from cadence.pages.scorecard_scope import Scope
from cadence.pages.team_export import TeamTable
from cadence.pages.team_page import TeamPage
from cadence.views.cadence import XLSX
from signals.pages.notices import Judgement, judgement

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


def columns(*, by_team: bool) -> list[Column]:
    """Each is sorted in the page itself; `field` only says that it can be."""
    shown = [
        ("name", _("Team") if by_team else _("Manager"), ""),
        ("accounts", _("Accounts"), "number"),
        ("kept", _("Kept (gross)"), "number"),
        ("against", _("Against what was expected"), ""),
        ("net", _("Net"), "number"),
        ("expansion", _("Expansion"), "number"),
        ("healthy", _("Healthy"), "number"),
        ("cadence", _("Days kept"), "number"),
        ("proactive", _("Proactive"), "number"),
        ("value", _("With a value"), "number"),
        ("levels", _("Levels covered"), "number"),
        ("hours", _("Hours a week"), "number"),
    ]
    return [Column(key, label, "pk", css, descending_first=key != "name") for key, label, css in shown]


@access(EXCEPT_OPERATIONS)
def team(request: Request) -> HttpResponse:
    scope = Scope.of(request.user)
    if scope.is_own_only:
        query = request.GET.urlencode()
        own = reverse("cadence:team_card", args=[request.user.pk])
        return redirect(f"{own}?{query}" if query else own)
    context = {
        "page": _page(request, scope),
        "sorting": sorting(request, columns(by_team=scope.by_team), default="name"),
        "may_switch": request.user.role in ADMINISTRATORS,
        "judgement": _judged(),
    }
    return page_or_fragment(request, "cadence/team.html", context)


@access(EXCEPT_OPERATIONS)
def team_csv(request: Request) -> HttpResponseBase:
    table = TeamTable(_page(request, Scope.of(request.user)))
    headers = {"Content-Disposition": f'attachment; filename="{table.name}.csv"'}
    return StreamingHttpResponse(table.csv(), content_type="text/csv; charset=utf-8", headers=headers)


@access(EXCEPT_OPERATIONS)
def team_xlsx(request: Request) -> HttpResponseBase:
    table = TeamTable(_page(request, Scope.of(request.user)))
    return FileResponse(table.workbook(), as_attachment=True, filename=f"{table.name}.xlsx", content_type=XLSX)


@access(WHO_ACT)
def team_card(request: Request, pk: int) -> HttpResponse:
    scope = Scope.of(request.user)
    person = get_object_or_404(scope.people(), pk=pk)
    today = company_of(request).day_of(timezone.now())
    page = ScorecardPage(scope, person, request.GET.dict(), company_of(request), today)
    context = {"page": page, "judgement": _judged()}
    return TemplateResponse(request, "cadence/team_card.html", context)


@access(ADMINISTRATORS, methods=("GET", "POST"))
def team_policy(request: Request) -> HttpResponse:
    form = ScorecardPolicyForm(request.POST if request.method == "POST" else None, instance=ScorecardPolicy.the())
    if form.is_bound and form.is_valid():
        form.save()
        return saved(request, text=_("Saved: it holds for every page from now on."), back=reverse("cadence:team"))
    context = {"form": form, "is_dialog": is_fragment(request)}
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, "cadence/team_policy.html", context, fragment="dialog", status=status)


def _judged() -> Judgement:
    """What is missing of the judgement, as somebody without people to lead is told: a card names nobody else."""
    return judgement(User(role=Role.READ_ONLY))


def _page(request: Request, scope: Scope) -> TeamPage:
    company = company_of(request)
    return TeamPage(scope, request.GET.dict(), company, company.day_of(timezone.now()))
