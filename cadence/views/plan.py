"""A quarter planned: looked at first, written as one act, taken back as one."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Role
from accounts_app.views.fragments import saved
from cadence.forms.plan import PlanForm
from cadence.pages.plan import PlanPage
from cadence.services.planning import ChangedSinceError, accept, look
from cadence.views.cadence import tabs


@access(WHO_ACT, methods=("GET", "POST"))
def plan(request: Request) -> HttpResponse:
    company = company_of(request)
    today = company.day_of(timezone.now())
    is_sent = request.method == "POST"
    form = PlanForm(request.POST if is_sent else _asked(request), by=request.user, today=today)
    # Whoever has accounts of their own sees at once what would be planned; for many teams it takes seconds.
    if not form.is_bound and request.user.role == Role.ACCOUNT_MANAGER:
        form = PlanForm(form.initial, by=request.user, today=today)
    if not form.is_bound or not form.is_valid():
        status = 422 if form.is_bound else 200
        return TemplateResponse(
            request, "cadence/plan.html", {"form": form, "tabs": tabs(request, "plan")}, status=status
        )
    refusal = ""
    if is_sent:
        try:
            looked_at = request.POST.get("looked_at", "")
            act = accept(request.user, form.owner, form.span, company=company, looked_at=looked_at)
        except ChangedSinceError:
            refusal = _("Something has changed since you looked: this is what would be planned now.")
        except ValidationError as nothing:
            refusal = nothing.messages[0]
        else:
            return saved(
                request, text=act.said, back=_address(form), undo_url=reverse("signals:bulk_undo", args=[act.pk])
            )
    shown = PlanPage(look(request.user, form.owner, form.span, company=company))
    context = {"form": form, "page": shown, "refusal": refusal, "tabs": tabs(request, "plan")}
    return TemplateResponse(request, "cadence/plan.html", context, status=422 if refusal else 200)


def _asked(request: Request) -> Any:
    return request.GET if "begins" in request.GET else None


def _address(form: PlanForm) -> str:
    """The same days looked at again: what is still missing then."""
    said = {name: str(form.cleaned_data[name] or "") for name in ("whose", "begins", "ends")}
    return f"{reverse('cadence:plan')}?{urlencode(said)}"
