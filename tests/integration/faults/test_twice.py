"""Every task run again, and twice at once: what it did once is all that was done."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import redis
import time_machine
from celery import current_app
from django.utils import timezone

from accounts_app.models import Account, AccountMark, ImportBatch, Order, Upload
from accounts_app.services import uploads
from accounts_app.services.changes import mark_changed
from cadence.models import ContactQuarter, OutgoingMail
from config.celery import app
from signals.models import Run
from signals.services import ledger, runs
from signals.services.checksum import run_checksum
from tests.factories import FeedFactory
from tests.integration.at_once import in_threads
from tests.integration.data_files import ACCOUNTS, administrator, hand_in, in_hand, orders, said, take_in
from tests.integration.faults import due_audits
from tests.integration.faults.conftest import MakeNight
from tests.integration.faults.night import FULL, SMALL, STORM, Size
from tests.integration.signals.conftest import give_past
from tests.integration.signals.portfolio import DAY, make_company, make_portfolio


class Case(NamedTuple):
    """What makes a task due (and its arguments), what it leaves behind, and the moment where that matters."""

    prepare: Callable[[], tuple[int, ...]]
    seen: Callable[[], object]
    at: datetime | None = None

    def moment(self) -> AbstractContextManager[object]:
        return nullcontext() if self.at is None else time_machine.travel(self.at)


def some_judged() -> list[int]:
    """A few accounts with a run behind them, made by the first call."""
    if not Run.objects.exists():
        give_past(make_portfolio(accounts=6, orders=20, contacts=6))
        runs.work_off(runs.request_explicit(DAY))
    return list(Account.objects.order_by("pk").values_list("pk", flat=True))


def an_open_chunk() -> tuple[int]:
    some_judged()
    runs.work_off(Run.objects.get())  # one on its way is not begun anew
    run = runs.request_explicit(DAY)
    runs.work(run.chunks.get().pk)
    return (run.chunks.open().get().pk,)


def chunks() -> object:
    return run_checksum(DAY), sorted(Run.objects.get().chunks.values_list("phase", "n", "state", "attempts"))


def nothing_yet() -> tuple[()]:
    make_company()
    Run.objects.all().delete()
    return ()


def ticked() -> object:
    return [(run.kind, run.state, run.chunks.count()) for run in Run.objects.all()]


def marked() -> tuple[()]:
    mark_changed(some_judged())
    return ()


def recomputed() -> object:
    return run_checksum(DAY), AccountMark.objects.count()


def an_import_asked_for() -> tuple[int]:
    client, _user = administrator()
    feed = FeedFactory(name="erp", title="ERP")
    if not ImportBatch.objects.exists():
        take_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    Order.objects.all().delete()
    hand_in(client, feed, "orders", "orders.csv", orders(200, bad=3))
    upload = in_hand()
    app.tasks["accounts_app.tasks.work_upload"](upload.pk)
    client.post(f"/data/uploads/{upload.pk}/say/", said(upload))
    app.tasks["accounts_app.tasks.work_upload"](upload.pk)
    assert uploads.ask_import(upload)
    return (upload.pk,)


def imported() -> object:
    batch = ImportBatch.objects.latest("pk")
    upload = Upload.objects.latest("pk")
    counted = (batch.created, batch.updated, batch.unchanged, batch.rejected)
    return counted, Order.objects.count(), upload.state, upload.attempts


def an_upload_given_up() -> tuple[()]:
    Upload.objects.all().delete()
    client, _user = administrator()
    hand_in(client, FeedFactory(name="erp", title="ERP"), "accounts", "customers.csv", ACCOUNTS)
    Upload.objects.update(attempts=Upload.MAX_ATTEMPTS)
    return ()


def swept() -> object:
    return list(Upload.objects.values_list("step", "state", "attempts", "error"))


def quarters_not_counted() -> tuple[()]:
    some_judged()
    ContactQuarter.objects.all().delete()
    return ()


def quarters() -> object:
    counted = ContactQuarter.objects.order_by("account", "begins_on")
    return list(counted.values_list("account", "begins_on", "days_kept", "contacts", "proactive"))


def a_mail(**fields: Any) -> tuple[()]:
    OutgoingMail.objects.all().delete()
    known = {"key": "one", "message_id": "<one@example.com>", "recipient": "ana@example.com", "text": "Today"}
    OutgoingMail.objects.create(**(known | fields))
    return ()


def a_mail_sent_long_ago() -> tuple[()]:
    return a_mail(state="sent", sent_at=timezone.now() - timedelta(days=400))


def mails() -> object:
    return list(OutgoingMail.objects.values_list("state", "attempts", "text"))


CASES = {
    "cadence.tasks.refresh_quarters": Case(quarters_not_counted, quarters),
    "cadence.tasks.send_mails": Case(a_mail, mails),
    "cadence.tasks.ensure_digests": Case(a_mail_sent_long_ago, mails),
    "cadence.tasks.remind_of_audits": Case(due_audits.a_reminder_due, due_audits.reminders, due_audits.REMINDED_AT),
    "cadence.tasks.work_audit_pack": Case(due_audits.a_pack_asked_for, due_audits.packs),
    "cadence.tasks.sweep_audit_packs": Case(due_audits.packs_to_be_swept, due_audits.packs),
    "signals.tasks.work_chunk": Case(an_open_chunk, chunks),
    "signals.tasks.tick": Case(nothing_yet, ticked),
    "signals.tasks.recompute_marked": Case(marked, recomputed),
    "accounts_app.tasks.work_upload": Case(an_import_asked_for, imported),
    "accounts_app.tasks.sweep_uploads": Case(an_upload_given_up, swept),
}


@pytest.fixture(autouse=True, scope="module")
def tasks_are_known() -> None:
    app.loader.import_default_modules()


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.MEDIA_ROOT = tmp_path / "media"


def test_no_task_is_left_out() -> None:
    assert {name for name in app.tasks if not name.startswith("celery.")} == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_a_task_run_twice_does_what_it_does_once(transactional_db: None, name: str) -> None:
    task, case = app.tasks[name], CASES[name]
    with case.moment():
        runs_twice(task, case)


def runs_twice(task: Callable[..., object], case: Case) -> None:
    arguments = case.prepare()
    before = case.seen()
    task(*arguments)
    once = case.seen()
    assert once != before
    task(*arguments)
    assert case.seen() == once
    arguments = case.prepare()
    assert case.seen() != once
    in_threads(2, lambda: task(*arguments))
    assert case.seen() == once


@pytest.mark.parametrize("size", [pytest.param(SMALL, id="small"), pytest.param(FULL, id="full", marks=STORM)])
def test_a_night_whose_messages_all_come_thrice(make_night: MakeNight, size: Size) -> None:
    """Two workers hear each message three times, from who opened the phase and twice from here."""
    night = make_night(size)
    with redis.Redis.from_url(app.conf.broker_url) as queue:
        queue.flushdb()  # what workers killed by other tests held stays there, unacknowledged, for an hour
    night.begin(workers=2)
    sent: set[int] = set()

    def ring_twice() -> bool:
        fresh = set(night.run.chunks.values_list("pk", flat=True)) - sent
        for pk in [*fresh, *fresh]:
            current_app.send_task(ledger.WORK_CHUNK, args=(pk,))
        sent.update(fresh)
        return night.is_over

    night.until(ring_twice)
    ring_twice()
    night.until(heard_all)
    night.finish()
    night.check()
    assert len(sent) >= size.chunks + 2


def heard_all() -> bool:
    with redis.Redis.from_url(app.conf.broker_url) as queue:
        return not queue.exists("long", "unacked")
