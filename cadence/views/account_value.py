"""What one account was brought, what it made of it, what to bring next, and what it wants to achieve."""

from django.db.models import F
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.forms.kinds import CUSTOMER_METRIC, INITIATIVE
from accounts_app.models import Account, Initiative
from accounts_app.views.account_frame import account_frame, visible_account
from accounts_app.views.fact_table import FactTable, Words, fact_table
from accounts_app.views.fragments import page_or_fragment
from accounts_app.views.listing import Column, Header, page_of, sorting
from cadence.pages.customer_metrics import metrics_of
from cadence.pages.value_given import brought_to, value_share
from cadence.services.value_proposals import proposal_lists

PROPOSALS_SHOWN = 5
COLUMNS = (
    Column("wish", _("What they want to achieve"), "title"),
    Column("figure", _("The figure they watch")),
    Column("sponsor", _("Who wants it"), "sponsor__name"),
    Column("by", _("By when"), "target_on"),
    Column("state", _("State")),
    Column("source", _("Source")),
)
WORDS = Words(
    title=_("Initiatives"),
    caption=_("What this customer wants to achieve; what is still open comes first"),
    empty_title=_("No initiative is known"),
    empty_text=_(
        "Ask what they want to achieve this year, and by which figure they see it. Value items of its topic are "
        "proposed first."
    ),
    row="initiative_row.html",
)

FIGURE_COLUMNS = (
    Column("figure", _("Figure they watch")),
    Column("values", _("Values")),
    Column("target", _("Target")),
    Column("unit", _("Unit")),
    Column("source", _("Source")),
)
FIGURE_WORDS = Words(
    title=_("Their figures"),
    caption=_("The figures this customer watches, each with its latest values and its target"),
    empty_title=_("No figure is known"),
    empty_text=_(
        "A figure by which they see whether it works, such as hours of unplanned stops a month. Its course is shown "
        "to them in a review."
    ),
    row="customer_metric_row.html",
)


@access(EXCEPT_OPERATIONS)
def account_value(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    today = company_of(request).day_of(timezone.now())
    context = {
        **account_frame(request, account, "value"),
        **page_of(request, brought_to(account, request.user)),
        "today": today,
        "share": value_share(account, request.user, today),
        "proposals": proposal_lists([account], today=today, most=PROPOSALS_SHOWN)[pk],
        "table": _initiatives(request, account),
        "figures": _figures(request, account),
    }
    return page_or_fragment(request, "cadence/account_value.html", context)


def _figures(request: Request, account: Account) -> FactTable:
    headers = [Header(one.key, one.label, one.css, "", False, False) for one in FIGURE_COLUMNS]  # noqa: FBT003
    return fact_table(account, CUSTOMER_METRIC, FIGURE_WORDS, headers, metrics_of(account, request.user))


def _initiatives(request: Request, account: Account) -> FactTable:
    """Open ones first, whatever the order asked for."""
    order = sorting(request, COLUMNS, default="by")
    rows = Initiative.objects.visible_to(request.user).filter(account=account).select_related("sponsor", "feed")
    ordered = rows.order_by(F("ended_on").desc(nulls_first=True), *order.ordering)
    return fact_table(account, INITIATIVE, WORDS, order.headers, list(ordered))
