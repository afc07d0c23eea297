"""What the last signed audit of an account said, and what became of its actions: frozen with the evidence."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from cadence.models import ActionClosing, Audit, AuditAction

NOT_KNOWN = {"known": False, "reason": "no_audit"}


def last_audits(account_ids: Collection[int], before: dt.date) -> dict[int, dict[str, Any]]:
    """Of each account the newest signed audit of a quarter that began earlier; who was never audited has none."""
    signed = Audit.objects.current().filter(
        state=Audit.State.SIGNED, account__in=list(account_ids), cycle__begins_on__lt=before
    )
    newest = signed.order_by("account_id", "-cycle__begins_on", "-revision").distinct("account_id")
    rows = newest.select_related("cycle").defer("evidence").prefetch_related("answers", "actions__closing")
    return {audit.account_id: _said(audit) for audit in rows}


def _said(audit: Audit) -> dict[str, Any]:
    return {
        "known": True,
        "audit": audit.pk,
        "cycle": audit.cycle.name,
        "revision": audit.revision,
        "judged_band": audit.judged_band,
        "scores": {row.question: row.score for row in audit.answers.all()},
        "actions": [_action(row) for row in audit.actions.all()],
    }


def _action(action: AuditAction) -> dict[str, Any]:
    said = {"text": action.text, "owner": action.owner_id, "due_on": action.due_on.isoformat()}
    try:
        closing = action.closing
    except ActionClosing.DoesNotExist:
        return said | {"outcome": ""}
    ended = {"outcome": closing.outcome, "closed_on": closing.closed_on.isoformat(), "note": closing.note}
    return said | ended
