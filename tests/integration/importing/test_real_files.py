"""The real data sets: what the importer makes of them is what is known of them."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from accounts_app.importing.limits import FileRefusedError
from accounts_app.importing.plan import Told
from accounts_app.models import Account, Contact, Incident, Order, OrderLine
from tests.integration.importing.conftest import Take, counts

pytestmark = [pytest.mark.django_db, pytest.mark.data]

Truth = dict[str, tuple[str, date, Decimal]]


@pytest.fixture
def truth(test_data: Path) -> Truth:
    with (test_data / "messy" / "truth_orders.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["order_id"]: (
                row["customer_id"],
                date.fromisoformat(row["date"]),
                Decimal(row["amount"]).quantize(Decimal("0.01")),
            )
            for row in csv.DictReader(file)
        }


def stored() -> Truth:
    rows = Order.objects.values_list("number", "account__keys__key", "ordered_on", "amount")
    return {number: (key, day, amount) for number, key, day, amount in rows}


@pytest.mark.parametrize(
    ("name", "rejected"),
    [
        ("01_fr_cp1252_semicolon_decimalcomma.csv", 0),
        ("02_utf8_bom_comma_iso.csv", 0),
        ("03_excel_unicode_utf16_tab.txt", 0),
        ("04_us_mdy_ampm_currency_quoted.csv", 0),
        ("05_excel_serial_dates.csv", 0),
        ("06_report_preamble_subtotals_footer.csv", 24),
        ("08_mixed_date_formats.csv", 0),
        ("09_cr_only_line_ends.csv", 0),
    ],
)
def test_messy_file_gives_the_true_orders(take: Take, test_data: Path, truth: Truth, name: str, rejected: int) -> None:
    outcome = take("orders", test_data / "messy" / name, currency="USD", create_accounts=True)
    assert counts(outcome) == (855, 0, 0, rejected)
    assert stored() == truth


def test_messy_file_of_ambiguous_days_asks_and_then_gives_the_true_orders(
    take: Take, test_data: Path, truth: Truth
) -> None:
    path = test_data / "messy" / "07_ambiguous_dates_day_le_12.csv"
    with pytest.raises(FileRefusedError, match=r"--dates dmy.*1996-07-04 to 1998-05-06.*--dates mdy"):
        take("orders", path, currency="USD", create_accounts=True)
    assert not Order.objects.exists()
    take("orders", path, currency="USD", create_accounts=True, told=Told(dates="dmy"))
    found = stored()
    assert len(found) == 336
    assert found.items() <= truth.items()


def test_messy_file_with_destroyed_ids_loses_just_those(take: Take, test_data: Path, truth: Truth) -> None:
    outcome = take("orders", test_data / "messy" / "10_ids_mangled_by_excel.csv", currency="USD", create_accounts=True)
    assert counts(outcome) == (760, 0, 0, 95)
    assert all("original is lost" in reason.reason for reason in outcome.reasons)
    assert {number: row[1:] for number, row in stored().items()}.items() <= {
        number: row[1:] for number, row in truth.items()
    }.items()
    assert not Account.objects.filter(name__contains="E+").exists()


def test_northwind_comes_in_with_accounts_contacts_orders_and_lines(take: Take, test_data: Path, truth: Truth) -> None:
    folder = test_data / "northwind"
    assert counts(take("accounts", folder / "customers.csv")) == (91, 0, 0, 0)
    assert counts(take("contacts", folder / "customers.csv")) == (91, 0, 0, 0)
    assert counts(take("orders", folder / "orders.csv", currency="USD")) == (830, 0, 0, 0)
    assert counts(take("order-lines", folder / "order_details.csv")) == (0, 2155, 0, 0)
    assert Account.objects.filter(name="Blondesddsl père et fils", country="France").exists()
    assert Contact.objects.get(account__keys__key="ALFKI").name == "Maria Anders"
    assert stored() == {number: row for number, row in truth.items() if not number.startswith("C")}
    for kind, name in (
        ("accounts", "customers"),
        ("contacts", "customers"),
        ("orders", "orders"),
        ("order-lines", "order_details"),
    ):
        outcome = take(kind, folder / f"{name}.csv", currency="USD" if kind == "orders" else "")
        assert outcome.unchanged == outcome.rows, kind


@pytest.mark.timeout(400)
def test_online_retail_comes_in_once(take: Take, test_data: Path) -> None:
    path = test_data / "online-retail" / "lines.csv.gz"
    outcome = take("order-lines", path, feed="shop", currency="GBP", create_accounts=True)
    assert counts(outcome) == (406_829, 0, 0, 135_080)
    assert [(reason.reason, reason.rows) for reason in outcome.reasons] == [("no customer", 135_080)]
    assert (outcome.items["accounts_created"], outcome.items["created"], outcome.complete_to) == (
        4_372,
        22_190,
        date(2011, 12, 9),
    )
    assert OrderLine.objects.count() == 406_829
    assert Order.objects.filter(number__startswith="C", amount__gt=0).count() == 0
    assert Order.objects.filter(amount__lt=0).count() == 3_654
    assert Order.objects.aggregate(total=Sum("amount"))["total"] == OrderLine.objects.aggregate(total=Sum("amount"))[
        "total"
    ].quantize(Decimal("0.01"))
    assert Order.objects.get(number="536365").account.keys.get().key == "17850"
    assert counts(take("order-lines", path, feed="shop", currency="GBP", create_accounts=True)) == (
        0,
        0,
        406_829,
        135_080,
    )


@pytest.mark.timeout(400)
def test_log_of_states_becomes_incidents(take: Take, test_data: Path) -> None:
    path = test_data / "incidents" / "incident_event_log.csv.gz"
    outcome = take("incidents", path, feed="desk", columns={"account": "location"}, create_accounts=True)
    assert counts(outcome) == (141_636, 0, 0, 76)
    assert (outcome.items["created"], Incident.objects.filter(resolved_at=None).count()) == (24_912, 0)
    first = Incident.objects.get(number="0000045")
    assert (first.opened_at.isoformat(), first.resolved_at and first.resolved_at.isoformat()) == (
        "2016-02-29T01:16:00+00:00",
        "2016-02-29T11:29:00+00:00",
    )


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("accounts", "hubspot/integration_tests/seeds/company_data.csv"),
        ("accounts", "salesforce/integration_tests/seeds/sf_account_data.csv"),
        ("accounts", "zendesk/integration_tests/seeds/organization_data.csv"),
        ("incidents", "zendesk/integration_tests/seeds/ticket_data.csv"),
        ("contacts", "salesforce/integration_tests/seeds/sf_contact_data.csv"),
        ("orders", "salesforce/integration_tests/seeds/sf_order_data.csv"),
    ],
)
def test_export_of_a_crm_needs_no_mapping(take: Take, test_data: Path, kind: str, file: str) -> None:
    outcome = take(kind, test_data / "exports" / file, currency="USD", create_accounts=True)
    assert outcome.created > 0
    again = take(kind, test_data / "exports" / file, currency="USD")
    assert counts(again) == (0, 0, outcome.created, outcome.rejected)
