"""What a file looks like before it is taken in: form, columns with examples, the guess, and what must be asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeAlias

from accounts_app.models import ImportBatch

from . import mapping, readers
from .day_order import ORDER_WORDS, AmbiguousDaysError, decide_order
from .fields import Kind
from .limits import LIMITS, Limits, SeveralSheetsError
from .numbers import AmbiguousNumbersError, decide_mark
from .plan import Told, mark_question, order_question
from .schema import kind_named
from .survey import Survey, chunks, head, survey_under
from .values import as_text

_EXAMPLES = 5
_EXAMPLE_LENGTH = 80
_MARKS = ((".", "decimal point"), (",", "decimal comma"))
_LOOKED_AT = 5  # chunks in which examples are looked for

# Which answer settles a question: Told.dates, Told.decimal, Request.sheet or Request.columns.
Answer: TypeAlias = Literal["dates", "decimal", "sheet", "columns"]


@dataclass(frozen=True)
class Question:
    """What must be settled before the file can be taken.

    Attributes
    ----------
    answer
        The option that settles it.
    fields
        The fields it is about; of a missing column, any of which would do.
    text
        What is asked, in a sentence.
    choices
        Values of the option, each with its words; none where a column must be chosen.
    """

    answer: Answer
    fields: tuple[str, ...]
    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SeenColumn:
    """A column of the file: its header, some of its different values, and the field it was taken for ("": none)."""

    header: str
    examples: tuple[str, ...]
    field: str


@dataclass(frozen=True)
class Preview:
    """What a file looks like.

    Attributes
    ----------
    rows
        Rows below the header that are not blank.
    form
        Encoding and delimiter, or the sheet; how days and numbers are read where the file proves it.
    columns
        In the order of the file.
    questions
        Empty where the file can be taken as it is.
    remembered
        What was said when this feed last delivered this kind (`ImportBatch.options`), and was applied here.
    """

    kind: str
    feed: str
    rows: int = 0
    form: dict[str, str] = field(default_factory=dict)
    columns: tuple[SeenColumn, ...] = ()
    questions: tuple[Question, ...] = ()
    remembered: dict[str, Any] = field(default_factory=dict)


def preview(
    path: Path,
    kind: str,
    feed: str,
    *,
    columns: Mapping[str, str] | None = None,
    told: Told | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    limits: Limits = LIMITS,
    on_rows: Callable[[int], None] | None = None,
) -> Preview:
    """Look at a file without taking it in; the whole of it is read once.

    Parameters
    ----------
    path, kind, feed
        The file, and what it is said to be.
    columns, told, encoding, sheet, limits
        As in `Request`; what is None is taken from the last import of this kind from this feed.
    on_rows
        Told every few hundred rows how many were read; raising there ends the reading.

    Raises
    ------
    FileRefusedError
        Where it is no table that can be read at all. Columns that are missing, days that have two readings and sheets
        to choose from are questions instead.
    """
    before = remembered(feed, kind)
    headers = dict(before.get("map", {}) if columns is None else columns)
    empty = Preview(kind, feed, remembered=before)
    try:
        source = readers.open_source(
            path,
            partial(mapping.score_rows, kind_named(kind), headers),
            encoding=encoding or before.get("encoding"),
            sheet=sheet or before.get("sheet"),
            limits=limits,
        )
    except SeveralSheetsError as several:
        choices = tuple((name, name) for name in several.sheets)
        return replace(empty, questions=(Question("sheet", (), str(several), choices),))
    with closing(source):
        told = told or Told(before.get("dates"), before.get("decimal"))
        return _look(empty, source, headers, told, limits, on_rows=on_rows)


def remembered(feed: str, kind: str) -> dict[str, Any]:
    """What was said when this feed last delivered this kind: map, dates, decimal, currency, accounts_from, ..."""
    batches = ImportBatch.objects.filter(feed__name=feed, kind=kind, finished_at__isnull=False)
    latest = batches.order_by("-started_at", "-pk").first()
    return dict(latest.options) if latest else {}


def _look(
    empty: Preview,
    source: readers.Source,
    headers: dict[str, str],
    told: Told,
    limits: Limits,
    *,
    on_rows: Callable[[int], None] | None,
) -> Preview:
    kind = kind_named(empty.kind)
    header = mapping.find_header(kind, headers, head(source))
    found = survey_under(header, source, kind, limits, on_rows)
    dates, date_questions = _dates(found, told)
    decimal, decimal_questions = _decimal(found, told)
    lacks = [Question("columns", lack.fields, lack.text) for lack in mapping.lacking(kind, header, headers)]
    return replace(
        empty,
        rows=found.rows,
        form=source.describe() | dates | decimal,
        columns=tuple(_columns(kind, source, header, headers)),
        questions=(*lacks, *_once(date_questions), *_once(decimal_questions)),
    )


def _columns(
    kind: Kind, source: readers.Source, header: mapping.ColumnMap, told: Mapping[str, str]
) -> Iterator[SeenColumn]:
    claimed = mapping.claim_columns(kind, header.headers, told)
    # A field that borrows its stand-in's column is none of its own.
    field_at = {place: name for name, place in header.columns.items()}
    field_at |= {place: name for name, place in claimed.items()}
    rows = [row for chunk in islice(chunks(source, header), _LOOKED_AT) for row in chunk.rows]
    for place, title in enumerate(header.headers):
        texts = dict.fromkeys(text[:_EXAMPLE_LENGTH] for row in rows if (text := as_text(row[place])))
        yield SeenColumn(title, tuple(islice(texts, _EXAMPLES)), field_at.get(place, ""))


def _dates(found: Survey, told: Told) -> tuple[dict[str, str], list[Question]]:
    """How numeric days are read, and a question for each column that has several readings."""
    decided: dict[str, str] = {}
    asked = []
    for name, evidence in found.orders.items():
        try:
            order = decide_order(found.columns.header(name), evidence, found.orders.values(), told.dates)
        except AmbiguousDaysError as error:
            asked.append(_ask_dates(name, error))
        else:
            decided |= {"dates": ORDER_WORDS[order]} if order else {}
    return decided, asked


def _ask_dates(name: str, error: AmbiguousDaysError) -> Question:
    choices = tuple(
        (order, f"{ORDER_WORDS[order]}: {first} to {last}") for order, (first, last) in error.ranges.items()
    )
    return Question("dates", (name,), order_question(error), choices)


def _decimal(found: Survey, told: Told) -> tuple[dict[str, str], list[Question]]:
    """The decimal mark, where told or proven, and a question for each column that has several readings."""
    decided: dict[str, str] = {}
    asked = []
    for name, evidence in found.marks.items():
        try:
            mark = decide_mark(found.columns.header(name), evidence, found.marks.values(), told.decimal)
        except AmbiguousNumbersError as error:
            asked.append(Question("decimal", (name,), mark_question(error), _MARKS))
        else:
            decided |= {"decimal": "point" if mark == "." else "comma"} if told.decimal or evidence.mark else {}
    return decided, asked


def _once(questions: Sequence[Question]) -> list[Question]:
    """One program writes all columns alike: one answer settles them."""
    if not questions:
        return []
    fields = tuple(name for question in questions for name in question.fields)
    first = questions[0]
    return [Question(first.answer, fields, first.text, first.choices)]
