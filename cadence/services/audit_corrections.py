"""A signed audit is corrected by a new one, which begins with what was said and counts once it is signed itself."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts_app.models import User
from cadence.models import ActionClosing, Audit, AuditAction, AuditAnswer
from cadence.services.audit_acts import line
from cadence.services.audit_roles import acts, may_lead, sees
from cadence.services.audits import AuditError, locked


@transaction.atomic
def supersede(audit: Audit, reason: str, by: User) -> Audit:
    """Begin a correction of a signed audit, with its answers and actions; until it is signed the signed one counts."""
    held = locked(audit)
    if not may_lead(held, by):
        raise AuditError(_("Only a leader of the team, whose own account it is not, corrects a signed audit."))
    if held.state != Audit.State.SIGNED:
        raise AuditError(_("It is not signed: change it as it is."))
    if Audit.objects.filter(supersedes=held).exists():
        raise AuditError(_("A correction of it was begun already: go on with that one."))
    return _copied(held, line(reason, _("Give the reason.")))


def _copied(held: Audit, reason: str) -> Audit:
    owner, reviewer = held.account.owner, held.reviewer
    if reviewer is None or not acts(reviewer) or reviewer == owner or not sees(reviewer, held.account):
        reviewer = None
    copy = Audit.objects.create(
        cycle=held.cycle,
        account=held.account,
        revision=held.revision + 1,
        supersedes=held,
        chosen_for=held.chosen_for,
        reason=reason,
        owner=owner,
        reviewer=reviewer,
        evidence=held.evidence,
        evidence_on=held.evidence_on,
        evidence_at=held.evidence_at,
        judged_band=held.judged_band,
        judgement=held.judgement,
    )
    _copy_answers(held, copy)
    _copy_actions(held, copy)
    return copy


def _copy_answers(held: Audit, copy: Audit) -> None:
    rows = list(held.answers.all())
    for row in rows:
        row.pk, row.audit = None, copy
    AuditAnswer.objects.bulk_create(rows)


def _copy_actions(held: Audit, copy: Audit) -> None:
    rows = list(held.actions.order_by("pk"))
    for row in rows:
        row.pk, row.audit = None, copy
    AuditAction.objects.bulk_create(rows)
    take_over_endings(copy)


def take_over_endings(correction: Audit) -> None:
    """What ended of the audit it corrects has ended here too: what was done need not be done again."""
    closings = ActionClosing.objects.filter(action__audit=correction.supersedes_id).select_related("action")
    ended = {_same(one.action): one for one in closings}
    ActionClosing.objects.bulk_create(
        ActionClosing(
            action=action, outcome=one.outcome, closed_on=one.closed_on, closed_by_id=one.closed_by_id, note=one.note
        )
        for action in correction.actions.filter(closing=None)
        if (one := ended.get(_same(action)))
    )


def _same(action: AuditAction) -> tuple[object, ...]:
    """By what an action is known again in a correction, which copies it."""
    return action.text, action.owner_id, action.due_on, action.made_at
