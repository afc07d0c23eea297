"""Rows of the judgement as a run would write them, for tests of pages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from accounts_app.models import Account
from signals.compute.rules import DEFAULT_RULES
from signals.models import Band, RuleSet, Run, Standing
from signals.strips import build_strip

AS_OF = date(2026, 6, 30)
RANKS = {Band.AT_RISK: 0, Band.DRIFTING: 1, Band.UNKNOWN: 2, Band.HEALTHY: 3}
RISKS = {Band.AT_RISK: 72, Band.DRIFTING: 44, Band.UNKNOWN: 12, Band.HEALTHY: 8}


def finished_run(as_of: date = AS_OF, **fields: Any) -> Run:
    """The run whose results pages show."""
    rules = RuleSet.objects.order_by("-version").first() or RuleSet.objects.create(
        version=1, weights=DEFAULT_RULES.to_json()
    )
    finished = {
        "state": Run.State.DONE,
        "phase": Run.Phase.JUDGE,
        "finished_at": datetime(2026, 6, 30, 3, 12, tzinfo=UTC),
    }
    values = {"kind": Run.Kind.NIGHTLY, "business_date": as_of, "rule_set": rules, "ticket": 1, **finished, **fields}
    run, _made = Run.objects.get_or_create(
        kind=values.pop("kind"), business_date=values.pop("business_date"), defaults=values
    )
    return run


def silence_of(days: int) -> dict[str, Any]:
    """A contribution of the signal `silence`, stored as a run stores it."""
    details = {"days_any": days, "usual_gap_any": 12, "contact_days_any": 20, "days_inbound": days}
    evidence = {"tab": "interactions", "count": 20, "from": None, "until": None, "ids": None}
    return {"key": "silence", "points": 9, "level": 0.8, "status": "ok", "details": details, "evidence": evidence}


def judged(account: Account, band: Band = Band.HEALTHY, *, revenue: int = 100_000, **fields: Any) -> Standing:
    """Store the standing of an account."""
    run = finished_run(fields.get("as_of", AS_OF))
    risk = RISKS[band]
    values = {
        "run": run,
        "ticket": run.ticket,
        "as_of": run.business_date,
        "band": band,
        "band_rank": RANKS[band],
        "risk": risk,
        "starting_points": risk - 9,
        "coverage": 0.9,
        "contributions": [silence_of(40)],
        "top_reasons": ["silence"],
        "revenue_12m": Decimal(revenue),
        "revenue_at_risk": Decimal(revenue) * risk / 100,
        "strip": build_strip(
            [(run.business_date, 100.0)], [], [], late_from=None, no_data_from=None, as_of=run.business_date
        ),
    }
    return Standing.objects.create(account=account, **(values | fields))
