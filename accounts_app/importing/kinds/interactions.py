"""What happened, or is planned, between us and accounts."""

from accounts_app.importing.account_keys import JOIN_KEY, resolve_staged
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, Field, Is, Kind
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import COLLEAGUES, CONTACTS, INTERACTIONS, MET_COLLEAGUES, MET_CONTACTS, USERS
from accounts_app.importing.upsert import Column, Target, Write, column, mark_changed, upsert
from accounts_app.models import Interaction

KIND = Kind(
    "interactions",
    "interactions",
    (
        ACCOUNT,
        ACCOUNT_NAME,
        Field("key", Is.KEY, required=True),
        Field("happened_on", Is.DAY, ahead=True),  # of a calendar: what lies ahead is planned
        Field("planned_on", Is.DAY, ahead=True),
        Field("due_on", Is.DAY, ahead=True),
        Field("state", Is.WORD, vocabulary="interaction state"),
        Field("channel", Is.WORD, vocabulary="channel"),
        Field("initiator", Is.WORD, vocabulary="initiator"),
        Field("purpose", Is.WORD, vocabulary="purpose"),
        Field("contacts", limit=2000),
        Field("by", limit=254),
        Field("note", limit=100_000),
        Field("tone", Is.WORD, vocabulary="tone"),
    ),
    key="key",
    one_of=(("happened_on", "planned_on"),),
)

_DEFAULTS = {"initiator": "us", "purpose": "proactive", "channel": "call"}


def load_interactions(load: Load) -> str:
    """Load rows that are interactions; returns the staged field that names the item of a row."""
    _settle_state(load)
    resolve_staged(load)
    _name_contacts(load)
    _items(load)
    _note_defaults(load)
    met = "contacts" in load.present
    upsert(
        load,
        Target(Interaction, also_changed=_OTHERS_MET if met else "false", kept=_KEPT if met else "'{}'::jsonb"),
        _columns(load),
    )
    _write_people(load, met=met)
    mark_changed(load)
    return "key"


def _settle_state(load: Load) -> None:
    """Say of every row whether it happened; a calendar's future entries are planned."""
    load.run(
        """
        UPDATE import_stage SET state = CASE WHEN state IS NOT NULL THEN state
            WHEN happened_on <= %(today)s THEN 'done' ELSE 'planned' END
        """
    )
    load.run(
        """
        UPDATE import_stage SET planned_on = coalesce(planned_on, happened_on, due_on), happened_on = NULL
        WHERE state = 'planned'
        """
    )
    load.reject(
        "s.state IN ('done', 'attempted') AND s.happened_on > %(today)s::date + 1",
        column="happened_on",
        value="s.happened_on",
        reason="'lies in the future, so it cannot be ' || s.state",
    )
    load.reject(
        "s.state IN ('done', 'attempted') AND s.happened_on IS NULL",
        column="happened_on",
        value="''",
        reason="s.state || ', but no day on which'",
    )
    load.reject(
        "s.state = 'planned' AND s.planned_on IS NULL",
        column="planned_on",
        value="''",
        reason="'planned, but no day for which'",
    )


def _name_contacts(load: Load) -> None:
    """Find the contacts a row names, by key, mail address or name within the account."""
    load.run(
        f"""
        CREATE TEMP TABLE import_met ON COMMIT DROP AS
        SELECT s.row_no, s.key, trim(w.word) AS word,
               (SELECT min(c.id) FROM {CONTACTS} c WHERE c.account_id = k.account_id
                AND (c.external_key = trim(w.word) OR lower(c.email) = lower(trim(w.word))
                    OR lower(c.name) = lower(trim(w.word)))) AS contact_id
        FROM import_stage s {JOIN_KEY.format(account="s.account")}
        CROSS JOIN LATERAL regexp_split_to_table(s.contacts, CASE WHEN s.contacts ~ '[;|\\n]' THEN '[;|\\n]'
            ELSE ',' END) AS w(word)
        WHERE s.contacts IS NOT NULL AND trim(w.word) <> ''
        """
    )
    load.reject(
        "EXISTS (SELECT 1 FROM import_met m WHERE m.row_no = s.row_no AND m.contact_id IS NULL)",
        column="contacts",
        value="s.contacts",
        reason="'names a person who is not known as a contact of this account; load the contacts first'",
    )


