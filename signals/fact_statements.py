"""What is read of the database, as statements; `signals/facts.py` makes tables of it.

Every statement gives days as days since 1970, moments as days with their fraction, and money as whole cents, so that
both ways of reading (a Django cursor, and ADBC for many rows) hand over plain numbers and give the same frame.
"""

ACCOUNTS = """
    SELECT a.id AS account_id, a.country, COALESCE(a.own_ideal_days, t.ideal_days)::int AS ideal_days,
           COALESCE(a.own_max_days, t.max_days)::int AS max_days, a.owner_id,
           CASE WHEN a.status <> 'former' THEN t.contact_hours END AS contact_hours
    FROM accounts_app_account a JOIN accounts_app_tier t ON t.id = a.tier_id
    WHERE a.id = ANY({ids}::bigint[]) ORDER BY a.id"""

ORDERS = """
    SELECT account_id, ordered_on - DATE '1970-01-01' AS day, (reporting_amount * 100)::bigint AS amount,
           known_on - DATE '1970-01-01' AS known_on, feed_id
    FROM accounts_app_order WHERE account_id = ANY({ids}::bigint[]) ORDER BY account_id, ordered_on, id"""

# A line's amount is in the currency of its order: it counts at the rate the order was booked at.
LINES = """
    SELECT o.account_id, o.ordered_on - DATE '1970-01-01' AS day, l.product_group,
           round(sum(l.amount * CASE o.amount WHEN 0 THEN 0 ELSE o.reporting_amount / o.amount END) * 100)::bigint
               AS amount,
           o.known_on - DATE '1970-01-01' AS known_on
    FROM accounts_app_order o JOIN accounts_app_orderline l ON l.order_id = o.id
    WHERE o.account_id = ANY({ids}::bigint[]) AND l.product_group <> ''
    GROUP BY 1, 2, 3, 5 ORDER BY 1, 2, 3, 5"""

INTERACTIONS = """
    SELECT account_id, id AS interaction_id, happened_on - DATE '1970-01-01' AS day,
           GREATEST(known_on, happened_known_on) - DATE '1970-01-01' AS known_on, initiator, purpose,
           by_id AS owner_id, value_item_id IS NOT NULL AS with_value, tone, feed_id
    FROM accounts_app_interaction WHERE state = 'done' AND account_id = ANY({ids}::bigint[])
    ORDER BY account_id, happened_on, id"""

ATTENDANCE = """
    SELECT i.id AS interaction_id, i.account_id, c.contact_id, g.colleague_id,
           i.happened_on - DATE '1970-01-01' AS day,
           GREATEST(i.known_on, i.happened_known_on) - DATE '1970-01-01' AS known_on
    FROM accounts_app_interaction i
    JOIN accounts_app_interaction_contacts c ON c.interaction_id = i.id
    LEFT JOIN accounts_app_interaction_colleagues g ON g.interaction_id = i.id
    WHERE i.state = 'done' AND i.account_id = ANY({ids}::bigint[])
    ORDER BY i.account_id, i.happened_on, i.id, c.contact_id, g.colleague_id"""

CONTACTS = """
    SELECT account_id, id AS contact_id, name, level, role, "primary", since - DATE '1970-01-01' AS since,
           known_on - DATE '1970-01-01' AS known_on, left_on - DATE '1970-01-01' AS left_on,
           left_known_on - DATE '1970-01-01' AS left_known_on, leaving_on - DATE '1970-01-01' AS leaving_on,
           leaving_known_on - DATE '1970-01-01' AS leaving_known_on, successor_id, feed_id
    FROM accounts_app_contact WHERE account_id = ANY({ids}::bigint[]) ORDER BY account_id, id"""

COLLEAGUES = """
    SELECT id AS colleague_id, name, level, user_id AS owner_id, hours_a_week::float8 AS hours_a_week
    FROM accounts_app_colleague ORDER BY id"""

ABSENCES = """
    SELECT colleague_id, from_day - DATE '1970-01-01' AS from_day, until_day - DATE '1970-01-01' AS until_day,
           known_on - DATE '1970-01-01' AS known_on
    FROM accounts_app_absence ORDER BY from_day, id"""

INQUIRIES = """
    SELECT account_id, id AS inquiry_id, asked_on - DATE '1970-01-01' AS day, known_on - DATE '1970-01-01' AS known_on,
           kind, outcome, decided_on - DATE '1970-01-01' AS decided_on,
           decided_known_on - DATE '1970-01-01' AS decided_known_on, (reporting_amount * 100)::bigint AS amount,
           awarded_to, COALESCE(NULLIF(title, ''), number) AS title, feed_id
    FROM accounts_app_inquiry WHERE account_id = ANY({ids}::bigint[]) ORDER BY account_id, asked_on, id"""

EVENTS = """
    SELECT account_id, id AS event_id, happened_on - DATE '1970-01-01' AS day,
           known_on - DATE '1970-01-01' AS known_on, kind, title, feed_id
    FROM accounts_app_changeevent WHERE account_id = ANY({ids}::bigint[]) ORDER BY account_id, happened_on, id"""

ANSWERS = """
    SELECT account_id, id AS answer_id, contact_id, asked_on - DATE '1970-01-01' AS day,
           known_on - DATE '1970-01-01' AS known_on, answered_on - DATE '1970-01-01' AS answered_on,
           answered_known_on - DATE '1970-01-01' AS answered_known_on, score, feed_id
    FROM accounts_app_surveyanswer WHERE account_id = ANY({ids}::bigint[]) ORDER BY account_id, asked_on, id"""

