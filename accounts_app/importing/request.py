"""What is asked of an import, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from accounts_app.models import User

from .limits import LIMITS, Limits
from .plan import Told


class Reason(NamedTuple):
    """Why rows were rejected: the reason, how many rows, and the first of them."""

    column: str
    reason: str
    rows: int
    line: int
    value: str


class Example(NamedTuple):
    """One of a few things the file creates or changes.

    Attributes
    ----------
    outcome
        "created" or "updated".
    line
        The first row of the file that is about it.
    key
        Its business key.
    before, after
        Values by name, of an updated thing only those that differ; nothing before a created one.
    """

    outcome: str
    line: int
    key: str
    before: dict[str, str]
    after: dict[str, str]


# "reading": the file for the first time, its length not known yet; "checking": row by row; "writing": the database.
Phase: TypeAlias = Literal["reading", "checking", "writing"]
# Phase, rows done in it, rows of the file (0 while they are being counted).
OnProgress: TypeAlias = Callable[[Phase, int, int], None]


def _no_progress(phase: Phase, done: int, rows: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Request:
    """What is imported, and what whoever imports it has said about it.

    Attributes
    ----------
    columns
        Header by field; "" where the field shall have no column although one looks like it.
    history
        Whether things are known from the day they happened; None: in the first file of a kind that a feed loads.
    rejects
        Where rejected rows are written; None: beside the other files of the working directory.
    on_progress
        Told every few thousand rows and before every statement that writes. Raising there ends the import, and nothing
        is written. It runs inside the import's transaction: it may query, but what it writes over the same connection
        is seen by nobody before the end and goes with a dry run.
    """

    kind: str
    path: Path
    feed: str
    columns: dict[str, str] = field(default_factory=dict)
    accounts_from: str = ""
    currency: str = ""
    history: bool | None = None
    create_accounts: bool = False
    dry_run: bool = False
    told: Told = field(default_factory=Told)
    encoding: str | None = None
    sheet: str | None = None
    rejects: Path | None = None
    by: User | None = None
    limits: Limits = LIMITS
    on_progress: OnProgress = _no_progress


@dataclass
class Outcome:
    """What became of a file; rows = created + updated + unchanged + rejected."""

    kind: str
    feed: str
    file: str
    rows: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    items: dict[str, int] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    read_as: dict[str, str] = field(default_factory=dict)
    history: bool = False
    dry_run: bool = False
    complete_to: date | None = None
    batch: int | None = None
    reasons: list[Reason] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    reject_file: str = ""
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    done: bool = False
