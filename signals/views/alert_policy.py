"""Settings of the alerts: what to do when a signal alarms, and how many alerts a manager is shown in a week."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import Request, access
from accounts_app.context import company_of
from accounts_app.models import Role, User
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from accounts_app.views.settings import ADMINISTRATORS, tabs
from signals.compute.registry import BY_KEY
from signals.models import Alert, Playbook
from signals.models.alarm_budget import Budgets
from signals.pages.alerts.policy_forms import AlarmBudgetForm, PlaybookForm
from signals.services.alarm_budgets import ROLES_THAT_SET, may_set, queues
from signals.services.playbooks import ROLES_THAT_WRITE, in_force

WHO_OWN = (Role.ACCOUNT_MANAGER, Role.SALES_LEADER)


@access(ROLES_THAT_WRITE)
def playbook_list(request: Request) -> HttpResponse:
    current = in_force()
    rows = [{"key": key, "title": signal.title, "playbook": current.get(key)} for key, signal in BY_KEY.items()]
    context = {"rows": rows, "tabs": tabs(request, "playbooks")}
    return page_or_fragment(request, "signals/playbook_list.html", context)


@access(ROLES_THAT_WRITE, methods=("GET", "POST"))
def playbook_edit(request: Request, key: str) -> HttpResponse:
    if key not in BY_KEY:
        raise Http404
    versions = list(Playbook.objects.filter(signal=key).select_related("made_by").order_by("-version"))
    playbook = versions[0] if versions else None
    form = PlaybookForm(request.POST or None, signal=key, playbook=playbook, by=request.user)
    if request.method == "POST" and form.perform():
        text = _("The playbook of {signal} is saved.").format(signal=BY_KEY[key].title)
        return saved(request, text=text, back=reverse("signals:playbook_list"))
    context = {"form": form, "title": BY_KEY[key].title, "versions": versions, "tabs": tabs(request, "playbooks")}
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "signals/playbook_edit.html", context, status=status)


@access(ROLES_THAT_SET)
def budget_list(request: Request) -> HttpResponse:
    waiting = Alert.objects.waiting().visible_to(request.user)
    today = company_of(request).day_of(timezone.now())
    context = {
        "rows": queues(list(_managers(request)), waiting, today),
        "usual": Budgets.read().usual,
        "may_set_usual": may_set(request.user, None),
        "tabs": tabs(request, "budgets"),
    }
    return page_or_fragment(request, "signals/budget_list.html", context)


@access(ROLES_THAT_SET, methods=("GET", "POST"))
def budget_edit(request: Request, pk: int) -> HttpResponse:
    return _budget(request, get_object_or_404(_managers(request), pk=pk))


@access(ADMINISTRATORS, methods=("GET", "POST"))
def budget_usual(request: Request) -> HttpResponse:
    return _budget(request, None)


def _budget(request: Request, manager: User | None) -> HttpResponse:
    form = AlarmBudgetForm(request.POST or None, manager=manager, by=request.user)
    if request.method == "POST" and form.perform():
        return saved(request, text=_("The alarm budget is saved."), back=reverse("signals:budget_list"))
    url = reverse("signals:budget_edit", args=[manager.pk]) if manager else reverse("signals:budget_usual")
    context: dict[str, Any] = {"form": form, "manager": manager, "address": url, "in_dialog": is_fragment(request)}
    context["tabs"] = tabs(request, "budgets")
    status = 422 if request.method == "POST" else 200
    return page_or_fragment(request, "signals/budget_edit.html", context, fragment="dialog", status=status)


def _managers(request: Request) -> Any:
    """Who may own accounts: all of them to an administrator, those of the own teams to a leader."""
    people = User.objects.filter(is_active=True, role__in=WHO_OWN).order_by("name")
    if request.user.role == Role.ADMINISTRATOR:
        return people
    return people.filter(teams__in=request.user.teams.all()).distinct()
