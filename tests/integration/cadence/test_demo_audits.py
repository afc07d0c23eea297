"""The demo's audits: two quarters, in every state, and whole."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction

from accounts_app.demo.load import load
from accounts_app.models import Account, Company
from cadence.models import ActionClosing, Audit, AuditAction, AuditCycle, AuditRecord, AuditSignature
from cadence.services.audit_records import verify
from cadence.services.demo_audits import live_through_audits
from signals.models import Band, RiskDay
from tests.factories.judgement import judged

# Loading the demo takes seconds on an idle machine.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

ANCHOR = dt.date(2026, 11, 22)
BANDS = (Band.AT_RISK, Band.HEALTHY, Band.DRIFTING, Band.HEALTHY, Band.UNKNOWN)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The demo with its audits, taken back after the last test of this module."""
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(now, tick=False):
        load(ANCHOR)
        for n, account in enumerate(Account.objects.order_by("pk")):
            judged(account, BANDS[n % len(BANDS)], revenue=1_000_000 // (n + 1), as_of=ANCHOR)
        yield live_through_audits()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def morning() -> None:
    """The module's own time holds."""


def test_two_quarters_are_there_in_every_state(lived: int) -> None:
    last, present = AuditCycle.objects.order_by("begins_on")
    assert (last.name, present.name) == ("2026-Q3", "2026-Q4")
    assert lived == Audit.objects.count() > 100
    states = {cycle: Counter(cycle.audits.values_list("state", flat=True)) for cycle in (last, present)}
    assert states[last][Audit.State.OPEN] >= 1
    assert states[last][Audit.State.SIGNED] > 50
    assert set(states[present]) == set(Audit.State.values)
    assert states[present][Audit.State.OPEN] > states[present][Audit.State.OWNER_SIGNED] >= 2
    assert states[present][Audit.State.EXCLUDED] == 1


def test_chain_is_whole_and_in_the_order_of_its_days(lived: int) -> None:
    assert verify() == []
    moments = list(AuditRecord.objects.order_by("number").values_list("signed_at", flat=True))
    of_last = [moment for moment in moments if moment.date() < dt.date(2026, 10, 1)]
    assert of_last[:-1] == sorted(of_last[:-1])


def test_some_were_late_one_was_corrected_one_was_sent_back(lived: int) -> None:
    last = AuditCycle.objects.get(name="2026-Q3")
    signed = AuditSignature.objects.filter(audit__cycle=last, role="leader", audit__revision=1)
    late = [one for one in signed if one.signed_at.date() > last.due_on]
    assert 3 <= len(late) < len(signed) / 3
    correction = Audit.objects.get(revision=2)
    assert correction.supersedes is not None
    assert (correction.state, correction.supersedes.state) == (Audit.State.SIGNED, Audit.State.SIGNED)
    assert AuditSignature.objects.filter(voided_at__isnull=False).count() == 1


def test_evidence_of_last_quarter_is_of_its_day(lived: int) -> None:
    """Judged as of the opening, and no day of it kept: workers fill the past of accounts that have none."""
    audits = list(Audit.objects.filter(cycle__name="2026-Q3"))
    risks = [audit.evidence["risk"] for audit in audits]
    assert sum(risk["known"] for risk in risks) > len(risks) * 3 / 4
    assert {risk["as_of"] for risk in risks if risk["known"]} == {"2026-07-21"}
    assert not RiskDay.objects.exists()


def test_present_evidence_holds_what_the_last_audit_said(lived: int) -> None:
    """The correction counts, not what it corrects."""
    later = Audit.objects.get(revision=2)
    before = Audit.objects.get(cycle__name="2026-Q4", account=later.account).evidence["before"]
    assert (before["audit"], before["revision"], before["scores"]["business_share"]) == (later.pk, 2, 2)


def test_nothing_of_it_happened_today_or_later(lived: int) -> None:
    company = Company.the()
    for moment in (
        *AuditSignature.objects.values_list("signed_at", flat=True),
        *AuditCycle.objects.values_list("opened_at", flat=True),
        *Audit.objects.values_list("evidence_at", flat=True),
    ):
        assert company.day_of(moment) < ANCHOR
    assert not ActionClosing.objects.filter(closed_on__gte=ANCHOR).exists()


def test_actions_ended_in_every_way_and_some_are_overdue(lived: int) -> None:
    assert set(ActionClosing.objects.values_list("outcome", flat=True)) == {"done", "dropped"}
    assert AuditAction.objects.open().filter(due_on__lt=ANCHOR).exists()
    assert AuditAction.objects.open().filter(due_on__gt=ANCHOR).exists()


def test_a_second_time_does_nothing(lived: int) -> None:
    assert live_through_audits() == 0
