"""Orders, whether a row is an order or a line of one: group, find account, currency and rate, write."""

from accounts_app.importing.account_keys import JOIN_KEY, UNKNOWN, create_missing
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_COUNTRY, ACCOUNT_NAME, CURRENCY, Field, Is, Kind
from accounts_app.importing.money import fixed_worth
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import RATES
from accounts_app.importing.upsert import Column, Target, Write, column, mark_changed, upsert
from accounts_app.models import Company, Order

KIND = Kind(
    "orders",
    "orders",
    (
        ACCOUNT,
        ACCOUNT_NAME,
        ACCOUNT_COUNTRY,
        Field("number", Is.KEY, required=True, limit=80),
        Field("ordered_on", Is.DAY, required=True),
        Field("amount", Is.AMOUNT, required=True, optional_column=True),
        CURRENCY,
    ),
    key="number",
)

LARGEST = "1e13"  # what Order.amount can hold, less a digit for the rate


def load_orders(load: Load) -> str:
    """Load rows that are orders; returns the staged field that names the item of a row."""
    load.run(
        """
        CREATE TEMP TABLE import_group ON COMMIT DROP AS
        SELECT s.number, count(*) AS lines, min(s.account) AS account, max(s.account_name) AS account_name,
               max(s.account_country) AS account_country, min(s.ordered_on) AS ordered_on,
               min(s.currency) AS currency, round(min(s.amount), 2) AS amount,
               (min(s.account) <> max(s.account) OR min(s.ordered_on) <> max(s.ordered_on)
                OR min(s.amount) <> max(s.amount) OR min(s.currency) <> max(s.currency)) AS contradicts,
               NULL::bigint AS account_id, NULL::numeric AS rate,
               NULL::text AS problem, NULL::text AS problem_column, NULL::text AS problem_value
        FROM import_stage s GROUP BY s.number
        """
    )
    problem(
        load,
        "g.contradicts",
        column="number",
        value="g.number",
        reason="'the order appears ' || g.lines || ' times with different values; "
        "if each row is a line, import the file as order-lines'",
    )
    if "amount" not in load.present:
        load.notes.append("The file has no column for amounts: orders carry 0 until their lines are loaded.")
    settle(load)
    load.run(
        """
        CREATE TEMP TABLE import_item ON COMMIT DROP AS
        SELECT g.number AS external_key, g.account_id, g.ordered_on, g.currency,
               coalesce(g.amount, 0)::numeric(16,2) AS amount,
               round(coalesce(g.amount, 0) * g.rate, 2)::numeric(16,2) AS reporting_amount
        FROM import_group g
        """
    )
    write(load, Target(Order))
    return "number"


def problem(load: Load, condition: str, *, column: str, value: str, reason: str) -> None:
    """Note why a group `g` cannot be loaded, unless something is noted already."""
    load.run(
        f"""
        UPDATE import_group g SET problem = {reason}, problem_column = %(column)s, problem_value = {value}
        WHERE g.problem IS NULL AND ({condition})
        """,
        column=load.header(column),
    )


def settle(load: Load) -> None:
    """Give every group its account, currency and rate, and reject the rows of those that lack one."""
    load.run("ANALYZE import_group")
    problem(load, "g.account IS NULL AND g.account_id IS NULL", column="account", value="''", reason="'no customer'")
    problem(load, "g.ordered_on IS NULL", column="ordered_on", value="''", reason="'no day'")
    _settle_currency(load)
    problem(
        load,
        f"abs(g.amount) >= {LARGEST} OR abs(g.amount * g.rate) >= {LARGEST}",
        column="amount",
        value="g.amount",
        reason="'larger than any amount expected here'",
    )
    _settle_accounts(load)
    load.run(
        """
        WITH gone AS (
            DELETE FROM import_stage s USING import_group g WHERE s.number = g.number AND g.problem IS NOT NULL
            RETURNING s.row_no, g.problem_column, g.problem_value, g.problem
        )
        INSERT INTO import_reject (row_no, column_name, value, reason)
        SELECT row_no, problem_column, left(coalesce(problem_value, ''), 200), problem FROM gone
        """
    )
    load.run("DELETE FROM import_group WHERE problem IS NOT NULL")


def _settle_currency(load: Load) -> None:
    load.run(
        """
        UPDATE import_group g SET currency = coalesce(g.currency, nullif(%(currency)s, ''),
            nullif(%(feed_currency)s, ''))
        WHERE g.currency IS NULL AND g.problem IS NULL
        """
    )
    problem(
        load,
        "g.currency IS NULL",
        column="currency",
        value="''",
        reason="'no currency: the row, --currency and the feed name none'",
    )
    _name_company_currency(load)
    load.run(
        f"""
        UPDATE import_group g SET rate = CASE WHEN g.currency = %(company_currency)s THEN 1 ELSE (
            SELECT r.rate FROM {RATES} r WHERE r.currency = g.currency
                AND r.valid_on <= g.ordered_on ORDER BY r.valid_on DESC LIMIT 1) END
        WHERE g.problem IS NULL
        """
    )
    problem(
        load,
        "g.rate IS NULL",
        column="currency",
        value="g.currency",
        reason="'no rate from ' || g.currency || ' to ' || %(company_currency)s || ' on ' || g.ordered_on",
    )


def _name_company_currency(load: Load) -> None:
    """The first orders loaded name the reporting currency: the commonest among them."""
    if load.company.currency:
        return
    found = load.rows(
        """
        SELECT currency FROM import_group WHERE problem IS NULL GROUP BY currency
        ORDER BY count(*) DESC, currency LIMIT 1
        """
    )
    if found:
        load.company.currency = found[0][0]
        Company.objects.filter(pk=load.company.pk, currency="").update(currency=load.company.currency)
        load.notes.append(
            f"The company's reporting currency is now {load.company.currency}, that of these first orders."
        )


def _settle_accounts(load: Load) -> None:
    if load.create_accounts:
        create_missing(
            load,
            """
            SELECT account, account_name, account_country FROM import_group
            WHERE problem IS NULL AND account IS NOT NULL
            """,
        )
    load.run(
        f"""
        UPDATE import_group g SET account_id = k.account_id FROM import_group o {JOIN_KEY.format(account="o.account")}
        WHERE o.number = g.number AND g.account IS NOT NULL
        """
    )
    problem(load, "g.account_id IS NULL", column="account", value="g.account", reason=UNKNOWN.format(key="g.account"))


def write(load: Load, target: Target) -> None:
    """Write import_item to the orders."""
    worth = fixed_worth("reporting_amount", "amount", "ordered_on", "i.reporting_amount")
    amount = (
        [
            column(load, "amount", "i.amount", field="amount", default="i.amount"),
            Column("reporting_amount", worth, Write.FOLLOWS if "amount" in load.present else Write.ONCE),
        ]
        if load.kind.name == "orders"
        else [Column("amount", "i.amount"), Column("reporting_amount", worth, Write.FOLLOWS)]
    )
    upsert(
        load,
        target,
        [
            Column("account_id", "i.account_id"),
            Column("number", "i.external_key", Write.ONCE),
            Column("ordered_on", "i.ordered_on"),
            Column("currency", "i.currency"),
            *amount,
            Column("known_on", load.known_from("i.ordered_on"), Write.ONCE),
        ],
    )
    mark_changed(load)
