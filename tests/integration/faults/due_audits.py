"""What makes the tasks of audits due, again and again, and what they leave behind."""

from datetime import UTC, datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.functions import Now

from accounts_app.models import Role, Team
from cadence.models import Audit, AuditPack, OutgoingMail
from cadence.services import audit_packs
from tests.factories import AccountFactory, UserFactory
from tests.factories.audits import audit_cycle, open_audit
from tests.integration.signals.portfolio import make_company

# The day after the answers of `audit_cycle` are due, a Wednesday, after the hour reminders go out.
REMINDED_AT = datetime(2026, 7, 15, 10, 0, tzinfo=UTC)
FOLDER = "audit-packs"


def _some_audits() -> None:
    """Two accounts under audit with one reviewer, made by the first call."""
    if Audit.objects.exists():
        return
    make_company()
    team = Team.objects.create(name="North")
    leader = UserFactory(name="Lena Brandt", role=Role.SALES_LEADER, teams=[team])
    owner, reviewer = UserFactory(name="Jonas Okafor", teams=[team]), UserFactory(name="Ruth Berg", teams=[team])
    cycle = audit_cycle(by=leader)
    for name in ("Ferro", "Hansa"):
        evidence = {"account": {"known": True, "name": name, "tier": "Key"}}
        open_audit(AccountFactory(name=name, team=team, owner=owner), reviewer, cycle, evidence=evidence)


def a_reminder_due() -> tuple[()]:
    _some_audits()
    OutgoingMail.objects.all().delete()
    Audit.objects.update(reminded_on=None)
    return ()


def reminders() -> object:
    """The mails, and for each audit the day it was reminded of."""
    days = Audit.objects.order_by("account__name").values_list("reminded_on", flat=True)
    return list(OutgoingMail.objects.values_list("key", "subject", "text", "state")), list(days)


def _asked_for() -> AuditPack:
    _some_audits()
    for pack in AuditPack.objects.filter(state=AuditPack.State.DONE):
        pack.file.delete(save=False)
    AuditPack.objects.all().delete()
    cycle = audit_cycle()
    return audit_packs.ask(cycle, cycle.opened_by)


def a_pack_asked_for() -> tuple[int]:
    return (_asked_for().pk,)


def packs_to_be_swept() -> tuple[()]:
    """One has used up its attempts, another one is old."""
    asked = _asked_for()
    AuditPack.objects.update(attempts=AuditPack.MAX_ATTEMPTS)
    file = default_storage.save(f"{FOLDER}/old.pdf", ContentFile(b"%PDF-"))
    old = AuditPack.objects.create(cycle=asked.cycle, asked_by=asked.asked_by, state=AuditPack.State.DONE, file=file)
    AuditPack.objects.filter(pk=old.pk).update(asked_at=Now() - AuditPack.KEPT * 2)
    return ()


def packs() -> object:
    """The rows of the ledger, and how many files there are."""
    rows = AuditPack.objects.order_by("state")
    files = default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []
    return list(rows.values_list("state", "attempts", "done", "total", "error", "lease_until")), len(files)
