"""Keys of files into accounts: found, created when asked to, or rejected by name."""

from .staging import Load
from .tables import ACCOUNTS, KEYS, TIERS

UNKNOWN = (
    "'no account has the key ' || {key} || ' in feed ' || %(key_feed_name)s "
    "|| '; load the accounts first, or use --create-accounts'"
)
_KNOWN = f"EXISTS (SELECT 1 FROM {KEYS} k WHERE k.feed_id = %(key_feed)s AND k.key = s.account)"


def create_missing(load: Load, wanted: str) -> int:
    """Create an account for every key that names none.

    Parameters
    ----------
    load
        The import.
    wanted
        SQL with columns (key, name, country), a row or several for each key.

    Returns
    -------
    How many were created.
    """
    load.run(
        f"""
        CREATE TEMP TABLE import_new_account ON COMMIT DROP AS
        SELECT w.key, left(coalesce(w.name, w.key), 200) AS name, coalesce(w.country, '') AS country,
               nextval(pg_get_serial_sequence('{ACCOUNTS}', 'id')) AS id
        FROM (SELECT key, max(name) AS name, max(country) AS country FROM ({wanted}) x(key, name, country)
            WHERE key IS NOT NULL GROUP BY key ORDER BY key) w
        WHERE NOT EXISTS (SELECT 1 FROM {KEYS} k WHERE k.feed_id = %(key_feed)s AND k.key = w.key)
        """
    )
    load.run(
        f"""
        INSERT INTO {ACCOUNTS} (id, name, tier_id, country, own_interval_reason, known_on, batch_id)
        SELECT n.id, n.name, (SELECT id FROM {TIERS} WHERE key = 'other'), n.country, '', {load.known},
            %(batch)s FROM import_new_account n
        """
    )
    created = load.run(
        f"INSERT INTO {KEYS} (feed_id, key, account_id) SELECT %(key_feed)s, key, id FROM import_new_account"
    )
    if created:
        load.items["accounts_created"] = created
        load.run(f"ANALYZE {ACCOUNTS}")
        load.run(f"ANALYZE {KEYS}")
    return created


def resolve_staged(load: Load) -> None:
    """Reject staged rows whose account is not known, after creating accounts where that was asked for."""
    if load.create_accounts:
        name = "account_name" if "account_name" in load.present else "NULL"
        create_missing(load, f"SELECT account, {name}, NULL FROM import_stage WHERE account IS NOT NULL")
    load.reject(
        f"s.account IS NOT NULL AND NOT {_KNOWN}",
        column="account",
        value="s.account",
        reason=UNKNOWN.format(key="s.account"),
    )


JOIN_KEY = f"LEFT JOIN {KEYS} k ON k.feed_id = %(key_feed)s AND k.key = {{account}}"
