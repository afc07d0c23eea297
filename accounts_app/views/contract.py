"""What binds the customer and us, and how long notice can still be given."""

from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, ExpressionWrapper, F
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.forms.kinds import CONTRACT
from accounts_app.models import Contract
from accounts_app.views.account_frame import visible_account
from accounts_app.views.evidence import evidence_of
from accounts_app.views.fact_table import Words, fact_table, facts_page
from accounts_app.views.listing import Column, page_of, sorting

# From here on a deadline is said in red: a quarter is what a renewal takes.
SOON_DAYS = 90

COLUMNS = (
    Column("number", gettext_lazy("Contract"), "number"),
    Column("starts", gettext_lazy("From"), "starts_on", descending_first=True),
    Column("ends", gettext_lazy("Until"), "ends_on"),
    Column("notice", gettext_lazy("Notice by"), "notice_by"),
    Column("value", gettext_lazy("Worth a year"), "reporting_annual_value", css="number", descending_first=True),
    Column("source", gettext_lazy("Source")),
)
WORDS = Words(
    title=gettext_lazy("Contracts"),
    caption=gettext_lazy("Contracts with this customer, and until when notice can be given"),
    empty_title=gettext_lazy("No contract is known"),
    empty_text=gettext_lazy(
        "Here every contract stands with its end and the last day on which notice can be given: the money that may "
        "leave, and by when a talk about the next term is due."
    ),
    row="contract_row.html",
    all_url="cadence:contracts",
    all_label=gettext_lazy("Contracts of all accounts"),
)


@dataclass(frozen=True)
class Row:
    contract: Contract
    today: date

    @property
    def days_left(self) -> int | None:
        deadline = self.contract.notice_deadline
        return None if deadline is None else (deadline - self.today).days

    @property
    def is_over(self) -> bool:
        """Whether it has ended; one that renews by itself has not, even if nobody typed in the new term."""
        ends_on = self.contract.ends_on
        return ends_on is not None and ends_on < self.today and not self.contract.auto_renews

    @property
    def is_pressing(self) -> bool:
        days = self.days_left
        return days is not None and 0 <= days <= SOON_DAYS and self.contract.notice_received_on is None

    @property
    def notice_words(self) -> str:
        """How long notice can still be given."""
        if self.is_over:
            return _("ended")
        if self.contract.no_cause:
            return _("any day")
        return _("runs on, no end is set") if self.days_left is None else _distance(self.days_left)


def _distance(days: int) -> str:
    if days == 0:
        return _("today is the last day")
    if days > 0:
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    return ngettext("passed %(n)d day ago", "passed %(n)d days ago", -days) % {"n": -days}


@access(EXCEPT_OPERATIONS)
def contract_list(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    order = sorting(request, COLUMNS, default="notice")
    evidence = evidence_of(request)
    shown = Contract.objects.visible_to(request.user).filter(
        evidence.condition("starts_on", "known_on"), account=account
    )
    notice_by = ExpressionWrapper(F("ends_on") - F("notice_days"), output_field=DateField())
    dated = shown.annotate(notice_by=notice_by).select_related("feed")
    page = page_of(request, dated.order_by(*order.ordering))
    today = company_of(request).day_of(timezone.now())
    rows = [Row(contract, today) for contract in page["page_obj"]]
    table = fact_table(account, CONTRACT, WORDS, order.headers, rows)
    return facts_page(request, account, "contracts", [table], evidence, **page)
