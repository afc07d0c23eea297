"""Logging incidents and acting on them: in the dialog of any page, in the line on top of the board, or on a page."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.account_search import choosable_accounts
from accounts_app.context import company_of
from accounts_app.forms.incident import FORMS, ActForm
from accounts_app.forms.incident_log import LogForm
from accounts_app.models import Incident, Role
from accounts_app.models.account import AccountQuerySet
from accounts_app.models.incident import IncidentQuerySet
from accounts_app.views.account_choice import picker_for
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved

WHO_SERVE = WHO_ACT | {Role.OPERATIONS}
# The hidden field by which the line on top of the board says that it is not the dialog.
LINE = "line"
LINE_TEMPLATE = "accounts_app/incident_line.html"
SAID: dict[str, str | Promise] = {
    "acknowledge": gettext_lazy("{number} acknowledged."),
    "pause": gettext_lazy("{number} paused: its clock stands."),
    "resume": gettext_lazy("{number}: the clock is running again."),
    "update": gettext_lazy("{number} updated."),
    "resolve": gettext_lazy("{number} resolved."),
    "reopen": gettext_lazy("{number} reopened: its clock runs on."),
    "undo": gettext_lazy("Taken back."),
}


@access(WHO_SERVE, methods=("GET", "POST"))
def incident_log(request: Request) -> HttpResponse:
    in_line = request.POST.get(LINE) == "1"
    form = log_form(request, in_line=in_line)
    incident = form.perform(by=request.user, today=company_of(request).day_of(form.now)) if form.is_bound else None
    if incident is None:
        return _form_to_log(request, form, in_line=in_line)
    text, undo_url = _("{number} logged.").format(number=incident.number), undo_address(incident.pk, 1)
    if in_line and is_fragment(request):
        return _line_again(request, {"text": text, "url": undo_url})
    return saved(request, text=text, undo_url=undo_url, back=reverse("accounts:incident_detail", args=[incident.pk]))


def _form_to_log(request: Request, form: LogForm, *, in_line: bool) -> HttpResponse:
    chosen, in_fragment = form.chosen(), is_fragment(request)
    context = {
        "form": form,
        "picker": picker_for(request, "incident", chosen),
        "in_dialog": in_fragment,
        # Where the account is known the words come first.
        "focus_account": chosen is None,
    }
    if chosen:
        form.fields["title"].widget.attrs["autofocus"] = True
    status = 422 if form.is_bound else 200
    if in_line and in_fragment:
        return TemplateResponse(request, LINE_TEMPLATE, context, status=status)
    return page_or_fragment(request, "accounts_app/incident_log.html", context, fragment="dialog", status=status)


def log_form(request: Request, *, in_line: bool = False) -> LogForm:
    """The form as it was sent; as it was typed so far where only an account is looked for; else an empty one."""
    accounts, now = _accounts(request), timezone.now()
    ids = "line" if in_line else "log"
    if request.method == "POST" and "find" not in request.POST:
        return LogForm(request.POST, accounts=accounts, prefix_of_ids=ids, now=now)
    typed = {
        name: value for name, value in getattr(request, str(request.method)).items() if name in LogForm.base_fields
    }
    return LogForm(accounts=accounts, prefix_of_ids=ids, now=now, initial=typed)


def _accounts(request: Request) -> AccountQuerySet:
    return choosable_accounts(request.user, "incident").select_related("tier", "owner")


def empty_line(request: Request) -> dict[str, Any]:
    """What the line on top of the board shows before anything is typed; nothing for who may not log."""
    if request.user.role not in WHO_SERVE:
        return {}
    form = LogForm(accounts=_accounts(request), prefix_of_ids="line", now=timezone.now())
    return {"form": form, "picker": picker_for(request, "incident", None, anew=True)}


def _line_again(request: Request, undo: dict[str, str]) -> HttpResponse:
    """An empty line for the next one, and the message beside it."""
    context = empty_line(request) | {"undo": undo, "is_answer": True}
    return TemplateResponse(request, LINE_TEMPLATE, context, headers={"HX-Trigger": "facts:changed"})


@access(WHO_SERVE, methods=("POST",))
def incident_acknowledge(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "acknowledge")


@access(WHO_SERVE, methods=("GET", "POST"))
def incident_pause(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "pause")


@access(WHO_SERVE, methods=("POST",))
def incident_resume(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "resume")


@access(WHO_SERVE, methods=("GET", "POST"))
def incident_update(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "update")


@access(WHO_SERVE, methods=("GET", "POST"))
def incident_resolve(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "resolve")


@access(WHO_SERVE, methods=("POST",))
def incident_reopen(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, "reopen")


@access(WHO_SERVE, methods=("POST",))
def incident_undo(request: Request, pk: int) -> HttpResponse:
    """The version to take back stands in the address: the message that offers it is no form of ours."""
    return _act(request, pk, "undo")


def _act(request: Request, pk: int, verb: str) -> HttpResponse:
    incident, now = _served_incident(request, pk), timezone.now()
    sent = (request.GET if verb == "undo" else request.POST) if request.method == "POST" else None
    form = FORMS[verb](sent, incident=incident, now=now, today=company_of(request).day_of(now))
    try:
        done = form.is_bound and form.perform(by=request.user)
    except Incident.DoesNotExist:
        raise Http404 from None
    if done:
        return _done(request, form)
    return _refused(request, form) if _is_one_press(form) else _form(request, form)


def _done(request: Request, form: ActForm) -> HttpResponse:
    incident, verb = form.incident, form.verb
    text = str(SAID[verb]).format(number=incident.number)
    undo_url = "" if verb == "undo" else undo_address(incident.pk, form.cleaned_data["version"] + 1)
    if _is_one_press(form) and is_fragment(request):
        return _message(request, {"undo": {"text": text, "url": undo_url}})
    return saved(request, text=text, undo_url=undo_url, back=_address_back(request, incident))


def _message(request: Request, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Only a message, and the page fetches what is so by now: a dialog that was opened meanwhile stays."""
    headers = {"HX-Reswap": "none", "HX-Trigger": "facts:changed"}
    context = {"swap_oob": True, **context}
    return TemplateResponse(request, "components/toasts.html", context, status=status, headers=headers)


