"""Inquiries, loyalty and contract of accounts, for an audit's evidence: as known on the day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import Count, Q, Sum

from accounts_app.models import Contract, Inquiry, SurveyAnswer
from cadence.services.audit_facts_people import QUARTER
from cadence.services.audit_facts_risk import YEAR, Judged, Section

ANSWERS_TOLD: Final = 8
# Who would recommend us, and who would not (Reichheld 2003).
PROMOTER, DETRACTOR = 9, 6
DECIDED: Final = (Inquiry.Outcome.WON, Inquiry.Outcome.LOST, Inquiry.Outcome.ELSEWHERE)


def inquiries(keys: Sequence[int], as_of: dt.date, judged: Mapping[int, Judged]) -> dict[int, Section]:
    """What they asked for in the span, and what was decided in it, whenever it was asked."""
    known = Inquiry.objects.filter(account__in=keys, asked_on__lte=as_of, known_on__lte=as_of).order_by()
    decided = Q(decided_on__lte=as_of, decided_known_on__lte=as_of)
    spans = {"quarter": as_of - QUARTER, "year": as_of - YEAR}
    counts: dict[str, Any] = {"ever": Count("pk"), "open": Count("pk", filter=Q(kind="quotation") & ~decided)}
    for span, before in spans.items():
        for kind in Inquiry.Kind.values:
            counts[f"{span}_{kind}"] = Count("pk", filter=Q(kind=kind, asked_on__gt=before))
        for outcome in DECIDED:
            one = Q(outcome=outcome, decided_on__gt=before) & decided
            counts[f"{span}_{outcome}"] = Count("pk", filter=one)
            counts[f"{span}_{outcome}_amount"] = Sum("reporting_amount", filter=one)
    rows = {row.pop("account"): row for row in known.values("account").annotate(**counts)}
    nothing = dict.fromkeys(counts, 0)
    return {
        key: judged[key].knows("inquiries", has_rows=key in rows) | _asked(rows.get(key, nothing), spans)
        for key in keys
    }


def _asked(row: Mapping[str, Any], spans: Mapping[str, dt.date]) -> Section:
    return {"open": row["open"]} | {
        span: {
            "from": (before + dt.timedelta(days=1)).isoformat(),
            **{name: row[f"{span}_{name}"] for name in (*Inquiry.Kind.values, *map(str, DECIDED))},
            **{f"{name}_amount": _text(row[f"{span}_{name}_amount"]) for name in map(str, DECIDED)},
        }
        for span, before in spans.items()
    }


def _text(amount: Any) -> str | None:
    """Without any amount there is no sum: what was asked may have no price yet."""
    return None if not amount else str(amount)


def loyalty(keys: Sequence[int], as_of: dt.date, judged: Mapping[int, Judged]) -> dict[int, Section]:
    """Whom we asked whether they would recommend us, and what they said."""
    known = SurveyAnswer.objects.filter(account__in=keys, asked_on__lte=as_of, known_on__lte=as_of)
    told: defaultdict[int, list[Section]] = defaultdict(list)
    fields = ("account", "pk", "contact", "asked_on", "answered_on", "answered_known_on", "score")
    for key, pk, contact, asked, answered, learnt, score in known.order_by("-asked_on", "-pk").values_list(*fields):
        has_answered = answered is not None and max(answered, learnt) <= as_of
        told[key].append(
            {
                "answer": pk,
                "contact": contact,
                "asked_on": asked.isoformat(),
                "answered_on": answered.isoformat() if has_answered else None,
                "score": score if has_answered else None,
            }
        )
    year = (as_of - YEAR).isoformat()
    return {key: judged[key].knows("surveys", has_rows=key in told) | _said(told.get(key, []), year) for key in keys}


def _said(answers: Sequence[Section], before: str) -> Section:
    recent = [one for one in answers if one["asked_on"] > before]
    scores = [one["score"] for one in recent if one["score"] is not None]
    return {
        "asked": len(recent),
        "answered": len(scores),
        "promoters": sum(score >= PROMOTER for score in scores),
        "detractors": sum(score <= DETRACTOR for score in scores),
        "answers": list(answers[:ANSWERS_TOLD]),
    }


def contract(keys: Sequence[int], as_of: dt.date, judged: Mapping[int, Judged]) -> dict[int, Section]:
    """How the contract that decides may end, as the account was last judged."""
    on_record = Contract.objects.filter(account__in=keys, known_on__lte=as_of).order_by()
    counts = dict(on_record.values_list("account").annotate(Count("pk")))
    return {key: _bound(judged[key], counts.get(key, 0), as_of) for key in keys}


TERMS: Final = ("ends_on", "auto_renews", "notice_days", "in_force")


def _bound(judged: Judged, on_record: int, as_of: dt.date) -> Section:
    standing, reading = judged.on(as_of), judged.reading("notice_window")
    terms = reading["details"] if reading and standing else {}
    known = judged.knows("contracts", has_rows=on_record > 0)
    if not terms:
        known = known | {"known": False, "reason": known["reason"] or "not_judged"}
    return known | {
        "on_record": on_record,
        "state": standing.notice_state if standing else "",
        "notice_on": standing.notice_on.isoformat() if standing and standing.notice_on else None,
        "amount": str(standing.notice_amount) if standing and standing.notice_amount is not None else None,
        "currency": judged.currency,
        **{name: terms.get(name) for name in TERMS},
    }