CONTRACTS = """
    SELECT account_id, id AS contract_id, COALESCE(NULLIF(title, ''), number) AS title,
           known_on - DATE '1970-01-01' AS known_on, starts_on - DATE '1970-01-01' AS starts_on,
           ends_on - DATE '1970-01-01' AS ends_on, notice_days::int AS notice_days, no_cause, auto_renews,
           renewal_months::int AS renewal_months, notice_received_on - DATE '1970-01-01' AS notice_received_on,
           notice_received_known_on - DATE '1970-01-01' AS notice_received_known_on,
           (reporting_annual_value * 100)::bigint AS amount, feed_id
    FROM accounts_app_contract WHERE account_id = ANY({ids}::bigint[]) ORDER BY account_id, starts_on, id"""

LINKS = """
    SELECT c.account_id, l.contact_id, l.colleague_id, l.strength::int AS strength,
           l.known_on - DATE '1970-01-01' AS known_on
    FROM accounts_app_link l JOIN accounts_app_contact c ON c.id = l.contact_id
    WHERE c.account_id = ANY({ids}::bigint[]) ORDER BY c.account_id, l.contact_id, l.colleague_id"""

# The opening by the company's clock, all that follows by the time elapsed since: a change of the clocks adds no hour.
TICKETS = """
    SELECT account_id, id AS incident_id, floor(opened)::int AS day, known_on - DATE '1970-01-01' AS known_on, opened,
           opened + EXTRACT(EPOCH FROM resolved_at - opened_at)::float8 / 86400 AS resolved,
           resolved_known_on - DATE '1970-01-01' AS resolved_known_on, severity, kind, feed_id
    FROM (SELECT *, EXTRACT(EPOCH FROM opened_at AT TIME ZONE {zone})::float8 / 86400 AS opened
          FROM accounts_app_incident) AS i
    WHERE account_id = ANY({ids}::bigint[]) ORDER BY account_id, opened_at, id"""

PAUSES = """
    SELECT i.account_id, i.id AS incident_id,
           i.opened + EXTRACT(EPOCH FROM p.from_at - i.opened_at)::float8 / 86400 AS begun,
           i.opened + EXTRACT(EPOCH FROM p.until_at - i.opened_at)::float8 / 86400 AS ended
    FROM (SELECT *, EXTRACT(EPOCH FROM opened_at AT TIME ZONE {zone})::float8 / 86400 AS opened
          FROM accounts_app_incident) AS i JOIN accounts_app_incidentpause p ON p.incident_id = i.id
    WHERE i.account_id = ANY({ids}::bigint[]) ORDER BY i.account_id, i.id, p.from_at"""

# The absence of an account lost and won back is quiet as well, from the day of its first order on: as a gap it would
# make every later silence look usual (docs/losses.md).
QUIET = """
    SELECT account_id, country, from_day - DATE '1970-01-01' AS from_day, until_day - DATE '1970-01-01' AS until_day,
           known_on - DATE '1970-01-01' AS known_on, reason
    FROM accounts_app_quietperiod WHERE account_id IS NULL OR account_id = ANY({ids}::bigint[])
    UNION ALL
    SELECT l.account_id, '', l.lost_on + 1 - DATE '1970-01-01', back.ordered_on - 1 - DATE '1970-01-01',
           back.known_on - DATE '1970-01-01', 'lost, then won back'
    FROM accounts_app_loss l CROSS JOIN LATERAL (
        SELECT o.ordered_on, o.known_on FROM accounts_app_order o
        WHERE o.account_id = l.account_id AND o.amount > 0 AND o.ordered_on > GREATEST(l.lost_on, l.known_on)
        ORDER BY o.ordered_on, o.known_on LIMIT 1
    ) back
    WHERE l.part = '' AND back.ordered_on > l.lost_on + 1 AND l.account_id = ANY({ids}::bigint[])
    ORDER BY from_day, account_id, until_day"""

FEED_KINDS = """
    SELECT k.feed_id, k.source, k.complete_to - DATE '1970-01-01' AS complete_to, k.expected_days::int AS expected_days,
           k.used
    FROM accounts_app_feedkind k ORDER BY k.feed_id, k.source"""

# A feed concerns the accounts it has a key for; what is said of Vigil's own feed concerns all.
FEED_ACCOUNTS = """
    SELECT DISTINCT account_id, feed_id FROM accounts_app_accountkey WHERE account_id = ANY({ids}::bigint[])
    UNION SELECT a.id, f.id FROM accounts_app_account a, accounts_app_feed f
    WHERE f.name = 'vigil' AND a.id = ANY({ids}::bigint[])
    ORDER BY 1, 2"""

OWNERSHIPS = """
    SELECT account_id, user_id AS owner_id, from_day - DATE '1970-01-01' AS from_day,
           until_day - DATE '1970-01-01' AS until_day, known_on - DATE '1970-01-01' AS known_on,
           until_known_on - DATE '1970-01-01' AS until_known_on, feed_id
    FROM accounts_app_ownership WHERE duty = 'owner' AND account_id = ANY({ids}::bigint[])
    ORDER BY account_id, from_day, id"""

PLANNED = """
    SELECT account_id, planned_on - DATE '1970-01-01' AS day, known_on - DATE '1970-01-01' AS known_on, channel,
           purpose, by_id AS owner_id
    FROM accounts_app_interaction WHERE state = 'planned' AND account_id = ANY({ids}::bigint[])
    ORDER BY account_id, planned_on, id"""
