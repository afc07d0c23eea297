"""The questions of an audit, by dimension, each with its answer and what was said last quarter."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

from cadence.models import AuditAnswer, Dimension
from cadence.pages.audit_evidence import TITLES
from cadence.pages.audit_rows import Cell, tenths_of

Text = str | Promise


def mark_of(answer: AuditAnswer | None) -> str:
    """What a form was filled in over: another mark means that somebody else has answered meanwhile."""
    if answer is None:
        return ""
    content = json.dumps([answer.score, answer.reason, sorted(answer.evidence)])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Typed:
    """What stands in the fields of one question, and what is wrong with it."""

    score: str
    reason: str
    evidence: Sequence[str]
    seen: str
    errors: Sequence[str] = ()
    # What somebody else wrote meanwhile.
    theirs: AuditAnswer | None = None


def stored(answer: AuditAnswer | None) -> Typed:
    if answer is None:
        return Typed("", "", (), "")
    return Typed(str(answer.score), answer.reason, answer.evidence, mark_of(answer))


@dataclass(frozen=True)
class QuestionLine:
    """One question as the page shows it."""

    key: str
    text: str
    guide: str
    dimension: str
    answer: AuditAnswer | None
    before: AuditAnswer | None
    typed: Typed

    @property
    def change(self) -> int | None:
        if self.answer is None or self.before is None:
            return None
        return self.answer.score - self.before.score

    @property
    def moved(self) -> int:
        """By how much, whichever way."""
        return abs(self.change or 0)

    @property
    def rests_on(self) -> str:
        """The evidence ticked, by its titles."""
        return ", ".join(str(TITLES[key]).lower() for key in TITLES if key in self.typed.evidence)

    @property
    def is_open(self) -> bool:
        """Whether its fields are shown at once: not answered yet, or refused as typed."""
        return self.answer is None or bool(self.typed.errors)


@dataclass(frozen=True)
class DimensionGroup:
    """The questions of one dimension, with their mean."""

    key: str
    label: Text
    cell: Cell
    lines: list[QuestionLine] = field(default_factory=list)


def question_lines(
    questions: Sequence[Mapping[str, str]],
    answers: Mapping[str, AuditAnswer],
    before: Mapping[str, AuditAnswer],
    typed: Mapping[str, Typed],
) -> list[QuestionLine]:
    return [
        QuestionLine(
            one["key"],
            one["text"],
            one.get("guide", ""),
            one["dimension"],
            answers.get(one["key"]),
            before.get(one["key"]),
            typed.get(one["key"]) or stored(answers.get(one["key"])),
        )
        for one in questions
    ]


def by_dimension(lines: Sequence[QuestionLine]) -> list[DimensionGroup]:
    """In the order of the dimensions; one that is not asked about is left out."""
    groups = []
    for key, label in Dimension.choices:
        if own := [line for line in lines if line.dimension == key]:
            groups.append(DimensionGroup(key, label, cell_of(key, label, own), own))
    return groups


def cell_of(key: str, label: Text, lines: Sequence[QuestionLine]) -> Cell:
    """Compared with the earlier scores of the questions answered by now."""
    now = [line.answer.score for line in lines if line.answer]
    past = [line.before.score for line in lines if line.before and line.answer]
    return Cell(key, label, _mean(now), _mean(past))


def _mean(scores: Sequence[int]) -> int | None:
    return tenths_of(sum(scores) / len(scores)) if scores else None
