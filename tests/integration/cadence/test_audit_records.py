"""The chain of signed audits, and that whoever goes round the triggers is found out."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Contact, Team, User
from cadence.canonical_json import canonical
from cadence.models import Audit, AuditRecord
from cadence.services.audit_corrections import supersede
from cadence.services.audit_records import content_hash, content_of, digest, verify
from cadence.services.audit_signing import sign_as_leader, sign_as_owner
from tests.factories import AccountFactory, ContactFactory, UserFactory
from tests.factories.audits import answer_all, open_audit, sign_through

pytestmark = pytest.mark.django_db


@contextmanager
def as_owner_of_the_tables() -> Iterator[None]:
    """What nobody but the tables' owner can do: switch the triggers off."""
    parts = ("answer", "action", "signature", "record", "cycle", "questions")
    tables = ("cadence_audit", *(f"cadence_audit{part}" for part in parts))
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        run(f"ALTER TABLE {table} DISABLE TRIGGER vigil_keep")
    yield
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        run(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER vigil_keep")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def accounts(north: Team, manager: User) -> list[Account]:
    return [AccountFactory(name=name, team=north, owner=manager) for name in ("Alpha", "Beta", "Gamma")]


@pytest.fixture
def signed(accounts: list[Account], north: Team, leader: User) -> list[Audit]:
    reviewer = UserFactory(teams=[north])
    return [sign_through(open_audit(account, reviewer), leader) for account in accounts]


def said() -> str:
    return "\n".join(f"{one.number} {one.audit_id} {one.text}" for one in verify())


def verified() -> str:
    out = StringIO()
    call_command("verify_audits", stdout=out)
    return out.getvalue().strip()


def test_each_record_holds_the_hash_of_the_one_before(signed: list[Audit]) -> None:
    records = list(AuditRecord.objects.order_by("number"))
    assert [record.number for record in records] == [1, 2, 3]
    assert [record.audit for record in records] == signed
    assert [record.previous_hash for record in records] == ["", records[0].hash, records[1].hash]
    for record in records:
        assert record.hash == digest(record.content, record.previous_hash)
        assert record.content == canonical(json.loads(record.content))
    assert verified() == f"3 signed audits are whole. Last record: {records[-1].hash}"


def test_nothing_signed_is_said_too(accounts: list[Account]) -> None:
    open_audit(accounts[0], None)
    assert verified() == "No audit is signed yet."


def test_record_says_all_that_was_signed(signed: list[Audit], leader: User, manager: User) -> None:
    audit, kept = signed[0], json.loads(signed[0].record.content)
    signatures = kept.pop("signatures")
    assert canonical(kept) == canonical(content_of(audit))
    assert [(one["role"], one["user"]) for one in signatures.values()] == [("owner", manager.pk), ("leader", leader.pk)]
    assert {one["content_hash"] for one in signatures.values()} == {digest(canonical(kept))}
    assert kept["evidence"]["risk"] == {"known": True, "risk": 72, "probability": 0.1 + 0.2, "coverage": 1}
    assert kept["answers"]["people_known"]["reason"] == "Seen in the visits of the quarter."
    assert len(kept["questions"]["asked"]) == len(kept["answers"]) == 12
    assert [one["text"] for one in kept["actions"].values()] == ["Present the plan for the new line"]


def test_people_stand_in_it_as_ids(signed: list[Audit], leader: User, manager: User) -> None:
    """So whoever is renamed or erased leaves every hash valid."""
    contact: Contact = ContactFactory(account=signed[0].account, name="Ida Lund")
    for user in (leader, manager):
        assert user.name not in signed[0].record.content
        user.name, user.is_active = "Former colleague", False
        user.save()
    contact.delete()
    assert verify() == []


TAMPERED = {
    "UPDATE cadence_auditanswer SET score = 5 WHERE audit_id = {id} AND question = 'people_known'": (
        "answers.people_known.score is 5; signed was 3."
    ),
    "UPDATE cadence_auditanswer SET reason = 'x' WHERE audit_id = {id} AND question = 'value_brought'": (
        'answers.value_brought.reason is "x"; signed was "Seen in the visits of the quarter.".'
    ),
    "DELETE FROM cadence_auditanswer WHERE audit_id = {id} AND question = 'people_depth'": (
        "answers.people_depth is gone; signed was"
    ),
    "UPDATE cadence_auditaction SET due_on = '2027-01-01' WHERE audit_id = {id}": (
        'due_on is "2027-01-01"; signed was "2026-08-31".'
    ),
    "INSERT INTO cadence_auditaction (audit_id, text, owner_id, due_on, made_by_id)"
    " SELECT id, 'more', owner_id, '2027-01-01', owner_id FROM cadence_audit WHERE id = {id}": (
        "was added after signing: "
    ),
    "UPDATE cadence_audit SET judged_band = 'healthy' WHERE id = {id}": (
        'judged_band is "healthy"; signed was "drifting".'
    ),
    "UPDATE cadence_audit SET evidence = jsonb_set(evidence, '{{risk,risk}}', '12') WHERE id = {id}": (
        "evidence.risk.risk is 12; signed was 72."
    ),
    "UPDATE cadence_audit SET state = 'open' WHERE id = {id}": "The audit stands as “In progress”, not as signed.",
    "UPDATE cadence_auditsignature SET user_id = (SELECT owner_id FROM cadence_audit WHERE id = {id})"
    " WHERE audit_id = {id} AND role = 'leader'": ".user is ",
    "UPDATE cadence_auditsignature SET signed_at = signed_at - interval '9 d' WHERE audit_id = {id}": ".signed_at is ",
    "DELETE FROM cadence_auditsignature WHERE audit_id = {id} AND role = 'owner'": " is gone; signed was",
    "UPDATE cadence_auditcycle SET due_on = due_on + 90": 'cycle.due_on is "2026-10-22"; signed was "2026-07-24".',
    "UPDATE cadence_auditquestions SET questions = '[]'": "questions.asked is []; signed was ",
    "SET LOCAL session_replication_role = replica; DELETE FROM cadence_auditcycle": "what it was opened with is gone.",
    "UPDATE cadence_auditrecord SET content = replace(content, '\"score\":3', '\"score\":4') WHERE audit_id = {id}": (
        "Its content is not what was signed: the hash is another."
    ),
    "UPDATE cadence_auditrecord SET content = 'x' WHERE audit_id = {id}": "Its content cannot be read.",
    "UPDATE cadence_auditrecord SET signed_at = now() - interval '1 year' WHERE audit_id = {id}": (
        "Its time is not that of the last signature."
    ),
    "UPDATE cadence_auditrecord SET previous_hash = repeat('0', 64) WHERE audit_id = {id}": (
        "It does not follow the record before it"
    ),
    "UPDATE cadence_auditrecord SET number = 7 WHERE number = 3": "Record 3 is missing before it.",
    "DELETE FROM cadence_auditrecord WHERE audit_id = {id}": "the chain has no record of it",
}


def test_tampering_is_named(signed: list[Audit]) -> None:
    for sql, told in TAMPERED.items():
        point = transaction.savepoint()
        with as_owner_of_the_tables():
            run(sql.format(id=signed[1].pk))
        found = verify()
        transaction.savepoint_rollback(point)
        assert any(told in one.text for one in found), (sql, found)
        if "{id}" in sql:
            assert signed[1].pk in {one.audit_id for one in found}, sql
            assert signed[0].pk not in {one.audit_id for one in found}, sql
    assert verify() == []


@pytest.mark.parametrize("how", ["DISABLE TRIGGER ALL", "ENABLE TRIGGER ALL", "DISABLE TRIGGER vigil_keep"])
def test_trigger_that_is_switched_off_is_named_before_anything_is_changed(how: str) -> None:
    """`pg_restore --disable-triggers` ends with the second, after which a replica's session is not refused."""
    run(f"ALTER TABLE cadence_auditanswer {how}")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_audits", stdout=out)
    assert "The trigger vigil_keep of cadence_auditanswer is not on for everybody" in out.getvalue()


def test_command_ends_with_an_error_where_anything_disagrees(signed: list[Audit]) -> None:
    with as_owner_of_the_tables():
        run(f"UPDATE cadence_auditanswer SET score = 5 WHERE audit_id = {signed[1].pk} AND question = 'people_known'")
    out = StringIO()
    with pytest.raises(CommandError, match=r"^1 thing does not agree\.$"):
        call_command("verify_audits", stdout=out)
    assert out.getvalue() == (f"record 2, audit {signed[1].pk}: answers.people_known.score is 5; signed was 3.\n")


def test_whole_chain_made_anew_disagrees_with_the_signatures(signed: list[Audit]) -> None:
    """Whoever changes a row, its record and every hash after it has still not what was signed."""
    with as_owner_of_the_tables():
        run(f"UPDATE cadence_auditanswer SET score = 5 WHERE audit_id = {signed[0].pk}")
        previous = ""
        for record in AuditRecord.objects.order_by("number"):
            content = record.content.replace('"score":3', '"score":5') if record.number == 1 else record.content
            previous_hash, previous = previous, digest(content, previous)
            AuditRecord.objects.filter(pk=record.pk).update(content=content, previous_hash=previous_hash, hash=previous)
    assert {(one.audit_id, one.text) for one in verify()} == {
        (signed[0].pk, "A signature was given to another content.")
    }


def test_what_only_the_owner_signed_is_watched_too(accounts: list[Account], north: Team, manager: User) -> None:
    audit = answer_all(open_audit(accounts[0], (reviewer := UserFactory(teams=[north]))), reviewer)
    sign_as_owner(audit, by=manager)
    assert verify() == []
    with as_owner_of_the_tables():
        run(f"UPDATE cadence_audit SET judgement = 'All is well' WHERE id = {audit.pk}")
    assert said() == f"None {audit.pk} It is not what its owner signed."


def test_correction_is_a_record_of_its_own(signed: list[Audit], leader: User, manager: User) -> None:
    later = supersede(signed[0], "The award was counted twice.", by=leader)
    sign_as_owner(later, by=manager)
    record = sign_as_leader(later, by=leader)
    kept = json.loads(record.content)
    assert (record.number, kept["revision"], kept["supersedes"]) == (4, 2, signed[0].pk)
    assert kept["reason"] == "The award was counted twice."
    assert verify() == []


def test_hash_of_an_audit_does_not_depend_on_how_it_was_read(signed: list[Audit]) -> None:
    plain = Audit.objects.get(pk=signed[0].pk)
    fetched = Audit.objects.select_related("cycle__questions").prefetch_related("answers", "actions")
    assert content_hash(plain) == content_hash(fetched.get(pk=plain.pk))


def test_walk_takes_as_many_queries_for_three_as_for_one(signed: list[Audit]) -> None:
    with CaptureQueriesContext(connection) as three:
        verify()
    with as_owner_of_the_tables():
        AuditRecord.objects.filter(number__gt=1).delete()
        Audit.objects.exclude(pk=signed[0].pk).update(state=Audit.State.OPEN)
    with CaptureQueriesContext(connection) as one:
        assert verify() == []
    assert len(three) == len(one)
