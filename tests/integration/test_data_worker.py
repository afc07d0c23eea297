"""Real workers on handed-in files: killed in the middle, cancelled, asked twice."""

import resource
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from accounts_app.models import Account, Feed, ImportBatch, Order, Upload
from accounts_app.services import uploads
from accounts_app.services.uploads import files, ledger
from accounts_app.services.uploads.ledger import Attempt, LeaseLostError
from config.celery import app
from tests.factories import FeedFactory
from tests.integration.data_files import ACCOUNTS, administrator, hand_in, in_hand, orders, said
from tests.worker import CeleryWorker

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., CeleryWorker]
LEASE_SECONDS = 1
PATIENCE = 60.0
MANY = 60_000
CONTENT = "multipart/form-data; boundary=xx"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("UPLOAD_DIR", tmp_path / "uploads"), ("CHUNK_LEASE_SECONDS", LEASE_SECONDS)):
        setattr(settings, name, value)
        monkeypatch.setenv(f"VIGIL_{name}", str(value))


@pytest.fixture
def feed() -> Feed:
    return FeedFactory(name="erp", title="ERP")


@pytest.fixture
def client(feed: Feed) -> Client:
    return administrator()[0]


def until(condition: Callable[[], bool], *, sweep: bool = False) -> None:
    """Wait, while the sweep is made that beat would make."""
    deadline, swept = time.monotonic() + PATIENCE, time.monotonic()
    while not condition():
        assert time.monotonic() < deadline, list(Upload.objects.values("step", "state", "attempts", "error"))
        if sweep and time.monotonic() - swept > 0.5:
            uploads.sweep()
            swept = time.monotonic()
        time.sleep(0.02)


def ended(upload: Upload) -> bool:
    upload.refresh_from_db()
    return not upload.is_pending


def at_work(upload: Upload) -> bool:
    upload.refresh_from_db()
    assert upload.is_pending, upload.error
    return upload.state == Upload.State.RUNNING and upload.rows_done > 0


def ask_import(client: Client, feed: Feed, name: str, text: str, *, kind: str = "orders") -> Upload:
    """Hand a file in, let a worker read and try it, and press Import."""
    hand_in(client, feed, kind, name, text)
    upload = in_hand()
    until(lambda: ended(upload))
    client.post(f"/data/uploads/{upload.pk}/say/", said(upload))
    until(lambda: ended(upload))
    assert upload.trial, upload.error
    client.post(f"/data/uploads/{upload.pk}/import/")
    return upload


