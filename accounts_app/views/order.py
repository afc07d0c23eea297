"""The orders of an account, with their lines on demand: an order of a web shop has hundreds of them."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.models import Order, OrderLine
from accounts_app.views.account_frame import account_frame, visible_account
from accounts_app.views.evidence import address_without_evidence, evidence_of
from accounts_app.views.fragments import page_or_fragment
from accounts_app.views.listing import Column, page_of, sorting

COLUMNS = (
    Column("number", _("Order"), "number"),
    Column("day", _("Day"), "ordered_on", descending_first=True),
    Column("lines", _("Lines")),
    Column("own", _("As invoiced"), css="number"),
    Column("amount", _("Amount"), "reporting_amount", css="number", descending_first=True),
)


@access(EXCEPT_OPERATIONS)
def order_list(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    order = sorting(request, COLUMNS, default="-day")
    evidence = evidence_of(request)
    behind = evidence.condition("ordered_on", "known_on")
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(n=Count("pk"))
    rows = Order.objects.visible_to(request.user).filter(behind, account=account).order_by(*order.ordering)
    page = page_of(request, rows.annotate(line_count=Coalesce(Subquery(lines.values("n")), 0)))
    reporting = company_of(request).currency
    context = {
        **account_frame(request, account, "orders"),
        **page,
        "headers": order.headers,
        "has_other_currency": any(one.currency != reporting for one in page["page_obj"]),
        "evidence": evidence,
        "all_rows_url": address_without_evidence(request),
    }
    return page_or_fragment(request, "accounts_app/order_list.html", context)


@access(EXCEPT_OPERATIONS)
def order_detail(request: Request, pk: int, order_pk: int) -> HttpResponse:
    """The lines of one order: opened in its row, or a page of its own without script."""
    account = visible_account(request.user, pk)
    order = get_object_or_404(Order.objects.visible_to(request.user).filter(account=account), pk=order_pk)
    context = {**account_frame(request, account, "orders"), "order": order, "lines": order.lines.all()}
    return page_or_fragment(request, "accounts_app/order_detail.html", context, fragment="lines")
