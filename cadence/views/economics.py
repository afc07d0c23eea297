"""Economics: what is at stake, how revenue is concentrated, and how it changed from one year to the next."""

from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.models import Role
from accounts_app.templatetags.formats import percent
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from accounts_app.views.listing import page_of
from cadence.economics import shares_of_largest
from cadence.forms.assumptions import AssumptionsForm
from cadence.models import Assumptions
from cadence.pages.concentration_page import ConcentrationPage
from cadence.pages.economics_address import Asked
from cadence.pages.economics_chart import lorenz_figure, points
from cadence.pages.economics_export import ChangesTable
from cadence.pages.economics_page import EconomicsPage
from cadence.pages.revenue_changes_page import RevenueChangesPage
from cadence.services.economics import revenues
from cadence.views.cadence import XLSX
from signals.pages.notices import judgement

WHO_ASSUMES = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})


def asked_of(request: Request, tab: str) -> Asked:
    return Asked.of(request.GET.dict(), request.user, company_of(request).day_of(timezone.now()), tab)


@access(EXCEPT_OPERATIONS)
def economics(request: Request) -> HttpResponse:
    asked, assumptions = asked_of(request, "stake"), Assumptions.the()
    context = {
        "page": EconomicsPage(asked, company_of(request), assumptions),
        "assumptions": assumptions,
        "may_assume": request.user.role in WHO_ASSUMES,
        "judgement": judgement(request.user),
        "tabs": asked.tabs(),
    }
    return page_or_fragment(request, "cadence/economics.html", context)


@access(WHO_ASSUMES, methods=("GET", "POST"))
def assumptions_edit(request: Request) -> HttpResponse:
    form = AssumptionsForm(request.POST if request.method == "POST" else None, instance=Assumptions.the())
    if form.is_bound and form.is_valid():
        form.save()
        return saved(
            request, text=_("Saved. Every page reckons with it from now on."), back=reverse("cadence:economics")
        )
    context = {"form": form, "is_dialog": is_fragment(request)}
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, "cadence/assumptions.html", context, fragment="dialog", status=status)


@access(EXCEPT_OPERATIONS)
def concentration(request: Request) -> HttpResponse:
    asked = asked_of(request, "concentration")
    context = {
        "page": ConcentrationPage(asked, request.GET.dict(), company_of(request)),
        "judgement": judgement(request.user),
        "tabs": asked.tabs(),
    }
    return TemplateResponse(request, "cadence/concentration.html", context)


@access(EXCEPT_OPERATIONS)
def concentration_curve(request: Request) -> HttpResponse:
    """The figure that the page draws; the same numbers stand in its table."""
    curve = shares_of_largest(revenues(asked_of(request, "concentration").whose.accounts()))
    said = _("the {n} largest: {share}")
    labels = {n: said.format(n=n, share=percent(float(curve[n - 1]))) for n in points(curve)}
    return JsonResponse(lorenz_figure(curve, labels, _("share of the accounts"), _("share of revenue")))


@access(EXCEPT_OPERATIONS)
def revenue_changes(request: Request) -> HttpResponse:
    asked = asked_of(request, "changes")
    page = RevenueChangesPage(asked, company_of(request))
    listed = page_of(request, page.table.index.tolist())
    context = {
        **listed,
        "page": page,
        "rows": page.rows(list(listed["page_obj"])),
        "judgement": judgement(request.user),
        "tabs": asked.tabs(),
    }
    return TemplateResponse(request, "cadence/revenue_changes.html", context)


@access(EXCEPT_OPERATIONS)
def revenue_changes_csv(request: Request) -> HttpResponseBase:
    table = _changes(request)
    headers = {"Content-Disposition": f'attachment; filename="{table.name}.csv"'}
    return StreamingHttpResponse(table.csv(), content_type="text/csv; charset=utf-8", headers=headers)


@access(EXCEPT_OPERATIONS)
def revenue_changes_xlsx(request: Request) -> HttpResponseBase:
    table = _changes(request)
    return FileResponse(table.workbook(), as_attachment=True, filename=f"{table.name}.xlsx", content_type=XLSX)


def _changes(request: Request) -> ChangesTable:
    return ChangesTable(RevenueChangesPage(asked_of(request, "changes"), company_of(request)))
