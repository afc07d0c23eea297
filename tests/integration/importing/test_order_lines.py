"""Lines become orders: grouped over the whole file, taken whole or not at all, replaced as one set."""

from datetime import date
from decimal import Decimal

import pytest

from accounts_app.models import Account, ImportChange, Order, OrderLine
from tests.integration.importing.conftest import Take, counts, reasons

pytestmark = pytest.mark.django_db

ONE, TWO, TWENTY = Decimal(1), Decimal(2), Decimal(20)
HEADER = "invoice no,customer,date,sku,qty,unit price\n"
LINES = HEADER + (
    "1,A,2026-01-05 09:00,P1,2,10.00\n"
    "2,B,2026-01-06,P1,1,5.00\n"
    "1,A,2026-01-07,P2,1,2.50\n"
    "1,A,2026-01-05 09:00,P1,2,10.00\n"
    "C3,A,2026-01-08,P1,-2,10.00\n"
)


def lines_of(number: str) -> list[tuple[str, Decimal | None, Decimal]]:
    return list(
        OrderLine.objects.filter(order__number=number)
        .order_by("position")
        .values_list("product_code", "quantity", "amount")
    )


def test_lines_are_grouped_over_the_whole_file(take: Take) -> None:
    outcome = take("order-lines", LINES, create_accounts=True, currency="EUR")
    assert counts(outcome) == (5, 0, 0, 0)
    assert outcome.items == {"accounts_created": 2, "created": 3, "lines_written": 5, "duplicate_lines_kept": 1}
    assert list(Order.objects.order_by("number").values_list("number", "ordered_on", "amount")) == [
        ("1", date(2026, 1, 5), Decimal("42.50")),
        ("2", date(2026, 1, 6), Decimal("5.00")),
        ("C3", date(2026, 1, 8), Decimal("-20.00")),
    ]
    assert lines_of("1") == [("P1", TWO, TWENTY), ("P2", ONE, Decimal("2.50")), ("P1", TWO, TWENTY)]


def test_same_lines_in_another_order_change_nothing(take: Take) -> None:
    take("order-lines", LINES, create_accounts=True, currency="EUR")
    header, *rows = LINES.strip().split("\n")
    # The day is that of the first line, so the two days of order 1 keep their places.
    moved = "\n".join([header, rows[4], rows[3], rows[1], rows[2], rows[0], ""])
    assert counts(take("order-lines", moved, currency="EUR")) == (0, 0, 5, 0)


def test_changed_set_replaces_the_lines_and_keeps_the_earlier_ones(take: Take) -> None:
    take("order-lines", LINES, create_accounts=True, currency="EUR")
    outcome = take("order-lines", HEADER + "1,A,2026-01-05,P9,1,42.50\n2,B,2026-01-06,P1,1,5.00\n", currency="EUR")
    assert counts(outcome) == (0, 1, 1, 0)
    assert lines_of("1") == [("P9", ONE, Decimal("42.50"))]
    before = ImportChange.objects.get().before
    assert [line[1] for line in before["lines"]] == ["P1", "P2", "P1"]
    assert before["amount"] == 42.5


def test_order_with_a_rejected_line_does_not_come_in_at_all(take: Take) -> None:
    outcome = take("order-lines", LINES.replace("P2,1,2.50", "P2,1,x"), create_accounts=True, currency="EUR")
    assert counts(outcome) == (2, 0, 0, 3)
    assert sorted(Order.objects.values_list("number", flat=True)) == ["2", "C3"]
    assert reasons(outcome) == {
        4: "not a number with a decimal point",
        2: "another line of the file, of the same order, was rejected",
    }


def test_order_without_customer_is_rejected(take: Take) -> None:
    outcome = take("order-lines", LINES.replace(",B,", ",,"), create_accounts=True, currency="EUR")
    assert reasons(outcome) == {3: "no customer"}
    assert list(Account.objects.values_list("name", flat=True)) == ["A"]


def test_customer_named_once_serves_the_whole_order(take: Take) -> None:
    text = HEADER + "1,A,2026-01-05,P1,1,1.00\n1,,,P2,1,2.00\n"
    take("order-lines", text, create_accounts=True, currency="EUR")
    assert Order.objects.get().amount == 3


def test_order_naming_two_customers_is_rejected(take: Take) -> None:
    outcome = take(
        "order-lines",
        HEADER + "1,A,2026-01-05,P1,1,1.00\n1,B,2026-01-05,P2,1,2.00\n",
        create_accounts=True,
        currency="EUR",
    )
    assert (counts(outcome), "several customers" in reasons(outcome)[2]) == ((0, 0, 0, 2), True)


def test_lines_without_customer_attach_to_orders_of_the_feed(take: Take) -> None:
    take("orders", "order,customer,date\n1,A,2026-01-05\n", create_accounts=True, currency="EUR")
    assert Order.objects.get().amount == 0
    lines = "order,sku,qty,unit price,discount\n1,P1,2,10,0.25\n1,P2,1,5,0\n7,P1,1,1,0\n"
    outcome = take("order-lines", lines)
    assert (counts(outcome), reasons(outcome)) == ((0, 2, 0, 1), {4: "no customer"})
    order = Order.objects.get()
    assert (order.amount, order.ordered_on, order.account.name) == (TWENTY, date(2026, 1, 5), "A")
    assert counts(take("order-lines", lines)) == (0, 0, 2, 1)
    assert counts(take("orders", "order,customer,date\n1,A,2026-01-05\n", currency="EUR")) == (0, 0, 1, 0)


def test_amount_of_the_order_itself_is_kept_beside_its_lines(take: Take) -> None:
    take("orders", "order,customer,date,amount\n1,A,2026-01-05,25.00\n", create_accounts=True, currency="EUR")
    take("order-lines", "order,sku,qty,unit price\n1,P1,2,10\n")
    assert Order.objects.get().amount == 25
    assert lines_of("1") == [("P1", TWO, TWENTY)]


def test_return_is_negative_also_beside_a_positive_amount(take: Take) -> None:
    take(
        "order-lines",
        "order,customer,date,sku,qty,line amount\n1,A,2026-01-05,P1,-1,5.00\n",
        create_accounts=True,
        currency="EUR",
    )
    assert Order.objects.get().amount == -5


def test_line_that_says_no_amount_is_rejected(take: Take) -> None:
    outcome = take(
        "order-lines", HEADER + "1,A,2026-01-05,P1,1,\n2,A,2026-01-05,P1,,1\n", create_accounts=True, currency="EUR"
    )
    assert reasons(outcome) == {2: "neither an amount nor a price", 3: "no quantity"}


def test_product_beyond_any_amount_is_rejected(take: Take) -> None:
    text = HEADER + "1,A,2026-01-05,P1,999999999999,999999999999\n2,A,2026-01-05,P1,1,1\n"
    outcome = take("order-lines", text, create_accounts=True, currency="EUR")
    assert (counts(outcome), "larger than any amount" in reasons(outcome)[2]) == ((1, 0, 0, 1), True)
