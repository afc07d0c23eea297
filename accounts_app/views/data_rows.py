"""The rows behind a figure of an import: what it created, and what it changed with the values before."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_app.access import Request, access
from accounts_app.import_words import kind_title
from accounts_app.importing.schema import kind_named
from accounts_app.models import (
    Account,
    ChangeEvent,
    Colleague,
    Contact,
    Contract,
    FeedSource,
    ImportBatch,
    ImportChange,
    Incident,
    Inquiry,
    Interaction,
    Loss,
    Order,
    Ownership,
    QuietPeriod,
    SurveyAnswer,
)
from accounts_app.views.data import ADMINISTRATORS, imports
from accounts_app.views.fragments import page_or_fragment
from accounts_app.views.listing import page_of

# What a kind of file writes; rates have no batch of their own.
WRITTEN: dict[str, type[Any]] = {
    FeedSource.ACCOUNTS: Account,
    FeedSource.CONTACTS: Contact,
    FeedSource.INTERACTIONS: Interaction,
    FeedSource.ORDERS: Order,
    FeedSource.INCIDENTS: Incident,
    FeedSource.QUIET_PERIODS: QuietPeriod,
    FeedSource.INQUIRIES: Inquiry,
    FeedSource.CONTRACTS: Contract,
    FeedSource.CHANGE_EVENTS: ChangeEvent,
    FeedSource.SURVEYS: SurveyAnswer,
    FeedSource.LOSSES: Loss,
    FeedSource.COLLEAGUES: Colleague,
    FeedSource.OWNERSHIP: Ownership,
}
OUTCOMES = {"created": _("Created"), "updated": _("Updated")}


@dataclass(frozen=True)
class Row:
    """Something an import wrote; `before` are the values it replaced."""

    text: str
    account: Account | None
    url: str
    before: list[tuple[str, str]] = field(default_factory=list)


def written_by(kind: str) -> type[Any] | None:
    return WRITTEN.get(kind_named(kind).source)


@access(ADMINISTRATORS)
def import_rows(request: Request, pk: int, outcome: str) -> HttpResponse:
    batch = get_object_or_404(imports(), pk=pk)
    model = written_by(batch.kind)
    if model is None:
        raise Http404
    page = page_of(request, _created(batch, model) if outcome == "created" else batch.changes.order_by("pk"))
    rows = page["page_obj"].object_list
    context = {
        **page,
        "batch": batch,
        "kind": kind_title(batch.kind),
        "outcome": outcome,
        "title": OUTCOMES[outcome],
        "rows": [_row(one) for one in rows] if outcome == "created" else _changed(rows),
    }
    return page_or_fragment(request, "accounts_app/data_rows.html", context)


def _created(batch: ImportBatch, model: type[Any]) -> QuerySet[Any]:
    """What still stands as this import made it: a later change is in that later import."""
    changed = batch.changes.filter(model=model._meta.label_lower).values("object_id")  # noqa: SLF001  # documented
    made: QuerySet[Any] = model.objects.filter(batch=batch).exclude(pk__in=changed)
    return _with_account(made).order_by("pk")


def _with_account(rows: QuerySet[Any]) -> QuerySet[Any]:
    try:
        rows.model._meta.get_field("account")  # noqa: SLF001
    except FieldDoesNotExist:
        return rows
    related = ("account", "user") if rows.model is Ownership else ("account",)
    return rows.select_related(*related)


def _row(thing: Model, before: dict[str, Any] | None = None) -> Row:
    account = thing if isinstance(thing, Account) else getattr(thing, "account", None)
    url = reverse("accounts:contact_list", args=[account.pk]) if account else ""
    return Row(str(thing), account, url, _values(before or {}))


def _values(before: dict[str, Any]) -> list[tuple[str, str]]:
    # Inner structure (the lines of an order) is for taking an import back, not for reading.
    plain = {name: value for name, value in before.items() if not isinstance(value, (list, dict))}
    return [
        (name.removesuffix("_id").replace("_", " "), "–" if value in (None, "") else str(value))
        for name, value in plain.items()
    ]


def _changed(changes: Any) -> list[Row]:
    """The changed things of a page, one statement for each table they are in."""
    things: dict[tuple[str, int], Model] = {}
    for label in {change.model for change in changes}:
        ids = [change.object_id for change in changes if change.model == label]
        found = _with_account(apps.get_model(label)._default_manager.filter(pk__in=ids))  # noqa: SLF001
        things |= {(label, thing.pk): thing for thing in found}
    return [_changed_row(change, things.get((change.model, change.object_id))) for change in changes]


def _changed_row(change: ImportChange, thing: Model | None) -> Row:
    return _row(thing, change.before) if thing else Row(str(change), None, "", _values(change.before))
