"""A file into facts: read twice, staged, written in one transaction, its rows accounted for."""

import hashlib
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from accounts_app.models import OWN_FEED, Company, Feed, FeedKind, ImportBatch

from . import examples, mapping, readers, rejects
from .fields import Kind
from .limits import FileRefusedError
from .loaders import LATEST, LOADERS
from .plan import Plan, header_by_field, make_plan, read_chunk, reject_lines
from .request import Outcome, Request
from .schema import kind_named
from .staging import REJECT_COPY, Load, create_tables, drop_tables, stage_copy
from .survey import CHUNK_ROWS, Survey, chunks, survey
from .upsert import count_rows

_SEGMENT = 10_000 // CHUNK_ROWS  # chunks from one report of progress to the next


def import_file(request: Request) -> Outcome:
    """Take a file in.

    Parameters
    ----------
    request
        The file, its kind and feed, and what was said about it.

    Returns
    -------
    What became of its rows.

    Raises
    ------
    FileRefusedError
        Where the file cannot be taken; nothing was written.
    """
    began = time.monotonic()
    kind = kind_named(request.kind)
    _check_request(request)
    source = readers.open_source(
        request.path,
        partial(mapping.score_rows, kind, request.columns),
        encoding=request.encoding,
        sheet=request.sheet,
        limits=request.limits,
    )
    with closing(source):
        outcome = _import(request, kind, source)
    outcome.seconds = round(time.monotonic() - began, 2)
    return outcome


def _import(request: Request, kind: Kind, source: readers.Source) -> Outcome:
    found = survey(source, kind, request.columns, request.limits, _report_reading(request))
    company = Company.the()
    today = company.day_of(timezone.now())
    plan = make_plan(kind, found, request.told, today=today, zone=ZoneInfo(company.time_zone))
    outcome = Outcome(
        kind.name,
        request.feed,
        request.path.name,
        found.rows,
        columns=dict(header_by_field(plan)),
        read_as=source.describe(),
    )
    try:
        _write(request, source, found, plan, outcome)
    except DatabaseError as error:
        said = str(error).splitlines()[0]
        raise FileRefusedError(f"The database refused {request.path.name}, and nothing was written: {said}") from error
    finally:
        if not outcome.done:
            rejects.discard(outcome.reject_file)
    rejects.publish(outcome.reject_file)
    return outcome


def _report_reading(request: Request) -> Callable[[int], None]:
    request.on_progress("reading", 0, 0)

    def report(rows: int) -> None:
        if rows % (CHUNK_ROWS * _SEGMENT) == 0:
            request.on_progress("reading", rows, 0)

    return report


def _check_request(request: Request) -> None:
    if request.feed == OWN_FEED:
        raise FileRefusedError(
            f"{OWN_FEED} is the feed of what people enter here; give the file's source a name of its own."
        )
    if not request.feed or slugify(request.feed) != request.feed.lower() or len(request.feed) > 60:  # Feed.name
        raise FileRefusedError(f"{request.feed} cannot name a feed: letters, digits, - and _ only, at most 60.")


def _write(request: Request, source: readers.Source, found: Survey, plan: Plan, outcome: Outcome) -> None:
    """Stage and write in one transaction; a dry run counts the same way and takes all back."""
    with transaction.atomic(), connection.cursor() as cursor:
        # One import of a feed at a time: the second of two clients with the same file finds the first one's rows.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('vigil import ' || %s, 0))", [request.feed])
        load = _begin(request, plan, cursor)
        create_tables(load)
        _stage(load, source, found, plan, request)
        load.pulse = partial(request.on_progress, "writing", found.rows, found.rows)
        key = LOADERS[load.kind.name](load)
        _account_for(load, outcome, key)
        outcome.examples = examples.collect(load, key)
        outcome.complete_to = _advance(load)
        rejects.collect(outcome, source, found.columns, request)
        _finish(load, outcome)
        drop_tables(load)
        transaction.set_rollback(request.dry_run)
    outcome.done = True
    if request.dry_run:
        outcome.dry_run, outcome.batch = True, None


