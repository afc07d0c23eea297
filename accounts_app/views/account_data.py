"""What is known of the account itself, and who answered for it when."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.forms.account import AccountForm
from accounts_app.models import Account, Ownership
from accounts_app.views.account_frame import account_frame, editable_account, visible_account
from accounts_app.views.evidence import address_without_evidence, evidence_of
from accounts_app.views.fact import answer
from accounts_app.views.fragments import page_or_fragment, saved
from accounts_app.views.listing import page_of


@access(EXCEPT_OPERATIONS)
def account_details(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    evidence = evidence_of(request)
    history = Ownership.objects.visible_to(request.user).filter(account=account).select_related("user", "feed")
    if evidence.is_set:  # the rows behind a signal: who owned the account; deputies have no part in it
        history = history.filter(evidence.condition("from_day", "known_on"), duty=Ownership.Duty.OWNER)
    page = page_of(request, history.order_by("duty", "-from_day"))
    context = {
        **account_frame(request, account, "details"),
        "parts": Account.objects.visible_to(request.user).filter(parent=account),
        "keys": account.keys.select_related("feed").order_by("feed", "key"),
        **page,
        "history": page["page_obj"],
        "evidence": evidence,
        "all_rows_url": address_without_evidence(request),
    }
    return page_or_fragment(request, "accounts_app/account_details.html", context)


@access(WHO_ACT, methods=("GET", "POST"))
def account_edit(request: Request, pk: int) -> HttpResponse:
    account = editable_account(request.user, pk)
    back = reverse("accounts:account_details", args=[pk])
    data = request.POST if request.method == "POST" else None
    today = company_of(request).day_of(timezone.now())
    form = AccountForm(data, instance=account, today=today, user=request.user)
    if request.method == "POST" and form.perform(by=request.user):
        text = " ".join(filter(None, (_("Account saved."), form.said)))
        return saved(request, text=text, back=back, undo_url=form.undo_url)
    return answer(request, form, account, title=_("Edit the account"), back=back)
