"""How the demo's accounts stood when last quarter's audit was opened, as a run of that day would have said."""

import datetime as dt

import pandas as pd

from cadence.models import Audit, AuditCycle
from cadence.services.audits import AT_ONCE, evidence_for
from signals.facts import read_facts
from signals.models import RiskDay
from signals.services import assess, history, store
from signals.services.rules import current_rules, values_of


def take_evidence_as_judged_then(cycle: AuditCycle, day: dt.date) -> None:
    """Judge the day and take the evidence anew.

    The day is not kept: workers fill the past of every account that has none, from the same facts.
    """
    judged = _judged(day)
    store.write_risk_days(store.risk_day_rows(judged.risk, judged.readings, day), RiskDay.Origin.HISTORY)
    audits = list(Audit.objects.filter(cycle=cycle))
    evidence = evidence_for([audit.account_id for audit in audits], day, cycle)
    RiskDay.objects.filter(day=day).delete()
    for audit in audits:
        audit.evidence = evidence[audit.account_id]
    Audit.objects.bulk_update(audits, ["evidence"], batch_size=AT_ONCE)


def _judged(day: dt.date) -> assess.Assessment:
    """With what could be learnt by then; no band of a day before."""
    facts, rules = read_facts(assess.account_ids()), values_of(current_rules())
    _day, params = next(history.learn_days(facts, rules, [day]))
    return assess.assess_day(day, facts, params=params, rules=rules, bands=pd.Series(dtype="str"))
