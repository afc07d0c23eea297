"""The Data page: every feed with how far it has come in, files in hand, imports."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts_app.access import Request, access
from accounts_app.context import company_of
from accounts_app.import_words import Freshness, Text, freshness, kind_title, progress_of
from accounts_app.importing.schema import KINDS
from accounts_app.models import OWN_FEED, Feed, FeedKind, ImportBatch, Role, Upload
from accounts_app.views.fragments import page_or_fragment
from accounts_app.views.listing import page_of

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
LATEST = 10
DONE = {
    Upload.Step.PREVIEW: gettext_lazy("Read: say what its columns are"),
    Upload.Step.DRY_RUN: gettext_lazy("Tried: import it"),
    Upload.Step.IMPORT: gettext_lazy("Imported"),
}


@dataclass(frozen=True)
class KindRow:
    """One kind of fact of one feed."""

    kind: FeedKind
    freshness: Freshness
    last_import: ImportBatch | None


@dataclass(frozen=True)
class FeedRow:
    feed: Feed
    kinds: list[KindRow]


@dataclass(frozen=True)
class BatchRow:
    batch: ImportBatch
    kind: Text


@dataclass(frozen=True)
class UploadRow:
    upload: Upload
    kind: Text
    state: Text


@access(ADMINISTRATORS)
def data(request: Request) -> HttpResponse:
    rows = feed_rows(Feed.objects.exclude(name=OWN_FEED), company_of(request).day_of(timezone.now()))
    in_hand = Upload.objects.in_hand().select_related("feed", "by")
    context = {
        "feeds": rows,
        "stale": sum(row.freshness.key == "stale" for feed in rows for row in feed.kinds),
        "in_hand": [upload_row(upload) for upload in in_hand],
        "batches": batch_rows(imports()[:LATEST]),
    }
    return TemplateResponse(request, "accounts_app/data.html", context)


@access(ADMINISTRATORS)
def import_list(request: Request) -> HttpResponse:
    page = page_of(request, imports())
    context = {**page, "batches": batch_rows(page["page_obj"])}
    return page_or_fragment(request, "accounts_app/data_imports.html", context)


def imports() -> QuerySet[ImportBatch]:
    """What was taken in, the latest first."""
    return ImportBatch.objects.filter(finished_at__isnull=False).select_related("feed", "by").order_by("-pk")


def batch_rows(batches: Any) -> list[BatchRow]:
    return [BatchRow(batch, kind_title(batch.kind)) for batch in batches]


def upload_row(upload: Upload) -> UploadRow:
    state = progress_of(upload).phase if upload.is_pending else _standing(upload)
    return UploadRow(upload, kind_title(upload.kind), state)


def _standing(upload: Upload) -> Text:
    if upload.state == Upload.State.DONE:
        return DONE[Upload.Step(upload.step)]
    return upload.get_state_display()


def feed_rows(feeds: QuerySet[Feed], today: dt.date) -> list[FeedRow]:
    """Each feed with its kinds, in three statements however many there are."""
    last = last_imports(feeds)
    return [
        FeedRow(
            feed,
            [KindRow(kind, freshness(kind, today), _last_of(last, feed, kind.source)) for kind in feed.kinds.all()],
        )
        for feed in feeds.prefetch_related("kinds")
    ]


def last_imports(feeds: QuerySet[Feed]) -> dict[tuple[int, str], ImportBatch]:
    """The last import by feed and kind of file."""
    finished = ImportBatch.objects.filter(finished_at__isnull=False, feed__in=feeds)
    latest = finished.order_by("feed_id", "kind", "-pk").distinct("feed_id", "kind")
    return {(batch.feed_id, batch.kind): batch for batch in latest}


def _last_of(last: dict[tuple[int, str], ImportBatch], feed: Feed, source: str) -> ImportBatch | None:
    # Several kinds of file may bring one kind of fact: orders come as orders and as their lines.
    files = (kind.name for kind in KINDS if kind.source == source)
    found = [batch for name in files if (batch := last.get((feed.pk, name)))]
    return max(found, key=lambda batch: batch.pk, default=None)
