"""Reads a bare table of orders (customer, date, amount) by the importer's readers, without a database."""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from accounts_app.importing.fields import Field, Is, Kind
from accounts_app.importing.limits import FileRefusedError
from accounts_app.importing.mapping import score_rows
from accounts_app.importing.plan import Plan, Reject, Told, make_plan, read_chunk
from accounts_app.importing.readers import Source, open_source
from accounts_app.importing.survey import Survey, chunks, survey

# Named like the importer's orders, so that the same headers are known.
BARE_ORDERS = Kind(
    "orders",
    "orders",
    (
        Field("account", Is.KEY, required=True, stand_in="account_name"),
        Field("account_name"),
        Field("ordered_on", Is.DAY, required=True),
        Field("amount", Is.AMOUNT, required=True),
    ),
    key="account",
)
READ = ("account", "ordered_on", "amount")
BATCH_CHARACTERS = 4_000_000


class Reason(NamedTuple):
    """Why rows were left out: the column and reason, how many rows, and the line of the first."""

    column: str
    reason: str
    rows: int
    line: int


@dataclass
class OrderTable:
    """Orders read, and what was left out.

    Attributes
    ----------
    orders : DataFrame
        Columns customer (str), day (datetime64[s]), amount (float).
    columns : mapping
        The file's header of each field.
    reasons : list of Reason
        The most frequent first.
    """

    orders: pd.DataFrame
    columns: Mapping[str, str]
    reasons: list[Reason] = field(default_factory=list)


def read_orders(
    path: Path, told: Told, columns: Mapping[str, str], *, latest: dt.date, encoding: str | None = None
) -> OrderTable:
    """Read a file of orders.

    Parameters
    ----------
    path
        CSV in any common form, packed by gzip or not, or a workbook.
    told, encoding
        How dates, numbers and text are read, where the file does not show it.
    columns
        Header by field, where it was named.
    latest
        Days after this one are mistyped.

    Raises
    ------
    FileRefusedError
        Where the file cannot be read, a column is missing, or no row can be taken.
    """
    source = open_source(path, partial(score_rows, BARE_ORDERS, columns), encoding=encoding)
    with closing(source):
        return _read(path, source, told, columns, latest)


def _read(path: Path, source: Source, told: Told, columns: Mapping[str, str], latest: dt.date) -> OrderTable:
    found = survey(source, BARE_ORDERS, columns)
    plan = make_plan(BARE_ORDERS, found, told, today=latest, zone=dt.UTC)
    rejects = _Rejects()
    names = ["line", *plan.names]
    parts = [_frame(lines, names) for lines in _batches(source, found, plan, rejects)]
    if not parts:
        raise FileRefusedError(f"{path.name}: no row could be read. {rejects.first_reason()}")
    headers = {name: found.columns.header(name) for name in READ}
    return OrderTable(pd.concat(parts, ignore_index=True), headers, rejects.reasons())


def _batches(source: Source, found: Survey, plan: Plan, rejects: "_Rejects") -> Iterator[str]:
    """Yield the rows read, a few megabytes of lines at a time: pandas needs as long for ten rows as for a thousand."""
    waiting, size = [], 0
    for chunk in chunks(source, found.columns):
        lines, rejected = read_chunk(plan, chunk)
        rejects.add(rejected)
        waiting.append(lines)
        size += len(lines.strip())
        if size > BATCH_CHARACTERS:
            yield "".join(waiting)
            waiting, size = [], 0
    if size:
        yield "".join(waiting)


def _frame(lines: str, names: list[str]) -> pd.DataFrame:
    """Parse what was made for COPY: no cell holds a tab or a line end, and a backslash is doubled."""
    cells = pd.read_csv(
        io.StringIO(lines.strip("\n")),
        sep="\t",
        header=None,
        names=names,
        usecols=list(READ),
        dtype={"account": "str", "ordered_on": "str", "amount": "float64"},
        keep_default_na=False,
        quoting=csv.QUOTE_NONE,
    )
    return pd.DataFrame(
        {
            "customer": cells["account"].str.replace("\\\\", "\\", regex=False),
            "day": pd.to_datetime(cells["ordered_on"], format="%Y-%m-%d").astype("datetime64[s]"),
            "amount": cells["amount"],
        }
    )


class _Rejects:
    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.first: dict[tuple[str, str], int] = {}

    def add(self, rejects: list[Reject]) -> None:
        for each in rejects:
            self.counts[each.column, each.reason] += 1
            self.first.setdefault((each.column, each.reason), each.line)

    def first_reason(self) -> str:
        (column, reason), line = min(self.first.items(), key=lambda item: item[1])
        return f"Line {line:,}, {column}: {reason}." if column else f"Line {line:,}: {reason}."

    def reasons(self) -> list[Reason]:
        return [Reason(*what, rows, self.first[what]) for what, rows in self.counts.most_common()]
