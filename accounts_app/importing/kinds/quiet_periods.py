"""Days on which no order is expected, of the company, a country or an account."""

from accounts_app.importing.account_keys import JOIN_KEY, resolve_staged
from accounts_app.importing.fields import Field, Is, Kind
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import ACCOUNTS
from accounts_app.importing.upsert import Column, Target, Write, column, mark_accounts, upsert
from accounts_app.models import QuietPeriod

KIND = Kind(
    "quiet-periods",
    "quiet-periods",
    (
        Field("account", Is.KEY),
        Field("key", Is.KEY),
        Field("country", limit=60),
        Field("from_day", Is.DAY, required=True, ahead=True),
        Field("until_day", Is.DAY, required=True, ahead=True),
        Field("reason"),
    ),
    key="key",
)


def load_quiet_periods(load: Load) -> str:
    """Load rows that are quiet periods; returns the staged field that names the item of a row."""
    load.reject(
        "s.until_day < s.from_day",
        column="until_day",
        value="s.until_day",
        reason="'ends before it begins, on ' || s.from_day",
    )
    resolve_staged(load)
    load.run("UPDATE import_stage SET country = NULL WHERE account IS NOT NULL")
    load.run(
        """
        UPDATE import_stage SET key = left(concat_ws(
            ':',
            CASE WHEN account IS NOT NULL THEN 'account' WHEN country IS NOT NULL THEN 'country' ELSE 'company' END,
            coalesce(account, country), from_day), 200)
        WHERE key IS NULL
        """
    )
    load.run(
        f"""
        CREATE TEMP TABLE import_item ON COMMIT DROP AS
        SELECT l.*, l.key AS external_key, k.account_id
        FROM (SELECT DISTINCT ON (key) * FROM import_stage ORDER BY key,
            row_no DESC) l {JOIN_KEY.format(account="l.account")}
        """
    )
    upsert(load, Target(QuietPeriod), _columns(load))
    _mark(load)
    return "key"


def _columns(load: Load) -> list[Column]:
    return [
        Column("account_id", "i.account_id"),
        Column("country", "coalesce(i.country, '')"),
        Column("from_day", "i.from_day"),
        Column("until_day", "i.until_day"),
        column(load, "reason", "coalesce(i.reason, 'Quiet period')", field="reason", default="'Quiet period'"),
        Column("known_on", load.known, Write.ONCE),
    ]


def _mark(load: Load) -> None:
    """A quiet period of the company or a country concerns all its accounts."""
    changed = "SELECT * FROM import_diff WHERE fate <> 'unchanged'"
    mark_accounts(
        load,
        f"""
        SELECT account_id FROM ({changed}) d UNION SELECT old_account FROM ({changed}) d UNION
        SELECT a.id FROM {ACCOUNTS} a JOIN ({changed}) d ON d.account_id IS NULL AND (d.country = ''
            OR d.country = a.country)
        """,
    )
