"""What is done with an audit as a whole: signing, sending back, correcting, leaving out, naming its reviewer."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.views.fragments import is_fragment, saved
from cadence.forms.audit import ReasonForm, ReviewerForm
from cadence.models import Audit
from cadence.services.audit_acts import leave_out, name_reviewer, take_in_again
from cadence.services.audit_corrections import supersede
from cadence.services.audit_signing import send_back, sign_as_leader, sign_as_owner
from cadence.services.audits import AuditError
from cadence.views.audit import asked, page_of, whole
from cadence.views.audits import LEADERS


def _done(request: Request, found: Audit, act: Callable[[], Any], text: str) -> HttpResponse:
    """Do it and say so on the page; what is refused is said there too, and nothing is changed."""
    back = page_of(request, found).url
    try:
        act()
    except AuditError as refusal:
        if is_fragment(request):
            return _anew(request, messages.ERROR, str(refusal), back)
        present = asked(request, found.cycle.name, found.account_id)
        return whole(request, page_of(request, present), 422, refused=str(refusal))
    return (
        _anew(request, messages.SUCCESS, text, back) if is_fragment(request) else saved(request, text=text, back=back)
    )


def _anew(request: Request, level: int, text: str, url: str) -> HttpResponse:
    """After the undo of a message the whole page is another."""
    messages.add_message(request, level, text)
    return HttpResponseClientRedirect(url)


def _with_reason(
    request: Request, found: Audit, act: Callable[[Audit, str, Any], Any], which: str, text: str, *, undo_url: str = ""
) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return whole(request, page_of(request, found), 422, refused=_first(form), which=which, reason=_typed(request))
    try:
        act(found, form.cleaned_data["reason"], request.user)
    except AuditError as refusal:
        present = asked(request, found.cycle.name, found.account_id)
        return whole(request, page_of(request, present), 422, refused=str(refusal), which=which, reason=_typed(request))
    return saved(request, text=text, back=page_of(request, found).url, undo_url=undo_url)


def _typed(request: Request) -> str:
    return str(request.POST.get("reason", ""))


def _first(form: forms.Form) -> str:
    missing = _("Give the reason: it stays with the audit.")
    return next((str(error) for error in form.errors.get("reason", []) if form.data.get("reason")), missing)


@access(WHO_ACT, methods=("POST",))
def audit_sign(request: Request, name: str, pk: int) -> HttpResponse:
    """Sign as owner what is in progress, as leader what the owner has signed: the form says which was meant."""
    found, seen = asked(request, name, pk), request.POST.get("seen", "")
    if request.POST.get("as") == "leader":
        signed = _("Signed: it stays as it is now.")
        return _done(request, found, lambda: sign_as_leader(found, request.user, seen), signed)
    return _done(request, found, lambda: sign_as_owner(found, request.user, seen), _("Signed: the leader signs next."))


@access(LEADERS, methods=("POST",))
def audit_send_back(request: Request, name: str, pk: int) -> HttpResponse:
    said = _("Sent back: the owner's signature is void, and the audit can be changed again.")
    return _with_reason(request, asked(request, name, pk), send_back, "send_back", said)


@access(LEADERS, methods=("POST",))
def audit_correct(request: Request, name: str, pk: int) -> HttpResponse:
    said = _("A correction is begun. Until both have signed it, the signed audit counts.")
    return _with_reason(request, asked(request, name, pk), supersede, "correct", said)


@access(LEADERS, methods=("POST",))
def audit_leave_out(request: Request, name: str, pk: int) -> HttpResponse:
    said = _("Left out of this audit. What was entered is kept.")
    found = asked(request, name, pk)
    undo_url = reverse("cadence:audit_take_in", args=[name, pk]) + f"?revision={found.revision}"
    return _with_reason(request, found, leave_out, "leave_out", said, undo_url=undo_url)


@access(LEADERS, methods=("POST",))
def audit_take_in(request: Request, name: str, pk: int) -> HttpResponse:
    found = asked(request, name, pk)
    return _done(request, found, lambda: take_in_again(found, request.user), _("Taken in again."))


@access(LEADERS, methods=("POST",))
def audit_reviewer(request: Request, name: str, pk: int) -> HttpResponse:
    found = asked(request, name, pk)
    page = page_of(request, found)
    form = ReviewerForm(request.POST, choices=page.reviewers)
    if not form.is_valid():
        return whole(request, page, 422, refused=_("Choose who reviews this account."))
    reviewer = form.cleaned_data["reviewer"]
    text = _("{name} reviews this account.").format(name=reviewer)
    return _done(request, found, lambda: name_reviewer(found, reviewer, request.user), text)
