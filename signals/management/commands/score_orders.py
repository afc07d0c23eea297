"""Score the order rhythm of a bare table; no database and no server is needed."""

import datetime as dt
import os
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.importing.day_order import ORDERS
from accounts_app.importing.limits import FileRefusedError
from accounts_app.importing.plan import Told
from accounts_app.importing.rejects import safe_cell
from signals.compute.score_table import score_table
from signals.order_table import OrderTable, read_orders

SHOWN_REASONS = 10
# The importer's names too: its messages use them.
FIELDS = {
    "customer": "account",
    "date": "ordered_on",
    "amount": "amount",
    "account": "account",
    "ordered_on": "ordered_on",
}


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day; write it as 2018-06-30") from None


def _horizon(text: str) -> float:
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise ArgumentTypeError(f"{text} is no horizon; write a whole number of days from 1 to 3650")
    return float(text)


class Command(BaseCommand):
    help = (
        "Score the order rhythm of every customer in a table of orders (customer, date, amount): CSV in any common "
        "form, packed by gzip or not, or XLSX. Needs no database."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as-of",
            type=_day,
            action="append",
            required=True,
            metavar="DATE",
            help="the day to score for, such as 2018-06-30; rows after it do not count; may be given several times",
        )
        parser.add_argument(
            "--horizon",
            type=_horizon,
            metavar="DAYS",
            help="horizon of p_no_order; else three usual gaps of each customer",
        )
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="CSV to write; .gz packs it")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="which column is customer, date or amount",
        )
        parser.add_argument("--dates", choices=ORDERS, help="how dates such as 04/07/1996 are read")
        parser.add_argument("--decimal", choices=("point", "comma"), help="how numbers such as 1,234 are read")
        parser.add_argument("--encoding", help="of a text file, where the guess is wrong")

    def handle(self, *_args: Any, **options: Any) -> None:
        as_of_days = sorted(set(options["as_of"]))
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(_("There is no folder %(folder)s to write to.") % {"folder": out.parent})
        table = self._read(options, as_of_days)
        self._report_left_out(options["file"], table)
        counts = _write(out, score_table(table.orders, as_of_days, options["horizon"]))
        self._report(out, counts)

    def _read(self, options: dict[str, Any], as_of_days: list[dt.date]) -> OrderTable:
        decimal = {"point": ".", "comma": ",", None: None}[options["decimal"]]
        told = Told(dates=options["dates"], decimal=decimal)  # type: ignore[arg-type]  # argparse has checked both
        latest = max(timezone.localdate(), *as_of_days)
        try:
            return read_orders(
                options["file"], told, _columns(options["map"]), latest=latest, encoding=options["encoding"]
            )
        except FileRefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error

    def _report_left_out(self, file: Path, table: OrderTable) -> None:
        left_out = sum(reason.rows for reason in table.reasons)
        if left_out:
            self.stderr.write(
                _("%(file)s: %(left_out)s of %(rows)s rows left out:")
                % {"file": file.name, "left_out": f"{left_out:,}", "rows": f"{left_out + len(table.orders):,}"}
            )
        for reason in table.reasons[:SHOWN_REASONS]:
            self.stderr.write(f"  {reason.rows:,} × {reason.column} (first in line {reason.line:,}): {reason.reason}")

    def _report(self, out: Path, counts: "pd.Series[int]") -> None:
        states = ", ".join(f"{count:,} {status}" for status, count in counts.items())
        self.stdout.write(
            _("%(out)s: %(rows)s rows (%(states)s)") % {"out": out, "rows": f"{counts.sum():,}", "states": states}
        )


def _columns(pairs: list[str]) -> dict[str, str]:
    """Return the header of each field named by --map."""
    columns = {}
    for pair in pairs:
        header, equals, name = pair.rpartition("=")
        if not equals or not header.strip() or name.strip() not in FIELDS:
            raise CommandError(
                _("--map %(pair)s: write COLUMN=FIELD, FIELD being customer, date or amount.") % {"pair": pair}
            )
        columns[FIELDS[name.strip()]] = header.strip()
    return columns


def _write(out: Path, parts: Iterable[pd.DataFrame]) -> "pd.Series[int]":
    """Write the scores beside their place and move them there when all are written; return rows by status."""
    unfinished = out.with_name(f".{out.name}.part")
    counts = []
    try:
        for number, part in enumerate(parts):
            _printed(part).to_csv(
                unfinished,
                mode="a" if number else "w",
                header=not number,
                index=False,
                compression="gzip" if out.suffix == ".gz" else None,
            )
            counts.append(part["status"].value_counts())
        os.replace(unfinished, out)  # noqa: PTH105 - as the importer does
    except OSError as error:
        raise CommandError(f"{out}: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return pd.concat(counts).groupby(level=0).sum()


def _printed(scores: pd.DataFrame) -> pd.DataFrame:
    """Round to what the figures can bear, and keep spreadsheets from taking a key for a formula."""
    chances = {name: scores[name].astype(float).round(6) for name in ("level", "p_no_order", "p_stopped", "p_slowed")}
    days = {name: scores[name].astype("Int64") for name in ("horizon_days", "elapsed_days")}
    return scores.assign(
        **chances,
        **days,
        usual_gap_days=scores["usual_gap_days"].astype(float).round(1),
        regularity=scores["regularity"].astype(float).round(2),
        customer=[safe_cell(customer) for customer in scores["customer"]],
    )
