"""What is on record of accounts when they are audited: figures only, ready to be frozen as JSON.

Days are ISO texts, money decimal texts, people ids: whoever is erased later leaves no name behind, and words are made
when it is shown (`cadence/pages/audit_evidence.py`). A constant number of statements, however many accounts.

As of a day in the past: facts as they were known then (`known_on`), the risk as it was kept of that day (without its
parts, which are kept of today alone), and whether a feed is late as it is now.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cadence.services import audit_facts_business, audit_facts_people, audit_facts_service
from cadence.services.audit_facts_risk import Judged, money, read_judged, risk, strip

SECTIONS: Final = (
    "risk", "strip", "contacts", "cadence", "value", "incidents", "inquiries", "loyalty", "contract", "money",
)  # fmt: skip
VERSION: Final = 1

Section = dict[str, Any]
Read = Callable[[Sequence[int], dt.date, Mapping[int, Judged]], dict[int, Section]]

READ: Final[Mapping[str, Read]] = {
    "risk": risk,
    "strip": strip,
    "contacts": audit_facts_people.contacts,
    "cadence": audit_facts_people.cadence,
    "value": audit_facts_people.value,
    "incidents": audit_facts_service.incidents,
    "inquiries": audit_facts_business.inquiries,
    "loyalty": audit_facts_business.loyalty,
    "contract": audit_facts_business.contract,
    "money": money,
}


def evidence_of(account_ids: Sequence[int], as_of: dt.date) -> dict[int, dict[str, Any]]:
    """Of each account all sections, each with `known` and, where it is not, the reason; and what it is `about`."""
    keys = sorted(set(account_ids))
    judged = read_judged(keys, as_of)
    read = {name: READ[name](keys, as_of, judged) for name in SECTIONS}
    return {
        key: {"about": {"account": key, "as_of": as_of.isoformat(), "version": VERSION}}
        | {name: read[name][key] for name in SECTIONS}
        for key in keys
    }
