"""One number for all that was judged on a day: two runs over the same facts must agree in it."""

import datetime as dt

from django.db import connection

# Everything but when it was computed and by which run.
JUDGED = """
    SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
        SELECT 'standing ' || (to_jsonb(s) - 'run_id' - 'ticket' - 'computed_at')::text AS line
        FROM signals_standing s WHERE s.as_of = %(day)s
        UNION ALL
        SELECT 'reading ' || (to_jsonb(r) - 'id' - 'ticket')::text FROM signals_reading r WHERE r.as_of = %(day)s
        UNION ALL
        SELECT 'day ' || (to_jsonb(d) - 'id')::text FROM signals_riskday d WHERE d.day = %(day)s
        UNION ALL
        SELECT 'alert ' || jsonb_build_array(a.account_id, a.signal, a.state, a.opened_on, a.released_on, a.level,
                                             a.priority, a.sentence, a.details, a.evidence)::text
        FROM signals_alert a WHERE a.judged_on = %(day)s
    ) AS lines"""


def run_checksum(day: dt.date) -> str:
    """Checksum over standings, readings, risk and alerts of `day`; empty when nothing was judged."""
    with connection.cursor() as cursor:
        cursor.execute(JUDGED, {"day": day})
        return str(cursor.fetchone()[0] or "")
