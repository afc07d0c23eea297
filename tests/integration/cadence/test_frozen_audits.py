"""What is signed stays as it is, whoever asks and however."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pgtrigger
import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from psycopg import IsolationLevel

from accounts_app.models import Account, Team, User
from cadence.models import Audit, AuditAction, AuditAnswer, AuditCycle, AuditRecord, AuditSignature
from cadence.services.audit_acts import close_action
from cadence.services.audit_records import verify
from cadence.services.audit_signing import sign_as_owner
from tests.factories import AccountFactory, UserFactory
from tests.factories.audits import answer_all, open_audit, sign_through

pytestmark = pytest.mark.django_db

REFUSED = "signed|only added to|never removed|cannot be (emptied|removed|changed)|begins open|can only be voided"


@pytest.fixture
def account(north: Team, manager: User) -> Account:
    return AccountFactory(name="Alpha Pumps", team=north, owner=manager)


@pytest.fixture
def signed(account: Account, leader: User, north: Team) -> Audit:
    return sign_through(open_audit(account, UserFactory(teams=[north])), leader)


@pytest.fixture
def signed_by_owner(account: Account, north: Team, manager: User) -> Audit:
    audit = answer_all(open_audit(account, (reviewer := UserFactory(teams=[north]))), reviewer)
    sign_as_owner(audit, by=manager)
    audit.refresh_from_db()
    return audit


@contextmanager
def refused() -> Iterator[None]:
    """In a savepoint of its own, so that one attempt after the other is made against the same audit."""
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        yield


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def owner_of(audit: Audit) -> User:
    assert audit.owner is not None
    return audit.owner


def rescore(audit: Audit) -> None:
    row = audit.answers.all()[0]
    row.score = 5
    row.save()


BY_ORM: dict[str, Callable[[Audit], object]] = {
    "update the audit": lambda audit: Audit.objects.filter(pk=audit.pk).update(judgement="better"),
    "leave it out": lambda audit: Audit.objects.filter(pk=audit.pk).update(reason="", state="excluded"),
    "another revision": lambda audit: Audit.objects.filter(pk=audit.pk).update(revision=9),
    "another owner": lambda audit: Audit.objects.filter(pk=audit.pk).update(owner=None),
    "delete the audit": lambda audit: Audit.objects.filter(pk=audit.pk)._raw_delete("default"),
    "save an answer": rescore,
    "update answers": lambda audit: audit.answers.update(score=5),
    "delete answers": lambda audit: audit.answers.all().delete(),
    "update in bulk": lambda audit: AuditAnswer.objects.bulk_update(
        [AuditAnswer(pk=row.pk, score=5) for row in audit.answers.all()], ["score"]
    ),
    "write over in bulk": lambda audit: AuditAnswer.objects.bulk_create(
        [AuditAnswer(audit=audit, question="people_known", dimension="people", score=5, reason="x", answered_by_id=1)],
        update_conflicts=True,
        unique_fields=["audit", "question"],
        update_fields=["score"],
    ),
    "one more answer": lambda audit: AuditAnswer.objects.create(
        audit=audit, question="new", dimension="people", score=5, reason="x", answered_by=owner_of(audit)
    ),
    "move an action": lambda audit: audit.actions.update(due_on=date(2027, 1, 1)),
    "delete actions": lambda audit: audit.actions.all().delete(),
    "one more action": lambda audit: AuditAction.objects.create(
        audit=audit, text="x", owner=owner_of(audit), made_by=owner_of(audit), due_on=date(2027, 1, 1)
    ),
    "give the action to another audit": lambda audit: audit.actions.update(
        audit=open_audit(AccountFactory(team=audit.account.team, owner=audit.owner), None)
    ),
    "delete signatures": lambda audit: audit.signatures.all().delete(),
    "sign for another content": lambda audit: audit.signatures.update(content_hash="0" * 64),
}
ONCE_SIGNED: dict[str, Callable[[Audit], object]] = {
    "save": lambda audit: audit.save(),
    "void a signature": lambda audit: audit.signatures.update(
        voided_at=timezone.now(), voided_by=audit.owner, voided_reason="x"
    ),
    "sign once more": lambda audit: AuditSignature.objects.create(
        audit=audit, role="owner", user=owner_of(audit), content_hash="0" * 64
    ),
    "send it back": lambda audit: Audit.objects.filter(pk=audit.pk).update(state="open"),
    "note a reminder": lambda audit: Audit.objects.filter(pk=audit.pk).update(reminded_on=date(2026, 7, 1)),
    "change the record": lambda audit: AuditRecord.objects.update(content="{}"),
    "delete the record": lambda audit: AuditRecord.objects.all().delete(),
}
BY_SQL = (
    "UPDATE cadence_audit SET judgement = 'better'",
    "UPDATE cadence_audit SET evidence = '{}'",
    "DELETE FROM cadence_audit",
    "UPDATE cadence_auditanswer SET score = 5",
    "DELETE FROM cadence_auditanswer",
    "UPDATE cadence_auditaction SET text = 'less'",
    "UPDATE cadence_auditsignature SET signed_at = now()",
    "DELETE FROM cadence_auditsignature",
    "UPDATE cadence_auditcycle SET due_on = due_on + 1",
    "UPDATE cadence_auditquestions SET questions = '[]'",
    """INSERT INTO cadence_auditanswer (audit_id, question, dimension, score, reason, evidence, answered_by_id)
       SELECT id, 'new', 'people', 5, 'x', '{}', owner_id FROM cadence_audit""",
    "WITH gone AS (DELETE FROM cadence_auditanswer RETURNING *) SELECT count(*) FROM gone",
    """MERGE INTO cadence_auditanswer AS a USING cadence_audit AS b ON a.audit_id = b.id
       WHEN MATCHED THEN UPDATE SET score = 1""",
)
OF_RECORDS = ("DELETE FROM cadence_auditrecord", "UPDATE cadence_auditrecord SET hash = 'x'")
EMPTYING = (
    "TRUNCATE cadence_auditanswer",
    "TRUNCATE cadence_auditsignature",
    "TRUNCATE cadence_auditrecord",
    "TRUNCATE cadence_auditaction CASCADE",
    "TRUNCATE cadence_audit CASCADE",
    "TRUNCATE cadence_auditcycle CASCADE",
    "TRUNCATE cadence_auditquestions CASCADE",
    "TRUNCATE accounts_app_account CASCADE",
    "TRUNCATE accounts_app_user CASCADE",
    "TRUNCATE accounts_app_team CASCADE",
)


def test_orm_changes_nothing_that_is_signed(signed: Audit) -> None:
    for act in (*BY_ORM.values(), *ONCE_SIGNED.values()):
        with refused():
            act(signed)
    assert verify() == []


def test_orm_changes_nothing_that_the_owner_signed(signed_by_owner: Audit) -> None:
    for act in BY_ORM.values():
        with refused():
            act(signed_by_owner)
    assert verify() == []


def test_raw_sql_changes_nothing(signed: Audit) -> None:
    for sql in (*BY_SQL, *OF_RECORDS):
        with refused():
            run(sql)
    assert verify() == []


def test_raw_sql_changes_nothing_that_the_owner_signed(signed_by_owner: Audit) -> None:
    for sql in BY_SQL:
        with refused():
            run(sql)
    assert verify() == []


def test_switched_off_triggers_still_hold(signed: Audit) -> None:
    """pgtrigger's own way of switching off, and a session that says it is a replica."""
    for sql in (*BY_SQL, *OF_RECORDS):
        with pgtrigger.ignore(), refused():
            run(sql)
        with refused():
            run(f"SET LOCAL session_replication_role = replica; {sql}")
    assert verify() == []


