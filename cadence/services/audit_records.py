"""What a signed audit said, kept as text in a chain of hashes, and the proof that neither it nor its rows changed.

The hash of a record is SHA-256 over its content in canonical form followed by the hash of the record before. Rows are
frozen by triggers; where somebody went round them, `verify` tells what no longer agrees.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cadence.canonical_json import canonical
from cadence.models import Audit, AuditRecord, AuditSignature
from cadence.services.audit_differences import differences

FORM: Final = 1
CHAIN_LOCK: Final = 7_314_004
AT_ONCE: Final = 100
TRIGGERS: Final = Path(__file__).parents[1] / "frozen_audits.sql"
PARTS: Final = ("cycle__questions", "answers", "actions", "signatures")


@dataclass(frozen=True)
class Finding:
    """What does not agree: with which record of the chain, of which audit."""

    number: int | None
    audit_id: int | None
    text: str


def content_of(audit: Audit) -> dict[str, Any]:
    """All that is signed: what the audit's page shows, people as ids, days and moments as texts."""
    cycle = audit.cycle
    return {
        "form": FORM,
        "audit": audit.pk,
        "revision": audit.revision,
        "supersedes": audit.supersedes_id,
        "reason": audit.reason,
        "chosen_for": list(audit.chosen_for),
        "cycle": {
            "name": cycle.name,
            "begins_on": cycle.begins_on.isoformat(),
            "answers_due_on": cycle.answers_due_on.isoformat(),
            "due_on": cycle.due_on.isoformat(),
            "policy": cycle.policy,
        },
        "questions": {"version": cycle.questions.version, "asked": cycle.questions.questions},
        "account": audit.account_id,
        "owner": audit.owner_id,
        "reviewer": audit.reviewer_id,
        "evidence": audit.evidence,
        "evidence_on": audit.evidence_on.isoformat(),
        "evidence_at": _moment(audit.evidence_at),
        "judged_band": audit.judged_band,
        "judgement": audit.judgement,
        "answers": {row.question: _answer(row) for row in audit.answers.all()},
        "actions": {str(row.pk): _action(row) for row in audit.actions.all()},
    }


def _answer(row: Any) -> dict[str, Any]:
    return {
        "dimension": row.dimension,
        "score": row.score,
        "reason": row.reason,
        "evidence": list(row.evidence),
        "answered_by": row.answered_by_id,
        "answered_at": _moment(row.answered_at),
    }


def _action(row: Any) -> dict[str, Any]:
    return {
        "text": row.text,
        "owner": row.owner_id,
        "due_on": row.due_on.isoformat(),
        "made_by": row.made_by_id,
        "made_at": _moment(row.made_at),
    }


def _signature(row: AuditSignature) -> dict[str, Any]:
    said = {
        "role": row.role,
        "user": row.user_id,
        "signed_at": _moment(row.signed_at),
        "content_hash": row.content_hash,
    }
    if row.voided_at is None:
        return said
    return said | {
        "voided_at": _moment(row.voided_at),
        "voided_by": row.voided_by_id,
        "voided_reason": row.voided_reason,
    }


def with_signatures(audit: Audit) -> dict[str, Any]:
    """What a record keeps: the content and every signature, those sent back too."""
    return content_of(audit) | {"signatures": {str(row.pk): _signature(row) for row in audit.signatures.all()}}


def _moment(moment: dt.datetime) -> str:
    """In UTC with all its microseconds: one moment has one text."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def digest(text: str, previous: str = "") -> str:
    return hashlib.sha256((text + previous).encode()).hexdigest()


def content_hash(audit: Audit) -> str:
    """What a signature signs."""
    return digest(canonical(content_of(audit)))


def mark_of(audit: Audit) -> str:
    """What somebody reads before they sign. Not whose it is: that follows the account at the signature."""
    read = content_of(audit)
    return digest(canonical({key: value for key, value in read.items() if key not in {"owner", "reviewer"}}))


def append(audit: Audit, at: dt.datetime) -> AuditRecord:
    """Add an audit to the chain, in the transaction that signs it; who signs another one meanwhile waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AuditRecord.objects.order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, "")
    content = canonical(with_signatures(audit))
    return AuditRecord.objects.create(
        number=number,
        audit=audit,
        version=FORM,
        content=content,
        previous_hash=previous,
        hash=digest(content, previous),
        signed_at=at,
    )


