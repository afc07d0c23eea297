"""Files of orders: what is created, changed, left and refused, and from when it is known."""

from datetime import date
from decimal import Decimal

import pytest

from accounts_app.importing.limits import FileRefusedError
from accounts_app.models import (
    Account,
    AccountKey,
    AccountMark,
    Company,
    ExchangeRate,
    Feed,
    FeedKind,
    ImportBatch,
    ImportChange,
    Order,
)
from tests.integration.importing.conftest import Take, counts, reasons

pytestmark = pytest.mark.django_db

ORDERS = "order,customer,name,date,amount,currency\n1,A,Acme,2026-01-05,100.50,EUR\n2,B,Best,2026-02-05,-20,EUR\n"


def test_same_file_twice_changes_nothing(take: Take) -> None:
    assert counts(take("orders", ORDERS, create_accounts=True)) == (2, 0, 0, 0)
    AccountMark.objects.all().delete()
    assert counts(take("orders", ORDERS)) == (0, 0, 2, 0)
    assert not AccountMark.objects.exists()
    assert not ImportChange.objects.exists()
    assert list(Order.objects.order_by("number").values_list("number", "ordered_on", "amount", "account__name")) == [
        ("1", date(2026, 1, 5), Decimal("100.50"), "Acme"),
        ("2", date(2026, 2, 5), Decimal("-20.00"), "Best"),
    ]


def test_changed_row_is_updated_and_its_earlier_values_are_kept(take: Take) -> None:
    take("orders", ORDERS, create_accounts=True)
    AccountMark.objects.all().delete()
    outcome = take("orders", ORDERS.replace("100.50", "90").replace("2026-01-05", "2026-01-06"))
    assert counts(outcome) == (0, 1, 1, 0)
    order = Order.objects.get(number="1")
    assert (order.amount, order.reporting_amount, order.ordered_on, order.batch_id) == (
        Decimal(90),
        Decimal(90),
        date(2026, 1, 6),
        outcome.batch,
    )
    change = ImportChange.objects.get(batch=outcome.batch)
    assert (change.model, change.object_id) == ("accounts_app.order", order.pk)
    assert change.before == {
        "account_id": order.account_id,
        "ordered_on": "2026-01-05",
        "currency": "EUR",
        "amount": 100.5,
        "reporting_amount": 100.5,
    }
    assert list(AccountMark.objects.values_list("account__name", flat=True)) == ["Acme"]


def test_order_that_moves_marks_both_accounts(take: Take) -> None:
    take("orders", ORDERS, create_accounts=True)
    AccountMark.objects.all().delete()
    take("orders", ORDERS.replace("1,A,Acme", "1,B,Best"))
    assert set(AccountMark.objects.values_list("account__name", flat=True)) == {"Acme", "Best"}


def test_unknown_customer_is_rejected_by_its_key(take: Take) -> None:
    outcome = take("orders", ORDERS)
    assert counts(outcome) == (0, 0, 0, 2)
    assert "no account has the key A in feed erp" in reasons(outcome)[2]
    assert not Account.objects.exists()


def test_created_account_has_the_name_of_the_row_and_the_lowest_tier(take: Take) -> None:
    outcome = take("orders", "order,customer,date,amount\n1,A,2026-01-05,1\n", create_accounts=True, currency="EUR")
    account = Account.objects.get()
    assert (account.name, account.tier.key, account.owner, outcome.items["accounts_created"]) == ("A", "other", None, 1)
    assert (AccountKey.objects.get().feed.name, AccountKey.objects.get().key) == ("erp", "A")


def test_account_is_not_created_for_a_row_that_is_rejected(take: Take) -> None:
    text = "order,customer,date,amount,currency\n1,A,2026-01-05,1,USD\n2,B,2026-01-05,1,EUR\n3,B,2026-01-05,1,EUR\n"
    outcome = take("orders", text, create_accounts=True)
    assert reasons(outcome) == {2: "no rate from USD to EUR on 2026-01-05"}
    assert list(Account.objects.values_list("name", flat=True)) == ["B"]


def test_accounts_named_by_another_feeds_keys(take: Take) -> None:
    take("accounts", "customer id,name\nA,Acme\nB,Best\n", feed="crm")
    assert counts(take("orders", ORDERS, accounts_from="crm")) == (2, 0, 0, 0)
    assert Account.objects.count() == 2
    with pytest.raises(FileRefusedError, match="no feed nowhere"):
        take("orders", ORDERS, accounts_from="nowhere")


def test_same_key_in_another_feed_is_another_account(take: Take) -> None:
    take("orders", ORDERS, create_accounts=True)
    assert counts(take("orders", ORDERS, feed="shop")) == (0, 0, 0, 2)


def test_currency_comes_from_row_then_option_then_feed(take: Take) -> None:
    text = "order,customer,date,amount,currency\n1,A,2026-01-05,1,EUR\n2,A,2026-01-05,1,\n"
    outcome = take("orders", text, create_accounts=True)
    assert reasons(outcome) == {3: "no currency: the row, --currency and the feed name none"}
    Feed.objects.filter(name="erp").update(currency="EUR")
    assert counts(take("orders", text)) == (1, 0, 1, 0)
    ExchangeRate.objects.create(currency="CHF", valid_on=date(2026, 1, 1), rate=Decimal("1.05"))
    take("orders", text.replace("2,A", "3,A"), currency="CHF")
    assert dict(Order.objects.values_list("number", "currency")) == {"1": "EUR", "2": "EUR", "3": "CHF"}


