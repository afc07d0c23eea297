"""What a person sees of a file before it is taken in, and while it is."""

from pathlib import Path

import pytest
import xlsxwriter

from accounts_app.importing.limits import FileRefusedError
from accounts_app.importing.plan import Told
from accounts_app.importing.preview import preview
from accounts_app.models import ImportBatch, Order
from tests.integration.importing.conftest import Take, counts

pytestmark = pytest.mark.django_db

ORDERS = (
    "Beleg;Kunde;Firma;Bestelldatum;Betrag;Farbe\n1;A;Acme;03.02.2026;1.250,50;rot\n2;B;Best;04.02.2026;20,00;blau\n"
)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_come_with_examples_and_the_field_they_were_taken_for(tmp_path: Path) -> None:
    seen = preview(written(tmp_path, ORDERS), "orders", "erp", columns={"number": "Beleg"})
    assert [(each.header, each.field) for each in seen.columns] == [
        ("Beleg", "number"),
        ("Kunde", "account"),
        ("Firma", "account_name"),
        ("Bestelldatum", "ordered_on"),
        ("Betrag", "amount"),
        ("Farbe", ""),
    ]
    assert seen.columns[5].examples == ("rot", "blau")
    assert (seen.rows, seen.questions) == (2, ())
    assert seen.form == {"encoding": "utf-8", "delimiter": "semicolon", "dates": "day first", "decimal": "comma"}


def test_everything_that_must_be_settled_is_asked_at_once(tmp_path: Path) -> None:
    text = 'number,colour,date,amount\n1,red,03/02/2026,"1,250"\n2,blue,04/05/2026,"2,500"\n'
    seen = preview(written(tmp_path, text), "orders", "erp")
    assert [(each.answer, each.fields) for each in seen.questions] == [
        ("columns", ("account",)),
        ("dates", ("ordered_on",)),
        ("decimal", ("amount",)),
    ]
    assert seen.questions[1].choices == (
        ("dmy", "day first: 2026-02-03 to 2026-05-04"),
        ("mdy", "month first: 2026-03-02 to 2026-04-05"),
    )
    settled = preview(
        written(tmp_path, text), "orders", "erp", columns={"account": "colour"}, told=Told(dates="mdy", decimal=".")
    )
    assert settled.questions == ()
    assert settled.form["dates"] == "month first"


def test_column_set_aside_is_not_guessed_again(tmp_path: Path, take: Take) -> None:
    path = written(tmp_path, ORDERS)
    told = {"number": "Beleg", "account": "Kunde", "account_name": ""}
    seen = preview(path, "orders", "erp", columns=told)
    assert [each.field for each in seen.columns] == ["number", "account", "", "ordered_on", "amount", ""]
    take("orders", path, columns=told, create_accounts=True, currency="EUR")
    assert Order.objects.get(number="1").account.name == "A"


def test_a_feed_keeps_its_columns_and_forms(tmp_path: Path, take: Take) -> None:
    text = "n,who,date,amount\n1,A,03/02/2026,12.50\n"
    path = written(tmp_path, text)
    said = {"number": "n", "account": "who"}
    take("orders", path, columns=said, told=Told(dates="mdy"), create_accounts=True, currency="EUR")
    seen = preview(path, "orders", "erp")
    assert seen.questions == ()
    assert (seen.remembered["map"], seen.remembered["currency"], seen.form["dates"]) == (said, "EUR", "month first")
    assert preview(path, "orders", "other").questions


def test_sheets_to_choose_from_are_a_question(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("Old", "New"):
            book.add_worksheet(name).write_row(0, 0, ["number", "customer", "date"])
            book.get_worksheet_by_name(name).write_row(1, 0, ["1", "A", "2026-02-03"])
    question = preview(path, "orders", "erp").questions[0]
    assert (question.answer, question.choices) == ("sheet", (("Old", "Old"), ("New", "New")))
    assert preview(path, "orders", "erp", sheet="New").form == {"sheet": "New"}


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="web page"):
        preview(written(tmp_path, "<html><body>"), "orders", "erp")


def test_dry_run_shows_what_would_be_created_and_changed(take: Take) -> None:
    text = "order,customer,name,date,amount,currency\n1,A,Acme,2026-01-05,100.50,EUR\n2,B,Best,2026-02-05,20,EUR\n"
    take("orders", text, create_accounts=True)
    changed = text.replace("100.50", "90") + "3,A,Acme,2026-03-01,5,EUR\n"
    outcome = take("orders", changed, dry_run=True)
    assert counts(outcome) == (1, 1, 1, 0)
    created, updated = outcome.examples
    assert (created.outcome, created.line, created.key, created.before) == ("created", 4, "3", {})
    assert (created.after["account"], created.after["amount"]) == ("Acme", "5.00")
    assert (updated.line, updated.before["amount"], updated.after["amount"]) == (2, "100.50", "90.00")
    assert "account" not in updated.after
    assert Order.objects.count() == 2


def test_examples_are_few(take: Take) -> None:
    rows = "".join(f"{number},A,2026-01-05,1,EUR\n" for number in range(50))
    outcome = take("orders", "order,customer,date,amount,currency\n" + rows, create_accounts=True)
    assert [example.line for example in outcome.examples] == [2, 3, 4, 5, 6]


def many() -> str:
    rows = "".join(f"{number},A,2026-01-05,1,EUR\n" for number in range(25_000))
    return "order,customer,date,amount,currency\n" + rows


def test_progress_is_told_by_phase(take: Take) -> None:
    told: list[tuple[str, int, int]] = []
    take("orders", many(), create_accounts=True, on_progress=lambda *each: told.append(each))
    assert list(dict.fromkeys(told)) == [
        ("reading", 0, 0),
        ("reading", 9_600, 0),
        ("reading", 19_200, 0),
        ("checking", 0, 25_000),
        ("checking", 9_600, 25_000),
        ("checking", 19_200, 25_000),
        ("writing", 25_000, 25_000),
    ]


class StoppedError(Exception):
    pass


@pytest.mark.parametrize("phase", ["reading", "checking", "writing"])
def test_import_that_is_stopped_leaves_nothing(take: Take, tmp_path: Path, phase: str) -> None:
    def stop(at: str, done: int, rows: int) -> None:
        if at == phase and (done or phase == "reading"):
            assert ImportBatch.objects.filter(finished_at=None).count() == (phase != "reading")  # it may query
            raise StoppedError

    with pytest.raises(StoppedError):
        take("orders", many(), create_accounts=True, on_progress=stop)
    assert not ImportBatch.objects.exists()
    assert not Order.objects.exists()
    assert list(tmp_path.glob("rejects*")) == []
