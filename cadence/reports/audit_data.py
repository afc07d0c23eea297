"""One audit as its page on paper says it: texts only, for `audit_pack.typ` to set."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.templatetags.formats import day_text, moment_text
from cadence.models import Audit, AuditAction, AuditAnswer, AuditSignature
from cadence.pages.audit_actions import ActionLine
from cadence.pages.audit_before import Before
from cadence.pages.audit_evidence import sections
from cadence.pages.audit_evidence_form import Section
from cadence.pages.audit_lines import DimensionGroup, QuestionLine, by_dimension, question_lines
from cadence.pages.audit_rows import Cell
from cadence.reports.strip_svg import strip_svg
from signals.models import Band
from signals.strips import LEFT, UNIT, WIDTH

Texts = dict[str, Any]
WEAK, GOOD = 2, 4
MONTHS_OF_QUARTER: Final = 3


def for_print(audits: QuerySet[Audit]) -> QuerySet[Audit]:
    """With all that a page says: the same number of statements for any number of audits."""
    return audits.select_related(
        "cycle__questions", "account__tier", "account__team", "owner", "reviewer", "record"
    ).prefetch_related(
        "answers", "actions__owner", "actions__closing", "actions__closing__closed_by", "signatures__user",
        "signatures__voided_by",
    )  # fmt: skip


def account_data(audit: Audit, today: dt.date, *, detailed: bool = False) -> Texts:
    """The page of one account; `detailed`: its figures on the pages after it."""
    answers = {row.question: row for row in audit.answers.all()}
    before = Before(audit, answers, today)
    scores: Mapping[str, int] = before.said.get("scores", {})
    past = {key: AuditAnswer(score=score) for key, score in scores.items()}
    lines = question_lines(audit.cycle.questions.questions, answers, past, {})
    told = {section.key: section for section in sections(audit.evidence)}
    return {
        "id": audit.pk,
        **_heading(audit, told),
        "change": " ".join(text for text in (before.sentence, before.judgement) if text),
        "strip": strip_data(told.get("strip")),
        "cells": _cells(by_dimension(lines), lines),
        "questions": [_question(line) for line in lines],
        "answered": _("{n} of {all} answered").format(n=len(answers), all=len(lines)),
        "sections": [_section(section) for section in told.values() if section.key != "strip"],
        "evidence_on": _("as of {day}").format(day=day_text(audit.evidence_on, today)),
        "judged": band_data(audit.judged_band),
        "judged_by": "",
        "judgement": audit.judgement or _("Nothing was said beside the figures."),
        **_actions(audit, before, today),
        **_signed(audit),
        "details": [_detailed(section) for section in told.values() if section.key != "strip"] if detailed else [],
    }


def name_of(audit: Audit) -> str:
    """As the account was called when the evidence was taken."""
    return str(audit.evidence.get("account", {}).get("name") or audit.account.name)


def band_data(band: str) -> Texts:
    return {"key": band, "word": str(dict(Band.choices).get(band, ""))}


def cell_data(cell: Cell) -> Texts:
    change = "=" if cell.change == 0 else cell.signed_change
    return {"label": str(cell.label), "figure": cell.figure, "level": cell.level, "change": change}


def _heading(audit: Audit, told: Mapping[str, Section]) -> Texts:
    risk = audit.evidence.get("risk", {})
    judged = _("{risk} of 100, computed").format(risk=risk["risk"]) if risk.get("risk") is not None else _("computed")
    return {
        "name": name_of(audit),
        "facts": " · ".join(_facts(audit)),
        "band": band_data(risk.get("band") or Band.UNKNOWN.value),
        "band_note": judged,
        "lead": told["risk"].sentence if "risk" in told else _("No evidence was taken."),
    }


def _facts(audit: Audit) -> Iterable[str]:
    frozen = audit.evidence.get("account", {})
    yield str(frozen.get("tier") or audit.account.tier)
    if frozen.get("team"):
        yield str(frozen["team"])
    yield _("owner {name}").format(name=audit.owner) if audit.owner else _("without an owner")
    yield _("reviewed by {name}").format(name=audit.reviewer) if audit.reviewer else _("nobody reviews it")
    if audit.revision > 1:
        yield _("revision {n}: {reason}").format(n=audit.revision, reason=audit.reason)


def strip_data(section: Section | None) -> Texts:
    if section is None or not section.strip:
        return {"svg": "", "text": section.sentence if section else "", "ticks": []}
    return {"svg": strip_svg(section.strip), "text": section.sentence, "ticks": _ticks(section.strip)}


def _ticks(strip: Mapping[str, Any]) -> list[Texts]:
    """The first days of the quarters, at their share of the width."""
    start, until = dt.date.fromisoformat(strip["from"]), dt.date.fromisoformat(strip["until"])
    months = range(start.year * 12 + start.month, until.year * 12 + until.month)
    firsts = [dt.date(month // 12, month % 12 + 1, 1) for month in months if month % MONTHS_OF_QUARTER == 0]
    return [{"at": (LEFT + (day - start).days * UNIT) / WIDTH, "label": f"{day:%b %Y}"} for day in firsts]


def _cells(groups: Sequence[DimensionGroup], lines: Sequence[QuestionLine]) -> list[Texts]:
    scores = [line.answer.score for line in lines if line.answer]
    mean = Cell("mean", _("Mean"), int(sum(scores) * 10 / len(scores) + 0.5) if scores else None)
    return [cell_data(group.cell) | {"label": str(group.label)} for group in groups] + [cell_data(mean)]


def _question(line: QuestionLine) -> Texts:
    answer, before = line.answer, line.before
    return {
        "text": line.text,
        "score": str(answer.score) if answer else "",
        "level": _level(answer.score if answer else None),
        "before": _("was {score}").format(score=before.score) if before and answer else "",
        "reason": answer.reason if answer else _("Not answered."),
        "evidence": _("rests on: {sections}").format(sections=line.rests_on) if line.rests_on else "",
    }


def _level(score: int | None) -> str:
    if score is None:
        return "none"
    return "weak" if score <= WEAK else "good" if score >= GOOD else "middling"


def _section(section: Section) -> Texts:
    return {"title": str(section.title), "known": section.is_known, "sentence": section.sentence}


def _detailed(section: Section) -> Texts:
    rows = [{"label": str(row.label), "figure": row.figure, "note": row.note} for row in section.rows]
    grid = section.grid and {
        "caption": str(section.grid.caption),
        "columns": [str(column) for column in section.grid.columns],
        "rows": [{"label": str(label), "figures": list(figures)} for label, figures in section.grid.rows],
    }
    return _section(section) | {"rows": rows, "grid": grid}


def _actions(audit: Audit, before: Before, today: dt.date) -> Texts:
    rows: list[AuditAction] = list(audit.actions.all())
    told = [ActionLine(row, today, may_close=False) for row in rows]
    still = sum(line.is_open for line in told)
    return {
        "actions": [
            {"text": line.action.text, "owner": str(line.action.owner), "when": line.when if line.is_open else line.how}
            for line in told
        ],
        "actions_note": ngettext("{n} open", "{n} open", still).format(n=still) if rows else "",
        "not_done": [{"text": one.text, "owner": one.owner, "when": one.why_not} for one in before.not_done],
    }


def _signed(audit: Audit) -> Texts:
    record = audit.record if hasattr(audit, "record") else None
    return {
        "state": str(audit.get_state_display()),
        "signatures": [_signature(row) for row in audit.signatures.all()],
        "unsigned": _("Nobody has signed it yet."),
        "record": _("Record {n} of the chain, SHA-256").format(n=record.number) if record else "",
        "hash": record.hash if record else "",
    }


def _signature(row: AuditSignature) -> Texts:
    sent_back = _("sent back by {name}: {reason}")
    return {
        "role": str(row.get_role_display()),
        "name": str(row.user),
        "at": moment_text(row.signed_at),
        "voided": sent_back.format(name=row.voided_by, reason=row.voided_reason) if row.voided_at else "",
    }