def test_first_orders_name_the_companys_currency(take: Take) -> None:
    outcome = take("orders", ORDERS, create_accounts=True)
    assert Company.the().currency == "EUR"
    assert any("EUR" in note for note in outcome.notes)
    assert not any("currency" in note for note in take("orders", ORDERS).notes)


def test_reporting_amount_is_fixed_at_the_rate_of_its_day(take: Take) -> None:
    Company.objects.update(currency="EUR")
    for day, rate in ((1, "0.90"), (20, "0.80")):
        ExchangeRate.objects.create(currency="USD", valid_on=date(2026, 1, day), rate=Decimal(rate))
    text = "order,customer,date,amount\n1,A,2026-01-19,10\n2,A,2026-01-20,10\n3,A,2025-12-31,10\n"
    outcome = take("orders", text, currency="USD", create_accounts=True)
    assert dict(Order.objects.values_list("number", "reporting_amount")) == {"1": Decimal("9.00"), "2": Decimal("8.00")}
    assert reasons(outcome) == {4: "no rate from USD to EUR on 2025-12-31"}
    ExchangeRate.objects.update(rate=Decimal("0.5"))
    assert counts(take("orders", text, currency="USD")) == (0, 0, 2, 1)
    assert Order.objects.get(number="1").reporting_amount == Decimal("9.00")


def test_first_file_of_a_feed_is_history_and_the_next_is_news(take: Take) -> None:
    assert take("orders", ORDERS, create_accounts=True).history
    later = take("orders", ORDERS.replace("1,A", "3,A").replace("2,B", "4,B"))
    assert not later.history
    assert dict(Order.objects.values_list("number", "known_on")) == {
        "1": date(2026, 1, 5),
        "2": date(2026, 2, 5),
        "3": date(2026, 3, 10),
        "4": date(2026, 3, 10),
    }
    assert set(Account.objects.values_list("known_on", flat=True)) == {date(1900, 1, 1)}


def test_file_that_brought_nothing_does_not_end_history(take: Take) -> None:
    take("orders", ORDERS)
    assert take("orders", ORDERS, create_accounts=True).history


def test_history_can_be_said_and_denied(take: Take) -> None:
    take("orders", ORDERS, create_accounts=True, history=False)
    assert set(Order.objects.values_list("known_on", flat=True)) == {date(2026, 3, 10)}
    take("orders", ORDERS.replace("1,A", "3,A"), history=True)
    assert Order.objects.get(number="3").known_on == date(2026, 1, 5)


def test_update_keeps_the_day_from_which_the_order_was_known(take: Take) -> None:
    take("orders", ORDERS, create_accounts=True)
    take("orders", ORDERS.replace("100.50", "90"))
    assert Order.objects.get(number="1").known_on == date(2026, 1, 5)


def test_feed_is_complete_to_the_latest_day_and_never_goes_back(take: Take) -> None:
    assert take("orders", ORDERS, create_accounts=True).complete_to == date(2026, 2, 5)
    take("orders", "order,customer,date,amount,currency\n9,A,2026-01-01,1,EUR\n")
    progress = FeedKind.objects.get(feed__name="erp", source="orders")
    assert (progress.complete_to, progress.expected_days) == (date(2026, 2, 5), 7)


def test_day_after_today_is_taken_and_completes_only_to_today(take: Take) -> None:
    text = "order,customer,date,amount,currency\n1,A,2026-03-11,1,EUR\n2,A,2026-03-12,1,EUR\n"
    outcome = take("orders", text, create_accounts=True)
    assert reasons(outcome) == {3: "2026-03-12 lies in the future"}
    assert outcome.complete_to == date(2026, 3, 10)


def test_dry_run_counts_and_writes_nothing(take: Take) -> None:
    outcome = take("orders", ORDERS, create_accounts=True, dry_run=True)
    assert (counts(outcome), outcome.dry_run, outcome.batch) == ((2, 0, 0, 0), True, None)
    for model in (Order, Account, ImportBatch, AccountMark, FeedKind, AccountKey):
        assert not model.objects.exists(), model
    assert Company.the().currency == ""
    assert not Feed.objects.filter(name="erp").exists()


def test_order_named_twice_with_other_values_is_rejected_as_lines(take: Take) -> None:
    text = (
        "order,customer,date,amount,currency\n"
        "1,A,2026-01-05,1,EUR\n1,A,2026-01-05,2,EUR\n2,A,2026-01-05,3,EUR\n2,A,2026-01-05,3,EUR\n"
    )
    outcome = take("orders", text, create_accounts=True)
    assert counts(outcome) == (2, 0, 0, 2)
    assert "order-lines" in reasons(outcome)[2]
    assert list(Order.objects.values_list("number", flat=True)) == ["2"]


def test_batch_records_the_file(take: Take) -> None:
    take("orders", ORDERS, create_accounts=True, currency="EUR")
    batch = ImportBatch.objects.get()
    assert (batch.kind, batch.feed.name, batch.file_name, batch.rows, batch.created) == (
        "orders",
        "erp",
        "orders.csv",
        2,
        2,
    )
    assert batch.options == {"create_accounts": True, "currency": "EUR", "history": True}
    assert len(batch.sha256) == 64
    assert batch.finished_at is not None


@pytest.mark.parametrize("feed", ["vigil", "no spaces", "", "x" * 61])
def test_feed_must_have_a_name_of_its_own(take: Take, feed: str) -> None:
    with pytest.raises(FileRefusedError):
        take("orders", ORDERS, feed=feed)
