"""What every signal reads (`Facts`), what it returns, and the protocol it follows.

Pure: pandas and numpy only. `signals/facts.py` fills `Facts` from the database, `score_orders` from a bare table.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar, Protocol, TypedDict

import numpy as np
import pandas as pd

from signals.compute.columns import COLUMNS, INTEGER, check_table, empty_table
from signals.compute.known_until import CUT, known_until

Json = dict[str, Any]


class Status(StrEnum):
    """Whether a reading may be used; everything but OK means unknown."""

    OK = "ok"
    INSUFFICIENT_HISTORY = "insufficient_history"
    NO_DATA = "no_data"
    STALE = "stale"
    NOT_USED = "not_used"


class Reading(TypedDict):
    """One row of a signal's result, as it is stored and handed to `explain`."""

    value: float | None
    baseline: float | None
    level: float | None
    status: str
    details: Json
    evidence: Json


class Signal(Protocol):
    """One question about every account on one day; a frozen dataclass whose fields are its parameters."""

    key: ClassVar[str]
    title: ClassVar[str]
    unit: ClassVar[str]
    family: ClassVar[str]
    sources: ClassVar[tuple[str, ...]]

    def fit(self, facts: "Facts", as_of: dt.date) -> Json:
        """Learn from the whole portfolio, once a run; the result is JSON and is stored with the run."""
        ...

    def compute(self, facts: "Facts", params: Json, as_of: dt.date) -> pd.DataFrame:
        """Return one row per account of `facts.accounts`, as `result_frame` builds it."""
        ...

    def explain(self, reading: Mapping[str, Any]) -> str:
        """Say in one sentence, with figures and units, what the reading says."""
        ...

    def headline(self, reading: Mapping[str, Any]) -> str:
        """Say the most important of it in one short sentence, for lists; what is unknown as `explain` does."""
        ...


@dataclass(frozen=True)
class Facts:
    """All that signals may look at, one table per kind of fact; a table not given is empty.

    Parameters
    ----------
    accounts : DataFrame
        One row per account, index `account_id` (int64, unique); intervals in days.
    orders, ..., freshness : DataFrame
        Columns and dtypes as in `COLUMNS`; days are naive midnights, amounts in the reporting currency,
        interactions are done ones only.

    Raises
    ------
    ValueError
        If a column is missing or has the wrong dtype, or account ids repeat.
    """

    accounts: pd.DataFrame = field(default_factory=partial(empty_table, "accounts"))
    orders: pd.DataFrame = field(default_factory=partial(empty_table, "orders"))
    lines: pd.DataFrame = field(default_factory=partial(empty_table, "lines"))
    interactions: pd.DataFrame = field(default_factory=partial(empty_table, "interactions"))
    planned: pd.DataFrame = field(default_factory=partial(empty_table, "planned"))
    attendance: pd.DataFrame = field(default_factory=partial(empty_table, "attendance"))
    contacts: pd.DataFrame = field(default_factory=partial(empty_table, "contacts"))
    colleagues: pd.DataFrame = field(default_factory=partial(empty_table, "colleagues"))
    absences: pd.DataFrame = field(default_factory=partial(empty_table, "absences"))
    links: pd.DataFrame = field(default_factory=partial(empty_table, "links"))
    ownerships: pd.DataFrame = field(default_factory=partial(empty_table, "ownerships"))
    incidents: pd.DataFrame = field(default_factory=partial(empty_table, "incidents"))
    pauses: pd.DataFrame = field(default_factory=partial(empty_table, "pauses"))
    inquiries: pd.DataFrame = field(default_factory=partial(empty_table, "inquiries"))
    events: pd.DataFrame = field(default_factory=partial(empty_table, "events"))
    answers: pd.DataFrame = field(default_factory=partial(empty_table, "answers"))
    contracts: pd.DataFrame = field(default_factory=partial(empty_table, "contracts"))
    quiet: pd.DataFrame = field(default_factory=partial(empty_table, "quiet"))
    freshness: pd.DataFrame = field(default_factory=partial(empty_table, "freshness"))
    # The day these facts were cut to: every signal asks for it, and the second cut would find nothing to take.
    _known_until: dt.date | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check names and dtypes only: values are the business of the database's constraints."""
        for name in COLUMNS:
            check_table(name, getattr(self, name))
        index = self.accounts.index
        if index.dtype != np.dtype("int64") or not index.is_unique:
            raise ValueError("accounts: the index must be unique int64 account ids")

    @classmethod
    def empty(cls) -> "Facts":
        """Return facts about no account at all."""
        return cls()

    def until(self, as_of: dt.date) -> "Facts":
        """Return what was known at the end of `as_of`.

        Notes
        -----
        Rows whose day or `known_on` lies later are dropped. A contact's leaving that was learnt later is
        taken back, its successor with it; an incident resolved or learnt to be so later is open, and a pause
        that ends later still runs. Quiet periods may lie ahead: a closure is known beforehand.
        """
        if self._known_until == as_of:
            return self
        known: dict[str, Any] = {**known_until({name: getattr(self, name) for name in CUT}, as_of)}
        cut = replace(self, **known)
        object.__setattr__(cut, "_known_until", as_of)
        return cut

    def by_part(self, size: int) -> Iterator["Facts"]:
        """Return the facts of so many accounts at a time, in their order; one part without any where there are none."""
        ids = self.accounts.index.to_numpy()
        return (self.for_accounts(ids[begin : begin + size]) for begin in range(0, max(len(ids), 1), size))

    def for_accounts(self, account_ids: Collection[int]) -> "Facts":
        """Return the facts of some accounts only (our people stay, and quiet periods of company and countries)."""
        tables = {
            name: table[table["account_id"].isin(account_ids)]
            for name, columns in COLUMNS.items()
            if columns.get("account_id") == INTEGER
            for table in (getattr(self, name),)
        }
        quiet = self.quiet[self.quiet["account_id"].isna() | self.quiet["account_id"].isin(account_ids)]
        return replace(
            self,
            accounts=self.accounts[self.accounts.index.isin(account_ids)],
            quiet=quiet,
            **tables,
        )


