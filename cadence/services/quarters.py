"""What was promised and kept, counted by account and quarter from the facts; what was ordered, by month.

One statement counts any number of accounts: its days lie in rows of `ContactQuarter`, so that no page goes through the
interactions. The promise is that of today, as everywhere; a former customer is promised nothing.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts_app.models import Account, Company, Interaction
from cadence.models import ContactQuarter
from cadence.quarter_days import quarter_of, quarters_until
from cadence.services import revenue
from cadence.services.cadence_sums import add_up
from signals.models import Standing

ACCOUNTS_AT_ONCE: Final = 1000
# Of this installation: two workers that look for the same accounts at once would only wait for each other.
LOCK: Final = 0x5649_4751

# `covered` are the spans in which the promise holds: from a proactive contact until the longest interval after it, or
# the day before the next one. The first contact on record begins one too (see signals.compute.proactive_gap): how long
# it was silent before the records begin is not known, and held against nobody.
COUNT: Final = """
WITH promised AS MATERIALIZED (
    SELECT a.id, a.owner_id, a.status <> 'former' AS is_current, s.computed_at,
           COALESCE(a.own_ideal_days, t.ideal_days) AS ideal_days, COALESCE(a.own_max_days, t.max_days) AS max_days,
           (SELECT i.happened_on FROM accounts_app_interaction i
            WHERE i.account_id = a.id AND i.state = 'done' AND i.happened_on IS NOT NULL
            ORDER BY i.happened_on LIMIT 1) AS first_on
    FROM accounts_app_account a JOIN accounts_app_tier t ON t.id = a.tier_id
    LEFT JOIN signals_standing s ON s.account_id = a.id
    WHERE a.id = ANY(%(ids)s)
), quarters AS (
    SELECT begins_on, LEAST((begins_on + INTERVAL '3 months')::date - 1, %(today)s::date) AS last_on
    FROM unnest(%(quarters)s::date[]) AS begins_on
), done AS MATERIALIZED (
    SELECT i.id, i.account_id, i.happened_on, i.purpose, i.by_id, i.value_item_id IS NOT NULL AS has_value,
           i.initiator = 'us' AND i.purpose = ANY(%(purposes)s) AS is_proactive
    FROM accounts_app_interaction i
    WHERE i.account_id = ANY(%(ids)s) AND i.state = 'done' AND i.happened_on <= %(today)s
), begun AS (
    SELECT account_id, happened_on FROM done WHERE is_proactive
    UNION SELECT id, first_on FROM promised WHERE first_on <= %(today)s
), covered AS (
    SELECT b.account_id, b.happened_on AS from_on,
           LEAST(b.happened_on + p.max_days,
                 LEAD(b.happened_on) OVER (PARTITION BY b.account_id ORDER BY b.happened_on) - 1) AS until_on
    FROM begun b JOIN promised p ON p.id = b.account_id
), kept AS (
    SELECT c.account_id, q.begins_on,
           SUM(LEAST(c.until_on, q.last_on) - GREATEST(c.from_on, q.begins_on) + 1) AS days
    FROM covered c JOIN quarters q ON c.from_on <= q.last_on AND c.until_on >= q.begins_on GROUP BY 1, 2
), by_purpose AS (
    SELECT d.account_id, q.begins_on, d.purpose, COUNT(*) AS n, COUNT(*) FILTER (WHERE is_proactive) AS proactive,
           COUNT(*) FILTER (WHERE is_proactive AND has_value) AS with_value
    FROM done d JOIN quarters q ON d.happened_on BETWEEN q.begins_on AND q.last_on GROUP BY 1, 2, 3
), counted AS (
    SELECT account_id, begins_on, SUM(n) AS contacts, SUM(proactive) AS proactive, SUM(with_value) AS with_value,
           jsonb_object_agg(purpose, n) AS purposes
    FROM by_purpose GROUP BY 1, 2
), reviews AS (
    SELECT d.account_id, q.begins_on, MAX(d.happened_on) AS day
    FROM done d JOIN quarters q ON d.happened_on <= q.last_on
    WHERE d.is_proactive AND d.purpose = 'review' GROUP BY 1, 2
), levels AS (
    SELECT d.account_id, q.begins_on, jsonb_agg(DISTINCT c.level) AS met
    FROM done d JOIN quarters q
         ON d.happened_on > (q.last_on - INTERVAL '1 year')::date AND d.happened_on <= q.last_on
    JOIN accounts_app_interaction_contacts w ON w.interaction_id = d.id
    JOIN accounts_app_contact c ON c.id = w.contact_id AND c.account_id = d.account_id GROUP BY 1, 2
), executives AS (
    SELECT d.account_id, q.begins_on, MAX(d.happened_on) AS day
    FROM (
        SELECT d.account_id, d.happened_on FROM accounts_app_colleague g
        JOIN accounts_app_interaction_colleagues w ON w.colleague_id = g.id JOIN done d ON d.id = w.interaction_id
        WHERE g.level = 'executive'
        UNION ALL
        SELECT d.account_id, d.happened_on FROM accounts_app_colleague g JOIN done d ON d.by_id = g.user_id
        WHERE g.level = 'executive'
    ) AS d JOIN quarters q ON d.happened_on <= q.last_on GROUP BY 1, 2
), owners AS (
    SELECT p.id AS account_id, q.begins_on, held.user_id, held.is_on_record
    FROM promised p CROSS JOIN quarters q CROSS JOIN LATERAL (
        SELECT COUNT(*) > 0 AS is_on_record,
               MAX(o.user_id) FILTER (WHERE o.until_day IS NULL OR o.until_day > q.last_on) AS user_id
        FROM accounts_app_ownership o
        WHERE o.account_id = p.id AND o.duty = 'owner' AND o.from_day <= q.last_on
    ) AS held
), days AS (
    SELECT p.*, q.*, CASE WHEN p.is_current AND p.first_on IS NOT NULL
                     THEN GREATEST(q.last_on - GREATEST(q.begins_on, p.first_on) + 1, 0) ELSE 0 END AS days_promised
    FROM promised p CROSS JOIN quarters q
)
INSERT INTO cadence_contactquarter (account_id, begins_on, owner_id, days_promised, days_kept, promised, contacts,
                                    proactive, with_value, purposes, levels_in_year, first_on, review_on, executive_on,
                                    judged_at)