def verify() -> list[Finding]:
    """Walk the chain and compare each record with itself, with its neighbour and with the rows as they are now."""
    return [*_unguarded(), *_walk(), *_without_record(), *_changed_under_way()]


def _unguarded() -> Iterator[Finding]:
    """Where a trigger is missing, switched off, or only on for who is no replica: nothing need be changed yet."""
    wanted = set(re.findall(r"ALTER TABLE (\w+) ENABLE ALWAYS TRIGGER (\w+)", TRIGGERS.read_text(encoding="utf-8")))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE tgenabled = 'A'"
        )
        there = set(cursor.fetchall())
    for table, trigger in sorted(wanted - there):
        said = _("The trigger {trigger} of {table} is not on for everybody: what is signed there can be changed.")
        yield Finding(None, None, said.format(trigger=trigger, table=table))


def _walk() -> Iterator[Finding]:
    # Not joined: with a cycle that is gone a record would be gone from the walk.
    parts = AuditRecord.objects.order_by("number").prefetch_related(*(f"audit__{part}" for part in PARTS))
    last_number, last_hash = 0, ""
    for record in parts.iterator(chunk_size=AT_ONCE):
        for text in (*_breaks(record, last_number, last_hash), *_changes(record)):
            yield Finding(record.number, record.audit_id, text)
        last_number, last_hash = record.number, record.hash


def _breaks(record: AuditRecord, last_number: int, last_hash: str) -> Iterator[str]:
    """Where the chain itself does not hold."""
    if record.number != last_number + 1:
        yield _("Record {n} is missing before it.").format(n=last_number + 1)
    elif record.previous_hash != last_hash:
        yield _("It does not follow the record before it: that one has another hash than when this was signed.")
    if record.hash != digest(record.content, record.previous_hash):
        yield _("Its content is not what was signed: the hash is another.")


def _changes(record: AuditRecord) -> Iterator[str]:
    """Where the rows are no longer what the record says."""
    try:
        kept, audit = json.loads(record.content), record.audit
        now = json.loads(canonical(with_signatures(audit)))
    except ValueError:
        yield _("Its content cannot be read.")
        return
    except ObjectDoesNotExist:
        yield _("Its audit, or what it was opened with is gone.")
        return
    yield from differences(kept, now)
    if audit.state != Audit.State.SIGNED:
        yield _("The audit stands as “{state}”, not as signed.").format(state=audit.get_state_display())
    if record.signed_at != max((row.signed_at for row in audit.signatures.all()), default=None):
        yield _("Its time is not that of the last signature.")
    signed = digest(canonical({key: value for key, value in kept.items() if key != "signatures"}))
    if any(row.content_hash != signed for row in audit.signatures.all() if row.voided_at is None):
        yield _("A signature was given to another content.")


def _without_record() -> Iterator[Finding]:
    missing = Audit.objects.filter(state=Audit.State.SIGNED, record=None).order_by("pk")
    for audit in missing.values_list("pk", flat=True):
        yield Finding(None, audit, _("It stands as signed, but the chain has no record of it."))


def _changed_under_way() -> Iterator[Finding]:
    """Signed by the owner alone: not in the chain yet, but its signature keeps the hash."""
    signed: QuerySet[Audit] = Audit.objects.filter(state=Audit.State.OWNER_SIGNED).order_by("pk")
    for audit in signed.prefetch_related(*PARTS).iterator(chunk_size=AT_ONCE):
        if not _is_as_signed(audit):
            yield Finding(None, audit.pk, _("It is not what its owner signed."))


def _is_as_signed(audit: Audit) -> bool:
    standing = [row.content_hash for row in audit.signatures.all() if row.voided_at is None]
    try:
        return standing == [content_hash(audit)]
    except ObjectDoesNotExist:
        return False
