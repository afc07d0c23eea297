"""The audits of one account: the scores quarter by quarter, what was judged, what is still to be done."""

from django.http import HttpResponse
from django.template.response import TemplateResponse

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.views.account_frame import account_frame, visible_account
from cadence.pages.account_audits import AccountAudits
from cadence.views.audit import today_of


@access(EXCEPT_OPERATIONS)
def account_audits(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    page = AccountAudits(account, request.user, today_of(request))
    context = {**account_frame(request, account, "audits"), "page": page}
    return TemplateResponse(request, "cadence/account_audits.html", context)
