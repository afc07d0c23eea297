"""Signing: what must be complete, whose turn it is, sent back, final, and corrected by the next."""

from datetime import date

import pytest
from django.db import connection

from accounts_app.models import Account, Role, Team, User
from cadence.models import ActionClosing, Audit, AuditRecord, AuditSignature
from cadence.services.audit_acts import add_action, close_action, judge
from cadence.services.audit_corrections import supersede
from cadence.services.audit_records import mark_of, verify
from cadence.services.audit_signing import (
    may_sign_as_leader,
    may_sign_as_owner,
    missing,
    send_back,
    sign_as_leader,
    sign_as_owner,
)
from cadence.services.audits import AuditError
from tests.factories import AbsenceFactory, AccountFactory, ColleagueFactory, UserFactory
from tests.factories.audits import answer_all, open_audit, sign_through

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(north: Team) -> User:
    return UserFactory(name="Ruth Berg", teams=[north])


@pytest.fixture
def deputy(north: Team) -> User:
    return UserFactory(name="Dan Moor", teams=[north])


@pytest.fixture
def audit(north: Team, manager: User, deputy: User, reviewer: User) -> Audit:
    return answer_all(open_audit(AccountFactory(team=north, owner=manager, deputy=deputy), reviewer), reviewer)


def fresh(audit: Audit) -> Audit:
    return Audit.objects.get(pk=audit.pk)


def test_owner_freezes_and_leader_makes_it_final(audit: Audit, manager: User, leader: User) -> None:
    assert missing(audit) == []
    assert may_sign_as_owner(audit, manager)
    signature = sign_as_owner(audit, by=manager)
    assert (fresh(audit).state, signature.role, signature.user) == (Audit.State.OWNER_SIGNED, "owner", manager)
    assert not may_sign_as_owner(fresh(audit), manager)
    assert may_sign_as_leader(fresh(audit), leader)
    record = sign_as_leader(audit, by=leader)
    assert fresh(audit).state == Audit.State.SIGNED
    assert [one.content_hash for one in audit.signatures.all()] == [signature.content_hash] * 2
    assert record.number == 1
    assert verify() == []


def test_incomplete_audit_is_not_signed_and_says_what_is_missing(audit: Audit, manager: User, reviewer: User) -> None:
    audit.answers.filter(question__startswith="people_").delete()
    judge(audit, "", "", by=reviewer)
    lacking = missing(fresh(audit))
    assert lacking[0].startswith("2 questions are not answered, first: Do we know the people who decide")
    assert lacking[1].startswith("The judgement is missing")
    with pytest.raises(AuditError, match=r"It cannot be signed yet\. 2 questions are not answered"):
        sign_as_owner(audit, by=manager)
    assert fresh(audit).state == Audit.State.OPEN
    assert audit.answers.count() == 10


def test_reviewer_who_left_is_replaced_first(audit: Audit, manager: User, reviewer: User) -> None:
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    with pytest.raises(AuditError, match="Ruth Berg, who reviews it, has left: a leader names another reviewer"):
        sign_as_owner(audit, by=manager)
    Audit.objects.update(reviewer=None)
    with pytest.raises(AuditError, match="Nobody reviews this account: a leader of the team names somebody"):
        sign_as_owner(audit, by=manager)


def test_action_of_somebody_who_left_is_given_to_another(
    audit: Audit, manager: User, north: Team, leader: User
) -> None:
    gone = UserFactory(name="Max Weg", is_active=False, teams=[north])
    audit.actions.update(owner=gone)
    with pytest.raises(AuditError, match="to be done by Max Weg, who has left"):
        sign_as_owner(audit, by=manager)
    close_action(audit.actions.get(), "dropped", "Nobody follows.", by=leader)
    sign_as_owner(audit, by=manager)


def test_others_do_not_sign_for_the_owner(
    audit: Audit, reviewer: User, deputy: User, leader: User, manager: User
) -> None:
    for by in (reviewer, deputy, leader, UserFactory(role=Role.ADMINISTRATOR)):
        assert not may_sign_as_owner(audit, by)
        with pytest.raises(AuditError, match=f"The account's owner signs first: {manager}"):
            sign_as_owner(audit, by=by)


@pytest.mark.parametrize(("until", "signs"), [(date(2026, 6, 29), False), (date(2026, 6, 30), True)])
def test_deputy_signs_while_the_owner_is_away(
    audit: Audit, manager: User, deputy: User, until: date, *, signs: bool
) -> None:
    AbsenceFactory(colleague=ColleagueFactory(user=manager), from_day=date(2026, 6, 1), until_day=until)
    assert may_sign_as_owner(audit, deputy) is signs
    assert may_sign_as_owner(audit, manager)


