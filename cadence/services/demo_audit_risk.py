"""How the demo's accounts stood when an audit was opened, as a run of that day would have said."""

import copy
import datetime as dt

import pandas as pd
from django.db import transaction

from cadence.models import Audit, AuditCycle
from cadence.services.audits import AT_ONCE, evidence_for
from signals.facts import read_facts
from signals.models import RiskDay, Run
from signals.services import assess, history, standings, store
from signals.services.rules import current_rules, values_of


def take_evidence_as_judged_then(cycle: AuditCycle, day: dt.date) -> None:
    """Judge the day and take the evidence anew, with the parts of the risk and the pulse strip of then.

    Nothing but the evidence is kept: accounts stand as they do today, and workers fill their past from the same facts.
    """
    audits = list(Audit.objects.filter(cycle=cycle))
    with transaction.atomic():
        _write_as_of(day)
        evidence = evidence_for([audit.account_id for audit in audits], day, cycle)
        transaction.set_rollback(True)
    for audit in audits:
        audit.evidence = evidence[audit.account_id]
    Audit.objects.bulk_update(audits, ["evidence"], batch_size=AT_ONCE)


def _write_as_of(day: dt.date) -> None:
    judged = _judged(day)
    store.write_risk_days(store.risk_day_rows(judged.risk, judged.readings, day), RiskDay.Origin.HISTORY)
    if (run := Run.objects.order_by("-ticket").first()) is not None:
        then = copy.copy(run)
        then.business_date = day
        store.write_standings(standings.rows(judged, then, {}))


def _judged(day: dt.date) -> assess.Assessment:
    """With what could be learnt by then; no band of a day before."""
    facts, rules = read_facts(assess.account_ids()), values_of(current_rules())
    _day, params = next(history.learn_days(facts, rules, [day]))
    return assess.assess_day(day, facts, params=params, rules=rules, bands=pd.Series(dtype="str"))
