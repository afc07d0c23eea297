"""Audits as people would have brought them so far; and the end of them, for tests that commit."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from accounts_app.models import Account, User
from cadence.models import Audit, AuditAction, AuditAnswer, AuditCycle, AuditQuestions
from cadence.services.audit_signing import sign_as_leader, sign_as_owner
from tests.factories import UserFactory

EVIDENCE: dict[str, Any] = {
    "risk": {"known": True, "risk": 72, "probability": 0.1 + 0.2, "coverage": 1.0},
    "money": {"known": False, "reason": "no_orders"},
    "before": {"known": False, "reason": "no_audit"},
}
KEPT = ("cadence_audit", "cadence_auditanswer", "cadence_auditaction", "cadence_auditsignature")


def audit_cycle(begins_on: date = date(2026, 4, 1), **fields: Any) -> AuditCycle:
    name = f"{begins_on.year}-Q{(begins_on.month + 2) // 3}"
    values = {"answers_due_on": date(2026, 7, 14), "due_on": date(2026, 7, 24), "questions": AuditQuestions.latest()}
    found = AuditCycle.objects.filter(name=name).first()
    return found or AuditCycle.objects.create(
        name=name, begins_on=begins_on, **(values | {"opened_by": fields.pop("by", None) or UserFactory()} | fields)
    )


def open_audit(account: Account, reviewer: User | None, cycle: AuditCycle | None = None, **fields: Any) -> Audit:
    """An audit as it is after opening."""
    values = {"owner": account.owner, "chosen_for": ["tier"], "evidence": EVIDENCE, "evidence_on": date(2026, 6, 30)}
    return Audit.objects.create(cycle=cycle or audit_cycle(), account=account, reviewer=reviewer, **(values | fields))


def answer_all(audit: Audit, by: User, score: int = 3) -> Audit:
    """Every question, the judgement and one action, by the reviewer."""
    said = {"score": score, "reason": "Seen in the visits of the quarter.", "evidence": ["risk"], "answered_by": by}
    asked = audit.cycle.questions.questions
    AuditAnswer.objects.bulk_create(
        AuditAnswer(audit=audit, question=one["key"], dimension=one["dimension"], **said) for one in asked
    )
    audit.judged_band, audit.judgement = "drifting", "They build a second source."
    audit.save(update_fields=["judged_band", "judgement"])
    plan = "Present the plan for the new line"
    AuditAction.objects.create(audit=audit, text=plan, owner=by, due_on=date(2026, 8, 31), made_by=by)
    return audit


def sign_through(audit: Audit, leader: User) -> Audit:
    """Answered by its reviewer, signed by its owner and a leader."""
    assert audit.reviewer is not None
    assert audit.account.owner is not None
    answer_all(audit, audit.reviewer)
    sign_as_owner(audit, by=audit.account.owner)
    sign_as_leader(audit, by=leader)
    audit.refresh_from_db()
    return audit


def action_of(audit: Audit) -> AuditAction:
    return AuditAction.objects.get(audit=audit)


def forget_audits() -> None:
    """Remove every audit, signed ones too, as only the owner of the tables can.

    A test that commits ends by emptying all tables, which the triggers refuse once an audit is signed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for verb in ("DISABLE", "ENABLE ALWAYS"):
            for table in (*KEPT, "cadence_auditrecord"):
                cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER vigil_keep_all")
            if verb == "DISABLE":
                cursor.execute("TRUNCATE cadence_audit CASCADE")
