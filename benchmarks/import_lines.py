"""Importing Online Retail against a bare COPY of the same parsed rows, in one run on one database.

    python -m benchmarks.import_lines [FILE] [--ratio 12]

Starts a throw-away pair of servers, copies the parsed rows (numbers, days, text) one by one into a plain table without
index, as a loader without any checks would, then runs the whole import: gate, two readings, staging, orders, lines,
rejects. Exits with 1 where the import takes more than `--ratio` times the COPY. Beside it stands the floor: the same
rows as one ready block of text, which costs the client nothing.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

NULL = r"\N"
TYPES: dict[str, Callable[[str], object]] = {
    "day": date.fromisoformat,
    "amount": Decimal,
    "quantity": Decimal,
    "price": Decimal,
    "share": Decimal,
}
PIECE = 1 << 20
RUNS = 3  # of the COPY, of which the middle one counts: it is short beside a busy machine's noise


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data = Path(os.environ.get("VIGIL_TEST_DATA", "."))
    parser.add_argument("file", nargs="?", type=Path, default=data / "online-retail" / "lines.csv.gz")
    parser.add_argument("--ratio", type=float, default=12.0)
    options = parser.parse_args()
    _start()
    parsed = _parse(options.file)
    rows = _typed(parsed)
    copies = [
        list(times) for times in zip(*((_copy(parsed, rows), _copy(parsed, None)) for _run in range(RUNS)), strict=True)
    ]
    bare, floor = (sorted(times)[RUNS // 2] for times in copies)
    del rows
    first, again = _import(options.file), _import(options.file)
    print(f"rows {parsed.rows:,} · bare COPY {bare:.2f} s · import {first:.2f} s = {first / bare:.1f} times")
    print(f"the same file again {again:.2f} s = {again / bare:.1f} times")
    print(f"one ready block of text: {floor:.2f} s; import {first / floor:.1f} times")
    print(f"largest memory of the process, parsed rows of the COPY included: {_memory():.0f} MB")
    return 0 if first <= options.ratio * bare else 1


def _start() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django  # noqa: PLC0415  # the servers start with the settings

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


class Parsed(NamedTuple):
    """Rows as lines for COPY, and the columns they fill."""

    rows: int
    columns: list[str]
    block: str


def _parse(path: Path) -> Parsed:
    from accounts_app.importing import mapping, plan, readers, schema, survey  # noqa: PLC0415

    kind = schema.kind_named("order-lines")
    source = readers.open_source(path, partial(mapping.score_rows, kind, {}))
    found = survey.survey(source, kind, {})
    how = plan.make_plan(kind, found, plan.Told(), today=date.today(), zone=ZoneInfo("UTC"))  # noqa: DTZ011
    block = "".join(plan.read_chunk(how, chunk)[0] for chunk in survey.chunks(source, found.columns))
    return Parsed(found.rows, how.names, block)


def _typed(parsed: Parsed) -> list[tuple[object, ...]]:
    """The rows as a program holds them once they are read: numbers, days, text, None."""
    from accounts_app.importing import schema  # noqa: PLC0415

    kinds = [schema.kind_named("order-lines").field(name).is_ for name in parsed.columns]
    make: list[Callable[[str], object]] = [int, *(TYPES.get(kind, str) for kind in kinds)]
    lines = (line.split("\t") for line in parsed.block.splitlines())
    return [
        tuple(None if cell == NULL else read(cell) for read, cell in zip(make, cells, strict=True)) for cells in lines
    ]


def _copy(parsed: Parsed, rows: list[tuple[object, ...]] | None) -> float:
    """Seconds to copy the parsed rows into a plain table and commit; row by row, or as one block."""
    from django.db import connection, transaction  # noqa: PLC0415

    from accounts_app.importing import schema  # noqa: PLC0415

    columns = ", ".join(f'"{each.name}" {each.sql_type}' for each in schema.kind_named("order-lines").fields)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS bare; CREATE TABLE bare (row_no integer, {columns})")
        began = time.perf_counter()
        names = ", ".join(f'"{name}"' for name in parsed.columns)
        with transaction.atomic(), cursor.copy(f"COPY bare (row_no, {names}) FROM STDIN") as copy:
            if rows is None:
                for start in range(0, len(parsed.block), PIECE):
                    copy.write(parsed.block[start : start + PIECE])
            else:
                for row in rows:
                    copy.write_row(row)
        return time.perf_counter() - began


def _import(path: Path) -> float:
    from accounts_app.importing.load import import_file  # noqa: PLC0415
    from accounts_app.importing.request import Request  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        outcome = import_file(
            Request(
                "order-lines", path, "shop", currency="GBP", create_accounts=True, rejects=Path(folder) / "rejects.csv"
            )
        )
        seconds = time.perf_counter() - began
    if outcome.created + outcome.unchanged + outcome.rejected != outcome.rows:
        raise SystemExit("rows are missing")
    return seconds


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
