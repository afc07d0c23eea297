"""What happened at the account beyond orders and contacts: changes, losses, and the days it is known to be quiet."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.forms.kinds import CHANGE_EVENT, LOSS, QUIET_PERIOD
from accounts_app.models import Account, ChangeEvent, Loss, QuietPeriod
from accounts_app.views.account_frame import visible_account
from accounts_app.views.evidence import Evidence, evidence_of
from accounts_app.views.fact_table import FactTable, Words, fact_table, facts_page
from accounts_app.views.listing import Column, page_of, sorting

# The keys differ, so that one address sorts one of the three lists and leaves the others as they are.
EVENT_COLUMNS = (
    Column("event", _("What happened"), "title"),
    Column("kind", _("Kind"), "kind"),
    Column("happened", _("When"), "happened_on", descending_first=True),
    Column("source", _("Source")),
)
LOSS_COLUMNS = (
    Column("part", _("What is gone"), "part"),
    Column("lost", _("When"), "lost_on", descending_first=True),
    Column("reason", _("Why"), "reason"),
    Column("worth", _("Worth a year"), "reporting_annual_amount", css="number", descending_first=True),
    Column("source", _("Source")),
)
QUIET_COLUMNS = (
    Column("quiet", _("Reason"), "reason"),
    Column("from", _("First day"), "from_day", descending_first=True),
    Column("until", _("Last day"), "until_day", descending_first=True),
    Column("whose", _("Whose")),
    Column("source", _("Source")),
)
EVENT_WORDS = Words(
    title=_("Events"),
    caption=_("What happened at this customer"),
    empty_title=_("No event is known"),
    empty_text=_(
        "Here stands what changes a customer: a new executive, a merger, a restructuring, a product begun or ended. It "
        "is the first hour for a visit, and often the reason when a rhythm breaks."
    ),
    row="event_row.html",
)
LOSS_WORDS = Words(
    title=_("Losses"),
    caption=_("What of this customer's business is gone"),
    empty_title=_("Nothing is lost"),
    empty_text=_(
        "When the account or a part of its business goes, record it: from losses the signals learn what came before."
    ),
    row="loss_row.html",
)
QUIET_WORDS = Words(
    title=_("Quiet periods"),
    caption=_("Days on which no order is expected of this customer"),
    empty_title=_("No quiet period is known"),
    empty_text=_("A closure, a stocktaking, a move: on days named here a missing order alarms nobody."),
    row="quiet_period_row.html",
)


@access(EXCEPT_OPERATIONS)
def event_list(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    evidence = evidence_of(request)
    order = sorting(request, EVENT_COLUMNS, default="-happened")
    page = page_of(request, _events(request, account, evidence).order_by(*order.ordering))
    events = fact_table(account, CHANGE_EVENT, EVENT_WORDS, order.headers, page["page_obj"])
    # A link to the rows behind a figure means events only; the other two are never many.
    others = [] if evidence.is_set else [_losses(request, account), _quiet_periods(request, account)]
    return facts_page(request, account, "events", [events, *others], evidence, **page)


def _events(request: Request, account: Account, evidence: Evidence) -> "QuerySet[ChangeEvent]":
    wanted = evidence.condition("happened_on", "known_on")
    return ChangeEvent.objects.visible_to(request.user).filter(wanted, account=account).select_related("feed")


def _losses(request: Request, account: Account) -> FactTable:
    order = sorting(request, LOSS_COLUMNS, default="-lost")
    losses = Loss.objects.visible_to(request.user).filter(account=account).select_related("feed")
    return fact_table(account, LOSS, LOSS_WORDS, order.headers, list(losses.order_by(*order.ordering)))


def _quiet_periods(request: Request, account: Account) -> FactTable:
    """The account's own, its country's and our company's: all of them excuse a missing order."""
    order = sorting(request, QUIET_COLUMNS, default="-from")
    whose = Q(account=account) | Q(account=None, country=account.country) | Q(account=None, country="")
    periods = QuietPeriod.objects.filter(whose).select_related("feed").order_by(*order.ordering)
    return fact_table(account, QUIET_PERIOD, QUIET_WORDS, order.headers, list(periods))
