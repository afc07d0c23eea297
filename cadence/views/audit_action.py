"""The actions of an audit: entered and removed while it is in progress, closed and opened again at any time."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.views.fragments import is_fragment, saved
from cadence.forms.audit import ActionForm, ClosingForm
from cadence.models import AuditAction
from cadence.pages.audit_actions import ActionLine, lines_of
from cadence.services.audit_acts import add_action, close_action, remove_action, reopen_action
from cadence.services.audits import AuditError
from cadence.views.audit import asked, page_of, part, today_of, whole


@access(WHO_ACT, methods=("POST",))
def action_add(request: Request, name: str, pk: int) -> HttpResponse:
    found = asked(request, name, pk)
    form = ActionForm(request.POST, doers=page_of(request, found).doers)
    if form.is_valid():
        said = form.cleaned_data
        try:
            add_action(found, said["text"], said["owner"], said["due_on"], request.user)
            return _listed(request, name, pk, _("Action entered."))
        except AuditError as refusal:
            form.add_error(None, str(refusal))
    page = page_of(request, found)
    if is_fragment(request):
        return part(request, page, "actions", 422, action_form=form)
    return whole(request, page, 422, action_form=form)


@access(WHO_ACT, methods=("POST",))
def action_remove(request: Request, name: str, pk: int, action_pk: int) -> HttpResponse:
    action = _action(request, name, pk, action_pk)
    words = {"text": action.text, "owner": action.owner_id, "due_on": action.due_on}
    try:
        remove_action(action, request.user)
    except AuditError as refusal:
        page = page_of(request, action.audit)
        if is_fragment(request):
            return part(request, page, "actions", 422, refused=str(refusal))
        return whole(request, page, 422, refused=str(refusal))
    if not is_fragment(request):
        return saved(request, text=_("Action removed."), back=f"{page_of(request, action.audit).url}#actions")
    page = page_of(request, asked(request, name, pk))
    # Taken back by one press: the words stand in the form again.
    form = ActionForm(doers=page.doers, initial=words)
    return part(request, page, "actions", action_form=form, removed=action.text)


@access(WHO_ACT, methods=("POST",))
def action_close(request: Request, name: str, pk: int, action_pk: int) -> HttpResponse:
    """Done or dropped, in whichever list it was pressed; the message takes it back."""
    action = _action(request, name, pk, action_pk)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return _line(request, action, _("An action ends as done or as dropped."), status=422)
    try:
        closing = close_action(action, form.cleaned_data["outcome"], form.cleaned_data["note"], request.user)
    except AuditError as refusal:
        return _line(request, action, str(refusal), status=422)
    undo_url = reverse("cadence:action_reopen", args=[name, pk, action_pk])
    undo_url += "?" + urlencode({"back": _back(request, action)})
    text = _("{outcome}: {action}").format(outcome=closing.get_outcome_display(), action=action.text)
    return _line(request, action, text, undo_url=undo_url)


@access(WHO_ACT, methods=("POST",))
def action_reopen(request: Request, name: str, pk: int, action_pk: int) -> HttpResponse:
    action = _action(request, name, pk, action_pk)
    try:
        reopen_action(action, request.user)
    except AuditError as refusal:
        return _line(request, action, str(refusal), status=422)
    return _line(request, action, _("Open again: {action}").format(action=action.text))


def _action(request: Request, name: str, pk: int, action_pk: int) -> AuditAction:
    rows = AuditAction.objects.visible_to(request.user).filter(audit__cycle__name=name, audit__account=pk)
    related = rows.select_related("audit__cycle__questions", "audit__account__owner", "audit__account__deputy", "owner")
    return get_object_or_404(related, pk=action_pk)


def _listed(request: Request, name: str, pk: int, text: str) -> HttpResponse:
    page = page_of(request, asked(request, name, pk))
    if is_fragment(request):
        return part(request, page, "actions", just_saved=True)
    return saved(request, text=text, back=f"{page.url}#actions")


def _line(request: Request, action: AuditAction, text: str, *, undo_url: str = "", status: int = 200) -> HttpResponse:
    """The line as it is now; without script the page on which it was pressed."""
    refused = text if status != 200 else ""
    if not is_fragment(request):
        if refused:
            return whole(request, page_of(request, action.audit), status, refused=refused)
        return saved(request, text=text, back=_back(request, action), undo_url=undo_url)
    undo = None if refused else {"text": text, "url": undo_url, "target": f"#action-{action.pk}"}
    back = _back(request, action)
    context = {"line": _now(request, action), "refused": refused, "undo": undo, "back": back}
    context["shows_account"] = not back.startswith(_pages_of(action))
    answer = TemplateResponse(request, "cadence/audit_action_answer.html", context, status=status)
    # The undo of the message stands outside the list: it too replaces the line.
    answer["HX-Retarget"], answer["HX-Reswap"] = f"#action-{action.pk}", "outerHTML"
    return answer


def _now(request: Request, action: AuditAction) -> ActionLine:
    row = AuditAction.objects.select_related("audit__cycle", "audit__account", "owner", "closing__closed_by")
    return lines_of([row.get(pk=action.pk)], request.user, today_of(request))[0]


def _back(request: Request, action: AuditAction) -> str:
    """The page on which it was pressed."""
    wanted = request.POST.get("back") or request.GET.get("back", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return _pages_of(action)[0] + "#actions"


def _pages_of(action: AuditAction) -> tuple[str, str]:
    """The pages that are about the account alone, and need not name it with each action."""
    audit = action.audit
    own = reverse("cadence:audit", args=[audit.cycle.name, audit.account_id])
    return own, reverse("cadence:account_audits", args=[audit.account_id])
