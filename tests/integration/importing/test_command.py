"""The command as people use it: its summary, its exit codes, its reject file."""

import csv
import gzip
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts_app.models import Account, Contact, Feed, ImportBatch, Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

GOOD = "order,customer,name,date,amount\n1,A,Acme,2026-01-05,10\n2,B,Best,2026-01-06,x\n"


def command(kind: str, path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("import_file", kind, str(path), "--feed", "erp", *options, stdout=out)
    return out.getvalue()


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_summary_accounts_for_every_row(tmp_path: Path) -> None:
    rejects = tmp_path / "bad.csv"
    said = command(
        "orders", written(tmp_path / "a.csv", GOOD), "--currency", "eur", "--create-accounts", "--rejects", str(rejects)
    )
    assert "2 rows of orders from feed erp" in said
    assert "1 created · 0 updated · 0 unchanged · 1 rejected" in said
    assert "customer = account" in said
    assert "“x” (first in line 3): not a number with a decimal point" in said
    assert str(rejects) in said


def test_json_says_the_same(tmp_path: Path) -> None:
    said = json.loads(
        command(
            "orders", written(tmp_path / "a.csv", GOOD), "--currency=EUR", "--create-accounts", "--dry-run", "--json"
        )
    )
    assert (said["rows"], said["created"], said["rejected"], said["dry_run"]) == (2, 1, 1, True)
    assert said["reasons"] == [
        {"column": "amount", "reason": "not a number with a decimal point", "rows": 1, "line": 3, "value": "x"}
    ]
    assert not Order.objects.exists()
    assert not (tmp_path / "a.csv.rejected.csv").exists()


def test_dry_run_shows_examples(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", GOOD.replace(",x", ",7"))
    command("orders", path, "--currency=EUR", "--create-accounts")
    written(path, GOOD.replace(",x", ",8") + "3,B,Best,2026-01-07,9\n")
    said = command("orders", path, "--currency=EUR", "--dry-run")
    assert "For example:\n  line 4, created: " in said
    assert "  line 2, updated: amount 10.00" not in said
    assert "  line 3, updated: amount 7.00 → 8.00, reporting_amount 7.00 → 8.00" in said
    examples = json.loads(command("orders", path, "--currency=EUR", "--dry-run", "--json"))["examples"]
    assert [(each["outcome"], each["key"]) for each in examples] == [("created", "3"), ("updated", "2")]
    assert "For example" not in command("orders", path, "--currency=EUR")


def test_column_can_be_set_aside(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", GOOD.replace(",x", ",7"))
    command("orders", path, "--currency=EUR", "--create-accounts", "--map", "=account_name", "--map", "=amount")
    assert list(Order.objects.order_by("number").values_list("account__name", "amount")) == [
        ("A", Decimal(0)),
        ("B", Decimal(0)),
    ]


def test_rejects_go_to_the_working_directory_unless_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    command("orders", written(tmp_path / "a.csv", GOOD), "--currency=EUR", "--create-accounts")
    with (tmp_path / "a.csv.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        [
            "order",
            "customer",
            "name",
            "date",
            "amount",
            "reject line",
            "reject column",
            "reject value",
            "reject reason",
        ],
        ["2", "B", "Best", "2026-01-06", "x", "3", "amount", "x", "not a number with a decimal point"],
    ]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_reject_file_once_mended_can_be_taken_in(tmp_path: Path) -> None:
    rejects = tmp_path / "bad.csv"
    options = ("--currency=EUR", "--create-accounts", "--rejects", str(rejects))
    command("orders", written(tmp_path / "a.csv", GOOD.replace("Best", "=Best & Co")), *options)
    written(rejects, rejects.read_text(encoding="utf-8").replace(",x,3", ",12.50,3"))
    command("orders", rejects, *options)
    assert dict(Order.objects.values_list("number", "amount")) == {"1": 10, "2": 12.5}
    assert set(Account.objects.values_list("name", flat=True)) == {"Acme", "=Best & Co"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_reject_file_holds_no_formula(tmp_path: Path, start: str) -> None:
    rejects, cell = tmp_path / "bad.csv", f'{start}HYPERLINK("http://x.test")'
    rows = io.StringIO()
    csv.writer(rows).writerows([["order", "customer", "date", "amount", cell], ["1", cell, "2026-01-05", "-12.5x", ""]])
    command("orders", written(tmp_path / "a.csv", rows.getvalue()), "--currency=EUR", "--rejects", str(rejects))
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        cells = [each for row in csv.reader(file) for each in row]
    assert not [each for each in cells if each.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_negative_number_in_the_reject_file_stays_a_number(tmp_path: Path) -> None:
    rejects = tmp_path / "bad.csv"
    path = written(tmp_path / "a.csv", "order,customer,date,amount\n1,A,2026-01-05,-12.5\n")
    command("orders", path, "--currency=EUR", "--rejects", str(rejects))
    assert ",-12.5," in rejects.read_text(encoding="utf-8")


def test_column_told_by_map(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "order;who;Tag=Datum;amount\n1;A;2026-01-05;10\n")
    command(
        "orders", path, "--currency=EUR", "--create-accounts", "--map", "who=account", "--map", "Tag=Datum=ordered-on"
    )
    assert Order.objects.get().account.name == "A"
    with pytest.raises(CommandError, match="COLUMN=FIELD"):
        command("orders", path, "--map", "who")


def test_unwritable_place_for_rejects_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--rejects"):
        command(
            "orders",
            written(tmp_path / "a.csv", GOOD),
            "--currency=EUR",
            "--create-accounts",
            "--rejects",
            str(tmp_path / "no" / "b.csv"),
        )
    assert not Order.objects.exists()


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(30_000_000))
    return packed.getvalue()


HOSTILE: dict[str, Any] = {
    "empty": b"",
    "blank": b"\xef\xbb\xbf\r\n\r\n",
    "header only": b"order,customer,date,amount\n",
    "one column": b"order\n1\n2\n",
    "another kind": b"id,colour\n1,red\n",
    "ten thousand columns": (
        ",".join(["order", "customer", "date", *(f"c{n}" for n in range(10_000))]) + "\n1,A,2026-01-05\n"
    ).encode(),
    "cell of ten megabytes": b"order,customer,date\n1," + b"x" * 10_000_000 + b",2026-01-05\n",
    "unclosed quote": b'order,customer,date,amount\n1,"A,2026-01-05,1\n2,B,2026-01-06,2\n',
    "nul bytes": b"order,customer,date,amount\n1,A\0,2026-01-05,1\n",
    "a PDF named csv": b"%PDF-1.7\n1 0 obj\n",
    "torn gzip": gzip.compress(GOOD.encode() * 500)[:-30],
    "gzip bomb": gzip.compress(b"order,customer,date\n" + b"1,A,2026-01-05\n" * 1_000_000),
    "zip bomb": bomb(),
    "ambiguous days": b"order,customer,date,amount\n1,A,04/07/2025,1\n",
    "page of a log-in": b"<!DOCTYPE html><html><body>Log in</body></html>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_gets_a_clear_answer_and_writes_nothing(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "a.csv", HOSTILE[name])
    with pytest.raises(CommandError) as refusal:
        command("orders", path, "--currency=EUR", "--create-accounts")
    assert 20 < len(str(refusal.value)) < 2000
    assert "Traceback" not in str(refusal.value)
    with pytest.raises(SystemExit) as ending:
        command("orders", path, "--currency=EUR", "--create-accounts", "--json")
    assert ending.value.code == 1
    for model in (Order, Account, ImportBatch):
        assert not model.objects.exists()
    assert not Feed.objects.filter(name="erp").exists()


def test_workbook_is_taken_in(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row("A1", ["Order", "Customer", "Date", "Amount"])
        sheet.write_row("A2", [10248, 92015131916])
        sheet.write("C2", 45_000, day)
        sheet.write("D2", 1234.5)
    command("orders", path, "--currency=EUR", "--create-accounts")
    order = Order.objects.get()
    assert (order.number, order.account.name, order.ordered_on.isoformat(), order.amount) == (
        "10248",
        "92015131916",
        "2023-03-15",
        Decimal("1234.50"),
    )


def test_contact_text_that_looks_like_markup_or_sql_is_only_text(tmp_path: Path) -> None:
    nasty = "Robert'); DROP TABLE accounts_app_contact;-- %s {0} \\N <b>\\t"
    path = written(tmp_path / "a.csv", f'customer id,name,phone\nA,"{nasty}",+49 1\n')
    command("contacts", path, "--create-accounts")
    contact = Contact.objects.get()
    assert (contact.name, contact.phone) == (nasty, "+49 1")
