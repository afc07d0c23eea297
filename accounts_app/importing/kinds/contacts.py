"""People at accounts."""

from accounts_app.importing.account_keys import JOIN_KEY, resolve_staged
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, Field, Is, Kind
from accounts_app.importing.staging import Load
from accounts_app.importing.upsert import Column, Target, Write, column, mark_changed, upsert
from accounts_app.importing.vocabulary import EXECUTIVE_TITLES, MANAGEMENT_TITLES
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
    ),
    key="key",
    one_of=(("name", "last_name"),),
)

_LONGEST_KEY = 200


def load_contacts(load: Load) -> str:
    """Load rows that are contacts; returns the staged field that names the item of a row."""
    load.run("UPDATE import_stage SET name = left(trim(concat_ws(' ', first_name, last_name)), 160) WHERE name IS NULL")
    load.reject("coalesce(s.name, '') = ''", column="name", value="''", reason="'no name'")
    load.reject(
        "s.left_on < s.since", column="left_on", value="s.left_on", reason="'left before coming, on ' || s.since"
    )
    resolve_staged(load)
    _name_keys(load)
    load.run(
        f"""
        CREATE TEMP TABLE import_item ON COMMIT DROP AS
        SELECT l.*, l.key AS external_key, k.account_id
        FROM (SELECT DISTINCT ON (key) * FROM import_stage ORDER BY key,
            row_no DESC) l {JOIN_KEY.format(account="l.account")}
        """
    )
    upsert(load, Target(Contact), _columns(load))
    mark_changed(load)
    return "key"


def _name_keys(load: Load) -> None:
    """A contact without a key of its own is known by mail address, else by account and name."""
    load.run(
        """
        UPDATE import_stage SET key = coalesce(email, account || ':' || lower(name)) WHERE key IS NULL
        """
    )
    load.run("UPDATE import_stage SET key = 'md5:' || md5(key) WHERE length(key) > %(longest)s", longest=_LONGEST_KEY)


# A title says the level of a new contact; what people set by hand stays, unless the file has a column for it.
_GUESSED_LEVEL = (
    f"CASE WHEN i.title ~* '{EXECUTIVE_TITLES}' THEN 'executive' "
    f"WHEN i.title ~* '{MANAGEMENT_TITLES}' THEN 'management' ELSE 'operational' END"
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
        column(load, "level", f"coalesce(i.level, t.level, {_GUESSED_LEVEL})", field="level", default=_GUESSED_LEVEL),
        column(load, "role", "coalesce(i.role, t.role, 'user')", field="role", default="'user'"),
        column(load, "primary", "coalesce(i.primary, 'f')::boolean", field="primary", default="false"),
        column(load, "since", "i.since", field="since", default="NULL::date"),
        column(load, "left_on", "i.left_on", field="left_on", default="NULL::date"),
        Column("left_known_on", known_left, Write.FOLLOWS if "left_on" in load.present else Write.ONCE),
        Column("note", "''", Write.ONCE),
        Column("known_on", load.known_from("i.since"), Write.ONCE),
    ]