def test_owner_who_left_is_stood_in_for_or_replaced(audit: Audit, manager: User, deputy: User) -> None:
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert may_sign_as_owner(fresh(audit), deputy)
    Account.objects.update(deputy=None)
    with pytest.raises(AuditError, match="Nobody can sign for this account: its owner has left, or it has none"):
        sign_as_owner(audit, by=deputy)


def test_deputy_who_reviewed_does_not_sign(audit: Audit, manager: User, deputy: User) -> None:
    User.objects.filter(pk=manager.pk).update(is_active=False)
    Audit.objects.update(reviewer=deputy)
    with pytest.raises(AuditError, match="Nobody can sign"):
        sign_as_owner(audit, by=deputy)


def test_new_owner_signs_what_the_former_did_not(audit: Audit, manager: User, north: Team) -> None:
    new = UserFactory(teams=[north])
    Account.objects.update(owner=new)
    with pytest.raises(AuditError, match=f"owner signs first: {new}"):
        sign_as_owner(audit, by=manager)
    sign_as_owner(audit, by=new)
    assert fresh(audit).owner == new


def test_leader_signs_after_the_owner_and_never_an_own_account(
    audit: Audit, manager: User, leader: User, reviewer: User, deputy: User
) -> None:
    with pytest.raises(AuditError, match="The owner has not signed it"):
        sign_as_leader(audit, by=leader)
    sign_as_owner(audit, by=manager)
    for by in (reviewer, deputy, UserFactory(role=Role.SALES_LEADER), UserFactory(role=Role.READ_ONLY)):
        assert not may_sign_as_leader(fresh(audit), by)
        with pytest.raises(AuditError, match="Only a leader of the account's team"):
            sign_as_leader(audit, by=by)
    User.objects.filter(pk=manager.pk).update(role=Role.SALES_LEADER)
    with pytest.raises(AuditError, match="It is your own account"):
        sign_as_leader(audit, by=User.objects.get(pk=manager.pk))
    sign_as_leader(audit, by=UserFactory(role=Role.ADMINISTRATOR))


def test_who_signed_for_the_owner_does_not_sign_as_leader(audit: Audit, manager: User, leader: User) -> None:
    Account.objects.update(deputy=leader)
    User.objects.filter(pk=manager.pk).update(is_active=False)
    sign_as_owner(audit, by=leader)
    assert not may_sign_as_leader(fresh(audit), leader)
    with pytest.raises(AuditError, match="You have signed for the owner"):
        sign_as_leader(audit, by=leader)


def test_second_signature_of_a_kind_is_told_of_the_first(audit: Audit, manager: User, leader: User) -> None:
    sign_as_owner(audit, by=manager)
    with pytest.raises(AuditError, match="The owner has signed this audit"):
        sign_as_owner(audit, by=manager)
    sign_as_leader(audit, by=leader)
    for again in (sign_as_leader, lambda audit, by: send_back(audit, "x", by=by)):
        with pytest.raises(AuditError, match=f"{leader} has signed it already"):
            again(audit, by=leader)
    assert AuditRecord.objects.count() == 1


def test_sent_back_voids_the_first_signature(audit: Audit, manager: User, leader: User, reviewer: User) -> None:
    sign_as_owner(audit, by=manager)
    with pytest.raises(AuditError, match="Give the reason"):
        send_back(audit, " ", by=leader)
    send_back(audit, "The award is missing.", by=leader)
    voided = audit.signatures.get()
    assert (voided.voided_by, voided.voided_reason) == (leader, "The award is missing.")
    assert fresh(audit).state == Audit.State.OPEN
    judge(audit, "at_risk", "They have awarded it elsewhere.", by=reviewer)
    second = sign_as_owner(audit, by=manager)
    assert second.content_hash != voided.content_hash
    sign_as_leader(audit, by=leader)
    assert list(AuditSignature.objects.values_list("role", flat=True)) == ["owner", "owner", "leader"]
    assert verify() == []


