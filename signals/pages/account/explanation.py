"""Why an account has its risk: contributions that add up, each with its sentence and the address of its rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.templatetags.formats import percent
from signals.compute.base import Status
from signals.compute.registry import BY_KEY
from signals.models import Band, RuleSet, Standing
from signals.pages.sentences import sentence

TABS = {
    "orders": "accounts:order_list",
    "contacts": "accounts:contact_list",
    "interactions": "accounts:interaction_list",
    "incidents": "accounts:incident_list",
    "inquiries": "accounts:inquiry_list",
    "contracts": "accounts:contract_list",
    "events": "accounts:event_list",
    "loyalty": "accounts:survey_list",
    "owner": "accounts:account_details",
}

# What would make a signal known, by the source it rests on.
REMEDIES: Mapping[str, Mapping[str, str | Promise]] = {
    Status.NO_DATA: {
        "orders": gettext_lazy("Import the orders of this account."),
        "contacts": gettext_lazy("Import the people at this account."),
        "interactions": gettext_lazy("Import or log the visits and calls with this account."),
        "incidents": gettext_lazy("Log the incidents of this account, or import them."),
        "inquiries": gettext_lazy("Enter what this account asks for, and who gets it, or import the quotations."),
        "contracts": gettext_lazy("Enter the contracts of this account, or import them."),
        "change-events": gettext_lazy("Enter what happens at this account, or import it."),
        "surveys": gettext_lazy("Ask whether they would recommend us, and enter or import the answers."),
        "ownership": gettext_lazy("Give this account an owner, or import who answers for it."),
    },
    Status.STALE: {
        "orders": gettext_lazy("Have the order feed delivered again."),
        "contacts": gettext_lazy("Have the contact feed delivered again."),
        "interactions": gettext_lazy("Have contacts logged, or their feed delivered, up to today."),
        "incidents": gettext_lazy("Have the incident feed delivered again."),
        "inquiries": gettext_lazy("Have the feed of inquiries delivered again."),
        "contracts": gettext_lazy("Have the feed of contracts delivered again."),
        "change-events": gettext_lazy("Have the feed of change events delivered again."),
        "surveys": gettext_lazy("Have the survey answers delivered again."),
        "ownership": gettext_lazy("Have the feed of owners delivered again."),
        "colleagues": gettext_lazy("Have the feed of colleagues delivered again."),
    },
    Status.INSUFFICIENT_HISTORY: {
        "orders": gettext_lazy("It becomes known with more orders, or with older ones imported."),
        "interactions": gettext_lazy("It becomes known with more contacts, or with older ones imported."),
        "incidents": gettext_lazy("It becomes known with more incidents, or with older ones imported."),
        "inquiries": gettext_lazy("It becomes known with half a year of records, or with older ones imported."),
        "surveys": gettext_lazy("It becomes known when somebody is asked again."),
    },
}


@dataclass(frozen=True)
class Reason:
    """One signal's part in the risk."""

    key: str
    title: str
    points: int
    status: str
    sentence: str
    rows: int
    rows_url: str
    remedy: str | Promise

    @property
    def is_known(self) -> bool:
        return self.status == Status.OK

    @property
    def is_unknown(self) -> bool:
        return self.status not in {Status.OK, Status.NOT_USED}


@dataclass(frozen=True)
class Explanation:
    """All that adds up to the risk, the heaviest first."""

    standing: Standing
    reasons: list[Reason]
    version: int
    healthy_coverage: float

    @property
    def counted(self) -> list[Reason]:
        return [one for one in self.reasons if one.is_known and one.points]

    @property
    def without_points(self) -> list[Reason]:
        return [one for one in self.reasons if one.is_known and not one.points]

    @property
    def unknown(self) -> list[Reason]:
        return [one for one in self.reasons if one.is_unknown]

    @property
    def missing(self) -> list[tuple[str, Reason]]:
        """What is unknown, signals that lack the same thing named together."""
        together: dict[tuple[str, str], list[Reason]] = {}
        for one in self.unknown:
            together.setdefault((one.sentence, str(one.remedy)), []).append(one)
        return [(", ".join(one.title for one in ones), ones[0]) for ones in together.values()]

    @property
    def not_used(self) -> list[Reason]:
        return [one for one in self.reasons if one.status == Status.NOT_USED]

    @property
    def most_points(self) -> int:
        """The longest bar."""
        return max(self.standing.starting_points or 0, *(abs(one.points) for one in self.counted), 1)

    @property
    def is_unknown_band(self) -> bool:
        return self.standing.band == Band.UNKNOWN

    @property
    def coverage_text(self) -> str:
        """What the coverage rests on, and what it is needed for."""
        known, needed = percent(self.standing.coverage), percent(self.healthy_coverage)
        if self.is_unknown_band:
            return _("Only {known} of what the signals weigh rests on fresh data; Healthy needs {needed}.").format(
                known=known, needed=needed
            )
        return _("Coverage {known}: the share of what the signals weigh that rests on fresh data.").format(known=known)


def explain(standing: Standing, rules: RuleSet) -> Explanation:
    """Read the stored contributions of a computed standing."""
    reasons = [_reason(one, standing) for one in standing.contributions if one["key"] in BY_KEY]
    return Explanation(standing, reasons, rules.version, rules.weights["healthy_coverage"])


def _reason(contribution: Mapping[str, Any], standing: Standing) -> Reason:
    key, status, evidence = contribution["key"], contribution["status"], contribution["evidence"]
    # Of several sources the one that is late is what is to be delivered again.
    late = contribution["details"].get("late_source") if status == Status.STALE else None
    source = late or BY_KEY[key].sources[0]
    return Reason(
        key=key,
        title=BY_KEY[key].title,
        points=contribution["points"],
        status=status,
        sentence=sentence(contribution),
        rows=evidence.get("count", 0),
        rows_url=rows_url(standing.account_id, evidence, key=key, as_of=standing.as_of),
        remedy=REMEDIES.get(status, {}).get(source, ""),
    )


def rows_url(account_id: int, evidence: Mapping[str, Any], *, key: str, as_of: dt.date) -> str:
    """The address of exactly the rows behind a reading; empty where there is none."""
    url_name = TABS.get(evidence.get("tab", ""))
    if url_name is None or not evidence.get("count"):
        return ""
    wanted = {
        "from": evidence.get("from"),
        "until": evidence.get("until"),
        "ids": ",".join(map(str, evidence.get("ids") or ())),
        "known": as_of.isoformat(),
        "why": key,
    }
    query = urlencode({name: value for name, value in wanted.items() if value})
    # The owners stand below what else is known of the account.
    place = "#owners" if evidence["tab"] == "owner" else ""
    return f"{reverse(url_name, args=[account_id])}?{query}{place}"