def _begin(request: Request, plan: Plan, cursor: Any) -> Load:
    feed, _new = Feed.objects.get_or_create(name=request.feed)
    key_feed = feed
    if request.accounts_from:
        named = Feed.objects.filter(name=request.accounts_from).first()
        if named is None:
            raise FileRefusedError(f"There is no feed {request.accounts_from} whose account keys could be used.")
        key_feed = named
    earlier = ImportBatch.objects.filter(feed=feed, kind=plan.kind.name).exclude(rows=F("rejected"))
    history = not earlier.exists() if request.history is None else request.history
    batch = ImportBatch.objects.create(
        kind=plan.kind.name,
        feed=feed,
        file_name=request.path.name[:255],
        sha256=_digest(request.path),
        options=_options(request, history=history),
        by=request.by,
    )
    return Load(
        cursor,
        plan.kind,
        feed,
        key_feed,
        batch,
        Company.the(),
        plan.today,
        history,
        frozenset(plan.names),
        dict(header_by_field(plan)),
        currency=request.currency,
        create_accounts=request.create_accounts,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _options(request: Request, *, history: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "map": request.columns,
        "accounts_from": request.accounts_from,
        "currency": request.currency,
        "create_accounts": request.create_accounts,
        "dates": request.told.dates,
        "decimal": request.told.decimal,
        "encoding": request.encoding,
        "sheet": request.sheet,
    }
    return {name: value for name, value in said.items() if value} | {"history": history}


def _stage(load: Load, source: readers.Source, found: Survey, plan: Plan, request: Request) -> None:
    """Read the file for the second time, into the staging table.

    Rejects wait in a file meanwhile, since a connection copies one thing at a time; between two segments it copies
    nothing, so that whoever is told of the progress may query.
    """
    done = 0
    with (
        tempfile.SpooledTemporaryFile(max_size=1 << 20, mode="w+", encoding="utf-8", newline="") as spool,
        closing(chunks(source, found.columns)) as rows,
    ):
        while segment := list(islice(rows, _SEGMENT)):
            request.on_progress("checking", done, found.rows)
            with load.cursor.copy(stage_copy(plan.names)) as copy:
                for chunk in segment:
                    lines, rejected = read_chunk(plan, chunk)
                    copy.write(lines)
                    spool.write(reject_lines(rejected))
            done += sum(map(len, segment))
        spool.seek(0)
        with load.cursor.copy(REJECT_COPY) as copy:
            while piece := spool.read(1 << 16):
                copy.write(piece)
    load.run("ANALYZE import_stage")


def _account_for(load: Load, outcome: Outcome, key: str) -> None:
    """Every row of the file is created, updated, unchanged or rejected, with its item."""
    counts = count_rows(load, key)
    outcome.created, outcome.updated, outcome.unchanged = (
        counts.get(word, 0) for word in ("created", "updated", "unchanged")
    )
    outcome.rejected = load.rows("SELECT count(*) FROM import_reject")[0][0]
    accounted = outcome.created + outcome.updated + outcome.unchanged + outcome.rejected
    if accounted != outcome.rows:
        raise FileRefusedError(
            f"{accounted:,} of {outcome.rows:,} rows are accounted for. "
            "This is a fault of the program; nothing was written."
        )
    outcome.items, outcome.notes, outcome.history, outcome.batch = load.items, load.notes, load.history, load.batch.pk


def _advance(load: Load) -> date | None:
    """Note how far the feed has come in, if anything was taken; never beyond today, never back."""
    taken = load.rows("SELECT count(*) FROM import_item")[0][0]
    if not taken:
        return None
    latest = load.rows(LATEST[load.kind.name])[0][0] if load.kind.name in LATEST else load.today
    progress, _new = FeedKind.objects.get_or_create(feed=load.feed, source=load.kind.source)
    if latest:
        progress.complete_to = max(progress.complete_to or date.min, min(latest, load.today))
        if load.kind.name in LATEST:
            progress.last_row_on = max(progress.last_row_on or latest, latest)
        progress.save(update_fields=["complete_to", "last_row_on"])
    return progress.complete_to


def _finish(load: Load, outcome: Outcome) -> None:
    ImportBatch.objects.filter(pk=load.batch.pk).update(
        finished_at=timezone.now(),
        rows=outcome.rows,
        created=outcome.created,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        rejected=outcome.rejected,
        reasons=[reason._asdict() for reason in outcome.reasons],
        notes=outcome.notes,
    )
