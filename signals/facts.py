"""Facts as the signals read them: the only place where rows become DataFrames."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import LiteralString

import adbc_driver_postgresql.dbapi as adbc
import numpy as np
import pandas as pd
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from accounts_app.models import Company
from signals import fact_statements as statements
from signals.compute.base import Facts
from signals.compute.columns import COLUMNS, DAY, FLAG, FLOAT, INTEGER, TEXT

# Below this many accounts the second connection costs more than it saves.
BULK_ACCOUNTS = 100

Query = Callable[[LiteralString, dict[str, str]], pd.DataFrame]

# Of these the feed is asked for as well: its rows tell which accounts it concerns. The source is the feed's word.
FED: dict[str, tuple[str, LiteralString]] = {
    "orders": ("orders", statements.ORDERS),
    "interactions": ("interactions", statements.INTERACTIONS),
    "contacts": ("contacts", statements.CONTACTS),
    "incidents": ("incidents", statements.TICKETS),
    "inquiries": ("inquiries", statements.INQUIRIES),
    "events": ("change-events", statements.EVENTS),
    "answers": ("surveys", statements.ANSWERS),
    "contracts": ("contracts", statements.CONTRACTS),
    "ownerships": ("ownership", statements.OWNERSHIPS),
}
UNFED: dict[str, LiteralString] = {
    "lines": statements.LINES,
    "planned": statements.PLANNED,
    "attendance": statements.ATTENDANCE,
    "links": statements.LINKS,
    "pauses": statements.PAUSES,
}
# Few rows, of our side or of the whole company, or a word of the account itself.
LIVE: dict[str, LiteralString] = {
    "colleagues": statements.COLLEAGUES,
    "absences": statements.ABSENCES,
    "quiet": statements.QUIET,
}
# Which feeds brought rows of an account.
FEEDS = "feeds"

FEED = {"feed_id": INTEGER}
FEED_KIND_COLUMNS = FEED | {"source": TEXT, "complete_to": DAY, "expected_days": FLOAT, "used": FLAG}
# Of each table kept; orders say which feed brought them, for the look at all orders together.
KEPT_COLUMNS: dict[str, dict[str, str]] = {
    **{name: COLUMNS[name] for name in (*FED, *UNFED)},
    "orders": COLUMNS["orders"] | FEED,
    FEEDS: {"account_id": INTEGER, "source": TEXT} | FEED,
}

Tables = dict[str, pd.DataFrame]


def read_facts(account_ids: Sequence[int]) -> Facts:
    """All facts of these accounts, whenever known; `Facts.until` cuts them to a day."""
    return with_live_facts(account_ids, read_tables(account_ids))


def read_tables(account_ids: Sequence[int], names: Collection[str] = tuple(KEPT_COLUMNS)) -> Tables:
    """The tables of these names whose rows belong to accounts, and under `feeds` which feed brought rows of which.

    Inside a transaction only Django's own connection sees what was just written, so ADBC is used outside of one.
    """
    bulk = len(account_ids) >= BULK_ACCOUNTS and not connection.in_atomic_block
    with _reader(account_ids, bulk=bulk) as read:
        wanted = FED if FEEDS in names else FED.keys() & names
        fed = {name: read(FED[name][1], COLUMNS[name] | FEED) for name in wanted}
        unfed = {name: read(text, COLUMNS[name]) for name, text in UNFED.items() if name in names}
    kept = {name: table[list(KEPT_COLUMNS[name])] for name, table in fed.items() if name in names}
    feeds = {FEEDS: _feeds({FED[name][0]: table for name, table in fed.items()})} if FEEDS in names else {}
    return kept | unfed | feeds


def _feeds(rows: Tables) -> pd.DataFrame:
    pairs = [table[["account_id", "feed_id"]].drop_duplicates().assign(source=source) for source, table in rows.items()]
    return pd.concat(pairs, ignore_index=True).astype({"source": "str"})[list(KEPT_COLUMNS[FEEDS])]


def with_live_facts(account_ids: Sequence[int], tables: Tables) -> Facts:
    """Facts of these accounts: the tables given, and what is read anew whatever is kept of them."""
    kept = {name: table[list(COLUMNS[name])] for name, table in tables.items() if name != FEEDS}
    with _reader(account_ids, bulk=False) as read:
        return Facts(
            accounts=read(statements.ACCOUNTS, {"account_id": INTEGER, **COLUMNS["accounts"]}).set_index("account_id"),
            **kept,
            **{name: read(text, COLUMNS[name]) for name, text in LIVE.items()},
            freshness=_freshness(
                read(statements.FEED_KINDS, FEED_KIND_COLUMNS),
                read(statements.FEED_ACCOUNTS, {"account_id": INTEGER} | FEED),
                tables[FEEDS],
            ),
        )


def _freshness(kinds: pd.DataFrame, keys: pd.DataFrame, feeds: pd.DataFrame) -> pd.DataFrame:
    """How far each feed that concerns an account has come: feeds that name it, and feeds whose rows it has.

    The latter since a feed's rows may name accounts by another feed's keys.
    """
    named = [keys.assign(source=source).astype({"source": "str"}) for source, _statement in FED.values()]
    pairs = pd.concat([*named, feeds]).drop_duplicates()
    table = pairs.merge(kinds, on=["feed_id", "source"]).sort_values(["account_id", "source", "feed_id"])
    return table[["account_id", *(name for name in COLUMNS["freshness"] if name != "account_id")]].reset_index(
        drop=True
    )


@contextmanager
def _reader(account_ids: Sequence[int], *, bulk: bool) -> Iterator[Query]:
    """A function that runs a statement for these accounts, over a connection of ADBC's own where `bulk`."""
    values = {"ids": sql.Literal([int(key) for key in account_ids]), "zone": sql.Literal(Company.the().time_zone)}

    def composed(text: LiteralString) -> str:
        return sql.SQL(text).format(**values).as_string()

    if not bulk:
        yield lambda text, columns: _by_cursor(composed(text), columns)
        return
    with adbc.connect(_address()) as own, own.cursor() as cursor:
        yield lambda text, columns: _by_arrow(cursor, composed(text), columns)


def _by_cursor(statement: str, columns: dict[str, str]) -> pd.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column.name for column in cursor.description]
        return _typed(pd.DataFrame.from_records(cursor.fetchall(), columns=names), columns)


def _by_arrow(cursor: adbc.Cursor, statement: str, columns: dict[str, str]) -> pd.DataFrame:
    cursor.execute(statement)
    return _typed(cursor.fetch_arrow_table().to_pandas(), columns)


def _typed(raw: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """The promised dtypes, whichever way the rows came and however many of them are NULL."""
    table = pd.DataFrame({name: _column(raw[name], dtype) for name, dtype in columns.items()})
    return table.assign(amount=table["amount"] / 100) if "amount" in columns else table


def _column(values: pd.Series, dtype: str) -> pd.Series:
    if dtype != DAY:
        return values.astype(pd.api.types.pandas_dtype(dtype))
    days = values.astype("float64").to_numpy()
    missing = np.isnan(days)
    moments = np.where(missing, 0, days).astype("int64").astype("datetime64[D]").astype("datetime64[s]")
    moments[missing] = np.datetime64("NaT")
    return pd.Series(moments, index=values.index)


def _address() -> str:
    """The database of Django's default connection (in tests: of the test database), as ADBC wants it."""
    given = connection.settings_dict
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return make_conninfo(**{name: str(given[key]) for name, key in named.items() if given[key]})
