"""Lines of orders: grouped over the whole file, each order's lines replaced as one set."""

from accounts_app.importing.fields import ACCOUNT_COUNTRY, ACCOUNT_NAME, CURRENCY, Field, Is, Kind
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import LINES, ORDERS
from accounts_app.importing.upsert import Target
from accounts_app.models import Order

from .orders import LARGEST, problem, settle, write

KIND = Kind(
    "order-lines",
    "orders",
    (
        Field("number", Is.KEY, required=True, limit=80),
        Field("account", Is.KEY, stand_in="account_name"),
        ACCOUNT_NAME,
        ACCOUNT_COUNTRY,
        Field("ordered_on", Is.DAY),
        Field("product_code", Is.KEY, limit=80),
        Field("product_group", limit=80),
        Field("quantity", Is.QUANTITY),
        Field("unit_price", Is.PRICE),
        Field("amount", Is.AMOUNT),
        Field("discount", Is.SHARE),
        CURRENCY,
    ),
    key="number",
    one_of=(("amount", "unit_price"),),
)

# Two sets of lines are the same when their hashes have the same sum: the order of lines does not matter.
_SAME = "sum(hashtextextended(concat_ws('|', {0}.product_code, {0}.product_group, {0}.quantity, {0}.amount), 0))"

# A day as a number, so that the day of the first line can be found in the same pass as everything else.
_FIRST_DAY = "min(row_no * 100000::bigint + (ordered_on - %(beginning)s)) FILTER (WHERE ordered_on IS NOT NULL)"


def load_order_lines(load: Load) -> str:
    """Load rows that are lines; returns the staged field that names the item of a row."""
    load.reject(
        "s.amount IS NULL AND s.unit_price IS NULL",
        column="amount",
        value="''",
        reason="'neither an amount nor a price'",
    )
    load.reject("s.amount IS NULL AND s.quantity IS NULL", column="quantity", value="''", reason="'no quantity'")
    _reject_with_their_order(load)
    _lines(load)
    _group(load)
    settle(load)
    _items(load)
    write(load, Target(Order, also_changed="i.same_lines IS NOT TRUE", kept=_KEPT))
    _replace_lines(load)
    _note_duplicates(load)
    return "number"


def _reject_with_their_order(load: Load) -> None:
    """An order without one of its lines would be a wrong order: the set comes in whole or not at all."""
    load.run(
        """
        WITH broken AS (
            SELECT item_key, min(row_no) AS row_no FROM import_reject WHERE item_key IS NOT NULL GROUP BY item_key
        ),
        gone AS (
            DELETE FROM import_stage s USING broken b WHERE s.number = b.item_key
            RETURNING s.row_no, s.number, b.row_no AS because
        )
        INSERT INTO import_reject (row_no, column_name, value, reason)
        SELECT row_no, %(column)s, number, 'line ' || because || ' of the file, of the same order, was rejected'
        FROM gone
        """,
        column=load.header("number"),
    )


def _lines(load: Load) -> None:
    """Lines as they are stored. A return is negative, also where only its quantity says so."""
    load.run(
        """
        CREATE TEMP VIEW import_line AS
        SELECT l.*, round(exact, 4) AS amount FROM (
            SELECT row_no, number, account, account_name, account_country, ordered_on, currency,
                   coalesce(product_code, '') AS product_code, coalesce(product_group, '') AS product_group,
                   quantity::numeric(16,3) AS quantity,
                   CASE WHEN amount IS NULL THEN quantity * unit_price * (1 - coalesce(discount, 0))
                        WHEN quantity < 0 THEN -abs(amount) ELSE amount END AS exact
            FROM import_stage) l
        """
    )


