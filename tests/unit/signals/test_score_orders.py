import datetime as dt
import gzip
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from signals.compute.score_table import COLUMNS_OUT, score_table

ROOT = Path(__file__).resolve().parents[3]
WEEKLY = [str(day.date()) for day in pd.date_range("2018-01-01", "2018-06-25", freq="7D")]
LINES = [
    *(f"Ärø,{day},100.00" for day in WEEKLY[:20]),  # late: last on 14 May
    *(f"B2,{day},50.5" for day in WEEKLY),
    "New,2018-06-01,10",
    "Later,2018-09-01,10",
    "Returned,2018-03-01,10",
    "Returned,2018-03-09,-10",
]
TABLE = "\n".join(["Customer ID,Order date,Net amount", *LINES]) + "\n"


def scored(folder: Path, text: str = TABLE, *arguments: str, out: str = "scores.csv") -> pd.DataFrame:
    file = folder / "orders.csv"
    file.write_text(text, encoding="utf-8")
    call_command(
        "score_orders",
        str(file),
        *(arguments or ("--as-of", "2018-06-30")),
        "--out",
        str(folder / out),
        stdout=StringIO(),
    )
    return pd.read_csv(folder / out, keep_default_na=False, dtype=str)


def refused(folder: Path, text: str, *arguments: str) -> str:
    with pytest.raises(CommandError) as error:
        scored(folder, text, *arguments)
    assert not list(folder.glob("*scores*"))
    return str(error.value)


def test_one_row_for_each_customer_and_day(tmp_path: Path) -> None:
    found = scored(tmp_path, TABLE, "--as-of", "2018-06-30", "--as-of", "2018-05-15")
    assert tuple(found.columns) == COLUMNS_OUT
    assert found["as_of"].tolist() == ["2018-05-15"] * 5 + ["2018-06-30"] * 5
    assert found["customer"].tolist() == ["B2", "Later", "New", "Returned", "Ärø"] * 2
    assert found["status"].tolist()[5:] == ["ok", "no_data", "insufficient_history", "no_data", "ok"]
    assert found["status"].tolist()[:5] == ["ok", "no_data", "no_data", "no_data", "ok"]


def test_figures_of_a_late_customer(tmp_path: Path) -> None:
    late = scored(tmp_path).set_index("customer").loc["Ärø"]
    assert late["level"] == late["p_no_order"]
    assert 0.8 < float(str(late["level"])) <= 1
    assert (late["elapsed_days"], late["usual_gap_days"], late["horizon_days"]) == ("47", "7.0", "30")
    assert late["expected_next"] > "2018-06-30"
    assert late["sentence"].startswith("Last order 47 days ago. Usual gap 7 days (middle half 7, 19 gaps).")


def test_unknown_customers_have_no_level_but_chances_of_the_portfolio(tmp_path: Path) -> None:
    found = scored(tmp_path).set_index("customer")
    assert (found.loc["New", "level"], found.loc["Later", "p_no_order"]) == ("", "")
    assert 0 < float(str(found.loc["New", "p_no_order"])) < 1
    assert found.loc["New", "sentence"] == "Last order 29 days ago; 1 order day known, 5 needed for a rhythm."


def test_rows_after_the_day_change_nothing(tmp_path: Path) -> None:
    whole = scored(tmp_path)
    kept = [line for line in LINES if line.split(",")[1] <= "2018-06-30"]
    part = scored(tmp_path, "\n".join(["Customer ID,Order date,Net amount", *kept]) + "\n")
    pd.testing.assert_frame_equal(part, whole[whole["customer"] != "Later"].reset_index(drop=True))


def test_horizon_is_taken_for_all(tmp_path: Path) -> None:
    found = scored(tmp_path, TABLE, "--as-of", "2018-06-30", "--horizon", "90")
    assert set(found["horizon_days"]) == {"90", ""}


