"""An audit is signed: its owner freezes it, a leader makes it final or sends it back.

Whoever signs holds the audit first. What is entered at the same moment either is committed before, and then is in what
is hashed, or waits and is refused by the triggers (`cadence/frozen_audits.sql`).
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import User
from cadence.models import Audit, AuditRecord, AuditSignature
from cadence.services.audit_acts import line
from cadence.services.audit_corrections import take_over_endings
from cadence.services.audit_records import append, content_hash, mark_of
from cadence.services.audit_roles import acts, business_day, may_lead, owns, signs_for_owner
from cadence.services.audits import AuditError, locked, open_audit

State, Signer = Audit.State, AuditSignature.Role


def missing(audit: Audit) -> list[str]:
    """What still lacks before the owner can sign, in words; nothing where it is complete."""
    found = [*_unanswered(audit), *_no_reviewer(audit), *_idle_actions(audit)]
    if not audit.judged_band:
        found.append(_("The judgement is missing: say how the account stands beside the figures."))
    return found


def _unanswered(audit: Audit) -> list[str]:
    given = set(audit.answers.values_list("question", flat=True))
    lacking = [one["text"] for one in audit.cycle.questions.questions if one["key"] not in given]
    if not lacking:
        return []
    said = ngettext(
        "{n} question is not answered: {first}", "{n} questions are not answered, first: {first}", len(lacking)
    )
    return [said.format(n=len(lacking), first=lacking[0])]


def _no_reviewer(audit: Audit) -> list[str]:
    if audit.reviewer is None:
        return [_("Nobody reviews this account: a leader of the team names somebody.")]
    if not acts(audit.reviewer):
        return [_("{name}, who reviews it, has left: a leader names another reviewer.").format(name=audit.reviewer)]
    return []


def _idle_actions(audit: Audit) -> list[str]:
    """Actions of people who have left."""
    said = _("“{text}” was to be done by {name}, who has left: enter it anew for somebody else.")
    gone = audit.actions.filter(closing=None, owner__is_active=False).select_related("owner")
    return [said.format(text=row.text, name=row.owner) for row in gone]


def may_sign_as_owner(audit: Audit, user: User) -> bool:
    return audit.state == State.OPEN and user in signs_for_owner(audit, business_day())


def may_sign_as_leader(audit: Audit, user: User) -> bool:
    return audit.state == State.OWNER_SIGNED and may_lead(audit, user) and not _has_signed(audit, user)


def _has_signed(audit: Audit, user: User) -> bool:
    return audit.signatures.filter(user=user, voided_at=None).exists()


@transaction.atomic
def sign_as_owner(audit: Audit, by: User, seen: str | None = None) -> AuditSignature:
    """Freeze the audit; of two at once one signs, the other hears that it is signed.

    `seen` is the mark (`audit_records.mark_of`) of what the signer had before them; None where no page was between.
    """
    held = open_audit(audit)
    _refuse_other_than_owner(held, by)
    if lacking := missing(held):
        raise AuditError(" ".join([_("It cannot be signed yet."), *lacking]))
    _refuse_unseen(held, seen)
    return freeze(held, by, timezone.now())


def freeze(held: Audit, by: User, at: dt.datetime) -> AuditSignature:
    """The owner's signature, under an audit that is held and complete."""
    signature = AuditSignature.objects.create(
        audit=held, role=Signer.OWNER, user=by, signed_at=at, content_hash=content_hash(held)
    )
    held.state = State.OWNER_SIGNED
    held.save(update_fields=["state"])
    return signature


def _refuse_other_than_owner(held: Audit, by: User) -> None:
    signers = signs_for_owner(held, business_day())
    if by in signers:
        return
    if not signers:
        raise AuditError(
            _("Nobody can sign for this account: its owner has left, or it has none. Name an owner on its details.")
        )
    if by.pk == held.account.deputy_id and by.pk == held.reviewer_id:
        raise AuditError(_("You reviewed this account: its owner signs it, or another reviewer is named."))
    names = ", ".join(map(str, signers))
    raise AuditError(
        _("The account's owner signs first: {name}. A deputy signs while the owner is away.").format(name=names)
    )


def _refuse_unseen(held: Audit, seen: str | None) -> None:
    """Nobody signs what was changed, or sent back and signed anew, behind the page they read."""
    if seen is not None and seen != mark_of(held):
        raise AuditError(_("It has changed since you opened this page: read it again, then sign."))


@transaction.atomic
def sign_as_leader(audit: Audit, by: User, seen: str | None = None) -> AuditRecord:
    """Make it final: what the owner signed goes into the chain. Afterwards nothing changes any more."""
    held = locked(audit)
    owners = _owners_signature(held)
    _refuse_as_leader(held, by)
    if owners.user_id == by.pk:
        raise AuditError(_("You have signed for the owner: somebody else signs as leader."))
    _refuse_unseen(held, seen)
    return finish(held, by, timezone.now(), signed_by_owner=owners.content_hash)


def finish(held: Audit, by: User, at: dt.datetime, *, signed_by_owner: str) -> AuditRecord:
    """The leader's signature and the record, under an audit that is held."""
    content = content_hash(held)
    if content != signed_by_owner:
        raise AuditError(
            _("What stands here is not what the owner signed: send it back, so that it is looked at again.")
        )
    AuditSignature.objects.create(audit=held, role=Signer.LEADER, user=by, signed_at=at, content_hash=content)
    record = append(held, at)
    if held.supersedes_id:
        take_over_endings(held)
    # Last: from here on the triggers let no signature in.
    held.state = State.SIGNED
    held.save(update_fields=["state"])
    return record


@transaction.atomic
def send_back(audit: Audit, reason: str, by: User) -> None:
    """Void the owner's signature, with the reason; the audit goes on where it was."""
    held = locked(audit)
    owners = _owners_signature(held)
    _refuse_as_leader(held, by)
    void(held, owners, line(reason, _("Give the reason.")), by, timezone.now())


def void(held: Audit, signature: AuditSignature, reason: str, by: User, at: dt.datetime) -> None:
    """Void the owner's signature of an audit that is held."""
    signature.voided_at, signature.voided_by, signature.voided_reason = at, by, reason
    signature.save(update_fields=["voided_at", "voided_by", "voided_reason"])
    held.state = State.OPEN
    held.save(update_fields=["state"])


def _owners_signature(held: Audit) -> AuditSignature:
    """The one that stands; in words why there is none to sign after or to send back."""
    if held.state == State.SIGNED:
        leader = held.signatures.select_related("user").get(role=Signer.LEADER, voided_at=None)
        raise AuditError(_("{name} has signed it already: it stays as it is.").format(name=leader.user))
    if held.state != State.OWNER_SIGNED:
        raise AuditError(_("The owner has not signed it, or it was sent back: there is nothing to sign yet."))
    return held.signatures.get(role=Signer.OWNER, voided_at=None)


def _refuse_as_leader(held: Audit, by: User) -> None:
    if owns(held, by):
        raise AuditError(_("It is your own account: another leader or an administrator signs it."))
    if not may_lead(held, by):
        raise AuditError(_("Only a leader of the account's team or an administrator signs it or sends it back."))
