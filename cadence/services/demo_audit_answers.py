"""What the demo's reviewers score, judge and promise: near to how the account stands, never all the same."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from accounts_app.demo.lots import SEED, stream
from cadence.demo_audit_texts import ACTIONS, DONE, DROPPED, JUDGEMENTS, REASONS
from cadence.models import ActionClosing, Audit, AuditAction, AuditAnswer
from signals.models import Band

TOPIC: Final = 47
MEAN_SCORE: Final = {Band.AT_RISK: 2.1, Band.DRIFTING: 2.9, Band.UNKNOWN: 3.0, Band.HEALTHY: 3.9}
SPREAD: Final = 0.9
# Who is at risk now stood better a quarter ago.
BETTER_BEFORE: Final = {Band.AT_RISK: 0.7, Band.DRIFTING: 0.3}
LOW, MIDDLING = 2, 3
MOST_ACTIONS: Final = 2
DONE_SHARE, ENDED_SHARE = 0.6, 0.7
SECTIONS: Final = {
    "people": ["contacts"],
    "presence": ["cadence"],
    "value": ["value"],
    "service": ["incidents"],
    "business": ["money", "inquiries"],
    "our_side": ["before"],
}


def lot(number: int, begins_on: dt.date, topic: int) -> float:
    return float(stream(SEED, TOPIC, number, begins_on.toordinal(), topic).random())


def answers_of(audit: Audit, number: int, share: float, at: dt.datetime) -> Iterator[AuditAnswer]:
    """The first questions, as many as this share of them."""
    asked = audit.cycle.questions.questions
    for n, one in enumerate(asked[: max(1, round(len(asked) * share))]):
        score = _score(audit, number, n)
        yield AuditAnswer(
            audit=audit,
            question=one["key"],
            dimension=one["dimension"],
            score=score,
            reason=_reason(audit, one["dimension"], score, number, n),
            evidence=SECTIONS[one["dimension"]],
            answered_by=audit.reviewer,
            answered_at=at + dt.timedelta(minutes=4 * n),
        )


def _score(audit: Audit, number: int, n: int) -> int:
    band = _band(audit)
    draw = stream(SEED, TOPIC, number, audit.cycle.begins_on.toordinal(), 100 + n).standard_normal()
    mean = MEAN_SCORE[band] + (BETTER_BEFORE.get(band, 0.0) if _is_past(audit) else 0.0)
    return min(5, max(1, round(mean + SPREAD * float(draw))))


def _is_past(audit: Audit) -> bool:
    """Evidence is of a day before the one the account was judged on."""
    standing = _standing(audit)
    return standing is not None and (standing.as_of - audit.evidence_on).days > 45


def _reason(audit: Audit, dimension: str, score: int, number: int, n: int) -> str:
    texts = REASONS[dimension][0 if score <= LOW else 1 if score == MIDDLING else 2]
    return texts[int(lot(number, audit.cycle.begins_on, 200 + n) * len(texts))]


def _standing(audit: Audit) -> Any:
    return getattr(audit.account, "standing", None)


def _band(audit: Audit) -> Band:
    standing = _standing(audit)
    return Band(standing.band) if standing else Band.UNKNOWN


def judgement_of(audit: Audit, number: int) -> tuple[str, str]:
    """Mostly as computed; some see it better or worse."""
    band = _band(audit)
    if lot(number, audit.cycle.begins_on, 6) < 0.2:
        band = Band.HEALTHY if band == Band.DRIFTING else Band.DRIFTING
    texts = JUDGEMENTS[band]
    return band, texts[int(lot(number, audit.cycle.begins_on, 7) * len(texts))]


def actions_of(audit: Audit, number: int, at: dt.datetime) -> Iterator[AuditAction]:
    """One for each of the weakest dimensions."""
    weak = [
        one["dimension"] for n, one in enumerate(audit.cycle.questions.questions) if _score(audit, number, n) <= LOW
    ]
    for n, dimension in enumerate(list(dict.fromkeys(weak))[:MOST_ACTIONS]):
        owner = audit.owner if n == 0 else audit.reviewer
        due_on = audit.evidence_on + dt.timedelta(days=45 + int(lot(number, audit.cycle.begins_on, 8 + n) * 40))
        yield AuditAction(
            audit=audit, text=ACTIONS[dimension], owner=owner, due_on=due_on, made_by=audit.reviewer, made_at=at
        )


def closings_of(actions: Iterable[AuditAction], numbers: Mapping[int, int], anchor: dt.date) -> Iterator[ActionClosing]:
    """Most were done before they were due, a few dropped, the rest is open still."""
    for action in actions:
        number = numbers[action.audit.account_id] + len(action.text)
        share = lot(number, action.audit.cycle.begins_on, 20)
        closed_on = action.due_on - dt.timedelta(days=int(lot(number, action.audit.cycle.begins_on, 21) * 20))
        if share >= ENDED_SHARE or closed_on >= anchor:
            continue
        outcome = ActionClosing.Outcome.DONE if share < DONE_SHARE else ActionClosing.Outcome.DROPPED
        notes = DONE if outcome == ActionClosing.Outcome.DONE else DROPPED
        yield ActionClosing(
            action=action,
            outcome=outcome,
            closed_on=closed_on,
            closed_by=action.owner,
            note=notes[number % len(notes)],
        )