def result_frame(
    facts: Facts,
    *,
    value: Any,
    baseline: Any,
    level: Any,
    status: Any,
    details: list[Json],
    evidence: list[Json],
) -> pd.DataFrame:
    """Build a signal's result: one row per account, level only where the status is ok.

    Parameters
    ----------
    facts : Facts
        Gives the index.
    value, baseline, level : array-like of float, shape (n_accounts,)
        In the order of `facts.accounts`; value and baseline in the signal's unit, level in 0..1.
    status : array-like of Status, shape (n_accounts,)
    details, evidence : list of dict, length n_accounts
        JSON-able.
    """
    index = facts.accounts.index
    states = pd.Series(np.asarray(status, dtype=object), index=index).astype(str)
    levels = pd.Series(np.asarray(level, dtype=float), index=index).where(states == Status.OK.value)
    return pd.DataFrame(
        {
            "value": np.asarray(value, dtype=float),
            "baseline": np.asarray(baseline, dtype=float),
            "level": levels,
            "status": states,
            "details": pd.Series(details, index=index, dtype=object),
            "evidence": pd.Series(evidence, index=index, dtype=object),
        },
        index=index,
    )


def lookup(table: pd.Series, keys: pd.Series) -> pd.Series:
    """Return for each of `keys` its value in `table` (unique index), missing where there is none.

    `Series.map` would do, but fails on an empty table of days.
    """
    found: pd.Series = table.reindex(keys.to_numpy())
    return found.set_axis(keys.index)


def json_records(frame: pd.DataFrame) -> list[Json]:
    """Turn rows into JSON-able dicts: days become ISO dates, whole numbers int, what is missing None."""
    columns = [_plain(frame[column]) for column in frame.columns]
    names = list(frame.columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(column: pd.Series) -> list[Any]:
    values = column.dt.strftime("%Y-%m-%d") if column.dtype.kind == "M" else column
    present = column.notna()
    return [_number(item) if here else None for item, here in zip(values.tolist(), present.tolist(), strict=True)]


def _number(item: Any) -> Any:
    # A missing value elsewhere in the column makes pandas write 12.0; the stored JSON must not depend on it.
    return int(item) if isinstance(item, float) and item.is_integer() else item


def evidence(
    tab: str, count: int, first: str | None = None, last: str | None = None, ids: list[int] | None = None
) -> Json:
    """Name the rows behind one reading: the account's tab, how many, of which days (ISO) or ids."""
    return {"tab": tab, "count": count, "from": first, "until": last, "ids": ids}


def evidence_spans(tab: str, count: pd.Series, first: pd.Series, last: pd.Series) -> list[Json]:
    """Name the rows behind every reading by a span of days (both ends count; NaT where there is none)."""
    spans = pd.DataFrame({"count": count, "from": first, "until": last})
    return [{"tab": tab, **span, "ids": None} for span in json_records(spans)]
