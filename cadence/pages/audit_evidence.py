"""The evidence of an audit as a page and the print say it: of each section first a sentence, then figures and rows."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cadence.pages import audit_evidence_business, audit_evidence_people, audit_evidence_risk
from cadence.pages.audit_evidence_form import About, Section, Told

Say = Callable[[Mapping[str, Any], About], Told]

TITLES: Final[Mapping[str, str | Promise]] = {
    "risk": gettext_lazy("Risk and its parts"),
    "strip": gettext_lazy("Eighteen months"),
    "contacts": gettext_lazy("Contacts by level"),
    "cadence": gettext_lazy("Promised and kept"),
    "value": gettext_lazy("Value brought"),
    "incidents": gettext_lazy("Incidents"),
    "inquiries": gettext_lazy("Inquiries and awards"),
    "loyalty": gettext_lazy("Loyalty"),
    "contract": gettext_lazy("Contract and notice"),
    "money": gettext_lazy("Money"),
}

# Nothing on record: zeros would read as if they had been counted.
WITHOUT_FIGURES: Final = frozenset({"no_data", "not_used", "not_counted"})

SAY: Final[Mapping[str, Say]] = {
    "risk": audit_evidence_risk.risk,
    "strip": audit_evidence_risk.strip,
    "contacts": audit_evidence_people.contacts,
    "cadence": audit_evidence_people.cadence,
    "value": audit_evidence_people.value,
    "incidents": audit_evidence_business.incidents,
    "inquiries": audit_evidence_business.inquiries,
    "loyalty": audit_evidence_business.loyalty,
    "contract": audit_evidence_business.contract,
    "money": audit_evidence_business.money,
}


def sections(evidence: Mapping[str, Any]) -> list[Section]:
    """All sections the evidence has; of an audit without any evidence none."""
    if "about" not in evidence:
        return []
    about = About.of(evidence["about"])
    return [_section(key, evidence[key], about) for key in TITLES if key in evidence]


def _section(key: str, facts: Mapping[str, Any], about: About) -> Section:
    told = SAY[key](facts, about)
    if facts["reason"] in WITHOUT_FIGURES:
        told = replace(told, rows=(), grid=None)
    return Section(key, TITLES[key], is_known=facts["known"], told=told)