def _group(load: Load) -> None:
    load.run(
        f"""
        CREATE TEMP TABLE import_group ON COMMIT DROP AS
        WITH lines AS (
            SELECT s.number, count(*) AS lines, min(s.row_no) AS first_row, {_FIRST_DAY} AS first_day,
                   min(s.account) AS account, min(s.account) <> max(s.account) AS several_accounts,
                   max(s.account_name) AS account_name, max(s.account_country) AS account_country,
                   min(s.currency) AS currency, min(s.currency) <> max(s.currency) AS several_currencies,
                   round(sum(s.exact), 2) AS amount, max(abs(s.amount)) AS largest, {_SAME.format("s")} AS same
            FROM import_line s GROUP BY s.number
        )
        SELECT l.number, l.lines, l.first_row, l.account, l.several_accounts, l.account_name, l.account_country,
               l.several_currencies, l.amount, l.largest, l.same,
               coalesce(l.currency, CASE WHEN %(currency)s = '' THEN e.currency END) AS currency,
               coalesce(%(beginning)s + (l.first_day %% 100000)::integer, e.ordered_on) AS ordered_on,
               CASE WHEN l.account IS NULL THEN e.account_id END AS account_id,
               e.id AS order_id, e.amount AS stored_amount, NULL::numeric AS rate,
               NULL::text AS problem, NULL::text AS problem_column, NULL::text AS problem_value
        FROM lines l LEFT JOIN {ORDERS} e ON e.feed_id = %(feed)s AND e.external_key = l.number
        """
    )
    customers, currencies = "the order''s lines name several customers", "the order''s lines name several currencies"
    problem(load, "g.several_accounts", column="account", value="g.account", reason=f"'{customers}'")
    problem(load, "g.several_currencies", column="currency", value="g.currency", reason=f"'{currencies}'")
    problem(
        load,
        f"g.largest >= {LARGEST}",
        column="amount",
        value="g.largest",
        reason="'a line is larger than any amount expected here'",
    )


def _items(load: Load) -> None:
    """An order whose amount was given by itself, not summed from lines, keeps it.

    The sum was taken before lines were rounded to what their table holds, hence the cent.
    """
    load.run(
        f"""
        CREATE TEMP TABLE import_item ON COMMIT DROP AS
        WITH stored AS (
            SELECT g.number, count(l.id) AS lines, coalesce(round(sum(l.amount), 2), 0) AS amount,
                {_SAME.format("l")} AS same
            FROM import_group g LEFT JOIN {LINES} l ON l.order_id = g.order_id
            WHERE g.order_id IS NOT NULL GROUP BY g.number
        ),
        chosen AS (
            SELECT g.*, s.lines = g.lines AND s.same = g.same AS same_lines,
                   CASE WHEN g.order_id IS NULL OR g.stored_amount = s.amount THEN g.amount
                       ELSE g.stored_amount END AS total
            FROM import_group g LEFT JOIN stored s USING (number)
        )
        SELECT c.number AS external_key, c.account_id, c.ordered_on, c.total::numeric(16,2) AS amount, c.currency,
               round(c.total * c.rate, 2)::numeric(16,2) AS reporting_amount, c.same_lines, c.first_row
        FROM chosen c
        """
    )


_KEPT = f"""jsonb_build_object('lines', (
    SELECT coalesce(jsonb_agg(jsonb_build_array(l.position, l.product_code, l.product_group, l.quantity, l.amount)
                              ORDER BY l.position), '[]')
    FROM {LINES} l WHERE l.order_id = t.id))"""


def _replace_lines(load: Load) -> None:
    """Positions follow the file; where an order's lines lie apart in it, they have gaps."""
    load.run(
        f"""
        CREATE TEMP TABLE import_rewrite ON COMMIT DROP AS
        SELECT o.id AS order_id, i.external_key AS number, i.first_row FROM import_item i
        JOIN import_diff d USING (external_key)
        JOIN {ORDERS} o ON o.feed_id = %(feed)s AND o.external_key = i.external_key
        WHERE d.fate <> 'unchanged' AND i.same_lines IS NOT TRUE
        """
    )
    load.run("ANALYZE import_rewrite")
    load.run(f"DELETE FROM {LINES} l USING import_rewrite w WHERE l.order_id = w.order_id")
    load.items["lines_written"] = load.run(
        f"""
        INSERT INTO {LINES} (order_id, position, product_code, product_group, quantity, amount)
        SELECT w.order_id, s.row_no - w.first_row + 1, s.product_code, s.product_group, s.quantity, s.amount
        FROM import_line s JOIN import_rewrite w USING (number)
        """
    )


def _note_duplicates(load: Load) -> None:
    found = load.rows(
        """
        SELECT coalesce(sum(n - 1), 0) FROM (
            SELECT count(*) AS n FROM import_stage s
            GROUP BY number, product_code, product_group, quantity, unit_price, amount, discount, ordered_on
        ) x WHERE n > 1
        """
    )
    load.items["duplicate_lines_kept"] = int(found[0][0])
