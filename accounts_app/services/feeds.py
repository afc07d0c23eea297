"""Writes to feeds: what they are called, and what is expected of them."""

from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Max
from django.db.models.functions import TruncDate

from accounts_app.models import (
    AccountKey,
    ChangeEvent,
    Contract,
    Feed,
    FeedKind,
    FeedSource,
    Incident,
    Inquiry,
    Interaction,
    Loss,
    Order,
    SurveyAnswer,
)
from accounts_app.services.changes import mark_changed

# The day a row speaks of; of accounts, contacts and the like a file says what holds on the day it was made.
DAYS: dict[str, tuple[type[models.Model], str | TruncDate]] = {
    FeedSource.ORDERS: (Order, "ordered_on"),
    FeedSource.INTERACTIONS: (Interaction, "happened_on"),
    FeedSource.INCIDENTS: (Incident, TruncDate("opened_at")),
    FeedSource.INQUIRIES: (Inquiry, "asked_on"),
    FeedSource.CONTRACTS: (Contract, "starts_on"),
    FeedSource.CHANGE_EVENTS: (ChangeEvent, "happened_on"),
    FeedSource.SURVEYS: (SurveyAnswer, "asked_on"),
    FeedSource.LOSSES: (Loss, "lost_on"),
}


def change_feed(*, feed: Feed, kinds: Iterable[FeedKind], added: str = "") -> None:
    """Save a feed and what is expected of it; its accounts are judged anew, since signals rest on its freshness."""
    with transaction.atomic():
        feed.save(update_fields=["title", "currency"])
        changed = list(kinds)
        for kind in changed:
            kind.save(update_fields=["expected_days", "used"])
        if added:
            FeedKind.objects.get_or_create(feed=feed, source=added)
        if changed or added:
            mark_changed(AccountKey.objects.filter(feed=feed).values_list("account_id", flat=True))


def note_last_rows() -> None:
    """Read from the facts how far each kind goes, where something else than the importer wrote them."""
    for source, (model, day) in DAYS.items():
        for feed, last in model._default_manager.values_list("feed").annotate(last=Max(day)).order_by():  # noqa: SLF001
            FeedKind.objects.filter(feed=feed, source=source).update(last_row_on=last)
