"""A question's fields as they were sent: saved, or given back as typed with what is wrong."""

from dataclasses import replace

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts_app.models import User
from cadence.models import Audit, AuditAnswer
from cadence.pages.audit_lines import Typed, mark_of
from cadence.services.audit_acts import answer, clear_answer
from cadence.services.audits import AuditError, locked


def typed_in(data: QueryDict, key: str) -> Typed:
    """The fields of one question of a form that may hold all of them."""
    return Typed(
        data.get(f"score-{key}", "").strip(),
        data.get(f"reason-{key}", "").replace("\r\n", "\n").replace("\0", ""),
        [part.replace("\0", "") for part in data.getlist(f"evidence-{key}")],
        data.get(f"seen-{key}", ""),
    )


def save_answer(audit: Audit, key: str, typed: Typed, by: User) -> Typed | None:
    """Write what was typed, or return it with the reasons; what is as it was is left alone.

    Whoever answered meanwhile is not overwritten: their words are shown, and saving again means it.
    """
    try:
        with transaction.atomic():
            held = locked(audit)
            stored = held.answers.filter(question=key).select_related("answered_by").first()
            if _is_same(typed, stored):
                return None
            # What nobody can change any more is refused as such.
            if held.state == Audit.State.OPEN and mark_of(stored) != typed.seen:
                return replace(typed, seen=mark_of(stored), errors=[_overtaken(stored)], theirs=stored)
            _write(held, key, typed, by)
    except AuditError as refusal:
        return replace(typed, errors=[str(refusal)])
    return None


def _write(held: Audit, key: str, typed: Typed, by: User) -> None:
    if not (typed.score or typed.reason.strip() or typed.evidence):
        clear_answer(held, key, by)
        return
    if not typed.score.isascii() or not typed.score.isdecimal() or len(typed.score) > 1:
        raise AuditError(_("Choose a score from 1 to 5."))
    answer(held, key, int(typed.score), typed.reason, typed.evidence, by)


def _is_same(typed: Typed, stored: AuditAnswer | None) -> bool:
    if stored is None:
        return not (typed.score or typed.reason.strip() or typed.evidence)
    return (typed.score, typed.reason.strip(), sorted(typed.evidence)) == (
        str(stored.score), stored.reason, sorted(stored.evidence),
    )  # fmt: skip


def _overtaken(stored: AuditAnswer | None) -> str:
    if stored is None:
        return _("Somebody has taken this answer back meanwhile. Saving again answers anew.")
    said = _("{name} has answered this meanwhile: {score}, “{reason}”. Saving again puts yours in its place.")
    return said.format(name=stored.answered_by, score=stored.score, reason=stored.reason)
