"""Plan a contact; put right what was logged, move what is planned, void either with a reason."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.forms.interaction_change import ChangeForm, CorrectForm, MoveForm, VoidForm
from accounts_app.forms.interaction_fields import day_of, set_day
from accounts_app.forms.interaction_plan import PlanForm
from accounts_app.models import Interaction
from accounts_app.models.interaction import InteractionQuerySet
from accounts_app.services.interaction_corrections import correctable, voidable
from accounts_app.templatetags.formats import day_text
from accounts_app.views.account_frame import editable_account
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from accounts_app.views.interaction_log import editable_interaction, rows_url

GONE = _("This is not open any more: it was logged, voided or moved meanwhile, or comes from another system.")


@dataclass(frozen=True)
class Verb:
    """What may be done with which interactions, how it is asked, and what is said after."""

    form: Callable[..., ChangeForm]
    rows: Callable[[InteractionQuerySet], InteractionQuerySet]
    template: str
    said: str | Promise


CORRECT = Verb(CorrectForm, correctable, "accounts_app/interaction_correct.html", _("Corrected."))
MOVE = Verb(MoveForm, InteractionQuerySet.planned, "accounts_app/interaction_move.html", _("Moved."))
VOID = Verb(VoidForm, voidable, "accounts_app/interaction_void.html", _("Voided: it counts no more."))


@access(WHO_ACT, methods=("GET", "POST"))
def interaction_plan(request: Request, pk: int) -> HttpResponse:
    account, is_sent = editable_account(request.user, pk), request.method == "POST"
    today, back_url = company_of(request).day_of(timezone.now()), reverse("accounts:interaction_list", args=[pk])
    form = PlanForm(request.POST if is_sent else None, today=today, account=account, initial=_named(request))
    if not is_sent and (day := day_of(request.GET.get("on", ""))) and day >= today:
        set_day(form, "planned_on", day)
    if is_sent and (plan := form.perform_for(account, by=request.user)):
        planned_on = day_text(plan.planned_on, today) if plan.planned_on else ""
        return saved(request, text=_now("Planned for {day}.").format(day=planned_on), back=back_url)
    context = {"form": form, "account": account, "in_dialog": is_fragment(request), "back_url": back_url}
    status = 422 if is_sent else 200
    return page_or_fragment(request, "accounts_app/interaction_plan.html", context, fragment="dialog", status=status)


def _named(request: Request) -> dict[str, str]:
    """What was proposed elsewhere is chosen already: the item, and how a meeting handed in will take place."""
    channel = request.GET.get("channel", "")
    item = {"value_item": request.GET.get("item", "")}
    return item | ({"channel": channel} if channel in Interaction.Channel.values else {})


@access(WHO_ACT, methods=("GET", "POST"))
def interaction_correct(request: Request, pk: int) -> HttpResponse:
    return _change(request, pk, CORRECT)


@access(WHO_ACT, methods=("GET", "POST"))
def interaction_move(request: Request, pk: int) -> HttpResponse:
    return _change(request, pk, MOVE)


@access(WHO_ACT, methods=("GET", "POST"))
def interaction_void(request: Request, pk: int) -> HttpResponse:
    return _change(request, pk, VOID)


def _change(request: Request, pk: int, verb: Verb) -> HttpResponse:
    interaction, is_sent = editable_interaction(request, pk), request.method == "POST"
    context = {"interaction": interaction, "in_dialog": is_fragment(request), "back_url": rows_url(interaction)}
    template = verb.template
    if verb.rows(Interaction.objects.filter(pk=pk)).exists():
        today = company_of(request).day_of(timezone.now())
        data = request.POST if is_sent else None
        form = verb.form(data, interaction=interaction, by=request.user, today=today)
        if is_sent and form.perform():
            return saved(request, text=str(verb.said), back=rows_url(interaction))
        context["form"] = form
    else:
        template, context["text"] = "accounts_app/interaction_gone.html", GONE
    return page_or_fragment(request, template, context, fragment="dialog", status=422 if is_sent else 200)
