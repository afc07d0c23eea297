"""Real workers on the pack of a cycle: it goes on when nobody looks, after a kill too, and ends when cancelled."""

import time
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest

from accounts_app.models import Account, Company, Role, Tier, User
from cadence.models import Audit, AuditAnswer, AuditPack
from cadence.services import audit_packs
from cadence.services.audit_evidence import evidence_of
from tests.factories import TeamFactory, UserFactory
from tests.factories.audits import audit_cycle
from tests.worker import CeleryWorker

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., CeleryWorker]
LEASE_SECONDS = 2
PATIENCE = 120.0
MANY = 150


@pytest.fixture(autouse=True)
def short_lease(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CHUNK_LEASE_SECONDS = LEASE_SECONDS
    monkeypatch.setenv("VIGIL_CHUNK_LEASE_SECONDS", str(LEASE_SECONDS))


@pytest.fixture
def pack() -> AuditPack:
    """Asked for by a leader who sees every account."""
    Company.the()
    team = TeamFactory(name="North")
    leader = UserFactory(role=Role.SALES_LEADER, teams=[team])
    cycle = audit_cycle(by=leader)
    tier = Tier.objects.get(key="key")
    accounts = Account.objects.bulk_create(Account(name=f"Account {n:03}", tier=tier, team=team) for n in range(MANY))
    evidence = evidence_of([account.pk for account in accounts], cycle.begins_on)
    audits = Audit.objects.bulk_create(
        Audit(cycle=cycle, account=one, evidence=evidence[one.pk], evidence_on=cycle.begins_on) for one in accounts
    )
    AuditAnswer.objects.bulk_create(answers(audits, leader))
    return audit_packs.ask(cycle, leader)


def answers(audits: list[Audit], by: User) -> list[AuditAnswer]:
    asked = audits[0].cycle.questions.questions
    return [
        AuditAnswer(
            audit=audit, question=one["key"], dimension=one["dimension"], score=3, reason="Seen there.", answered_by=by
        )
        for audit in audits
        for one in asked
    ]


def until(condition: Callable[[], bool], *, sweep: bool = False) -> None:
    """Wait, while the sweep is made that beat would make."""
    deadline, swept = time.monotonic() + PATIENCE, time.monotonic()
    while not condition():
        assert time.monotonic() < deadline, list(AuditPack.objects.values("state", "attempts", "error"))
        if sweep and time.monotonic() - swept > 0.5:
            audit_packs.sweep()
            swept = time.monotonic()
        time.sleep(0.02)


def ended(pack: AuditPack) -> bool:
    pack.refresh_from_db()
    return not pack.is_pending


def at_work(pack: AuditPack) -> bool:
    pack.refresh_from_db()
    assert pack.is_pending, pack.error
    return pack.state == AuditPack.State.RUNNING and pack.done > 0


def test_a_killed_pack_is_made_by_the_next_worker(pack: AuditPack, celery_worker_process: Start) -> None:
    worker = celery_worker_process()
    until(lambda: at_work(pack), sweep=True)
    worker.kill()
    pack.refresh_from_db()
    assert pack.state == AuditPack.State.RUNNING, "the kill came too late"
    celery_worker_process()
    until(lambda: ended(pack), sweep=True)
    assert (pack.state, pack.done, pack.total) == ("done", MANY, MANY), pack.error
    assert pack.attempts > 1
    with pack.file.open("rb") as file:
        assert len(pypdfium2.PdfDocument(file.read())) >= MANY + 2


def test_a_cancelled_pack_stops_and_keeps_nothing(pack: AuditPack, celery_worker_process: Start) -> None:
    worker = celery_worker_process(concurrency=1)
    until(lambda: at_work(pack), sweep=True)
    assert audit_packs.cancel(pack)
    until(lambda: "was cancelled or taken over" in worker.log.read_text(errors="replace"))
    pack.refresh_from_db()
    assert (pack.state, pack.file.name) == ("cancelled", "")
    assert not audit_packs.cancel(pack)
