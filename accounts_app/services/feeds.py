"""Writes to feeds: what they are called, and what is expected of them."""

from collections.abc import Iterable

from django.db import transaction

from accounts_app.models import AccountKey, Feed, FeedKind
from accounts_app.services.changes import mark_changed


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
