"""Whose turn an audit is: its state in a sentence, and the one next act."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts_app.models import User
from accounts_app.templatetags.formats import day_text
from cadence.models import Audit
from cadence.services.audit_roles import acts, business_day, may_lead, may_plan, may_review, signs_for_owner
from cadence.services.audit_signing import may_sign_as_leader, may_sign_as_owner


@dataclass(frozen=True)
class Rights:
    """What this reader may do with this audit, as the services decide it."""

    review: bool
    plan: bool
    lead: bool
    sign_as_owner: bool
    sign_as_leader: bool

    @classmethod
    def of(cls, audit: Audit, user: User) -> "Rights":
        is_open = audit.state == Audit.State.OPEN
        return cls(
            is_open and may_review(audit, user),
            is_open and may_plan(audit, user),
            may_lead(audit, user),
            may_sign_as_owner(audit, user),
            may_sign_as_leader(audit, user),
        )


@dataclass(frozen=True)
class Turn:
    """The sentence, and what the reader can do about it now; nothing where others have to."""

    sentence: str
    act: str = ""
    anchor: str = ""
    is_late: bool = False


def turn_of(
    audit: Audit,
    rights: Rights,
    unanswered: Sequence[str],
    lacking: Sequence[str],
    today: dt.date | None = None,
    *,
    is_sent_back: bool = False,
) -> Turn:
    """`unanswered` are the keys of the questions without a score, `lacking` what keeps the owner from signing."""
    day = today or business_day()
    if audit.state == Audit.State.EXCLUDED:
        act, anchor = (_("Take it in again"), "#more") if rights.lead else ("", "")
        return Turn(_("Left out of this audit: {reason}").format(reason=_stopped(audit.reason)), act, anchor)
    if audit.state == Audit.State.SIGNED:
        return Turn(_("Signed by both: it stays as it is."))
    if audit.state == Audit.State.OWNER_SIGNED:
        return _for_leader(audit, rights, day)
    if not acts(audit.reviewer):
        return _for_new_reviewer(audit, rights)
    if unanswered:
        return _for_reviewer(audit, rights, unanswered, day)
    return _for_owner(audit, rights, lacking, day, is_sent_back=is_sent_back)


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _until(due_on: dt.date, day: dt.date) -> str:
    words = _("due since {day}") if due_on < day else _("due {day}")
    return words.format(day=day_text(due_on, day))


def _for_new_reviewer(audit: Audit, rights: Rights) -> Turn:
    sentence = _("Nobody reviews this account yet: a leader of the team names somebody.")
    if audit.reviewer:
        sentence = _("{name}, who reviews it, has left: a leader of the team names somebody else.").format(
            name=audit.reviewer
        )
    return Turn(sentence, _("Name a reviewer") if rights.lead else "", "#more")


def _for_reviewer(audit: Audit, rights: Rights, unanswered: Sequence[str], day: dt.date) -> Turn:
    total = len(audit.cycle.questions.questions)
    until, late = _until(audit.cycle.answers_due_on, day), audit.cycle.answers_due_on < day
    sentence = _("{name} scores it: {done} of {all} questions answered, {until}.").format(
        name=audit.reviewer, done=total - len(unanswered), all=total, until=until
    )
    return Turn(sentence, _("Answer the next") if rights.review else "", f"#question-{unanswered[0]}", late)


def _for_owner(audit: Audit, rights: Rights, lacking: Sequence[str], day: dt.date, *, is_sent_back: bool) -> Turn:
    until, late = _until(audit.cycle.due_on, day), audit.cycle.due_on < day
    if lacking:
        sentence = _("Every question is answered; before the owner can sign: {first}").format(first=lacking[0])
        act = _("Judge") if rights.review and not audit.judged_band else _("See what is missing")
        return Turn(sentence, act, "#judgement" if rights.review and not audit.judged_band else "#signatures", late)
    signers = signs_for_owner(audit, day)
    if not signers:
        sentence = _("Nobody can sign for this account: its owner has left, or it has none.")
        url = reverse("accounts:account_edit", args=[audit.account_id])
        return Turn(sentence, _("Name an owner") if rights.lead else "", url, late)
    names = _(" or ").join(str(one) for one in signers)
    words = _("Complete: {name} reads and signs, {until}.")
    if is_sent_back:
        words = _("Sent back: {reviewer} looks at it again, then {name} signs, {until}.")
    sentence = words.format(name=names, until=until, reviewer=audit.reviewer)
    return Turn(sentence, _("Read and sign") if rights.sign_as_owner else "", "#signatures", late)


def _for_leader(audit: Audit, rights: Rights, day: dt.date) -> Turn:
    until, late = _until(audit.cycle.due_on, day), audit.cycle.due_on < day
    sentence = _("The owner has signed: a leader signs or sends it back, {until}.").format(until=until)
    return Turn(sentence, _("Sign or send back") if rights.sign_as_leader else "", "#signatures", late)