SELECT d.id, d.begins_on,
       CASE WHEN d.last_on = %(today)s OR NOT o.is_on_record THEN d.owner_id ELSE o.user_id END,
       d.days_promised, LEAST(COALESCE(k.days, 0), d.days_promised), d.days_promised::float8 / d.ideal_days,
       COALESCE(c.contacts, 0), COALESCE(c.proactive, 0), COALESCE(c.with_value, 0), COALESCE(c.purposes, '{}'),
       COALESCE(l.met, '[]'), CASE WHEN d.first_on <= d.last_on THEN d.first_on END, r.day, e.day, d.computed_at
FROM days d
LEFT JOIN owners o ON o.account_id = d.id AND o.begins_on = d.begins_on
LEFT JOIN kept k ON k.account_id = d.id AND k.begins_on = d.begins_on
LEFT JOIN counted c ON c.account_id = d.id AND c.begins_on = d.begins_on
LEFT JOIN levels l ON l.account_id = d.id AND l.begins_on = d.begins_on
LEFT JOIN reviews r ON r.account_id = d.id AND r.begins_on = d.begins_on
LEFT JOIN executives e ON e.account_id = d.id AND e.begins_on = d.begins_on
ORDER BY d.id, d.begins_on
ON CONFLICT (account_id, begins_on) DO UPDATE SET
    owner_id = EXCLUDED.owner_id, days_promised = EXCLUDED.days_promised, days_kept = EXCLUDED.days_kept,
    promised = EXCLUDED.promised, contacts = EXCLUDED.contacts, proactive = EXCLUDED.proactive,
    with_value = EXCLUDED.with_value, purposes = EXCLUDED.purposes, levels_in_year = EXCLUDED.levels_in_year,
    first_on = EXCLUDED.first_on, review_on = EXCLUDED.review_on, executive_on = EXCLUDED.executive_on,
    judged_at = EXCLUDED.judged_at"""


def count_quarters(account_ids: Collection[int] | None, *, today: dt.date) -> None:
    """Count these accounts (None: all) anew for the last eight quarters; done twice, the rows are the same."""
    keys = sorted(Account.objects.values_list("pk", flat=True) if account_ids is None else account_ids)
    for start in range(0, len(keys), ACCOUNTS_AT_ONCE):
        _count(keys[start : start + ACCOUNTS_AT_ONCE], today)
    add_up(today, anew=True)


def _count(keys: Sequence[int], today: dt.date) -> None:
    values: dict[str, Any] = {
        "ids": list(keys),
        "today": today,
        "quarters": quarters_until(today),
        "purposes": [str(purpose) for purpose in Interaction.PROACTIVE_PURPOSES],
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
    # After the judgement was read: an order that came between is in these months, and is judged and counted again.
    revenue.count_months(keys)


@transaction.atomic
def refresh_quarters() -> int:
    """Count the next accounts that were judged since they were counted; returns how many. One worker at a time.

    A thousand at most, so that whoever waits for a save does not wait for the portfolio; the statement reads judgement
    and facts as of one moment, so nothing slips between. With the last of them the sums follow.
    """
    today = Company.the().day_of(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    keys = _judged_since(today)
    if keys:
        _count(keys, today)
    if len(keys) < ACCOUNTS_AT_ONCE:
        add_up(today, anew=bool(keys))
    return len(keys)


def _judged_since(today: dt.date) -> list[int]:
    counted = ContactQuarter.objects.filter(
        account=OuterRef("account"), begins_on=quarter_of(today), judged_at=OuterRef("computed_at")
    )
    waiting = Standing.objects.filter(~Exists(counted)).order_by("account_id")
    return list(waiting.values_list("account_id", flat=True)[:ACCOUNTS_AT_ONCE])
