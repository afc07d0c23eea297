"""Accounts: found by their key, with owner, team, tier and parent."""

from accounts_app.importing.fields import Field, Is, Kind
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import ACCOUNTS, KEYS, OWNERSHIPS, TEAMS, TIERS, USERS
from accounts_app.importing.upsert import Column, Target, Write, column, mark_accounts, upsert
from accounts_app.models import Account, Ownership, User
from accounts_app.services import ownership

KIND = Kind(
    "accounts",
    "accounts",
    (
        Field("key", Is.KEY, required=True, stand_in="name"),
        Field("name", required=True, stand_in="key"),
        Field("tier", Is.WORD, vocabulary="tier"),
        Field("owner", limit=254),
        Field("country", limit=60),
        Field("parent", Is.KEY),
        Field("team", limit=80),
        Field("status", Is.WORD, vocabulary="account status"),
        Field("industry", limit=80),
        Field("mail_domain", limit=254),
        Field("margin_share", Is.SHARE),
    ),
    key="key",
)

_NO_KEY = (
    f"NOT EXISTS (SELECT 1 FROM {KEYS} k WHERE k.feed_id = %(key_feed)s AND k.key = {{key}}) "
    "AND NOT EXISTS (SELECT 1 FROM import_stage o WHERE o.key = {key})"
)


def load_accounts(load: Load) -> str:
    """Load rows that are accounts; returns the staged field that names the item of a row."""
    _reject(load)
    _items(load)
    target = Target(
        Account,
        match="t.id = i.stored_id",
        identity=(("id", "d.new_id"), ("own_interval_reason", "''")),
        account="id",
        carried=("new_id", "owner_id AS new_owner_id"),
        also_changed=_OWNER_CHANGED if "owner" in load.present else "false",
        kept="jsonb_build_object('owner_id', t.owner_id)" if "owner" in load.present else "'{}'::jsonb",
    )
    upsert(load, target, _columns(load))
    load.run(
        f"""
        INSERT INTO {KEYS} (feed_id, key, account_id)
        SELECT %(key_feed)s, external_key, new_id FROM import_diff WHERE fate = 'created'
        """
    )
    if "owner" in load.present:
        _begin_ownerships(load)
        _change_owners(load)
    mark_accounts(load, "SELECT new_id FROM import_diff WHERE fate <> 'unchanged'")
    return "key"


def _reject(load: Load) -> None:
    if "owner" in load.present:
        load.reject(
            f"s.owner IS NOT NULL AND (SELECT count(*) FROM {USERS} u WHERE {_IS_USER}) <> 1",
            column="owner",
            value="s.owner",
            reason="'not the e-mail address or name of exactly one user here'",
        )
    if "team" in load.present:
        load.reject(
            f"s.team IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {TEAMS} m WHERE lower(m.name) = lower(s.team))",
            column="team",
            value="s.team",
            reason="'no team has this name'",
        )
    _reject_facts(load)
    if "parent" in load.present:
        load.run("UPDATE import_stage SET parent = NULL WHERE parent = key")  # the way some systems say: none
        while load.reject(
            "s.parent IS NOT NULL AND " + _NO_KEY.format(key="s.parent"),
            column="parent",
            value="s.parent",
            reason="'no account has this key'",
        ):
            pass  # a rejected parent leaves its children without one
        load.reject(_IN_A_RING, column="parent", value="s.parent", reason="'the account would be above itself'")


def _reject_facts(load: Load) -> None:
    """A domain may come as an address or with www. before it."""
    load.run(
        r"""
        UPDATE import_stage
        SET mail_domain = regexp_replace(lower(mail_domain), '^(https?://)?(www\.|.*@)?|/$', '', 'g')
        WHERE mail_domain IS NOT NULL
        """
    )
    load.reject(
        r"length(s.mail_domain) > 120 OR s.mail_domain !~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$'",
        column="mail_domain",
        value="s.mail_domain",
        reason="'not a mail domain such as example.com'",
    )
    load.reject(
        "s.margin_share NOT BETWEEN -1 AND 1",
        column="margin_share",
        value="trim_scale(s.margin_share)",
        reason="'not a share of revenue, from -100 %% to 100 %%'",
    )


