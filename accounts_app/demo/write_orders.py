"""Writes orders and their lines."""

from typing import Final

from accounts_app.demo.copying import copy_in
from accounts_app.demo.orders import OrderRow
from accounts_app.demo.register import Register
from accounts_app.demo.standing_data import IBERIAN_FEED
from accounts_app.models import Order

ORDER_COLUMNS: Final = (
    "feed_id",
    "external_key",
    "known_on",
    "account_id",
    "number",
    "ordered_on",
    "amount",
    "currency",
    "reporting_amount",
)
LINE_COLUMNS: Final = ("order_id", "position", "product_code", "product_group", "quantity", "amount")


def write_orders(new: list[OrderRow], register: Register) -> None:
    """Write orders that came to light; an order never changes afterwards."""
    rows = [row for row in new if row.account in register.accounts]
    copy_in("accounts_app_order", ORDER_COLUMNS, (_order(row, register) for row in rows))
    keys = [row.key for row in rows]
    feeds = [register.feeds[name] for name in ("erp", IBERIAN_FEED)]
    written = Order.objects.filter(feed__in=feeds, external_key__in=keys)
    ids = dict(written.values_list("external_key", "pk"))
    copy_in(
        "accounts_app_orderline",
        LINE_COLUMNS,
        (
            (ids[row.key], position, line.product, line.group, line.quantity, line.amount)
            for row in rows
            for position, line in enumerate(row.lines, start=1)
        ),
    )


def _order(row: OrderRow, register: Register) -> tuple[object, ...]:
    feed = register.feeds[IBERIAN_FEED if row.iberian else "erp"]
    account = register.accounts[row.account]
    return feed, row.key, row.day, account, row.key, row.day, row.amount, row.currency, row.reporting_amount
