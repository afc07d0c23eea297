"""One account: what changed, why, what is at stake, what next."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.models import Account, Company, Contact, Interaction, Role, User
from accounts_app.views.account_frame import account_tabs, may_edit, with_may_edit
from accounts_app.views.contact import with_last_met
from signals.charts import lanes_figure
from signals.models import Alert, Standing
from signals.pages.account.explanation import explain
from signals.pages.account.lane_months import months
from signals.pages.account.lanes import frame_of, read_lanes
from signals.pages.account.losses import account_loss
from signals.pages.alerts.rows import alert_rows, with_rows
from signals.pages.alerts.undo import offer_after_redirect
from signals.pages.notices import error_text
from signals.pages.sentences import lead
from signals.services.visits import seen_account
from signals.strips import SPAN_DAYS
from signals.views.judgement import judgement_of

# As many people as a card has room for, and the last who left; the tab shows all.
PRESENT_SHOWN, LEFT_SHOWN = 6, 2


@access(EXCEPT_OPERATIONS)
def account_overview(request: Request, pk: int) -> HttpResponse:
    account = _account(request, pk)
    now, company = timezone.now(), company_of(request)
    seen_account(request.user, account, now=now)
    alerts = Alert.objects.visible_to(request.user).unclosed().filter(account=account).order_by("-priority", "pk")
    context = {
        "account": account,
        "standing": getattr(account, "standing", None),
        "tabs": account_tabs(account, request.user, "overview"),
        "people": _people(account, company.day_of(now)),
        "alerts": alert_rows(with_rows(alerts, request.user), request.user, now=now, today=company.day_of(now)),
        "today": company.day_of(now),
        "undo": offer_after_redirect(request),
        "account_loss": account_loss(account, request.user),
        **judgement_of(account, company.day_of(now), editable=may_edit(account)),
        **_judged(account, company),
        "failure": _failure(account, request.user),
    }
    return TemplateResponse(request, "signals/account.html", context)


@access(EXCEPT_OPERATIONS)
def account_lanes(request: Request, pk: int) -> HttpResponse:
    """The figure of the lanes for plotly; 404 until the account was judged, as there is nothing to draw against."""
    account = _account(request, pk)
    standing = get_object_or_404(Standing.objects.filter(state=Standing.State.COMPUTED), account=account)
    lanes = read_lanes(account, standing.as_of, company_of(request).currency)
    return JsonResponse(lanes_figure(lanes, frame_of(standing, standing.run.rule_set)))


@access(EXCEPT_OPERATIONS)
def account_badge(request: Request, pk: int) -> HttpResponse:
    """The band of an account, for the pages of its facts."""
    account = _account(request, pk)
    return TemplateResponse(request, "signals/account_badge.html", {"standing": getattr(account, "standing", None)})


def _account(request: Request, pk: int) -> Account:
    accounts = with_may_edit(Account.objects.visible_to(request.user), request.user)
    related = accounts.select_related("standing__run__rule_set", "tier", "owner", "deputy", "parent")
    return get_object_or_404(related, pk=pk)


def _judged(account: Account, company: Company) -> dict[str, Any]:
    """What there is to say once the account was judged."""
    standing = getattr(account, "standing", None)
    if standing is None or standing.state != Standing.State.COMPUTED:
        return {}
    lanes = read_lanes(account, standing.as_of, company.currency)
    return {
        "is_judged": True,
        "sentence": lead(standing),
        "explanation": explain(standing, standing.run.rule_set),
        "months": months(lanes, standing.as_of),
        "next_channel": _next_channel(standing),
    }


def _failure(account: Account, user: User) -> str:
    """Why the account could not be computed, for who looks after the system."""
    standing = getattr(account, "standing", None)
    if user.role != Role.ADMINISTRATOR or standing is None or standing.state == Standing.State.COMPUTED:
        return ""
    return error_text(standing.error)


def _next_channel(standing: Standing) -> str:
    key = standing.next_planned_channel
    return str(Interaction.Channel(key).label).lower() if key else ""


def _people(account: Account, today: dt.date) -> list[Contact]:
    """Who is there, from the top down, then who left last within the window of the lanes."""
    still_felt = Q(left_on=None) | Q(left_on__gte=today - dt.timedelta(days=SPAN_DAYS))
    contacts = with_last_met(Contact.objects.filter(still_felt, account=account)).select_related("successor")
    ordered = list(contacts.order_by("-left_on", "level", "-primary", "name"))
    present, left = ([one for one in ordered if (one.left_on is None) is here] for here in (True, False))
    return [*present[:PRESENT_SHOWN], *left[:LEFT_SHOWN]]