def _items(load: Load) -> None:
    load.run(
        f"""
        CREATE TEMP TABLE import_item ON COMMIT DROP AS
        SELECT l.*, l.key AS external_key, k.account_id, u.id AS by_id,
               ARRAY(SELECT DISTINCT m.contact_id FROM import_met m
                   WHERE m.row_no = l.row_no ORDER BY m.contact_id) AS contact_ids
        FROM (SELECT DISTINCT ON (key) * FROM import_stage ORDER BY key, row_no DESC) l
        {JOIN_KEY.format(account="l.account")}
        LEFT JOIN LATERAL (SELECT min(u.id) AS id FROM {USERS} u WHERE lower(u.email) = lower(l.by)
            OR u.name = l.by HAVING count(*) = 1) u ON true
        """
    )


def _note_defaults(load: Load) -> None:
    for name, word in _DEFAULTS.items():
        if name not in load.present:
            load.notes.append(f"The file has no column for {name}: every row is taken as {word}.")
    strangers = load.rows('SELECT count(*) FROM import_item WHERE "by" IS NOT NULL AND by_id IS NULL')[0][0]
    if strangers:
        load.notes.append(f"{strangers} interactions name one of us who is not a user here; they stand without a name.")


def _columns(load: Load) -> list[Column]:
    known_happened = (
        "CASE WHEN i.happened_on IS NULL THEN NULL "
        f"ELSE coalesce(t.happened_known_on, {load.known_from('i.happened_on')}) END"
    )
    known = "least(coalesce(i.happened_on, i.planned_on, %(today)s), %(today)s)::date" if load.history else load.known
    words = [
        column(load, name, f"coalesce(i.{name}, t.{name}, '{word}')", field=name, default=f"'{word}'")
        for name, word in _DEFAULTS.items()
    ]
    return [
        Column("account_id", "i.account_id"),
        Column("state", "i.state"),
        *words,
        Column("happened_on", "i.happened_on"),
        Column("happened_known_on", known_happened, Write.FOLLOWS),
        # A planned day stays on record when the contact has happened.
        Column("planned_on", "coalesce(i.planned_on, t.planned_on)"),
        column(load, "due_on", "i.due_on", field="due_on", default="NULL::date"),
        column(load, "by_id", "i.by_id", field="by", default="NULL::bigint"),
        column(load, "note", "coalesce(i.note, '')", field="note", default="''"),
        column(load, "tone", "i.tone::smallint", field="tone", default="NULL::smallint"),
        Column(
            "void_reason",
            "CASE WHEN i.state = 'voided' THEN coalesce(nullif(t.void_reason, ''), 'Voided in the feed') ELSE '' END",
            Write.FOLLOWS,
        ),
        Column("known_on", known, Write.ONCE),
    ]


_STORED_MET = f"ARRAY(SELECT m.contact_id FROM {MET_CONTACTS} m WHERE m.interaction_id = t.id ORDER BY m.contact_id)"
_OTHERS_MET = f"{_STORED_MET} IS DISTINCT FROM i.contact_ids"
_KEPT = f"jsonb_build_object('contact_ids', to_jsonb({_STORED_MET}))"


def _write_people(load: Load, *, met: bool) -> None:
    load.run(
        f"""
        CREATE TEMP TABLE import_people ON COMMIT DROP AS
        SELECT t.id, i.contact_ids, i.by_id FROM import_diff d JOIN import_item i USING (external_key)
        JOIN {INTERACTIONS} t ON t.feed_id = %(feed)s AND t.external_key = d.external_key
        WHERE d.fate <> 'unchanged'
        """
    )
    if met:
        load.run(f"DELETE FROM {MET_CONTACTS} m USING import_people p WHERE m.interaction_id = p.id")
        load.run(
            f"""
            INSERT INTO {MET_CONTACTS} (interaction_id, contact_id)
            SELECT p.id, unnest(p.contact_ids) FROM import_people p
            """
        )
    load.run(
        f"""
        INSERT INTO {MET_COLLEAGUES} (interaction_id, colleague_id)
        SELECT p.id, c.id FROM import_people p JOIN {COLLEAGUES} c ON c.user_id = p.by_id
        ON CONFLICT DO NOTHING
        """
    )
