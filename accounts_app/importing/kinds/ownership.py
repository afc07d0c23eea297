"""Who answered for which account, from when until when; the account's present owner and deputy follow."""

from accounts_app.importing.account_keys import derive_keys, resolve_staged, take_latest
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, Field, Is, Kind
from accounts_app.importing.people import resolve_user
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import CHANGES, OWNERSHIPS, USERS, label_of
from accounts_app.importing.upsert import Column, Target, Write, mark_changed, upsert
from accounts_app.models import Ownership

from .present_owner import settle_accounts

KIND = Kind(
    "ownership",
    "ownership",
    (
        ACCOUNT,
        ACCOUNT_NAME,
        Field("user", required=True, limit=254),
        Field("duty", Is.WORD, vocabulary="duty"),
        Field("from_day", Is.DAY, required=True),
        Field("until_day", Is.DAY, ahead=True, endless=True),
        Field("key", Is.KEY),
    ),
    key="key",
)

_SPAN = "daterange({0}.from_day, {0}.until_day, '[)')"
# Two spans that cannot both hold: one duty held twice, or both duties by one person.
_CLASH = (
    "{0}.account_id = {1}.account_id AND ({0}.duty = {1}.duty OR {0}.user_id = {1}.user_id) "
    f"AND {_SPAN.format('{0}')} && {_SPAN.format('{1}')}"
)


def load_ownership(load: Load) -> str:
    """Load rows that are spans of ownership; returns the staged field that names the item of a row."""
    load.run("UPDATE import_stage SET duty = 'owner' WHERE duty IS NULL")
    _reject_days(load)
    resolve_user(load, "user")
    resolve_staged(load)
    derive_keys(load, "concat_ws(':', account, duty, from_day)")
    take_latest(load)
    _reject_clashes_in_file(load)
    _find_stored(load)
    _reject_clashes_with_stored(load)
    _end_predecessors(load)
    upsert(load, Target(Ownership, match="t.id = i.stored_id"), _columns(load), before_update=_SHRINK)
    mark_changed(load)
    settle_accounts(load)
    return "key"


def _reject_days(load: Load) -> None:
    """Nothing changes an account's owner by itself on a day to come, so a plan is no fact yet."""
    load.reject(
        "s.from_day > %(today)s::date",
        column="from_day",
        value="s.from_day",
        reason="'lies in the future; import it once it has begun'",
    )
    load.reject(
        "s.until_day > %(today)s::date",
        column="until_day",
        value="s.until_day",
        reason="'lies in the future; import it once it has ended'",
    )
    load.reject(
        "s.until_day <= s.from_day",
        column="until_day",
        value="s.until_day",
        reason="'is the first day on which it no longer held, so it must be after ' || s.from_day",
    )


def _reject_items(load: Load, clashes: str) -> None:
    """Reject the rows of items; `clashes` is SQL for (external_key, reason)."""
    load.run(f"CREATE TEMP TABLE import_clash ON COMMIT DROP AS {clashes}")
    load.reject(
        "s.key IN (SELECT c.external_key FROM import_clash c)",
        column="from_day",
        value="s.from_day",
        reason="(SELECT min(c.reason) FROM import_clash c WHERE c.external_key = s.key)",
    )
    load.run("DELETE FROM import_item i USING import_clash c WHERE c.external_key = i.external_key")
    load.run("DROP TABLE import_clash")


def _reject_clashes_in_file(load: Load) -> None:
    _reject_items(
        load,
        f"""
        SELECT i.external_key, 'overlaps line ' || o.row_no || ' of the file' AS reason
        FROM import_item i JOIN import_item o ON o.external_key <> i.external_key AND {_CLASH.format("i", "o")}
            AND (o.from_day, o.row_no) < (i.from_day, i.row_no)
        """,
    )


