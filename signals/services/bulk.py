"""Writing many rows at once: COPY into a temporary table, then one statement.

Rows that may be new go in key order, so that two writers of the same ones wait for each other instead of blocking
each other; who changes rows that exist holds them before.
"""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

from django.db import connection
from psycopg import sql


def upsert(
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    key: Sequence[str],
    only_if: LiteralString = "TRUE",
) -> int:
    """Insert the rows; where `key` exists, overwrite it if `only_if` holds (`old` and `excluded` are the two rows).

    Returns how many rows were written. JSON values are given as text.
    """
    return _write(UPSERT, table, columns, rows, key, only_if=sql.SQL(only_if))


def update(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, key: Sequence[str]) -> int:
    """Change these columns of rows that the caller holds. Returns how many were changed."""
    return _write(UPDATE, table, columns, rows, key)


def _write(
    statement: LiteralString,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    key: Sequence[str],
    **more: sql.Composable,
) -> int:
    changed = [name for name in columns if name not in key]
    names = {
        "target": sql.Identifier(table),
        "waiting": sql.Identifier(f"waiting_{table}"),
        "columns": _listed(columns),
        "key": _listed(key),
        "changes": sql.SQL(", ").join(map(_from_waiting, changed)),
        "same_key": sql.SQL(" AND ").join(sql.SQL("old.") + _from_waiting(name) for name in key),
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(_text(WAITING, names))
        with cursor.copy(_text("COPY {waiting} ({columns}) FROM STDIN", names)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_text(statement, names))
        written = cursor.rowcount
        cursor.execute(_text("DROP TABLE {waiting}", names))
        return int(written)


WAITING = "CREATE TEMPORARY TABLE {waiting} ON COMMIT DROP AS SELECT {columns} FROM {target} WITH NO DATA"
UPSERT = """
    INSERT INTO {target} AS old ({columns}) SELECT {columns} FROM {waiting} ORDER BY {key}
    ON CONFLICT ({key}) DO UPDATE SET {changes} WHERE {only_if}"""
UPDATE = "UPDATE {target} AS old SET {changes} FROM {waiting} AS excluded WHERE {same_key}"


def _from_waiting(name: str) -> sql.Composed:
    return sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name))


def _listed(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _text(template: LiteralString, names: dict[str, sql.Composable]) -> str:
    return sql.SQL(template).format(**names).as_string()
