"""What we promised a customer: what is still open, and what became of the rest."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, F, Value, When
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.forms.kinds import PROMISE
from accounts_app.models import Promise
from accounts_app.views.account_frame import visible_account
from accounts_app.views.evidence import evidence_of
from accounts_app.views.fact_table import Words, fact_table, facts_page
from accounts_app.views.listing import Column, page_of, sorting

SHOWN = 5
COLUMNS = (
    Column("text", _("What we promised")),
    Column("contact", _("To"), "contact__name"),
    Column("by", _("Who sees to it"), "by__name"),
    Column("promised", _("Promised"), "promised_on", descending_first=True),
    Column("state", _("State"), "closed_on", descending_first=True),
    Column("due", _("Until"), "due_on"),
    Column("source", _("Source")),
)
WORDS = Words(
    title=_("Promises"),
    caption=_("What we promised this customer; what is still open comes first"),
    empty_title=_("Nothing is promised"),
    empty_text=_(
        "Here stands what we told this customer we would do, until when and who sees to it. Promises stay with the "
        "account when its owner changes."
    ),
    row="promise_row.html",
)


@access(EXCEPT_OPERATIONS)
def promise_list(request: Request, pk: int) -> HttpResponse:
    """Open ones first, of those what is due first; then what was closed last, unless another order is asked for."""
    account = visible_account(request.user, pk)
    order = sorting(request, COLUMNS, default="due")
    evidence = evidence_of(request)
    today = company_of(request).day_of(timezone.now())
    rows = Promise.objects.visible_to(request.user).filter(account=account).select_related("contact", "by", "feed")
    if "sort" in request.GET:
        rows = rows.alias(closed=Case(When(closed_on=None, then=Value(0)), default=Value(1)))
        rows = rows.order_by("closed", *order.ordering)
    page = page_of(request, rows)
    table = fact_table(account, PROMISE, WORDS, order.headers, page["page_obj"])
    mark_overdue(page["page_obj"], today)
    return facts_page(request, account, "promises", [table], evidence, today=today, **page)


@access(EXCEPT_OPERATIONS)
def promise_card(request: Request, pk: int) -> HttpResponse:
    """The open ones, for the overview of the account; without script the link leads to the list."""
    account = visible_account(request.user, pk)
    opened = Promise.objects.visible_to(request.user).filter(account=account).open().select_related("contact", "by")
    rows = list(opened.order_by(F("due_on").asc(nulls_last=True), "pk"))
    mark_overdue(rows, company_of(request).day_of(timezone.now()))
    context = {"account": account, "promises": rows[:SHOWN], "more": max(len(rows) - SHOWN, 0), "count": len(rows)}
    return TemplateResponse(request, "accounts_app/promise_card.html", context)


def mark_overdue(rows: Iterable[Promise], today: date) -> None:
    for row in rows:
        row.is_overdue = row.is_open and row.due_on is not None and row.due_on < today  # type: ignore[attr-defined]
