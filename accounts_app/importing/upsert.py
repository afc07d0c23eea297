"""Items against what is stored: created, updated, unchanged; earlier values kept; accounts marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.db import models

from .staging import Load
from .tables import CHANGES, MARKS, label_of, table_of


class Write(Enum):
    """When a column of a stored row is written."""

    COMPARED = auto()  # a difference makes the row an updated one
    FOLLOWS = auto()  # written with an update, but no reason for one
    ONCE = auto()  # at creation only


@dataclass(frozen=True)
class Column:
    """A column of the table written.

    Attributes
    ----------
    name
        Of the table.
    value
        SQL over the item `i` and the stored row `t`.
    write
        When it is written.
    """

    name: str
    value: str
    write: Write = Write.COMPARED


def column(load: Load, name: str, value: str, *, field: str, default: str) -> Column:
    """Take the file's column where it has one; else a default, for new rows only."""
    return Column(name, value) if field in load.present else Column(name, default, Write.ONCE)


@dataclass(frozen=True)
class Target:
    """The table written to, and how an item finds its row there.

    Attributes
    ----------
    model
        The Django model.
    match
        SQL over item `i` and stored row `t`.
    identity
        Columns and values (SQL over the diff `d`) that a new row gets besides.
    account
        The column of the stored row that names its account.
    also_changed
        SQL over `i` and `t` that makes a row updated although no column differs.
    kept
        SQL over `t`: what else the change log keeps, as JSON.
    carried
        Columns of the item that the diff keeps beside those written.
    batched
        Whether the table says by which import a row was last written.
    """

    model: type[models.Model]
    match: str = "t.feed_id = %(feed)s AND t.external_key = i.external_key"
    identity: tuple[tuple[str, str], ...] = (("feed_id", "%(feed)s"), ("external_key", "d.external_key"))
    account: str = "account_id"
    also_changed: str = "false"
    kept: str = "'{}'::jsonb"
    carried: tuple[str, ...] = ()
    batched: bool = True

    @property
    def table(self) -> str:
        return table_of(self.model)


def upsert(load: Load, target: Target, columns: Sequence[Column], before_update: str = "") -> None:
    """Write the table import_item to its target; what became of each item (`fate`) is then in import_diff.

    `before_update` is SQL that makes room for the updates, run once the earlier values are kept.
    """
    _diff(load, target, columns)
    _keep_earlier(load, target, columns)
    if before_update:
        load.run(before_update)
    _update(load, target, columns)
    _insert(load, target, columns)
    for outcome, count in load.rows("SELECT fate, count(*) FROM import_diff GROUP BY fate"):
        load.items[outcome] = count


def _diff(load: Load, target: Target, columns: Sequence[Column]) -> None:
    values = ", ".join(
        [f'{each.value} AS "{each.name}"' for each in columns] + [f"i.{name}" for name in target.carried]
    )
    differs = " OR ".join(
        [f't."{each.name}" IS DISTINCT FROM {each.value}' for each in columns if each.write is Write.COMPARED]
        + [target.also_changed]
    )
    load.run(
        f"""
        CREATE TEMP TABLE import_diff ON COMMIT DROP AS
        SELECT i.external_key, t.id AS id, t.{target.account} AS old_account, {values},
               CASE WHEN t.id IS NULL THEN 'created' WHEN {differs} THEN 'updated' ELSE 'unchanged' END AS fate
        FROM import_item i LEFT JOIN {target.table} t ON {target.match}
        """
    )
    load.run("ANALYZE import_diff")


def _keep_earlier(load: Load, target: Target, columns: Sequence[Column]) -> None:
    pairs = ", ".join(f"'{each.name}', t.\"{each.name}\"" for each in columns if each.write is not Write.ONCE)
    load.run(
        f"""
        INSERT INTO {CHANGES} (batch_id, model, object_id, before)
        SELECT %(batch)s, %(model)s, t.id, jsonb_build_object({pairs}) || {target.kept}
        FROM import_diff d JOIN {target.table} t ON t.id = d.id WHERE d.fate = 'updated'
        """,
        model=label_of(target.model),
    )


def _update(load: Load, target: Target, columns: Sequence[Column]) -> None:
    settings = ", ".join(
        [f'"{each.name}" = d."{each.name}"' for each in columns if each.write is not Write.ONCE]
        + ["batch_id = %(batch)s"] * target.batched
    )
    load.run(
        f"""
        UPDATE {target.table} t SET {settings}
        FROM import_diff d WHERE d.fate = 'updated' AND t.id = d.id
        """
    )


def _insert(load: Load, target: Target, columns: Sequence[Column]) -> None:
    names = ", ".join(
        [name for name, _value in target.identity]
        + ["batch_id"] * target.batched
        + [f'"{each.name}"' for each in columns]
    )
    values = ", ".join(
        [value for _name, value in target.identity]
        + ["%(batch)s"] * target.batched
        + [f'd."{each.name}"' for each in columns]
    )
    # In the order of their keys, which is about that of the file: indexes grow at their ends.
    load.run(
        f"""
        INSERT INTO {target.table} ({names})
        SELECT {values} FROM import_diff d WHERE d.fate = 'created' ORDER BY d.external_key
        """
    )


def mark_accounts(load: Load, accounts: str) -> None:
    """Mark the accounts a query names; sorted, so that two imports never wait in a ring."""
    load.run(
        f"""
        INSERT INTO {MARKS} (account_id, marked_at)
        SELECT DISTINCT a.id, clock_timestamp() FROM ({accounts}) a(id) WHERE a.id IS NOT NULL ORDER BY a.id
        ON CONFLICT (account_id) DO UPDATE SET marked_at = EXCLUDED.marked_at
        """
    )


def mark_changed(load: Load) -> None:
    """Mark the accounts of created and updated items, the former account of one that moved too."""
    mark_accounts(
        load,
        """
        SELECT account_id FROM import_diff WHERE fate <> 'unchanged'
        UNION SELECT old_account FROM import_diff WHERE fate = 'updated'
        """,
    )


def count_rows(load: Load, key: str) -> dict[str, int]:
    """Rows of the file by the outcome of the item they belong to."""
    return dict(
        load.rows(
            f"""
            SELECT d.fate, count(*) FROM import_stage s JOIN import_diff d ON d.external_key = s."{key}"
            GROUP BY d.fate
            """
        )
    )
