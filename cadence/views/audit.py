"""The page of one audit, its answers and its judgement; what is refused comes back as it was typed."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.views.fragments import is_fragment, saved
from cadence.forms.audit import ActionForm, JudgementForm
from cadence.forms.audit_answer import save_answer, typed_in
from cadence.models import Audit
from cadence.pages.audit_lines import Typed
from cadence.pages.audit_page import AuditPage, audit_of
from cadence.services.audit_acts import judge
from cadence.services.audits import AuditError, refresh_evidence


def today_of(request: Request) -> dt.date:
    return company_of(request).day_of(timezone.now())


def asked(request: Request, name: str, pk: int) -> Audit:
    """The audit of an address; a form, or the address of an undo, says which revision is meant."""
    revision = request.POST.get("revision") or request.GET.get("revision", "")
    return audit_of(request.user, name, pk, revision)


def page_of(request: Request, audit: Audit, typed: dict[str, Typed] | None = None) -> AuditPage:
    return AuditPage(audit, request.user, today_of(request), typed)


def context_of(page: AuditPage, **forms: Any) -> dict[str, Any]:
    """What the page needs; a form that was refused takes the place of the empty one."""
    shown: dict[str, Any] = {**page.context, "judgement_form": JudgementForm(audit=page.audit)}
    if page.rights.plan:
        shown["action_form"] = ActionForm(doers=page.doers)
    return shown | forms


def whole(request: Request, page: AuditPage, status: int = 200, **forms: Any) -> HttpResponse:
    return TemplateResponse(request, "cadence/audit.html", context_of(page, **forms), status=status)


def part(request: Request, page: AuditPage, name: str, status: int = 200, **context: Any) -> HttpResponse:
    """One part of the page, with those beside it that say what is to be done next."""
    around = context_of(page, **context) | {"part": name, "swap_oob": True}
    return TemplateResponse(request, "cadence/audit_part.html", around, status=status)


@access(EXCEPT_OPERATIONS)
def audit(request: Request, name: str, pk: int) -> HttpResponse:
    return whole(request, page_of(request, asked(request, name, pk)))


@access(WHO_ACT, methods=("POST",))
def audit_answers(request: Request, name: str, pk: int) -> HttpResponse:
    """Save one question (`only`), or all that are filled in; one that is refused keeps none of the others back."""
    found = asked(request, name, pk)
    # Without script the whole form arrives, whichever button was pressed: the other questions are kept too.
    only = request.POST.get("only", "") if is_fragment(request) else ""
    keys = [one["key"] for one in found.cycle.questions.questions if only in ("", one["key"])]
    if not keys:
        raise Http404
    typed: dict[str, Typed] = {}
    for key in keys:
        if refused := save_answer(found, key, typed_in(request.POST, key), request.user):
            typed[key] = refused
    page = page_of(request, found, typed)
    status = 422 if typed else 200
    if only:
        about = {"line": page.line(only), "group": page.group_of(only), "just_saved": not typed}
        return part(request, page, "question", status, **about)
    if typed:
        return whole(request, page, status)
    return saved(request, text=_("Saved."), back=f"{page.url}#questions")


@access(WHO_ACT, methods=("POST",))
def audit_judge(request: Request, name: str, pk: int) -> HttpResponse:
    found = asked(request, name, pk)
    form = JudgementForm(request.POST, audit=found)
    if form.is_valid():
        try:
            judge(found, form.cleaned_data["band"], form.cleaned_data["text"], request.user)
            return _judged(request, name, pk)
        except AuditError as refusal:
            form.add_error(None, str(refusal))
    page = page_of(request, found)
    if is_fragment(request):
        return part(request, page, "judgement", 422, judgement_form=form)
    return whole(request, page, 422, judgement_form=form)


def _judged(request: Request, name: str, pk: int) -> HttpResponse:
    page = page_of(request, asked(request, name, pk))
    if is_fragment(request):
        return part(request, page, "judgement", just_saved=True)
    return saved(request, text=_("Judgement saved."), back=f"{page.url}#judgement")


@access(WHO_ACT, methods=("POST",))
def audit_refresh(request: Request, name: str, pk: int) -> HttpResponse:
    found = asked(request, name, pk)
    try:
        refresh_evidence(found, request.user)
    except AuditError as refusal:
        page = page_of(request, found)
        if is_fragment(request):
            return part(request, page, "evidence", 422, refused=str(refusal))
        return whole(request, page, 422, refused=str(refusal))
    page = page_of(request, asked(request, name, pk))
    if is_fragment(request):
        return part(request, page, "evidence")
    return HttpResponseRedirect(f"{page.url}#evidence")
