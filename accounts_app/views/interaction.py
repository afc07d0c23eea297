"""What happened between us and the account, and what is planned."""

from django.db.models import F, Prefetch
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.models import Colleague, Contact, Interaction
from accounts_app.models.interaction import InteractionQuerySet
from accounts_app.views.account_frame import account_frame, visible_account
from accounts_app.views.evidence import Evidence, address_without_evidence, evidence_of
from accounts_app.views.fragments import page_or_fragment
from accounts_app.views.listing import Column, options, page_of, sorting

COLUMNS = (
    Column("day", _("Day"), "day", descending_first=True),
    Column("what", _("What"), "purpose"),
    Column("who", _("Who met")),
    Column("brought", _("What it brought")),
    Column("tone", _("Tone"), "tone"),
    Column("source", _("Source")),
)
# More plans than this are no plan; the rest is in the table.
PLANS_SHOWN = 10
STATES: tuple[tuple[str, str | Promise], ...] = (("", _("All")), ("planned", _("Planned")), ("done", _("Done")))


@access(EXCEPT_OPERATIONS)
def interaction_list(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    order = sorting(request, COLUMNS, default="-day")
    evidence = evidence_of(request)
    state = request.GET.get("state", "")
    interactions = Interaction.objects.visible_to(request.user).filter(account=account)
    shows_plans = not evidence.is_set and state != "done"
    plans = list(with_people(interactions.planned().order_by("planned_on"))[:PLANS_SHOWN]) if shows_plans else []
    rows = of_state(interactions, state).exclude(pk__in=[plan.pk for plan in plans])
    context = {
        **account_frame(request, account, "interactions"),
        **page_of(request, with_people(behind(evidence, with_day(rows))).order_by(*order.ordering)),
        "headers": order.headers,
        "plans": plans,
        "shows_plans": shows_plans,
        "today": company_of(request).day_of(timezone.now()),
        "states": options(request, "state", STATES, chosen=state),
        "evidence": evidence,
        "is_narrowed": bool(state),
        "all_rows_url": address_without_evidence(request),
    }
    return page_or_fragment(request, "accounts_app/interaction_list.html", context)


def of_state(rows: InteractionQuerySet, state: str) -> InteractionQuerySet:
    return rows.filter(state=state) if state in {"planned", "done"} else rows


def behind(evidence: Evidence, rows: InteractionQuerySet) -> InteractionQuerySet:
    """Signals read done interactions only: what is planned is behind no figure, but the search may name it."""
    wanted = evidence.condition("happened_on", "known_on", "happened_known_on")
    if not evidence.is_set or evidence.ids is not None:
        return rows.filter(wanted)
    return rows.filter(wanted, state=Interaction.State.DONE)


def with_day(rows: InteractionQuerySet) -> InteractionQuerySet:
    """Add the day it happened, or is planned for."""
    return rows.annotate(day=Coalesce(F("happened_on"), F("planned_on"), F("due_on")))


def with_people(rows: InteractionQuerySet) -> InteractionQuerySet:
    names = (Prefetch("contacts", Contact.objects.only("name")), Prefetch("colleagues", Colleague.objects.only("name")))
    return rows.select_related("by", "value_item", "feed").prefetch_related(*names)
