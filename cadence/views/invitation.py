"""Invite to a planned contact: by a file, or by mail to those who are ticked."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Interaction
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from accounts_app.views.interaction_log import editable_interaction, rows_url
from cadence.forms.invitation import InvitationForm
from cadence.pages.digest import zone_of
from cadence.pages.mail_way import mail_way
from cadence.services import invitations

GONE = "accounts_app/interaction_gone.html"


@access(WHO_ACT, methods=("GET", "POST"))
def invitation(request: Request, pk: int) -> HttpResponse:
    plan = editable_interaction(request, pk)
    if plan.state != Interaction.State.PLANNED:
        return _gone(request, plan)
    form = _form(request, plan)
    if request.method == "POST" and form.is_valid() and (to := form.chosen()):
        key, company = str(form.cleaned_data["key"]), company_of(request)
        invitations.send(form.meeting(), to, by=request.user, company=company, now=timezone.now(), key=f"{pk}:{key}")
        text = ngettext("{n} invitation is on its way.", "{n} invitations are on their way.", len(to))
        return saved(request, text=text.format(n=len(to)), back=rows_url(plan))
    return _page(request, plan, form, status=422 if request.method == "POST" else 200)


@access(WHO_ACT, methods=("POST",))
def invitation_file(request: Request, pk: int) -> HttpResponse:
    plan = editable_interaction(request, pk)
    if plan.state != Interaction.State.PLANNED:
        return _gone(request, plan)
    form = _form(request, plan)
    if not form.is_valid():
        return _page(request, plan, form, status=422)
    content = invitations.as_file(form.meeting(), by=request.user, company=company_of(request), now=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{invitations.FILE_NAME}"'}
    return HttpResponse(content, content_type=f"{invitations.TYPE}; charset=utf-8", headers=headers)


def _form(request: Request, plan: Interaction) -> InvitationForm:
    known, zone = invitations.guests(plan, request.user), zone_of(company_of(request))
    return InvitationForm(request.POST if request.method == "POST" else None, plan=plan, zone=zone, known=known)


def _page(request: Request, plan: Interaction, form: InvitationForm, *, status: int) -> HttpResponse:
    context = {
        "interaction": plan,
        "form": form,
        "in_dialog": is_fragment(request),
        "back_url": rows_url(plan),
        "page_url": reverse("cadence:invitation", args=[plan.pk]),
        "file_url": reverse("cadence:invitation_file", args=[plan.pk]),
        "way": mail_way(request.user, company_of(request)),
    }
    return page_or_fragment(request, "cadence/invitation.html", context, fragment="dialog", status=status)


def _gone(request: Request, plan: Interaction) -> HttpResponse:
    text = _("This is not planned any more: it was logged or voided meanwhile.")
    context = {"interaction": plan, "in_dialog": is_fragment(request), "back_url": rows_url(plan), "text": text}
    status = 422 if request.method == "POST" else 200
    return page_or_fragment(request, GONE, context, fragment="dialog", status=status)
