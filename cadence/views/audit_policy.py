"""Which accounts are audited and what they are asked: looked at before it is saved."""

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.models import Tier
from accounts_app.views.fragments import saved
from cadence.forms.audit_policy import PolicyForm, QuestionsForm, changes
from cadence.models import AuditPolicy, AuditQuestions, Dimension
from cadence.pages.audit_opening import Opening
from cadence.services.audit_questions import next_version
from cadence.services.audits import AuditError
from cadence.views.audit import today_of
from cadence.views.audits import LEADERS


@access(LEADERS, methods=("GET", "POST"))
def audit_policy(request: Request) -> HttpResponse:
    """`look` shows whom the typed policy would choose today and saves nothing."""
    is_sent, is_look = request.method == "POST", "look" in request.POST
    form = PolicyForm(request.POST if is_sent else None, instance=AuditPolicy.the())
    is_right = not is_sent or form.is_valid()
    if is_sent and is_right and not is_look:
        form.save()
        return saved(request, text=_("Policy saved; the next audit follows it."), back=reverse("cadence:audit_policy"))
    today, looks = today_of(request), is_look and is_right
    opening = Opening(today, form.instance, request.user) if is_right else None
    saved_one = Opening(today, AuditPolicy.the(), request.user)
    context = {
        "form": form,
        "opening": opening,
        "is_look": looks,
        "beside": opening.beside(saved_one) if opening and looks else [],
        "tiers": Tier.objects.order_by("rank"),
    }
    return TemplateResponse(request, "cadence/audit_policy.html", context, status=200 if is_right else 422)


@access(EXCEPT_OPERATIONS)
def audit_questions(request: Request) -> HttpResponse:
    """The latest version, or the one asked for; every version with why it was made."""
    latest = AuditQuestions.latest()
    versions = list(AuditQuestions.objects.select_related("made_by").annotate(used=Count("cycles")))
    asked = request.GET.get("version", str(latest.version))
    shown = next((one for one in versions if str(one.version) == asked), None)
    if shown is None:
        raise Http404
    earlier = next((one for one in versions if one.version == shown.version - 1), None)
    context = {
        "versions": versions,
        "shown": shown,
        "latest": latest,
        "groups": _grouped(shown.questions),
        "changes": changes(earlier.questions, shown.questions) if earlier else None,
        "leads": request.user.role in LEADERS,
    }
    return TemplateResponse(request, "cadence/audit_questions.html", context)


@access(LEADERS, methods=("GET", "POST"))
def audit_questions_edit(request: Request) -> HttpResponse:
    latest, is_sent = AuditQuestions.latest(), request.method == "POST"
    form = QuestionsForm(request.POST if is_sent else None, latest)
    context: dict[str, Any] = {"form": form, "latest": latest}
    if is_sent and form.is_valid():
        context["changes"] = changes(latest.questions, form.questions)
        context["groups"] = _grouped(form.questions)
        if "look" in request.POST:
            return TemplateResponse(request, "cadence/audit_questions_edit.html", context)
        try:
            version = next_version(
                form.questions, form.version.cleaned_data["base"], form.version.cleaned_data["reason"], request.user
            )
            text = _("Version {n}: the next audit asks it.").format(n=version.version)
            return saved(request, text=text, back=reverse("cadence:audit_questions"))
        except AuditError as refusal:
            form.refuse(str(refusal))
            form.follow(AuditQuestions.latest().version)
    return TemplateResponse(request, "cadence/audit_questions_edit.html", context, status=422 if is_sent else 200)


def _grouped(questions: list[dict[str, str]]) -> list[dict[str, Any]]:
    groups = [
        {"label": label, "questions": [one for one in questions if one["dimension"] == key]}
        for key, label in Dimension.choices
    ]
    return [group for group in groups if group["questions"]]
