"""What is entered while an audit is in progress: scores, judgement, actions, who reviews, what is left out.

Each act holds the audit first, so it either comes before a signature, and is in what was signed, or is refused.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts_app.models import User
from cadence.models import ActionClosing, Audit, AuditAction, AuditAnswer
from cadence.models.audit import HIGHEST, LOWEST
from cadence.services.audit_roles import acts, business_day, may_close, may_lead, may_plan, may_review, owns, sees
from cadence.services.audits import AuditError, locked, open_audit
from signals.models import Band

LONGEST_LINE = 300


@transaction.atomic
def answer(audit: Audit, question: str, score: int, reason: str, evidence: Sequence[str], by: User) -> AuditAnswer:  # noqa: PLR0917  an answer has as many parts
    """Score a question of the cycle, with the reason; a second answer replaces the first."""
    held = _held_for_review(audit, by)
    asked = {one["key"]: one for one in held.cycle.questions.questions}
    if question not in asked:
        raise AuditError(_("The audit {cycle} does not ask this question.").format(cycle=held.cycle.name))
    if not LOWEST <= score <= HIGHEST:
        raise AuditError(_("A score is a number from 1 to 5."))
    reason = _said(reason, _("Give the reason of the score: without it nobody can tell what it rests on."))
    if unknown := [section for section in evidence if section not in held.evidence]:
        raise AuditError(_("This audit has no evidence called {name}.").format(name=", ".join(unknown)))
    values = {
        "dimension": asked[question]["dimension"],
        "score": score,
        "reason": reason,
        "evidence": list(evidence),
        "answered_by": by,
    }
    return AuditAnswer.objects.update_or_create(audit=held, question=question, defaults=values)[0]


@transaction.atomic
def clear_answer(audit: Audit, question: str, by: User) -> None:
    held = _held_for_review(audit, by)
    held.answers.filter(question=question).delete()


@transaction.atomic
def judge(audit: Audit, band: str, text: str, by: User) -> None:
    """Say how the account stands in one's own words; both empty takes it back."""
    held = _held_for_review(audit, by)
    if band and band not in Band.values:
        raise AuditError(_("Choose one of the bands."))
    if bool(band) != bool(text.strip()):
        raise AuditError(_("A judgement is a band and what the figures do not say, both."))
    held.judged_band, held.judgement = band, text.strip()
    held.save(update_fields=["judged_band", "judgement"])


@transaction.atomic
def add_action(audit: Audit, text: str, owner: User, due_on: dt.date, by: User) -> AuditAction:
    held = open_audit(audit)
    if not may_plan(held, by):
        raise AuditError(_("Only who reviews this account or answers for it enters its actions."))
    text = line(text, _("Say what is to be done."))
    if not acts(owner) or not sees(owner, held.account):
        raise AuditError(
            _("{name} cannot do it: name somebody who is here and may see the account.").format(name=owner)
        )
    if due_on < business_day():
        raise AuditError(_("The day until which it is to be done lies in the past."))
    return AuditAction.objects.create(audit=held, text=text, owner=owner, due_on=due_on, made_by=by)


@transaction.atomic
def remove_action(action: AuditAction, by: User) -> None:
    """Whoever answers for the account takes back only what they entered themselves."""
    held = open_audit(action.audit)
    if not may_review(held, by) and not (action.made_by_id == by.pk and may_plan(held, by)):
        raise AuditError(_("Only who reviews this account, or who entered the action, removes it."))
    held.actions.filter(pk=action.pk).delete()


@transaction.atomic
def close_action(action: AuditAction, outcome: str, note: str, by: User) -> ActionClosing:
    """Say how it ended, whether or not the audit is signed: that stands beside what was signed."""
    _refuse_closing_by_stranger(action, by)
    if outcome not in ActionClosing.Outcome.values:
        raise AuditError(_("An action ends as done or as dropped."))
    note = note.strip()[:LONGEST_LINE]
    if outcome == ActionClosing.Outcome.DROPPED and not note:
        raise AuditError(_("Say why it was dropped."))
    values = {"outcome": outcome, "note": note, "closed_on": business_day(), "closed_by": by}
    closing, made = ActionClosing.objects.get_or_create(action=action, defaults=values)
    if not made:
        said = _("{name} has closed it meanwhile: {outcome}.")
        raise AuditError(said.format(name=closing.closed_by, outcome=closing.get_outcome_display().lower()))
    return closing


@transaction.atomic
def reopen_action(action: AuditAction, by: User) -> None:
    _refuse_closing_by_stranger(action, by)
    ActionClosing.objects.filter(action=action).delete()


@transaction.atomic
def name_reviewer(audit: Audit, reviewer: User, by: User) -> None:
    held = open_audit(audit)
    if not may_lead(held, by):
        raise AuditError(_("Only a leader of the team, whose own account it is not, names the reviewer."))
    if owns(held, reviewer):
        raise AuditError(_("{name} owns the account: nobody reviews an own account.").format(name=reviewer))
    if not acts(reviewer) or not sees(reviewer, held.account):
        said = _("{name} cannot review it: name somebody who is here and may see the account.")
        raise AuditError(said.format(name=reviewer))
    held.reviewer = reviewer
    held.save(update_fields=["reviewer"])


@transaction.atomic
def leave_out(audit: Audit, reason: str, by: User) -> None:
    """Leave an account out of this quarter's audit; nothing entered is lost."""
    held = open_audit(audit)
    if not may_lead(held, by):
        raise AuditError(_("Only a leader of the team, whose own account it is not, leaves an account out."))
    said = line(reason, _("Say why the account is left out."))
    if held.supersedes_id:
        # Why it corrects the signed one stands with it: it may be taken in again.
        said = line(_("{why} Left out: {reason}").format(why=held.reason, reason=said), "")
    held.reason, held.state = said, Audit.State.EXCLUDED
    held.save(update_fields=["state", "reason"])


@transaction.atomic
def take_in_again(audit: Audit, by: User) -> None:
    """Go on where it was left; a correction keeps its reason, and that it was left out."""
    held = locked(audit)
    if not may_lead(held, by):
        raise AuditError(_("Only a leader of the team, whose own account it is not, takes an account in again."))
    if held.state != Audit.State.EXCLUDED:
        raise AuditError(_("This account is not left out of the audit."))
    held.state = Audit.State.OPEN
    if held.supersedes_id is None:
        held.reason = ""
    held.save(update_fields=["state", "reason"])


def _held_for_review(audit: Audit, by: User) -> Audit:
    held = open_audit(audit)
    if owns(held, by):
        raise AuditError(_("Nobody scores or judges an own account: its reviewer or a leader of the team does."))
    if not may_review(held, by):
        raise AuditError(_("Only the reviewer of this account or a leader of its team scores and judges it."))
    return held


def _refuse_closing_by_stranger(action: AuditAction, by: User) -> None:
    if not may_close(action, by):
        raise AuditError(_("Only who is to do it, who answers for the account or who reviews it says how it ended."))


def _said(text: str, otherwise: str) -> str:
    if not text.strip():
        raise AuditError(otherwise)
    return text.strip()


def line(text: str, otherwise: str) -> str:
    said = _said(text, otherwise)
    if len(said) > LONGEST_LINE:
        raise AuditError(_("At most {n} characters, please.").format(n=LONGEST_LINE))
    return said