def _find_stored(load: Load) -> None:
    """A span is known by its key, else as a stored one of the same person that shares days with it.

    The latter is how an owner named by a file of accounts, since nobody knows when, gets the true first day.
    """
    load.run("ALTER TABLE import_item ADD stored_id bigint")
    load.run(
        f"""
        UPDATE import_item i SET stored_id = t.id FROM {OWNERSHIPS} t
        WHERE t.feed_id = %(feed)s AND t.external_key = i.external_key
        """
    )
    same = "t.account_id = i.account_id AND t.duty = i.duty AND t.user_id = i.user_id"
    load.run(
        f"""
        WITH latest AS (
            SELECT DISTINCT ON (t.id) t.id, t.from_day, i.external_key FROM {OWNERSHIPS} t
            JOIN import_item i ON {same} AND i.stored_id IS NULL AND {_SPAN.format("t")} && {_SPAN.format("i")}
            WHERE NOT EXISTS (SELECT 1 FROM import_item o WHERE o.stored_id = t.id)
            ORDER BY t.id, i.from_day DESC
        ),
        one AS (SELECT DISTINCT ON (external_key) external_key, id FROM latest ORDER BY external_key, from_day DESC)
        UPDATE import_item i SET stored_id = one.id FROM one WHERE one.external_key = i.external_key
        """
    )
    _reject_items(
        load,
        f"""
        SELECT i.external_key, 'shares no day with what its key was before, ' || t.from_day || ' to '
            || coalesce(t.until_day::text, 'now') || '; give it a key of its own' AS reason
        FROM import_item i JOIN {OWNERSHIPS} t ON t.id = i.stored_id
        WHERE NOT {_SPAN.format("i")} && {_SPAN.format("t")}
        """,
    )


# A stored span that is still open ends where a later one, open itself, begins: the successor took over.
_TAKES_OVER = "t.until_day IS NULL AND i.until_day IS NULL AND t.from_day < i.from_day"
_OTHERS = f"""
    import_item i JOIN {OWNERSHIPS} t ON {_CLASH.format("i", "t")}
    AND NOT EXISTS (SELECT 1 FROM import_item o WHERE o.stored_id = t.id)
"""


def _reject_clashes_with_stored(load: Load) -> None:
    _reject_items(
        load,
        f"""
        SELECT i.external_key, 'overlaps what is on record: ' || u.name || ' as ' || t.duty || ', ' || t.from_day
            || ' to ' || coalesce(t.until_day::text, 'now') AS reason
        FROM {_OTHERS} JOIN {USERS} u ON u.id = t.user_id WHERE NOT ({_TAKES_OVER})
        """,
    )


def _end_predecessors(load: Load) -> None:
    load.run(
        f"""
        CREATE TEMP TABLE import_ended ON COMMIT DROP AS
        SELECT t.id, t.account_id, t.duty, min(i.from_day) AS day FROM {_OTHERS} GROUP BY t.id
        """
    )
    load.run(
        f"""
        INSERT INTO {CHANGES} (batch_id, model, object_id, before)
        SELECT %(batch)s, %(model)s, id, jsonb_build_object('until_day', NULL, 'until_known_on', NULL) FROM import_ended
        """,
        model=label_of(Ownership),
    )
    load.run(
        f"""
        UPDATE {OWNERSHIPS} t SET until_day = e.day, until_known_on = {load.known_from("e.day")}, batch_id = %(batch)s
        FROM import_ended e WHERE e.id = t.id
        """
    )


# The constraint looks at each row as it is written: spans first give up what they lose, then take what they win.
_SHRINK = f"""
    UPDATE {OWNERSHIPS} t SET from_day = greatest(t.from_day, d.from_day), until_day = least(t.until_day, d.until_day),
        until_known_on = coalesce(t.until_known_on, d.until_known_on)
    FROM import_diff d WHERE d.fate = 'updated' AND d.id = t.id
        AND (t.from_day < d.from_day OR t.until_day > d.until_day OR (t.until_day IS NULL AND d.until_day IS NOT NULL))
"""


def _columns(load: Load) -> list[Column]:
    known_until = (
        f"CASE WHEN i.until_day IS NULL THEN NULL ELSE coalesce(t.until_known_on, {load.known_from('i.until_day')}) END"
    )
    return [
        Column("account_id", "i.account_id"),
        Column("user_id", "i.user_id"),
        Column("duty", "i.duty"),
        Column("from_day", "i.from_day"),
        Column("until_day", "i.until_day"),
        Column("until_known_on", known_until, Write.FOLLOWS),
        Column("known_on", load.known_from("i.from_day"), Write.ONCE),
    ]