def test_nobody_signs_what_was_changed_behind_the_page_they_read(
    audit: Audit, reviewer: User, manager: User, leader: User
) -> None:
    seen = mark_of(audit)
    judge(audit, "healthy", "All is well again.", by=reviewer)
    with pytest.raises(AuditError, match="changed since you opened this page"):
        sign_as_owner(audit, by=manager, seen=seen)
    assert fresh(audit).state == Audit.State.OPEN
    sign_as_owner(audit, by=manager, seen=mark_of(fresh(audit)))
    with pytest.raises(AuditError, match="changed since you opened this page"):
        sign_as_leader(audit, by=leader, seen=seen)
    sign_as_leader(audit, by=leader, seen=mark_of(fresh(audit)))


def test_who_signs_may_change_behind_the_page(audit: Audit, leader: User, north: Team) -> None:
    """The signature takes it in by itself: what was read is the same."""
    seen, heir = mark_of(audit), UserFactory(teams=[north])
    Account.objects.filter(pk=audit.account_id).update(owner=heir)
    sign_as_owner(audit, by=heir, seen=seen)
    assert fresh(audit).owner == heir


def test_what_the_owner_signed_is_what_the_leader_signs(audit: Audit, manager: User, leader: User) -> None:
    """Who goes round the triggers in between is found out by the hash."""
    sign_as_owner(audit, by=manager)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE cadence_auditcycle DISABLE TRIGGER vigil_keep")
        cursor.execute("UPDATE cadence_auditcycle SET due_on = '2026-12-24'; SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cadence_auditcycle ENABLE ALWAYS TRIGGER vigil_keep")
    with pytest.raises(AuditError, match="not what the owner signed: send it back"):
        sign_as_leader(audit, by=leader)
    assert fresh(audit).state == Audit.State.OWNER_SIGNED
    assert not AuditRecord.objects.exists()


def test_correction_begins_with_what_was_said_and_counts_once_signed(audit: Audit, manager: User, leader: User) -> None:
    sign_as_owner(audit, by=manager)
    sign_as_leader(audit, by=leader)
    close_action(audit.actions.get(), "done", "Held.", by=manager)
    later = supersede(audit, "The award was counted twice.", by=leader)
    assert (later.revision, later.supersedes, later.state, later.owner) == (2, audit, Audit.State.OPEN, manager)
    assert (later.judged_band, later.evidence_on) == (audit.judged_band, audit.evidence_on)
    assert later.evidence == fresh(audit).evidence
    assert sorted(later.answers.values_list("question", "score", "reason")) == sorted(
        audit.answers.values_list("question", "score", "reason")
    )
    assert later.actions.get().closing.note == "Held."
    assert list(Audit.objects.current()) == [audit]
    sign_as_owner(later, by=manager)
    sign_as_leader(later, by=leader)
    assert list(Audit.objects.current()) == [later]
    assert verify() == []


def test_action_done_while_its_audit_is_corrected_is_done_in_the_correction(
    audit: Audit, reviewer: User, manager: User, leader: User
) -> None:
    """Until it is signed the signed one counts: there the action is found, and ended."""
    add_action(audit, "Visit the new plant", reviewer, date(2099, 1, 1), by=reviewer)
    sign_as_owner(audit, by=manager)
    sign_as_leader(audit, by=leader)
    later = supersede(audit, "The award was counted twice.", by=leader)
    close_action(audit.actions.get(text="Visit the new plant"), "done", "Seen.", by=manager)
    sign_as_owner(later, by=manager)
    sign_as_leader(later, by=leader)
    assert [one.action.text for one in ActionClosing.objects.filter(action__audit=later)] == ["Visit the new plant"]


def test_correction_is_begun_once_by_a_leader_with_a_reason(
    audit: Audit, manager: User, leader: User, reviewer: User
) -> None:
    with pytest.raises(AuditError, match="It is not signed: change it as it is"):
        supersede(audit, "x", by=leader)
    audit.answers.all().delete()
    audit.actions.all().delete()
    sign_through(audit, leader)
    for by in (manager, reviewer):
        with pytest.raises(AuditError, match="Only a leader"):
            supersede(audit, "x", by=by)
    with pytest.raises(AuditError, match="Give the reason"):
        supersede(audit, "", by=leader)
    supersede(audit, "x", by=leader)
    with pytest.raises(AuditError, match="begun already"):
        supersede(audit, "x", by=leader)


def test_correction_asks_for_a_reviewer_where_the_first_cannot(
    audit: Audit, manager: User, leader: User, reviewer: User
) -> None:
    sign_as_owner(audit, by=manager)
    sign_as_leader(audit, by=leader)
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    assert supersede(audit, "x", by=leader).reviewer is None