def test_other_forms_of_the_same_table_give_the_same_scores(tmp_path: Path) -> None:
    whole = scored(tmp_path)
    german = "\n".join(
        ["Kundennummer;Bestelldatum;Betrag"]
        + [
            ";".join((who, dt.date.fromisoformat(day).strftime("%d.%m.%Y"), amount.replace(".", ",")))
            for who, day, amount in (line.split(",") for line in LINES)
        ]
    )
    (tmp_path / "german.csv.gz").write_bytes(gzip.compress(german.encode("cp1252")))
    out = tmp_path / "german.scores.csv.gz"
    call_command(
        "score_orders", str(tmp_path / "german.csv.gz"), "--as-of", "2018-06-30", "--out", str(out), stdout=StringIO()
    )
    pd.testing.assert_frame_equal(pd.read_csv(out, keep_default_na=False, dtype=str), whole)


def test_columns_can_be_named(tmp_path: Path) -> None:
    odd = TABLE.replace("Customer ID,Order date,Net amount", "who,when,much")
    assert "No column was found" in refused(tmp_path, odd)
    names = [part for pair in ("who=customer", "when=ordered_on", "much=amount") for part in ("--map", pair)]
    assert len(scored(tmp_path, odd, "--as-of", "2018-06-30", *names)) == 5


def test_rows_that_cannot_be_read_are_counted_with_their_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = scored(tmp_path, TABLE + "B2,2018-02-30,10\nB2,2018-03-01,\nB2,2018-03-02,\n")
    assert len(found) == 5
    told = capsys.readouterr().err
    assert "3 of 53 rows left out" in told
    assert "2 × Net amount (first in line 53): no amount" in told
    assert "1 × Order date (first in line 52): no such day" in told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("Customer ID,Order date,Net amount\n", "no rows"),
        ("Customer ID,Order date\nA,2018-01-01\n", "amount"),
        ("Customer ID,Order date,Net amount\nA,2018-02-30,5\n", "Line 2, Order date: no such day."),
        ("Customer ID,Order date,Net amount\nA,04/07/2018,5\nA,05/07/2018,5\n", "--dates"),
    ],
    ids=["empty", "header_only", "no_amount", "no_row_readable", "ambiguous_dates"],
)
def test_bad_file_is_refused_and_nothing_written(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--as-of", "30.6.2018"), "30.6.2018 is no day"),
        (("--as-of", "2018-06-30", "--horizon", "0"), "0 is no horizon"),
        (("--as-of", "2018-06-30", "--map", "who=owner"), "write COLUMN=FIELD"),
        ((), "--as-of"),
    ],
)
def test_bad_arguments_are_refused(tmp_path: Path, arguments: tuple[str, ...], reason: str) -> None:
    assert reason in refused(tmp_path, TABLE, *(arguments or ("--horizon", "30")))


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        call_command(
            "score_orders", str(tmp_path / "nowhere.csv"), "--as-of", "2018-06-30", "--out", str(tmp_path / "s.csv")
        )
    with pytest.raises(CommandError, match="no folder"):
        call_command("score_orders", str(tmp_path), "--as-of", "2018-06-30", "--out", str(tmp_path / "none" / "s.csv"))


def test_earlier_scores_stay_where_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("earlier")
    with pytest.raises(CommandError):
        scored(tmp_path, "Customer ID,Order date\nA,2018-01-01\n")
    assert (tmp_path / "scores.csv").read_text() == "earlier"


def test_key_that_looks_like_a_formula_is_marked(tmp_path: Path) -> None:
    found = scored(tmp_path, TABLE + "=1+1,2018-03-01,5\n")
    assert "'=1+1" in set(found["customer"])


def test_command_runs_without_database_and_servers(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(TABLE, encoding="utf-8")
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    done = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "score_orders",
            str(tmp_path / "orders.csv"),
            "--as-of",
            "2018-06-30",
            "--out",
            str(tmp_path / "s.csv"),
        ],
        cwd=ROOT,
        env={**os.environ, **nowhere, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 rows (1 insufficient_history, 2 no_data, 2 ok)" in done.stdout
    assert len(pd.read_csv(tmp_path / "s.csv")) == 5


def test_days_are_scored_one_after_the_other() -> None:
    orders = pd.DataFrame({"customer": "A", "day": pd.to_datetime(WEEKLY).astype("datetime64[s]"), "amount": 1.0})
    parts = iter(score_table(orders, [dt.date(2018, 5, 1), dt.date(2018, 6, 1)]))
    assert next(parts)["as_of"].tolist() == ["2018-05-01"]
    assert next(parts)["as_of"].tolist() == ["2018-06-01"]