_OWNER_CHANGED = "t.owner_id IS DISTINCT FROM i.owner_id"
_IS_USER = "lower(u.email) = lower({0}) OR u.name = {0}".format("s.owner")
_IN_A_RING = """s.key IN (
    WITH RECURSIVE latest AS (SELECT DISTINCT ON (key) key, parent FROM import_stage ORDER BY key, row_no DESC),
    above AS (
        SELECT key, parent FROM latest WHERE parent IS NOT NULL
        UNION SELECT a.key, l.parent FROM above a JOIN latest l ON l.key = a.parent WHERE l.parent IS NOT NULL
    ) SELECT key FROM above WHERE parent = key)"""


def _items(load: Load) -> None:
    """The last row of a key holds; a new account gets its number here, so that its key can name it."""
    load.run(
        f"""
        CREATE TEMP TABLE import_item ON COMMIT DROP AS
        SELECT l.*, l.key AS external_key, k.account_id AS stored_id,
               coalesce(k.account_id, nextval(pg_get_serial_sequence('{ACCOUNTS}', 'id'))) AS new_id,
               tier.id AS tier_id, team.id AS team_id, u.id AS owner_id
        FROM (SELECT DISTINCT ON (key) * FROM import_stage ORDER BY key, row_no DESC) l
        LEFT JOIN {KEYS} k ON k.feed_id = %(key_feed)s AND k.key = l.key
        LEFT JOIN {TIERS} tier ON tier.key = l.tier
        LEFT JOIN {TEAMS} team ON lower(team.name) = lower(l.team)
        LEFT JOIN {USERS} u ON lower(u.email) = lower(l.owner) OR u.name = l.owner
        """
    )


def _columns(load: Load) -> list[Column]:
    other = f"(SELECT id FROM {TIERS} WHERE key = 'other')"
    parent = f"(SELECT k.account_id FROM {KEYS} k WHERE k.feed_id = %(key_feed)s AND k.key = i.parent)"
    in_file = "(SELECT p.new_id FROM import_item p WHERE p.external_key = i.parent)"
    return [
        Column("name", "i.name"),
        column(load, "tier_id", f"coalesce(i.tier_id, t.tier_id, {other})", field="tier", default=other),
        column(load, "country", "coalesce(i.country, '')", field="country", default="''"),
        column(load, "status", "coalesce(i.status, t.status, 'active')", field="status", default="'active'"),
        column(load, "industry", "coalesce(i.industry, '')", field="industry", default="''"),
        column(load, "mail_domain", "coalesce(i.mail_domain, '')", field="mail_domain", default="''"),
        column(
            load,
            "margin_share",
            "round(i.margin_share, 4)::numeric(5,4)",
            field="margin_share",
            default="NULL::numeric(5,4)",
        ),
        column(load, "team_id", "i.team_id", field="team", default="NULL::bigint"),
        column(load, "parent_id", f"coalesce({in_file}, {parent})", field="parent", default="NULL::bigint"),
        Column(
            "owner_id", "i.owner_id", Write.ONCE
        ),  # a change of owner goes through its service, which keeps the history
        Column("known_on", load.known, Write.ONCE),
    ]


def _begin_ownerships(load: Load) -> None:
    load.run(
        f"""
        INSERT INTO {OWNERSHIPS} (feed_id, external_key, batch_id, known_on, account_id, user_id, duty, from_day)
        SELECT %(feed)s, 'owner:' || d.new_id || ':' || {load.known}, %(batch)s, {load.known}, d.new_id,
            d.new_owner_id, 'owner', {load.known}
        FROM import_diff d WHERE d.fate = 'created' AND d.new_owner_id IS NOT NULL
        """
    )


def _change_owners(load: Load) -> None:
    changed = load.rows(
        f"""
        SELECT t.id, d.new_owner_id FROM import_diff d JOIN {ACCOUNTS} t ON t.id = d.id
        WHERE d.fate = 'updated' AND t.owner_id IS DISTINCT FROM d.new_owner_id ORDER BY t.id
        """
    )
    users = User.objects.in_bulk({owner for _account, owner in changed if owner})
    for account_id, owner in changed:
        account = Account.objects.get(pk=account_id)
        if owner and account.deputy_id == owner:
            ownership.assign(account=account, duty=Ownership.Duty.DEPUTY, user=None, on=load.today)
            account.refresh_from_db()
        ownership.assign(account=account, duty=Ownership.Duty.OWNER, user=users.get(owner), on=load.today)
