"""A portfolio with a long past for the benchmarks of the nights, made in a few statements, the same rows every time.

Not a benchmark itself. Triggers and references are off while it is made: the audit trail of rows nobody entered would
take longer than all that is measured.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from accounts_app.models import Feed, FeedKind
from tests.integration.signals.portfolio import DAY, make_portfolio

FEED = "erp"
FEW = {"inquiries": 10, "events": 1, "answers": 3, "contracts": 1}
SOURCES = ("orders", "interactions", "contacts", "incidents", "inquiries", "change-events", "surveys", "contracts")


@dataclass(frozen=True)
class Size:
    """How much of each there is for one account, over how many days; the rest of the facts is a few rows each."""

    accounts: int
    orders: int = 500
    interactions: int = 100
    incidents: int = 50
    days: int = 5 * 365

    def lengthened(self, times: int) -> "Size":
        """The same business over a longer past."""
        return replace(
            self,
            orders=self.orders * times,
            interactions=self.interactions * times,
            incidents=self.incidents * times,
            days=self.days * times,
        )

    def count(self, name: str) -> int:
        """Rows of one account."""
        return FEW.get(name) or int(getattr(self, name))

    def with_accounts(self, accounts: int) -> "Size":
        return replace(self, accounts=accounts)


# `place` counts the accounts from 1, `n` the rows of one account from 0, the newest first; every tenth account is gone.
SPREAD = """
    FROM unnest(%(ids)s) WITH ORDINALITY AS a(id, place) JOIN accounts_app_account owned USING (id),
         generate_series(0, %(count)s - 1) AS n,
         LATERAL (SELECT %(until)s::date - CASE WHEN place %% 10 = 0 THEN 120 ELSE 0 END
                  - FLOOR((n + ((place * 7919 + n * 104729) %% 1000) / 1000.0) * %(days)s / %(count)s)::int
                  AS day) AS d"""
MANY: dict[str, str] = {
    "orders": f"""
    INSERT INTO accounts_app_order (account_id, feed_id, external_key, number, ordered_on, known_on, amount, currency,
                                    reporting_amount)
    SELECT id, %(feed)s, id || '-' || n, id || '-' || n, day, day, 100 + (place * 31 + n * 17) %% 900, 'EUR',
           100 + (place * 31 + n * 17) %% 900 {SPREAD} ORDER BY day""",
    "interactions": f"""
    INSERT INTO accounts_app_interaction (account_id, feed_id, external_key, state, channel, initiator, purpose, by_id,
                                          happened_on, happened_known_on, known_on, note, void_reason, tone)
    SELECT id, %(feed)s, id || '-' || n, 'done', 'call', CASE WHEN n %% 3 = 0 THEN 'them' ELSE 'us' END,
           (ARRAY['proactive', 'order', 'consultation', 'review'])[1 + n %% 4], owner_id, day, day, day, '', '',
           CASE WHEN n %% 5 = 0 THEN (n / 5) %% 3 - 1 END {SPREAD} ORDER BY day""",
    "incidents": f"""
    INSERT INTO accounts_app_incident (account_id, feed_id, external_key, known_on, number, title, kind, severity,
                                       opened_at, resolved_at, resolved_known_on)
    SELECT id, %(feed)s, id || '-' || n, day, id || '-' || n, 'Late', 'delivery',
           (ARRAY['minor', 'minor', 'major', 'critical'])[1 + n %% 4], day + TIME '09:00',
           CASE WHEN n %% 40 > 0 THEN day + TIME '15:00' + n %% 4 * INTERVAL '1 day' END,
           CASE WHEN n %% 40 > 0 THEN day + n %% 4 END {SPREAD} ORDER BY day""",
    "inquiries": f"""
    INSERT INTO accounts_app_inquiry (account_id, feed_id, external_key, known_on, number, title, kind, asked_on,
                                      outcome, awarded_to, currency, amount, reporting_amount)
    SELECT id, %(feed)s, id || '-' || n, day, '', '', (ARRAY['quotation', 'consultation'])[1 + n %% 2], day, 'open',
           '', 'EUR', 1000 + n, 1000 + n {SPREAD} ORDER BY day""",
    "events": f"""
    INSERT INTO accounts_app_changeevent (account_id, feed_id, external_key, known_on, kind, happened_on, title, source)
    SELECT id, %(feed)s, id || '-' || n, day, 'restructuring', day, 'New structure', '' {SPREAD}""",
    "answers": f"""
    INSERT INTO accounts_app_surveyanswer (account_id, feed_id, external_key, known_on, asked_on, comment, answered_on,
                                           answered_known_on, score)
    SELECT id, %(feed)s, id || '-' || n, day, day, '', day, day, (place + n) %% 11 {SPREAD}""",
    "contracts": f"""
    INSERT INTO accounts_app_contract (account_id, feed_id, external_key, known_on, number, title, starts_on, ends_on,
                                       notice_days, no_cause, auto_renews, currency)
    SELECT id, %(feed)s, id || '-' || n, day, id || '-' || n, '', day, day + 1000, 90, false, false, '' {SPREAD}""",
}
MET = """
    INSERT INTO accounts_app_interaction_contacts (interaction_id, contact_id)
    SELECT i.id, c.id FROM accounts_app_interaction i JOIN accounts_app_contact c USING (account_id)
    WHERE c.external_key = c.account_id || '-' || i.id % 4"""


def grow(size: Size) -> list[int]:
    """Make the portfolio and return the ids of its accounts."""
    ids = make_portfolio(accounts=size.accounts, orders=0, contacts=0, managers=max(size.accounts // 40, 1))
    feed = Feed.objects.get(name=FEED)
    for source in SOURCES:
        FeedKind.objects.get_or_create(feed=feed, source=source, defaults={"complete_to": DAY})
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for name, statement in MANY.items():
            values: dict[str, Any] = {
                "feed": feed.pk,
                "ids": ids,
                "until": DAY,
                "days": size.days,
                "count": size.count(name),
            }
            cursor.execute(statement, values)
        cursor.execute(MET)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    return ids
