"""What the customer asked of us, and what became of it."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.forms.kinds import INQUIRY
from accounts_app.models import Inquiry
from accounts_app.views.account_frame import visible_account
from accounts_app.views.evidence import evidence_of
from accounts_app.views.fact_table import Words, fact_table, facts_page
from accounts_app.views.listing import Column, page_of, sorting

COLUMNS = (
    Column("number", _("Inquiry"), "number"),
    Column("asked", _("Asked"), "asked_on", descending_first=True),
    Column("contact", _("By"), "contact__name"),
    Column("outcome", _("What became of it"), "outcome"),
    Column("amount", _("Amount"), "reporting_amount", css="number", descending_first=True),
    Column("source", _("Source")),
)
WORDS = Words(
    title=_("Inquiries"),
    caption=_("What this customer asked of us, and what became of it"),
    empty_title=_("No inquiry is known"),
    empty_text=_(
        "Here every request for quotation and every technical question of this account stands, with who got the order. "
        "A customer who stops asking is usually being served by somebody else."
    ),
    row="inquiry_row.html",
)


@access(EXCEPT_OPERATIONS)
def inquiry_list(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    order = sorting(request, COLUMNS, default="-asked")
    evidence = evidence_of(request)
    shown = Inquiry.objects.visible_to(request.user).filter(evidence.condition("asked_on", "known_on"), account=account)
    page = page_of(request, shown.select_related("contact", "feed").order_by(*order.ordering))
    table = fact_table(account, INQUIRY, WORDS, order.headers, page["page_obj"])
    return facts_page(request, account, "inquiries", [table], evidence, **page)
