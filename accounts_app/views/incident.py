"""Incidents with their clocks: of one account, and the open ones of all accounts, furthest over target first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EVERYONE_INSIDE, Request, access
from accounts_app.incident_clock import Clock
from accounts_app.incident_history import history_of
from accounts_app.models import OWN_FEED, Contact, Incident
from accounts_app.models.account import SortName
from accounts_app.models.incident import IncidentQuerySet, accounts_served_by
from accounts_app.views.account_frame import account_frame, visible_account
from accounts_app.views.evidence import address_without_evidence, evidence_of
from accounts_app.views.fragments import is_fragment, page_or_fragment
from accounts_app.views.incident_acts import empty_line
from accounts_app.views.incident_news import newest_change
from accounts_app.views.listing import Column, options, page_of, sorting

COLUMNS = (
    Column("severity", _("Severity"), "severity_rank", descending_first=True),
    Column("incident", _("Incident"), "number"),
    Column("opened", _("Opened"), "opened_at", descending_first=True),
    Column("clock", _("Clock"), "running", descending_first=True),
    Column("state", _("State"), "resolved_at", descending_first=True),
)
STATES: tuple[tuple[str, str | Promise], ...] = (("", _("All")), ("open", _("Open")), ("resolved", _("Resolved")))
RANKS = {"critical": 3, "major": 2, "minor": 1}
RECENT = timedelta(days=30)
RECENT_ROWS = 20
LONGEST_SEARCH = 100
# How many contacts stand beside an incident; the rest are a press away.
CALLED = 5


@dataclass(frozen=True)
class Row:
    incident: Incident
    clock: Clock


@dataclass(frozen=True)
class BoardFilter:
    """What the address of the board narrows it to; what is not understood narrows nothing."""

    severity: str
    kind: str
    search: str

    @classmethod
    def of(cls, request: Request) -> "BoardFilter":
        severity, kind = request.GET.get("severity", ""), request.GET.get("kind", "")
        return cls(
            severity if severity in Incident.Severity.values else "",
            kind if kind in Incident.Kind.values else "",
            request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        )

    @property
    def narrows(self) -> bool:
        return bool(self.severity or self.kind or self.search)

    def condition(self) -> Q:
        named = SortName(Value(self.search)) if self.search else ""
        wanted = {"severity": self.severity, "kind": self.kind, "account__sort_name__contains": named}
        return Q(**{lookup: value for lookup, value in wanted.items() if value})


@access(EVERYONE_INSIDE)
def incident_list(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    order = sorting(request, COLUMNS, default="-opened")
    evidence = evidence_of(request)
    state, newest = request.GET.get("state", ""), newest_change(request.user)
    wanted = {"open": Q(resolved_at=None), "resolved": Q(resolved_at__isnull=False)}.get(state, Q())
    shown = Incident.objects.visible_to(request.user).filter(wanted, evidence.condition("opened_at__date", "known_on"))
    page = page_of(request, with_rank(clocked(request, shown.filter(account=account))).order_by(*order.ordering))
    context = {
        **account_frame(request, account, "incidents"),
        **page,
        "rows": rows_of(page["page_obj"]),
        "headers": order.headers,
        "states": options(request, "state", STATES, chosen=state),
        "may_log": accounts_served_by(request.user).filter(pk=account.pk).exists(),
        "newest_change": newest,
        "evidence": evidence,
        "is_narrowed": bool(state),
        "all_rows_url": address_without_evidence(request),
    }
    return page_or_fragment(request, "accounts_app/incident_list.html", context)


@access(EVERYONE_INSIDE)
def incident_detail(request: Request, pk: int) -> HttpResponse:
    """One incident with its clock, its pauses, whom to call, and who did what when."""
    newest, shown = newest_change(request.user), Incident.objects.visible_to(request.user)
    row = rows_of([get_object_or_404(clocked(request, shown).select_related("feed"), pk=pk)])[0]
    account = visible_account(request.user, row.incident.account_id)
    contacts = Contact.objects.visible_to(request.user).filter(account=account, left_on=None)
    context = {
        **account_frame(request, account, "incidents"),
        "row": row,
        "incident": row.incident,
        "history": history_of(row.incident),
        "contacts": contacts.order_by("-primary", "name")[:CALLED],
        "is_own": row.incident.feed.name == OWN_FEED,
        "newest_change": newest,
    }
    return page_or_fragment(request, "accounts_app/incident_detail.html", context)


@access(EVERYONE_INSIDE)
def incident_board(request: Request) -> HttpResponse:
    # Before the rows are read: what changes meanwhile is then told as news.
    narrowed, newest = BoardFilter.of(request), newest_change(request.user)
    shown = Incident.objects.visible_to(request.user).filter(narrowed.condition())
    page = page_of(request, clocked(request, shown.open()).order_by("-over", "pk"))
    recent = clocked(request, shown.filter(resolved_at__gte=timezone.now() - RECENT)).order_by("-resolved_at", "pk")
    severities = (("", _("All")), *reversed(Incident.Severity.choices))
    context = {
        **page,
        "rows": rows_of(page["page_obj"]),
        "counts": {
            "open": page["page_obj"].paginator.count,
            "over": shown.open().over_target(timezone.now()).count(),
        },
        "recent": rows_of(recent[:RECENT_ROWS]),
        "filter": narrowed,
        "severities": options(request, "severity", severities, chosen=narrowed.severity),
        "kinds": Incident.Kind.choices,
        "all_rows_url": request.path,
        "newest_change": newest,
        "line": {} if is_fragment(request) else empty_line(request),
    }
    return page_or_fragment(request, "accounts_app/incident_board.html", context)


def clocked(request: Request, incidents: IncidentQuerySet) -> IncidentQuerySet:
    rows = incidents.with_clock(timezone.now()).with_may_act(request.user)
    return rows.select_related("account__tier", "account__owner").prefetch_related("pauses")


def with_rank(incidents: IncidentQuerySet) -> IncidentQuerySet:
    ranks = (When(severity=key, then=Value(rank)) for key, rank in RANKS.items())
    return incidents.annotate(severity_rank=Case(*ranks))


def rows_of(incidents: Iterable[Any]) -> list[Row]:
    return [Row(incident, Clock(incident.running, incident.target)) for incident in incidents]
