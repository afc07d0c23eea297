"""What is asked of an import, and what became of it."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

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


@dataclass(frozen=True)
class Request:
    """What is imported, and what whoever imports it has said about it.

    Attributes
    ----------
    columns
        Header by field.
    history
        Whether things are known from the day they happened; None: in the first file of a kind that a feed loads.
    rejects
        Where rejected rows are written; None: beside the other files of the working directory.
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
    reject_file: str = ""
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    done: bool = False