def _is_one_press(form: ActForm) -> bool:
    """A button without a form of its own: what stands in the way is said by a message."""
    return form.fields.keys() == {"version"}


def _form(request: Request, form: ActForm) -> HttpResponse:
    context = {
        "form": form,
        "incident": form.incident,
        "back_url": _address_of(form.incident),
        "in_dialog": is_fragment(request),
    }
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, "accounts_app/incident_act.html", context, fragment="dialog", status=status)


def _refused(request: Request, form: ActForm) -> HttpResponse:
    told = [str(error) for error in form.non_field_errors()]
    told += [f"{entry.by}: {', '.join(entry.words)}." for entry in form.overtaken or ()]
    messages.error(request, " ".join([f"{form.incident.number}:", *told]))
    if not is_fragment(request):
        return HttpResponseRedirect(_address_back(request, form.incident))
    return _message(request, {}, status=422)


def _served_incident(request: Request, pk: int) -> Incident:
    """Another team's incident is as good as missing; of those in sight only some are one's own to serve."""
    incident: Incident = get_object_or_404(acted_on(Incident.objects.visible_to(request.user), request), pk=pk)
    if not getattr(incident, "may_act", False):
        raise PermissionDenied
    return incident


def acted_on(incidents: IncidentQuerySet, request: Request) -> Any:
    """Rows with what their buttons need."""
    return incidents.with_may_act(request.user).select_related("account__tier").prefetch_related("pauses")


def undo_address(pk: int, version: int) -> str:
    return f"{reverse('accounts:incident_undo', args=[pk])}?version={version}"


def _address_of(incident: Incident) -> str:
    return reverse("accounts:incident_detail", args=[incident.pk])


def _address_back(request: Request, incident: Incident) -> str:
    """Without script: the list where the button was pressed, else the incident's page; the board if it was undone."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    own = url_has_allowed_host_and_scheme(came_from.geturl(), {request.get_host()}, require_https=request.is_secure())
    if own and came_from.path.endswith("/incidents/"):
        return came_from._replace(scheme="", netloc="").geturl()
    is_there = Incident.objects.filter(pk=incident.pk).exists()
    return _address_of(incident) if is_there else reverse("accounts:incident_board")
