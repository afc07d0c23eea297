"""A portfolio of any size made in a few statements: the same rows every time, without drawing a random number.

Every tenth account stopped ordering, every seventh lost its main contact, every fifth is no longer called.
"""

import datetime as dt
from typing import Any

from django.db import connection

from accounts_app.models import BEGINNING, Account, Company, Feed, FeedKind, Team, Tier, User

DAY = dt.date(2026, 11, 22)
YEARS_DAYS = 3 * 365
ORDERS = """
    INSERT INTO accounts_app_order (account_id, feed_id, external_key, number, ordered_on, known_on, amount, currency,
                                    reporting_amount)
    SELECT id, %(feed)s, id || '-' || n, id || '-' || n, day, day, amount, 'EUR', amount
    FROM (
        SELECT id, place, n, 100 + (place * 31 + n * 17) %% 900 AS amount,
               %(until)s::date - %(days)s
               + FLOOR((n + ((place * 7919 + n * 104729) %% 1000) / 700.0) * %(days)s / %(orders)s)::int AS day
        FROM unnest(%(ids)s) WITH ORDINALITY AS a(id, place), generate_series(0, %(orders)s - 1) AS n
    ) AS made WHERE day <= %(until)s - CASE WHEN place %% 10 = 0 THEN 120 ELSE 0 END"""

INTERACTIONS = """
    INSERT INTO accounts_app_interaction (account_id, feed_id, external_key, state, channel, initiator, purpose, by_id,
                                          happened_on, happened_known_on, known_on, note, void_reason)
    SELECT id, %(feed)s, id || '-' || n, 'done', 'call', CASE WHEN n %% 3 = 0 THEN 'them' ELSE 'us' END,
           CASE WHEN n %% 2 = 0 THEN 'proactive' ELSE 'order' END, owner_id, day, day, day, '', ''
    FROM (
        SELECT a.id, place, owner_id, n, %(until)s::date - (n * 25 + (place * 13 + n * 7) %% 20)::int AS day
        FROM unnest(%(ids)s) WITH ORDINALITY AS a(id, place) JOIN accounts_app_account USING (id),
             generate_series(0, %(contacts)s - 1) AS n
    ) AS made WHERE day <= %(until)s - CASE WHEN place %% 5 = 0 THEN 150 ELSE 0 END"""

CONTACTS = """
    INSERT INTO accounts_app_contact (account_id, feed_id, external_key, name, email, phone, title, level, role,
                                      "primary", known_on, left_on, left_known_on, note)
    SELECT id, %(feed)s, id || '-' || n, 'Contact ' || place || '-' || n, '', '', '', 'management',
           CASE WHEN n = 0 THEN 'decision_maker' ELSE 'user' END, n = 0, %(beginning)s::date,
           CASE WHEN n = 0 AND place %% 7 = 0 THEN %(until)s::date - 40 END,
           CASE WHEN n = 0 AND place %% 7 = 0 THEN %(until)s::date - 35 END, ''
    FROM unnest(%(ids)s) WITH ORDINALITY AS a(id, place), generate_series(0, 3) AS n"""


def make_company() -> None:
    company = Company.the()
    company.currency = "EUR"
    company.save()


def make_portfolio(
    *, accounts: int, orders: int = 60, contacts: int = 30, managers: int = 4, until: dt.date = DAY
) -> list[int]:
    """Make that many accounts with about that many orders and contacts each, and return their ids."""
    make_company()
    team, _made = Team.objects.get_or_create(name="North")
    owners = [
        User.objects.get_or_create(
            email=f"manager{n}@example.com", defaults={"name": f"Manager {n}", "role": "account_manager"}
        )[0]
        for n in range(managers)
    ]
    tiers = list(Tier.objects.order_by("rank"))
    made = Account.objects.bulk_create(
        Account(name=f"Account {n:05}", tier=tiers[n % len(tiers)], team=team, owner=owners[n % managers], country="DE")
        for n in range(accounts)
    )
    feed, _made = Feed.objects.get_or_create(name="erp")
    for source in ("orders", "interactions", "contacts"):
        FeedKind.objects.get_or_create(feed=feed, source=source, defaults={"complete_to": until})
    ids = [account.pk for account in made]
    values: dict[str, Any] = {
        "feed": feed.pk,
        "ids": ids,
        "until": until,
        "days": YEARS_DAYS,
        "orders": orders,
        "contacts": contacts,
    }
    with connection.cursor() as cursor:
        for statement in (ORDERS, INTERACTIONS, CONTACTS):
            cursor.execute(statement, values | {"beginning": BEGINNING})
    return ids
