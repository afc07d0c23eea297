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


def derive_keys(load: Load, key: str) -> None:
    """Name rows that bring no key of their own by what they say; `key` is SQL over the stage."""
    load.run(f"UPDATE import_stage SET key = {key} WHERE key IS NULL")
    load.run("UPDATE import_stage SET key = 'md5:' || md5(key) WHERE length(key) > 200")


def keep_stored(load: Load, table: str, *names: str, **settings: str) -> None:
    """Take stored values into the stage for fields the file has no column for, so that checks see the whole row.

    Parameters
    ----------
    load
        The import.
    table
        Where the rows are stored.
    names
        Fields that the table has by the same name.
    settings
        By field: what else is set where the file has no column for it, in SQL over the stored row `t`.
    """
    plain = [f'"{name}" = t."{name}"' for name in names if name not in load.present]
    kept = plain + [setting for name, setting in settings.items() if name not in load.present]
    if kept:
        load.run(
            f"""
            UPDATE import_stage s SET {", ".join(kept)} FROM {table} t
            WHERE t.feed_id = %(feed)s AND t.external_key = s."{load.kind.key}"
            """
        )


def take_latest(load: Load, order: str = "row_no DESC") -> None:
    """Make import_item of the last row of each key, with its account."""
    load.run(
        f"""
        CREATE TEMP TABLE import_item ON COMMIT DROP AS
        SELECT l.*, l."{load.kind.key}" AS external_key, k.account_id
        FROM (SELECT DISTINCT ON ("{load.kind.key}") * FROM import_stage ORDER BY "{load.kind.key}", {order}) l
        {JOIN_KEY.format(account="l.account")}
        """
    )
