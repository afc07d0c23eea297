"""The outbox: what is wanted leaves, once where mail allows, and what cannot leave is told."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django.test import Client

from accounts_app.models import Role
from cadence.models import OutgoingMail
from cadence.services.outbox import (
    MOST_ATTEMPTS,
    PAUSES,
    Letter,
    claim,
    forget_contents,
    post,
    send_again,
    send_waiting,
)
from tests.factories import UserFactory
from tests.integration.at_once import in_threads
from tests.integration.cadence.mail_sink import Sink, listening

AGO = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def morning() -> None:
    """The clock of these tests is the database's: leases are told by no other."""


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with listening() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, False
        yield sink


def put(key: str = "one", **fields: Any) -> OutgoingMail:
    recipient = fields.pop("recipient", "ana@brenner.example")
    return post(Letter(subject="Hello", text="Words", **fields), key=key, recipient=recipient)


def again() -> None:
    """Let pauses and leases pass."""
    OutgoingMail.objects.update(send_after=Now() - AGO, lease_until=None)


@pytest.mark.django_db
def test_a_mail_leaves_with_its_own_name_and_only_once(sink: Sink) -> None:
    row = put(html="<p>Words</p>", headers={"Reply-To": "jonas@vigil.example"})
    assert (send_waiting(), send_waiting()) == (1, 0)
    (mail,) = sink.taken
    assert (mail["Message-ID"], mail["Subject"], mail["Reply-To"]) == (row.message_id, "Hello", "jonas@vigil.example")
    assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("sent", 1, "")


@pytest.mark.django_db
def test_the_same_key_is_the_same_mail() -> None:
    assert put().pk == put().pk
    assert put("other").pk != put().pk


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_with_its_transaction_never_leaves(sink: Sink) -> None:
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert (send_waiting(), sink.taken) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_each_mail_once(sink: Sink) -> None:
    for n in range(20):
        put(str(n))
    assert sum(in_threads(6, send_waiting)) == 20
    assert len({mail["Message-ID"] for mail in sink.taken}) == len(sink.taken) == 20


@pytest.mark.django_db
def test_pauses_grow_and_then_it_is_given_up_with_the_reason(sink: Sink) -> None:
    row = put(recipient="full@brenner.example")
    sink.refuses["full@"] = "452 mailbox is full"
    for number, pause in enumerate(PAUSES, 1):
        send_waiting()
        row.refresh_from_db()
        assert (row.state, row.attempts, send_waiting()) == ("waiting", number, 0)
        waits = row.send_after - OutgoingMail.objects.values_list(Now(), flat=True)[0]
        assert pause - AGO < waits <= pause
        again()
    send_waiting()
    row.refresh_from_db()
    assert (row.state, row.attempts, "mailbox is full" in row.error) == ("failed", MOST_ATTEMPTS, True)
    assert list(PAUSES) == sorted(PAUSES)


@pytest.mark.django_db
def test_an_address_nobody_has_is_given_up_at_once_and_keeps_no_other_back(sink: Sink) -> None:
    sink.refuses["nobody@"] = "550 no such user"
    put("one", recipient="nobody@brenner.example")
    put("two")
    assert send_waiting() == 1
    assert OutgoingMail.objects.get(key="one").state == "failed"


@pytest.mark.django_db
def test_a_server_that_is_away_is_waited_for(sink: Sink, settings: Any) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    row = put()
    assert send_waiting() == 0
    row.refresh_from_db()
    assert (row.state, "refused" in row.error) == ("waiting", True)
    settings.EMAIL_PORT = port
    again()
    assert send_waiting() == 1


@pytest.mark.django_db
def test_a_claim_holds_for_its_lease_and_who_lost_it_marks_nothing(sink: Sink) -> None:
    put()
    first = claim()
    assert first is not None
    assert claim() is None
    OutgoingMail.objects.update(lease_until=Now() - AGO)
    second = claim()
    assert second is not None
    assert (second.pk, second.attempts, second.message_id) == (first.pk, 2, first.message_id)


@pytest.mark.django_db
def test_who_was_killed_over_it_each_time_is_not_tried_for_ever(sink: Sink) -> None:
    row = put()
    OutgoingMail.objects.update(attempts=MOST_ATTEMPTS, lease_until=Now() - AGO)
    assert send_waiting() == 0
    row.refresh_from_db()
    assert (row.state, "killed" in row.error, sink.taken) == ("failed", True, [])


@pytest.mark.django_db
def test_a_former_colleague_gets_nothing_any_more(sink: Sink) -> None:
    user = UserFactory(is_active=False)
    post(Letter(subject="Hello", text="Words"), key="one", recipient=user.email, user=user)
    assert (send_waiting(), OutgoingMail.objects.get().state) == (0, "failed")


@pytest.mark.django_db
def test_no_text_becomes_a_header(sink: Sink) -> None:
    evil = "Hello\r\nBcc: eve@example.test\x00\u2028" + "ä" * 5000
    headers = {"Reply-To": "a@b.example\nBcc: eve@example.test"}
    letter = Letter(subject=evil, text="a\x00b", headers=headers)
    post(letter, key="one", recipient="ana@brenner.example")
    assert send_waiting() == 1
    (mail,) = sink.taken
    assert mail["Bcc"] is None


@pytest.mark.django_db
def test_what_was_sent_is_forgotten_and_that_it_was_is_not(sink: Sink) -> None:
    put()
    send_waiting()
    assert forget_contents() == 0
    OutgoingMail.objects.update(sent_at=Now() - dt.timedelta(days=31))
    assert (forget_contents(), forget_contents()) == (1, 0)
    assert (OutgoingMail.objects.get().text, put().pk) == ("", OutgoingMail.objects.get().pk)


@pytest.mark.django_db
def test_an_administrator_sees_what_was_given_up_and_lets_it_be_tried_again(sink: Sink) -> None:
    sink.refuses["ana@"] = "550 <b>no such user</b>"
    row = put()
    send_waiting()
    client = Client()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    page = client.get("/settings/mail/").content.decode()
    assert "&lt;b&gt;no such user" in page
    assert "Words" not in page
    sink.refuses.clear()
    assert client.post(f"/settings/mail/{row.pk}/again/").status_code == 302
    assert send_waiting() == 1
    row.refresh_from_db()
    assert not send_again(row)


def wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < deadline, list(OutgoingMail.objects.values())
        time.sleep(0.05)


def test_a_worker_killed_in_the_middle_loses_no_mail(
    celery_worker_process: Callable[..., Any], sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the server's taking it and our mark: it comes once more, under the same name."""
    given = {"VIGIL_SMTP_HOST": "127.0.0.1", "VIGIL_SMTP_PORT": str(sink.port), "VIGIL_SMTP_TLS": "0"}
    for name, value in {**given, "DJANGO_SETTINGS_MODULE": "config.settings"}.items():
        monkeypatch.setenv(name, value)
    row = put()
    sink.may_answer.clear()
    worker = celery_worker_process(concurrency=1, beat=True)
    wait_for(sink.reached.is_set)
    worker.kill()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 1)
    sink.may_answer.set()
    OutgoingMail.objects.update(lease_until=Now() - AGO)
    celery_worker_process(concurrency=1, beat=True)
    wait_for(lambda: OutgoingMail.objects.get().state == "sent")
    assert [mail["Message-ID"] for mail in sink.taken] == [row.message_id] * 2
    assert OutgoingMail.objects.get().attempts == 2
