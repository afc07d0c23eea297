"""Our own people: how high they stand, their hours for accounts, and the days on which they are away."""

from accounts_app.importing.account_keys import derive_keys
from accounts_app.importing.fields import Field, Is, Kind
from accounts_app.importing.people import GUESSED_LEVEL, resolve_user
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import ABSENCES, COLLEAGUES, CONTACTS, LINKS
from accounts_app.importing.upsert import Column, Target, Write, column, mark_accounts, upsert
from accounts_app.models import Colleague

KIND = Kind(
    "colleagues",
    "colleagues",
    (
        Field("name", required=True, limit=160),
        Field("key", Is.KEY),
        Field("title", limit=120),
        Field("level", Is.WORD, vocabulary="level"),
        Field("user", limit=254),
        Field("hours_a_week", Is.QUANTITY),
        Field("absent_from", Is.DAY, ahead=True),
        Field("absent_until", Is.DAY, ahead=True),
    ),
    key="key",
)


def load_colleagues(load: Load) -> str:
    """Load rows that are colleagues, or absences of one; returns the staged field that names the item of a row."""
    _reject(load)
    resolve_user(load, "user")
    derive_keys(load, 'coalesce(lower("user"), lower(name))')
    _find(load)
    _take_absences(load)
    away = "absent_from" in load.present
    target = Target(
        Colleague,
        match="t.id = i.stored_id",
        identity=(("id", "d.new_id"), ("feed_id", "%(feed)s"), ("external_key", "d.external_key")),
        account="id",
        carried=("new_id",),
        also_changed=_AWAY_CHANGED if away else "false",
        kept=_KEPT if away else "'{}'::jsonb",
    )
    upsert(load, target, _columns(load))
    if away:
        _write_absences(load)
    mark_accounts(
        load,
        f"""
        SELECT c.account_id FROM import_diff d JOIN {LINKS} l ON l.colleague_id = d.new_id
        JOIN {CONTACTS} c ON c.id = l.contact_id WHERE d.fate <> 'unchanged'
        """,
    )
    return "key"


def _reject(load: Load) -> None:
    load.reject(
        "s.hours_a_week NOT BETWEEN 0 AND 80",
        column="hours_a_week",
        value="trim_scale(s.hours_a_week)",
        reason="'not from 0 to 80 hours'",
    )
    load.reject(
        "s.absent_from IS NULL AND s.absent_until IS NOT NULL",
        column="absent_from",
        value="''",
        reason="'away until ' || s.absent_until || ', but no first day'",
    )
    load.reject(
        "s.absent_from IS NOT NULL AND s.absent_until IS NULL",
        column="absent_until",
        value="''",
        reason="'away from ' || s.absent_from || ', but no last day'",
    )
    load.reject(
        "s.absent_until < s.absent_from",
        column="absent_until",
        value="s.absent_until",
        reason="'ends before it begins, on ' || s.absent_from",
    )


def _find(load: Load) -> None:
    """One of us is known by key, else as the colleague who is this user already, whichever feed brought them."""
    load.run("ALTER TABLE import_stage ADD stored_id bigint")
    load.run(
        f"""
        UPDATE import_stage s SET stored_id = coalesce(
            (SELECT t.id FROM {COLLEAGUES} t WHERE t.feed_id = %(feed)s AND t.external_key = s.key),
            (SELECT t.id FROM {COLLEAGUES} t WHERE t.user_id = s.user_id))
        """
    )
    load.reject(
        f"EXISTS (SELECT 1 FROM {COLLEAGUES} t WHERE t.user_id = s.user_id AND t.id <> s.stored_id)",
        column="user",
        value='s."user"',
        reason="'is the user of another colleague here'",
    )
    load.reject(
        "EXISTS (SELECT 1 FROM import_stage o WHERE (o.user_id = s.user_id OR o.stored_id = s.stored_id) "
        "AND o.key < s.key)",
        column="user",
        value='s."user"',
        reason="'a row with another key is the same colleague'",
    )
    load.run(
        f"""
        CREATE TEMP TABLE import_item ON COMMIT DROP AS
        SELECT l.*, l.key AS external_key,
               coalesce(l.stored_id, nextval(pg_get_serial_sequence('{COLLEAGUES}', 'id'))) AS new_id
        FROM (SELECT DISTINCT ON (key) * FROM import_stage ORDER BY key, row_no DESC) l
        """
    )


def _take_absences(load: Load) -> None:
    load.run(
        """
        CREATE TEMP TABLE import_absence ON COMMIT DROP AS
        SELECT DISTINCT ON (i.new_id, s.absent_from) i.new_id AS colleague_id, s.absent_from AS from_day,
               s.absent_until AS until_day, left(s.key, 180) || ':' || s.absent_from AS external_key
        FROM import_stage s JOIN import_item i ON i.external_key = s.key WHERE s.absent_from IS NOT NULL
        ORDER BY i.new_id, s.absent_from, s.row_no DESC
        """
    )


# What lies ahead and is no longer in the file was called off; what has been stays on record.
_CALLED_OFF = """
    a.feed_id = %(feed)s AND a.from_day >= %(today)s::date
    AND NOT EXISTS (SELECT 1 FROM import_absence n WHERE n.colleague_id = a.colleague_id AND n.from_day = a.from_day)
"""
_AWAY_CHANGED = f"""(
    EXISTS (SELECT 1 FROM {ABSENCES} a WHERE a.colleague_id = t.id AND {_CALLED_OFF})
    OR EXISTS (SELECT 1 FROM import_absence n WHERE n.colleague_id = t.id AND NOT EXISTS (
        SELECT 1 FROM {ABSENCES} a WHERE a.feed_id = %(feed)s AND a.external_key = n.external_key
            AND a.until_day = n.until_day)))"""
_KEPT = f"""jsonb_build_object('absences', (
    SELECT coalesce(jsonb_agg(jsonb_build_array(a.from_day, a.until_day) ORDER BY a.from_day), '[]')
    FROM {ABSENCES} a WHERE a.colleague_id = t.id AND a.feed_id = %(feed)s))"""


def _write_absences(load: Load) -> None:
    load.run(
        f"""
        DELETE FROM {ABSENCES} a USING import_diff d WHERE d.fate = 'updated' AND a.colleague_id = d.id
            AND {_CALLED_OFF}
        """
    )
    known = f"least({load.known_from('n.from_day')}, %(today)s::date)"
    load.run(
        f"""
        INSERT INTO {ABSENCES} (feed_id, external_key, batch_id, known_on, colleague_id, from_day, until_day)
        SELECT %(feed)s, n.external_key, %(batch)s, {known}, n.colleague_id, n.from_day, n.until_day
        FROM import_absence n ORDER BY n.external_key
        ON CONFLICT (feed_id, external_key) DO UPDATE
            SET until_day = EXCLUDED.until_day, batch_id = EXCLUDED.batch_id
            WHERE {ABSENCES}.until_day <> EXCLUDED.until_day
        """
    )


def _columns(load: Load) -> list[Column]:
    return [
        Column("name", "i.name"),
        column(load, "title", "coalesce(i.title, '')", field="title", default="''"),
        column(load, "level", f"coalesce(i.level, t.level, {GUESSED_LEVEL})", field="level", default=GUESSED_LEVEL),
        column(load, "user_id", "i.user_id", field="user", default="NULL::bigint"),
        column(
            load,
            "hours_a_week",
            "round(i.hours_a_week, 1)::numeric(4,1)",
            field="hours_a_week",
            default="NULL::numeric(4,1)",
        ),
        Column("known_on", load.known, Write.ONCE),
    ]
