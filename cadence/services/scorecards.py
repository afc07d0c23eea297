"""What the scorecards are counted from: every account with who held it, its order history and tier at the start.

Always over all accounts of the company: what a portfolio lets expect is what everybody else's kept. Who sees whose
figures is decided by `cadence.pages.scorecard_scope`.
"""

import datetime as dt
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db import connection
from django.db.models import IntegerField, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from cadence.expectation import paces
from cadence.models import CadenceSum
from cadence.scorecard import Period
from cadence.services.revenue import known_from, late_since
from signals.models.risk_day import RiskDayQuerySet

NEARBY: Final = RiskDayQuerySet.NEARBY.days

# `held`: who is on record as the owner; of an account of which nobody ever was, who answers for it now. The tier is the
# one the trail knows at the start, or the first it knows. Months are whole: a period is quarters.
FACTS: Final = """
WITH months AS (
    SELECT account_id,
           SUM(revenue) FILTER (WHERE begins_on >= %(base_from)s AND begins_on < %(base_before)s) AS base,
           SUM(revenue) FILTER (WHERE begins_on >= %(begins_on)s) AS after,
           SUM(revenue) FILTER (WHERE begins_on < %(begins_on)s) AS year
    FROM cadence_revenuemonth WHERE begins_on >= %(base_from)s AND begins_on < %(ends_before)s GROUP BY 1
)
SELECT a.id, a.team_id,
       CASE WHEN held.is_on_record THEN held.first ELSE a.owner_id END,
       CASE WHEN held.is_on_record THEN held.last ELSE a.owner_id END,
       COALESCE(trail.tier_id, a.tier_id), COALESCE(m.base, 0), COALESCE(m.after, 0), COALESCE(m.year, 0),
       COALESCE(s.band, 'unknown'), COALESCE(e.band, 'unknown'),
       (s.levels->>'order_rhythm')::float8, (s.levels->>'order_value')::float8
FROM accounts_app_account a
LEFT JOIN months m ON m.account_id = a.id
CROSS JOIN LATERAL (
    SELECT COUNT(*) > 0 AS is_on_record,
           MAX(o.user_id) FILTER (WHERE o.from_day <= %(begins_on)s
                                  AND (o.until_day IS NULL OR o.until_day > %(begins_on)s)) AS first,
           MAX(o.user_id) FILTER (WHERE o.from_day <= %(last_on)s
                                  AND (o.until_day IS NULL OR o.until_day > %(last_on)s)) AS last
    FROM accounts_app_ownership o WHERE o.account_id = a.id AND o.duty = 'owner'
) AS held
LEFT JOIN LATERAL (
    SELECT v.tier_id FROM accounts_app_accountevent v WHERE v.pgh_obj_id = a.id
    ORDER BY v.pgh_created_at >= %(begins_on)s, ABS(EXTRACT(epoch FROM v.pgh_created_at - %(begins_on)s)), v.pgh_id
    LIMIT 1
) AS trail ON TRUE
LEFT JOIN LATERAL (
    SELECT r.band, r.levels FROM signals_riskday r
    WHERE r.account_id = a.id AND r.day BETWEEN %(begins_on)s::date - %(nearby)s AND %(begins_on)s::date + %(nearby)s
    ORDER BY ABS(r.day - %(begins_on)s::date), r.day LIMIT 1
) AS s ON TRUE
LEFT JOIN LATERAL (
    SELECT r.band FROM signals_riskday r
    WHERE r.account_id = a.id AND r.day BETWEEN %(last_on)s::date - %(nearby)s AND %(last_on)s::date + %(nearby)s
    ORDER BY ABS(r.day - %(last_on)s::date), r.day LIMIT 1
) AS e ON TRUE
ORDER BY a.id"""
COLUMNS: Final = (
    "account_id", "team_id", "owner_id", "owner_end", "tier_id", "base", "after", "year", "band_start", "band_end",
    "rhythm", "value",
)  # fmt: skip
NUMBERS: Final = ("team_id", "owner_id", "owner_end", "base", "after", "year", "rhythm", "value")


def facts(period: Period, today: dt.date) -> pd.DataFrame:
    """One row an account, former customers too: what they bought is what was lost; a constant number of statements.

    Index = account id; as `cadence.scorecard.outcome` and `cadence.expectation.expectations` read it. What a late feed
    has not brought of the period is unknown and not lost.
    """
    days = ("base_from", "base_before", "begins_on", "last_on", "ends_before")
    values: dict[str, Any] = {name: getattr(period, name) for name in days} | {"nearby": NEARBY}
    with connection.cursor() as cursor:
        cursor.execute(FACTS, values)
        table = pd.DataFrame.from_records(cursor.fetchall(), columns=list(COLUMNS), index="account_id")
    table = table.astype(dict.fromkeys(NUMBERS, "float64"))
    ids = table.index.tolist()
    known, late = known_from(ids, period.base_from), late_since(ids, today)
    has_base = np.array([one in known and known[one] <= period.base_from for one in ids], dtype=bool)
    has_after = np.array([one not in late or late[one] >= period.last_on for one in ids], dtype=bool)
    return table.assign(
        has_base=has_base,
        has_after=has_after,
        known=has_base & has_after,
        pace=paces(table["rhythm"].to_numpy(), table["value"].to_numpy()),
    )


SUMMED: Final = ("days_promised", "days_kept", "contacts", "proactive", "with_value")


def kept_by(sums: QuerySet[CadenceSum], period: Period, by: str) -> pd.DataFrame:
    """What was promised and kept in the period, by who answered (`answered_by`) or by team.

    `accounts` and `short` (those of which fewer levels than promised were met in a year) are of the last quarter.
    """
    columns = [by, *SUMMED]
    rows = sums.filter(begins_on__in=period.quarters).order_by().values_list(by)
    found = rows.annotate(**{f"sum_{name}": Sum(name) for name in SUMMED})
    table = pd.DataFrame.from_records(list(found), columns=columns)
    levels = Sum(Cast(KeyTextTransform("levels", "shows"), IntegerField()))
    last = sums.filter(begins_on=period.quarters[0]).order_by().values_list(by)
    at_end = pd.DataFrame.from_records(
        list(last.annotate(of=Sum("accounts"), levels=levels)), columns=[by, "accounts", "short"]
    )
    return table.merge(at_end, on=by, how="left").dropna(subset=[by]).astype({by: "int64"}).set_index(by)
