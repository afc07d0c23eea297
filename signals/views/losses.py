"""The losses: listed, summed up, exported, recorded; and when leaders are told of several at once."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Role
from accounts_app.views.account_choice import picker_for
from accounts_app.views.fragments import page_or_fragment
from accounts_app.views.listing import Column, page_of, sorting
from accounts_app.views.settings import tabs
from signals.models import LossAlarm
from signals.pages.losses import exports
from signals.pages.losses.forms import LossAlarmForm, LostAccountForm
from signals.pages.losses.list import LossFilters, LossRow, loss_rows, totals, with_rows
from signals.views.portfolio_export import XLSX

COLUMNS = (
    Column("account", gettext_lazy("Account"), "account__sort_name"),
    Column("lost", gettext_lazy("Lost"), "lost_on", descending_first=True),
    Column("reason", gettext_lazy("Why"), "reason"),
    Column("worth", gettext_lazy("Worth a year"), "reporting_annual_amount", css="number", descending_first=True),
    Column("first", gettext_lazy("Rose first")),
    Column("warned", gettext_lazy("Somebody was warned")),
)


def _filters(request: Request) -> LossFilters:
    return LossFilters.of(request, company_of(request).day_of(timezone.now()))


@access(EXCEPT_OPERATIONS)
def loss_list(request: Request) -> HttpResponse:
    filters = _filters(request)
    order = sorting(request, COLUMNS, default="-lost")
    page = page_of(request, with_rows(filters.losses(), request.user).order_by(*order.ordering))
    context = {
        **page,
        "filters": filters,
        "headers": order.headers,
        "rows": loss_rows(page["page_obj"]),
        "totals": totals(filters.losses(), company_of(request).currency),
        "may_record": request.user.role in WHO_ACT,
        "query": request.GET.urlencode(),
    }
    return page_or_fragment(request, "signals/losses.html", context)


@access(EXCEPT_OPERATIONS)
def losses_csv(request: Request) -> HttpResponseBase:
    lines = exports.as_csv(_rows(request), company_of(request))
    headers = {"Content-Disposition": f'attachment; filename="{_name(request)}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@access(EXCEPT_OPERATIONS)
def losses_xlsx(request: Request) -> HttpResponseBase:
    filters, company = _filters(request), company_of(request)
    chosen = [one for options in (filters.extents(), filters.periods(), filters.reasons()) for one in options]
    scope = " · ".join(str(one["label"]) for one in chosen if one["is_current"])
    book = exports.as_workbook(_rows(request), company, scope=scope, made_on=filters.today)
    return FileResponse(book, as_attachment=True, filename=f"{_name(request)}.xlsx", content_type=XLSX)


def _rows(request: Request) -> list[LossRow]:
    return loss_rows(with_rows(_filters(request).losses(), request.user).order_by("-lost_on", "-pk"))


def _name(request: Request) -> str:
    company = company_of(request)
    day = company.day_of(timezone.now()).isoformat()
    return f"losses-{day}{'-simulated' if company.simulated else ''}"


@access(WHO_ACT)
def loss_record(request: Request) -> HttpResponse:
    """Of which account; what is lost is asked by the form of its facts."""
    form = LostAccountForm(request.GET if request.GET.get("account") else None, user=request.user)
    if form.is_bound and form.is_valid():
        return redirect("accounts:loss_add", form.cleaned_data["account"].pk)
    context: dict[str, Any] = {"form": form, "picker": picker_for(request, "contact", None)}
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, "signals/loss_record.html", context, fragment="dialog", status=status)


@access(frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR}), methods=("GET", "POST"))
def loss_alarm(request: Request) -> HttpResponseBase:
    form = LossAlarmForm(request.POST if request.method == "POST" else None, instance=LossAlarm.the())
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Saved. The portfolio tells from now on by these numbers."))
        return redirect(reverse("signals:loss_alarm"))
    context = {"form": form, "tabs": tabs(request, "losses")}
    return page_or_fragment(request, "signals/loss_alarm.html", context, status=422 if form.is_bound else 200)