def test_a_worker_does_it_from_its_messages(client: Client, feed: Feed, celery_worker_process: Start) -> None:
    celery_worker_process()
    upload = ask_import(client, feed, "customers.csv", ACCOUNTS, kind="accounts")
    until(lambda: ended(upload))
    assert (upload.state, upload.attempts) == ("done", 3)  # read, tried, imported
    assert set(Account.objects.values_list("name", flat=True)) == {"Halvorsen", "Brandt"}
    fragment = client.get(f"/data/uploads/{upload.pk}/", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == f"/data/imports/{upload.batch_id}/"


def test_a_killed_import_is_repeated_whole(client: Client, feed: Feed, celery_worker_process: Start) -> None:
    worker = celery_worker_process()
    customers = ask_import(client, feed, "customers.csv", ACCOUNTS, kind="accounts")
    until(lambda: ended(customers))
    upload = ask_import(client, feed, "orders.csv", orders(MANY, bad=7))
    until(lambda: at_work(upload))
    worker.kill()
    upload.refresh_from_db()
    assert upload.state == Upload.State.RUNNING, "the kill came too late"
    assert (ImportBatch.objects.filter(kind="orders").count(), Order.objects.count()) == (0, 0)
    celery_worker_process()
    until(lambda: ended(upload), sweep=True)
    assert upload.state == "done", upload.error
    assert upload.attempts > 3
    batch = ImportBatch.objects.get(kind="orders")
    assert (batch.created, batch.updated, batch.unchanged, batch.rejected) == (MANY, 0, 0, 7)
    assert files.rejects_of(upload).read_text(encoding="utf-8-sig").count("\n") == 8
    assert Order.objects.count() == MANY


def test_a_cancelled_import_stops_and_writes_nothing(client: Client, feed: Feed, celery_worker_process: Start) -> None:
    worker = celery_worker_process(concurrency=1)
    customers = ask_import(client, feed, "customers.csv", ACCOUNTS, kind="accounts")
    until(lambda: ended(customers))
    upload = ask_import(client, feed, "orders.csv", orders(MANY))
    until(lambda: at_work(upload))
    client.post(f"/data/uploads/{upload.pk}/cancel/")
    upload.refresh_from_db()
    assert upload.state == "cancelled"
    began = time.monotonic()
    until(lambda: "was cancelled or taken over" in worker.log.read_text(errors="replace"))
    assert time.monotonic() - began < 3
    assert not Order.objects.exists()
    assert not ImportBatch.objects.filter(kind="orders").exists()
    # The file is still there: the same worker imports it when it is asked again.
    client.post(f"/data/uploads/{upload.pk}/import/")
    until(lambda: ended(upload))
    assert Order.objects.count() == MANY


def test_a_statement_that_runs_is_ended_where_it_stands(client: Client, feed: Feed) -> None:
    hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    upload = ledger.claim(in_hand().pk)
    assert upload
    uploads.cancel(upload)
    began = time.monotonic()
    with (
        pytest.raises(Exception, match="canceling statement"),
        ledger.kept_alive(upload),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT pg_sleep(30)")
    assert time.monotonic() - began < 5


def test_two_clicks_at_once_import_once(client: Client, feed: Feed, celery_worker_process: Start) -> None:
    celery_worker_process()
    hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    upload = in_hand()
    until(lambda: ended(upload))
    client.post(f"/data/uploads/{upload.pk}/say/", said(upload))
    until(lambda: ended(upload))
    asked: list[bool] = []

    def click() -> None:
        asked.append(uploads.ask_import(upload))
        connection.close()

    clicks = [threading.Thread(target=click) for _n in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    until(lambda: ended(upload))
    assert sorted(asked) == [False, False, False, True]
    assert ImportBatch.objects.count() == 1


def test_a_late_attempt_cannot_write(client: Client, feed: Feed) -> None:
    hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    late = ledger.claim(in_hand().pk)
    assert late
    Upload.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert ledger.claim(late.pk)
    with ledger.kept_alive(late) as attempt, pytest.raises(LeaseLostError):
        attempt.finish(preview={})
    assert in_hand().preview is None


def test_what_kills_its_workers_is_given_up_with_its_reason(client: Client, feed: Feed) -> None:
    hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    upload = in_hand()
    for _attempt in range(Upload.MAX_ATTEMPTS):
        assert ledger.claim(upload.pk)
        Upload.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert ledger.claim(upload.pk) is None
    uploads.sweep()
    upload.refresh_from_db()
    assert upload.state == "failed"
    page = client.get(f"/data/uploads/{upload.pk}/").content.decode()
    assert "Tried 3 times" in page
    assert "killed or ran out of memory" in page


def test_what_fails_is_tried_again_and_given_up_with_its_reason(client: Client, feed: Feed) -> None:
    hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    for _attempt in range(Upload.MAX_ATTEMPTS):
        claimed = ledger.claim(in_hand().pk)
        assert claimed
        ledger.give_back(claimed, "OSError: No space left on device")
    uploads.sweep()
    assert in_hand().error == "Tried 3 times. The last time: OSError: No space left on device"


def test_progress_is_seen_from_outside(client: Client, feed: Feed) -> None:
    hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    claimed = ledger.claim(in_hand().pk)
    assert claimed
    attempt = Attempt(claimed)
    attempt.progress("checking", 400, 1000)
    until(lambda: in_hand().rows_done == 400)
    page = client.get(f"/data/uploads/{claimed.pk}/").content.decode()
    assert "400 of 1,000 rows" in page
    assert 'value="40"' in page
    attempt.end()


def test_old_files_are_swept_away(client: Client, feed: Feed) -> None:
    hand_in(client, feed, "accounts", "old.csv", ACCOUNTS)
    old = in_hand()
    Upload.objects.update(uploaded_at=Now() - timedelta(days=15))
    uploads.sweep()
    assert Upload.objects.filter(pk=old.pk).exists(), "work on it is under way"
    uploads.cancel(old)
    uploads.sweep()
    assert not Upload.objects.exists()
    assert not files.folder_of(old).exists()


def test_a_file_is_taken_while_the_queue_is_away(client: Client, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("broker_url", "broker_read_url", "broker_write_url"):
        monkeypatch.setattr(app.conf, name, "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    assert hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS).status_code == 302
    assert in_hand().state == "waiting"


def refuse_stream(client: Client, feed: Feed, megabytes: int) -> str:
    """Hand in a stream that is made as it is read, so that nothing but the answer can cost memory or disk."""
    answer = client.generic("POST", "/data/upload/", **_stream(feed, megabytes << 20))
    assert answer.status_code == 422
    assert not Upload.objects.exists()
    assert list(files.arriving().iterdir()) == []
    return str(answer.content.decode().split('id="id_file_error"')[1].split("</ul>")[0])


def test_a_stream_beyond_the_limit_is_refused(client: Client, feed: Feed, settings: Any) -> None:
    settings.UPLOAD_BYTES = 2 << 20
    assert "larger than 2 MB" in refuse_stream(client, feed, 5)


@pytest.mark.storm
@pytest.mark.timeout(600)
def test_three_hundred_megabytes_are_refused_without_being_kept(client: Client, feed: Feed) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "larger than 200 MB" in refuse_stream(client, feed, 300)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 50 * 1024  # kB


class _Body:
    """A multipart body of a given size, made as it is read."""

    def __init__(self, head: bytes, size: int, tail: bytes) -> None:
        self._head, self._left, self._tail = head, size, tail

    def read(self, size: int = -1) -> bytes:
        if self._head:
            piece, self._head = self._head, b""
            return piece
        if self._left:
            count = min(self._left, size if size > 0 else 1 << 16)
            self._left -= count
            return (b"1;2\n" * (count // 4 + 1))[:count]
        piece, self._tail = self._tail, b""
        return piece

    def readline(self, size: int = -1) -> bytes:
        raise AssertionError("a line may be as long as the file")


def _stream(feed: Feed, size: int) -> dict[str, Any]:
    def part(name: str, value: str) -> str:
        return f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'

    head = part("feed", str(feed.pk)) + part("kind", "orders")
    head += '--xx\r\nContent-Disposition: form-data; name="file"; filename="large.csv"\r\n\r\n'
    tail = "\r\n--xx--\r\n"
    length = len(head) + size + len(tail)
    return {
        "wsgi.input": _Body(head.encode(), size, tail.encode()),
        "CONTENT_LENGTH": str(length),
        "CONTENT_TYPE": CONTENT,
    }
