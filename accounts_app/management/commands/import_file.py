"""Take a file of facts in."""

import json
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from accounts_app.importing.day_order import ORDERS
from accounts_app.importing.limits import FileRefusedError
from accounts_app.importing.load import import_file
from accounts_app.importing.plan import Told
from accounts_app.importing.request import Outcome, Request
from accounts_app.importing.schema import KINDS, kind_named
from accounts_app.importing.values import UnreadableError, read_currency

_SHOWN_REASONS = 10
_SHOWN_LENGTH = 100
_SHOWN_EXAMPLE = 160


class Command(BaseCommand):
    help = "Take a file of facts in: CSV (any common encoding, delimiter, number and date form; gzip too) or XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[kind.name for kind in KINDS])
        parser.add_argument("file", type=Path)
        parser.add_argument("--feed", required=True, help="name of the source, such as erp")
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD", help="which field a column is; =FIELD: none"
        )
        parser.add_argument(
            "--accounts-from", default="", metavar="FEED", help="rows name accounts by the keys of this feed"
        )
        parser.add_argument("--currency", default="", help="of rows that name none, such as EUR")
        parser.add_argument(
            "--history",
            action=BooleanOptionalAction,
            default=None,
            help="things were known on the day they happened (default for a feed's first file of a kind)",
        )
        parser.add_argument("--create-accounts", action="store_true", help="make an account of every unknown key")
        parser.add_argument("--dates", choices=ORDERS, help="how dates such as 04/07/1996 are read")
        parser.add_argument("--decimal", choices=("point", "comma"), help="how numbers such as 1,234 are read")
        parser.add_argument("--encoding", help="of a text file, where the guess is wrong")
        parser.add_argument("--sheet", help="of a workbook that has several")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="where rejected rows go")
        parser.add_argument("--dry-run", action="store_true", help="count, and write nothing")
        parser.add_argument("--json", action="store_true", help="machine-readable summary")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Django's signature
        try:
            outcome = import_file(_request(options))
        except FileRefusedError as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"refused": str(refusal)}))
                sys.exit(1)
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(outcome), cls=DjangoJSONEncoder))
        else:
            self.stdout.write("\n".join(summary(outcome)))


def _request(options: dict[str, Any]) -> Request:
    decimal = {"point": ".", "comma": ",", None: None}[options["decimal"]]
    return Request(
        kind=options["kind"],
        path=options["file"],
        feed=options["feed"],
        columns=_columns(options["map"]),
        accounts_from=options["accounts_from"],
        currency=_currency(options["currency"]),
        history=options["history"],
        create_accounts=options["create_accounts"],
        dry_run=options["dry_run"],
        told=Told(dates=options["dates"], decimal=decimal),  # type: ignore[arg-type]  # argparse has checked both
        encoding=options["encoding"],
        sheet=options["sheet"],
        rejects=options["rejects"],
    )


def _columns(pairs: list[str]) -> dict[str, str]:
    columns = {}
    for pair in pairs:
        header, equals, field = pair.rpartition("=")
        if not equals or not field:
            raise CommandError(_("--map %(pair)s: write COLUMN=FIELD.") % {"pair": pair})
        columns[field.strip().replace("-", "_")] = header.strip()
    return columns


def _currency(text: str) -> str:
    if not text:
        return ""
    try:
        return read_currency(text)
    except UnreadableError as error:
        raise CommandError(f"--currency {text}: {error}") from error


def _as_json(outcome: Outcome) -> dict[str, Any]:
    return asdict(outcome) | {
        "reasons": [reason._asdict() for reason in outcome.reasons],
        "examples": [example._asdict() for example in outcome.examples],
    }


def summary(outcome: Outcome) -> list[str]:
    """What became of the file, in lines to read."""
    lines = [
        _("%(file)s: %(rows)s rows of %(kind)s from feed %(feed)s")
        % {"file": outcome.file, "rows": f"{outcome.rows:,}", "kind": outcome.kind, "feed": outcome.feed}
    ]
    if outcome.dry_run:
        lines.append(_("Dry run: nothing was written. It would be:"))
    counts = (
        ("created", outcome.created),
        ("updated", outcome.updated),
        ("unchanged", outcome.unchanged),
        ("rejected", outcome.rejected),
    )
    lines.append("  " + " · ".join(f"{count:,} {word}" for word, count in counts))
    items = [f"{count:,} {name.replace('_', ' ')}" for name, count in outcome.items.items()]
    if items:
        lines.append(f"  {kind_named(outcome.kind).source.replace('-', ' ').capitalize()}: {' · '.join(items)}")
    lines.append(
        _("Columns: %(columns)s")
        % {"columns": ", ".join(f"{header} = {field}" for field, header in outcome.columns.items())}
    )
    lines.append(
        _("Read as: %(form)s; %(history)s; complete to %(day)s; %(seconds).1f s")
        % {
            "form": ", ".join(f"{name} {value}" for name, value in outcome.read_as.items()),
            "history": _("history, known from the day it happened") if outcome.history else _("known from today"),
            "day": outcome.complete_to or "–",
            "seconds": outcome.seconds,
        }
    )
    examples = _example_lines(outcome) if outcome.dry_run else []
    return [*lines, *outcome.notes, *examples, *_reject_lines(outcome)]


def _example_lines(outcome: Outcome) -> list[str]:
    """What would become of the first few things, a line each."""
    lines = []
    for example in outcome.examples:
        values = ", ".join(
            f"{name} {example.before[name]} → {value}" if name in example.before else f"{name} {value}"
            for name, value in example.after.items()
        )
        lines.append(f"  {_('line')} {example.line:,}, {example.outcome}: {values[:_SHOWN_EXAMPLE]}")
    return [_("For example:"), *lines] if lines else []


def _reject_lines(outcome: Outcome) -> list[str]:
    if not outcome.rejected:
        return []
    lines = [_("Rejected:")]
    for reason in outcome.reasons[:_SHOWN_REASONS]:
        where = f"{reason.column} " if reason.column else ""
        value = f"“{reason.value[:_SHOWN_LENGTH]}” " if reason.value else ""
        lines.append(f"  {reason.rows:,} × {where}{value}({_('first in line')} {reason.line:,}): {reason.reason}")
    if len(outcome.reasons) > _SHOWN_REASONS:
        lines.append(_("  and other reasons"))
    if outcome.reject_file:
        lines.append(_("All rejected rows with their reasons: %(place)s") % {"place": outcome.reject_file})
    return lines
