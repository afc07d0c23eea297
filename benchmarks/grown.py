"""A portfolio with a long past for the benchmarks of the nights, made in a few statements, the same rows every time.

Not a benchmark itself. Triggers and references are off while it is made: the audit trail of rows nobody entered would
take longer than all that is measured. Indexes are made at the end, as after a REINDEX: kept up meanwhile, each of five
million rows in the order of their days would touch a far page of every index.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

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
# Whole numbers, which are quicker than decimals; sorted while narrow, before the columns of the table are made of them.
SPREAD = """
    FROM (SELECT a.id, place, n, owner_id, %(until)s::date - CASE WHEN place %% 10 = 0 THEN 120 ELSE 0 END
                 - ((n * 1000 + (place * 7919 + n * 104729) %% 1000) * %(days)s / (%(count)s * 1000))::int AS day
          FROM unnest(%(ids)s) WITH ORDINALITY AS a(id, place) JOIN accounts_app_account USING (id),
               generate_series(0, %(count)s - 1) AS n
          ORDER BY day) AS made"""
MANY: dict[str, str] = {
    "orders": f"""
    INSERT INTO accounts_app_order (account_id, feed_id, external_key, number, ordered_on, known_on, amount, currency,
                                    reporting_amount)
    SELECT id, %(feed)s, id || '-' || n, id || '-' || n, day, day, 100 + (place * 31 + n * 17) %% 900, 'EUR',
           100 + (place * 31 + n * 17) %% 900 {SPREAD}""",
    "interactions": f"""
    INSERT INTO accounts_app_interaction (account_id, feed_id, external_key, state, channel, initiator, purpose, by_id,
                                          happened_on, happened_known_on, known_on, note, void_reason, tone)
    SELECT id, %(feed)s, id || '-' || n, 'done', 'call', CASE WHEN n %% 3 = 0 THEN 'them' ELSE 'us' END,
           (ARRAY['proactive', 'order', 'consultation', 'review'])[1 + n %% 4], owner_id, day, day, day, '', '',
           CASE WHEN n %% 5 = 0 THEN (n / 5) %% 3 - 1 END {SPREAD}""",
    "incidents": f"""
    INSERT INTO accounts_app_incident (account_id, feed_id, external_key, known_on, number, title, kind, severity,
                                       opened_at, resolved_at, resolved_known_on)
    SELECT id, %(feed)s, id || '-' || n, day, id || '-' || n, 'Late', 'delivery',
           (ARRAY['minor', 'minor', 'major', 'critical'])[1 + n %% 4], day + TIME '09:00',
           CASE WHEN n %% 40 > 0 THEN day + TIME '15:00' + n %% 4 * INTERVAL '1 day' END,
           CASE WHEN n %% 40 > 0 THEN day + n %% 4 END {SPREAD}""",
    "inquiries": f"""
    INSERT INTO accounts_app_inquiry (account_id, feed_id, external_key, known_on, number, title, kind, asked_on,
                                      outcome, awarded_to, currency, amount, reporting_amount)
    SELECT id, %(feed)s, id || '-' || n, day, '', '', (ARRAY['quotation', 'consultation'])[1 + n %% 2], day, 'open',
           '', 'EUR', 1000 + n, 1000 + n {SPREAD}""",
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
    SELECT i.id, c.id FROM accounts_app_interaction i
    JOIN accounts_app_contact c ON c.account_id = i.account_id AND c.external_key = i.account_id || '-' || i.id % 4"""
# What takes an index away, and what makes it again.
INDEXES = """
    SELECT CASE WHEN c.oid IS NULL THEN format('DROP INDEX %%s', x.indexrelid::regclass)
                ELSE format('ALTER TABLE %%s DROP CONSTRAINT %%I', x.indrelid::regclass, c.conname) END,
           CASE WHEN c.oid IS NULL THEN pg_get_indexdef(x.indexrelid)
                ELSE format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', x.indrelid::regclass, c.conname,
                            pg_get_constraintdef(c.oid)) END
    FROM pg_index x LEFT JOIN pg_constraint c
         ON c.conindid = x.indexrelid AND c.conrelid = x.indrelid AND c.contype = 'u'
    WHERE x.indrelid = %s::regclass AND NOT x.indisprimary"""
TABLES = {
    "orders": "accounts_app_order",
    "interactions": "accounts_app_interaction",
    "incidents": "accounts_app_incident",
    "inquiries": "accounts_app_inquiry",
    "events": "accounts_app_changeevent",
    "answers": "accounts_app_surveyanswer",
    "contracts": "accounts_app_contract",
}
MEMORY = ("work_mem", "maintenance_work_mem")


def grow(size: Size) -> list[int]:
    """Make the portfolio and return the ids of its accounts."""
    ids = make_portfolio(accounts=size.accounts, orders=0, contacts=0, managers=max(size.accounts // 40, 1))
    feed = Feed.objects.get(name=FEED)
    for source in SOURCES:
        FeedKind.objects.get_or_create(feed=feed, source=source, defaults={"complete_to": DAY})
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for setting in MEMORY:
            cursor.execute(f"SET {setting} = '256MB'")
        for name, statement in MANY.items():
            values: dict[str, Any] = {
                "feed": feed.pk,
                "ids": ids,
                "until": DAY,
                "days": size.days,
                "count": size.count(name),
            }
            with _bare(cursor, TABLES[name]):
                cursor.execute(statement, values)
        with _bare(cursor, "accounts_app_interaction_contacts"):
            cursor.execute(MET)
        for setting in (*MEMORY, "session_replication_role"):
            cursor.execute(f"RESET {setting}")
        cursor.execute("VACUUM ANALYZE")
    return ids


@contextmanager
def _bare(cursor: CursorWrapper, table: str) -> Iterator[None]:
    """The table without its indexes and without the note of which accounts changed: their contacts noted them all."""
    cursor.execute(INDEXES, [table])
    indexes = cursor.fetchall()
    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER note_insert")
    for drop, _make in indexes:
        cursor.execute(drop)
    yield
    for _drop, make in indexes:
        cursor.execute(make)
    cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER note_insert")