@pytest.mark.parametrize("role", ["origin", "replica"])
def test_no_table_is_emptied(role: str, signed: Audit) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")  # or PostgreSQL itself refuses, for what is not checked yet
    for sql in EMPTYING:
        with refused():
            run(f"SET LOCAL session_replication_role = {role}; {sql}")
    assert verify() == []


@pytest.mark.parametrize("isolation", [IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE])
def test_no_table_is_emptied_by_who_still_sees_the_time_before(isolation: IsolationLevel) -> None:
    """What was signed since the transaction began, it does not see; TRUNCATE would take it all the same."""
    settings = connection.settings_dict
    known = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "dbname": settings["NAME"]}
    with psycopg.connect(**known, password=settings["PASSWORD"]) as other:
        other.isolation_level = isolation
        with pytest.raises(psycopg.IntegrityError, match="cannot be emptied"):
            other.execute("SET LOCAL lock_timeout = '5s'; TRUNCATE cadence_auditanswer")


def test_cycle_without_a_signature_may_change(account: Account) -> None:
    """The other side: nobody has signed by these days yet."""
    open_audit(account, None)
    AuditCycle.objects.update(due_on=date(2026, 8, 1))
    assert AuditCycle.objects.get().due_on == date(2026, 8, 1)


def test_unsigned_audits_may_be_emptied(account: Account) -> None:
    """The other side: what nobody signed holds nobody up."""
    answer_all(open_audit(account, (reviewer := UserFactory(teams=[account.team]))), reviewer)
    run("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE cadence_auditanswer")
    assert not AuditAnswer.objects.exists()


def test_nothing_it_stands_on_is_deleted(signed: Audit, leader: User) -> None:
    rows = (signed.account, signed.owner, signed.reviewer, leader, signed.cycle, signed.cycle.questions)
    for row in rows:
        assert row is not None
        by_sql = f"DELETE FROM {row._meta.db_table} WHERE id = {row.pk}; SET CONSTRAINTS ALL IMMEDIATE"
        with pytest.raises((ProtectedError, DatabaseError)), transaction.atomic():
            row.delete()
        with pytest.raises(DatabaseError, match=rf"violates foreign key|{REFUSED}"), transaction.atomic():
            run(by_sql)
    assert verify() == []


def test_nobody_begins_with_a_signed_audit(account: Account, signed: Audit) -> None:
    with refused():
        open_audit(AccountFactory(team=account.team, owner=account.owner), None, state=Audit.State.SIGNED)
    with refused():
        Audit.objects.filter(pk=signed.pk).update(state=Audit.State.SIGNED, judgement="better")


def test_open_audit_is_not_signed_past_its_owner(account: Account) -> None:
    audit = open_audit(account, None)
    with pytest.raises(IntegrityError, match="is not signed by its owner"), transaction.atomic():
        Audit.objects.filter(pk=audit.pk).update(state=Audit.State.SIGNED)


def test_what_stands_beside_it_goes_on(signed: Audit, manager: User) -> None:
    """An account is renamed, an action ends: neither is part of what was signed."""
    Account.objects.filter(pk=signed.account_id).update(name="Alpha Pumps & Valves")
    close_action(signed.actions.get(), "done", "", by=manager)
    assert verify() == []
    assert AuditCycle.objects.get().audits.get().state == Audit.State.SIGNED
