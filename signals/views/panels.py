"""Panels of the account page by addresses of their own: who knows whom, how long incidents take, what changed."""

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.incident_clock import Clock
from accounts_app.models import Account, Incident
from accounts_app.views.account_frame import account_frame, visible_account
from accounts_app.views.fragments import page_or_fragment
from accounts_app.views.listing import options
from signals.models import Standing
from signals.pages.account.changes import SPANS, USUAL_SPAN, changes_since
from signals.pages.account.explanation import rows_url
from signals.pages.account.incident_times import KEY, reading_of, times_rows
from signals.pages.account.relations import read_relations
from signals.pages.sentences import sentence
from signals.services.visits import last_seen

OPEN_SHOWN = 3


@access(EXCEPT_OPERATIONS)
def account_links(request: Request, pk: int) -> HttpResponse:
    """The 3x3, on the day the account was judged for; `?without=contact-12` thinks a person away."""
    account = visible_account(request.user, pk)
    standing = _standing(account)
    as_of = standing.as_of if standing else company_of(request).day_of(timezone.now())
    relations = read_relations(account, as_of, request.GET.getlist("without"))
    context = {"account": account, "relations": relations, "as_of": as_of}
    return page_or_fragment(
        request, "signals/account_links.html", account_frame(request, account, "overview") | context, fragment="panel"
    )


@access(EXCEPT_OPERATIONS)
def account_incidents(request: Request, pk: int) -> HttpResponse:
    """How long incidents take here: as the signal read it, and what is open this moment."""
    account = visible_account(request.user, pk)
    standing = _standing(account)
    reading = reading_of(standing)
    waiting = _open(account)[: OPEN_SHOWN + 1]
    context = {
        "sentence": sentence(reading) if reading else "",
        "rows_url": rows_url(account.pk, reading["evidence"], key=KEY, as_of=standing.as_of)
        if standing and reading
        else "",
        "times": times_rows(reading),
        "open": [(one, Clock(vars(one)["running"], vars(one)["target"])) for one in waiting[:OPEN_SHOWN]],
        "has_more_open": len(waiting) > OPEN_SHOWN,
    }
    return page_or_fragment(
        request,
        "signals/account_incidents.html",
        account_frame(request, account, "overview") | context,
        fragment="panel",
    )


@access(EXCEPT_OPERATIONS)
def account_changes(request: Request, pk: int) -> HttpResponse:
    """What moved the risk, and what happened, since `?since=7`, `30` or `90` days, or `visit`."""
    account = visible_account(request.user, pk)
    asked = request.GET.get("since", "")
    span = asked if asked in SPANS else USUAL_SPAN
    standing = _standing(account)
    seen = last_seen(request.user, account) if span == "visit" else None
    since = _since(request, span, standing, seen)
    choices = [(key, label) for key, label in SPANS.items()]
    context = {
        "standing": standing,
        "seen": seen,
        "is_first_visit": span == "visit" and seen is None,
        "changes": changes_since(standing, account, since) if standing and since else None,
        "spans": options(request, "since", choices, chosen=span),
    }
    return page_or_fragment(
        request, "signals/account_changes.html", account_frame(request, account, "overview") | context, fragment="panel"
    )


def _since(request: Request, span: str, standing: Standing | None, seen: dt.datetime | None) -> dt.date | None:
    """The last day that is not new any more; who was never here before is told of the usual span."""
    if standing is None:
        return None
    if seen:
        return company_of(request).day_of(seen)
    return standing.as_of - dt.timedelta(days=int(USUAL_SPAN if span == "visit" else span))


def _standing(account: Account) -> Standing | None:
    computed = Standing.objects.filter(account=account, state=Standing.State.COMPUTED)
    return computed.select_related("run__rule_set").first()


def _open(account: Account) -> QuerySet[Incident]:
    return Incident.objects.filter(account=account).open().with_clock(timezone.now()).order_by("-running", "pk")
