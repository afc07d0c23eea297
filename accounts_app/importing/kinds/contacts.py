"""People at accounts."""

from accounts_app.importing.account_keys import derive_keys, resolve_staged, take_latest
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, Field, Is, Kind
from accounts_app.importing.people import GUESSED_LEVEL
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import CONTACTS, KEYS
from accounts_app.importing.upsert import Column, Target, Write, column, mark_changed, upsert
from accounts_app.models import Contact

KIND = Kind(
    "contacts",
    "contacts",
    (
        ACCOUNT,
        ACCOUNT_NAME,
        Field("key", Is.KEY),
        Field("name", limit=160),
        Field("first_name", limit=80),
        Field("last_name", limit=80),
        Field("email", Is.EMAIL),
        Field("phone", limit=60),
        Field("title", limit=120),
        Field("level", Is.WORD, vocabulary="level"),
        Field("role", Is.WORD, vocabulary="role"),
        Field("primary", Is.WORD, vocabulary="flag"),
        Field("since", Is.DAY),
        Field("left_on", Is.DAY),
        Field("leaving_on", Is.DAY, ahead=True),
        Field("leaving_known_on", Is.DAY),
        Field("successor"),
        Field("matters", limit=100_000),
    ),
    key="key",
    one_of=(("name", "last_name"),),
)


def load_contacts(load: Load) -> str:
    """Load rows that are contacts; returns the staged field that names the item of a row."""
    load.run("UPDATE import_stage SET name = left(trim(concat_ws(' ', first_name, last_name)), 160) WHERE name IS NULL")
    load.reject("coalesce(s.name, '') = ''", column="name", value="''", reason="'no name'")
    load.reject(
        "s.left_on < s.since", column="left_on", value="s.left_on", reason="'left before coming, on ' || s.since"
    )
    resolve_staged(load)
    derive_keys(load, "coalesce(email, account || ':' || lower(name))")
    _reject_successors(load)
    take_latest(load)
    _number(load)
    identity = (("id", "d.new_id"), ("feed_id", "%(feed)s"), ("external_key", "d.external_key"))
    upsert(load, Target(Contact, identity=identity, carried=("new_id",)), _columns(load))
    mark_changed(load)
    return "key"


# Whom a row names as successor: among the rows `o` of the file and the stored contacts `c` of its account.
_IN_FILE = (
    "o.account = s.account "
    "AND (o.key = s.successor OR o.email = lower(s.successor) OR lower(o.name) = lower(s.successor))"
)
_STORED = "c.account_id = {0} AND (c.external_key = {1} OR lower(c.email) = lower({1}) OR lower(c.name) = lower({1}))"


def _reject_successors(load: Load) -> None:
    if "successor" not in load.present:
        return
    load.reject(
        "s.successor = s.key OR lower(s.successor) IN (s.email, lower(s.name))",
        column="successor",
        value="s.successor",
        reason="'cannot succeed themselves'",
    )
    account = f"(SELECT k.account_id FROM {KEYS} k WHERE k.feed_id = %(key_feed)s AND k.key = s.account)"
    while load.reject(
        f"s.successor IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_stage o WHERE {_IN_FILE}) "
        f"AND NOT EXISTS (SELECT 1 FROM {CONTACTS} c WHERE {_STORED.format(account, 's.successor')})",
        column="successor",
        value="s.successor",
        reason="'not known as a contact of this account, nor in the file'",
    ):
        pass  # a rejected row may have been somebody's successor


def _number(load: Load) -> None:
    """A new contact gets its number before it is written, so that another row can name it as successor."""
    load.run("ALTER TABLE import_item ADD new_id bigint, ADD successor_id bigint")
    load.run(
        f"""
        UPDATE import_item i SET new_id = coalesce(
            (SELECT t.id FROM {CONTACTS} t WHERE t.feed_id = %(feed)s AND t.external_key = i.external_key),
            nextval(pg_get_serial_sequence('{CONTACTS}', 'id')))
        """
    )
    if "successor" in load.present:
        load.run(
            f"""
            UPDATE import_item s SET successor_id = coalesce(
                (SELECT min(o.new_id) FROM import_item o WHERE {_IN_FILE}),
                (SELECT min(c.id) FROM {CONTACTS} c WHERE {_STORED.format("s.account_id", "s.successor")}
                    AND c.id <> s.new_id))
            WHERE s.successor IS NOT NULL
            """
        )


def _columns(load: Load) -> list[Column]:
    known_left = (
        f"CASE WHEN i.left_on IS NULL THEN NULL ELSE coalesce(t.left_known_on, {load.known_from('i.left_on')}) END"
    )
    return [
        Column("account_id", "i.account_id"),
        Column("name", "i.name"),
        column(load, "email", "coalesce(i.email, '')", field="email", default="''"),
        column(load, "phone", "coalesce(i.phone, '')", field="phone", default="''"),
        column(load, "title", "coalesce(i.title, '')", field="title", default="''"),
        column(load, "level", f"coalesce(i.level, t.level, {GUESSED_LEVEL})", field="level", default=GUESSED_LEVEL),
        column(load, "role", "coalesce(i.role, t.role, 'user')", field="role", default="'user'"),
        column(load, "primary", "coalesce(i.primary, 'f')::boolean", field="primary", default="false"),
        column(load, "since", "i.since", field="since", default="NULL::date"),
        column(load, "left_on", "i.left_on", field="left_on", default="NULL::date"),
        Column("left_known_on", known_left, Write.FOLLOWS if "left_on" in load.present else Write.ONCE),
        column(load, "leaving_on", "i.leaving_on", field="leaving_on", default="NULL::date"),
        _leaving_known(load),
        column(load, "successor_id", "i.successor_id", field="successor", default="NULL::bigint"),
        column(load, "matters", "coalesce(i.matters, '')", field="matters", default="''"),
        Column("note", "''", Write.ONCE),
        Column("known_on", load.known_from("i.since"), Write.ONCE),
    ]


def _leaving_known(load: Load) -> Column:
    """An announcement is known from the day the file says, else from when we first read of it, today at the latest."""
    day = "i.leaving_on" if "leaving_on" in load.present else "t.leaving_on"
    read = f"least({load.known_from('i.leaving_on')}, %(today)s::date)"
    value = (
        f"CASE WHEN {day} IS NULL THEN i.leaving_known_on "
        f"ELSE coalesce(i.leaving_known_on, t.leaving_known_on, {read}) END"
    )
    if "leaving_known_on" in load.present:
        return Column("leaving_known_on", value)
    return Column("leaving_known_on", value, Write.FOLLOWS if "leaving_on" in load.present else Write.ONCE)
