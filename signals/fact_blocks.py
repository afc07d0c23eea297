"""Facts packed by ranges of accounts: a night reads these, and from the fact tables only what was written since.

Triggers note every account whose facts are written (`FactChange`). Who reads looks at the notes first, then at the
blocks, then at the fact tables of the noted accounts: whatever happens in between, a row is rather read twice than
taken from a block that no longer holds. Who writes a block does so only if nobody did since he looked, and then
removes the notes that he saw before he read.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts_app.models import Account, Company
from signals import fact_statements
from signals.compute.base import Facts
from signals.compute.renewal_fit import sample_rows
from signals.facts import FED, FEEDS, KEPT_COLUMNS, UNFED, Tables, read_tables, with_live_facts
from signals.models import FactBlock, FactChange, FactPart

# Ids of a block. A chunk reads two or three blocks, and a block is written again as a whole.
RANGE = 256
# Below this share of a block's accounts its changed ones are read from the fact tables night after night: to write
# the block again costs more. A night reads twice, for the fit and for the judgement.
TOLERATED_SHARE = 0.02
# Accounts unpacked at once.
AT_ONCE = 1000
# Who logged a contact lately, and what was promised, is learnt of every account; how long things take, of a sample.
OF_A_SAMPLE = ("orders", "lines", "attendance", "incidents", "pauses")
NAMES = (*FED, *UNFED, FEEDS)
COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True)
class Notes:
    """What was noted as written, as seen before anything was read."""

    numbers: dict[int, list[int]]  # by account, of the notes
    everything: list[int]  # of notes without an account: nothing kept may be trusted

    def concern(self, account_id: int) -> bool:
        return bool(self.everything) or account_id in self.numbers


class Changed:
    """Accounts noted as changed, read at once: part by part, a few accounts at a time, it takes thrice as long."""

    def __init__(self, account_ids: Sequence[int]) -> None:
        notes = _notes(account_ids)
        known = [key for key in account_ids if key in notes.numbers][:AT_ONCE]
        self._known, self._tables = frozenset(known), read_tables(known) if known else {}

    def tables(self, account_ids: Sequence[int], names: Collection[str]) -> Tables:
        """Their rows; read again where one of them was not among those known."""
        if self._known.issuperset(account_ids):
            return {name: _of(self._tables[name], account_ids) for name in names}
        return read_tables(account_ids, names)


def kept_facts(account_ids: Sequence[int]) -> Facts:
    """The same as `read_facts`, from blocks where they hold."""
    return with_live_facts(account_ids, _tables(account_ids, NAMES))


def portfolio_facts(account_ids: Sequence[int]) -> Facts:
    """What is learnt from: all accounts, of the many rows those of a sample only, so that they fit into one process."""
    whole = [name for name in NAMES if name not in OF_A_SAMPLE]
    ids = np.asarray(account_ids, dtype=np.int64)
    changed = Changed(account_ids)
    tables = [_tables(part, whole, changed) for part in _slices(account_ids)]
    tables += [_tables(part, OF_A_SAMPLE, changed) for part in _slices(ids[sample_rows(ids)].tolist())]
    # Each part is let go as soon as it stands in the whole: at no time is everything there twice.
    whole_tables = {
        name: pd.concat([table.pop(name) for table in tables if name in table], ignore_index=True) for name in NAMES
    }
    pa.default_memory_pool().release_unused()
    return with_live_facts(account_ids, whole_tables)


def facts_by_part(account_ids: Sequence[int]) -> Iterator[Facts]:
    """All facts of every account, of a part of the accounts at a time."""
    return (kept_facts(part) for part in _slices(account_ids))


def kept_orders(account_ids: Sequence[int]) -> Iterator[pd.DataFrame]:
    """The orders alone, with the feeds that brought them, of a part of the accounts at a time."""
    return (_tables(part, ("orders",))["orders"] for part in _slices(account_ids))


def _slices(account_ids: Sequence[int]) -> list[Sequence[int]]:
    begins = range(0, max(len(account_ids), 1), AT_ONCE)
    return [account_ids[begin : begin + AT_ONCE] for begin in begins]


def refresh(account_ids: Sequence[int]) -> None:
    """Fill the blocks of these accounts, and write again those of which much has changed."""
    _forget_if_told()
    gone = ~Exists(Account.objects.filter(pk=OuterRef("account_id")))
    FactChange.objects.filter(gone, account_id__isnull=False).delete()
    for begin, ids in _ranges(account_ids).items():
        _refresh_block(begin, ids)


def digest() -> str:
    """What the packed facts were read with: another version of the program, or another clock, must not use them."""
    statements = sorted((name, text) for name, text in vars(fact_statements).items() if name.isupper())
    made = repr((statements, KEPT_COLUMNS, RANGE, Company.the().time_zone))
    return hashlib.sha256(made.encode()).hexdigest()


def _ranges(account_ids: Sequence[int]) -> dict[int, list[int]]:
    ranges: dict[int, list[int]] = {}
    for account_id in account_ids:
        ranges.setdefault(account_id - account_id % RANGE, []).append(account_id)
    return ranges


def _notes(account_ids: Sequence[int]) -> Notes:
    numbers: dict[int, list[int]] = {}
    everything = []
    found = FactChange.objects.filter(Q(account_id__in=account_ids) | Q(account_id=None))
    for number, account_id in found.values_list("pk", "account_id"):
        if account_id is None:
            everything.append(number)
        else:
            numbers.setdefault(account_id, []).append(number)
    return Notes(numbers, everything)


def _tables(account_ids: Sequence[int], names: Iterable[str], changed: Changed | None = None) -> Tables:
    notes = _notes(account_ids)
    parts = _parts(_ranges(account_ids), {*names, FEEDS})
    anew = [key for key in account_ids if notes.concern(key) or key - key % RANGE not in parts]
    wanted = np.setdiff1d(account_ids, anew)
    packed = {name: _unpack(name, [part[name] for part in parts.values() if name in part]) for name in names}
    kept = {name: _of(table, wanted) for name, table in packed.items()}
    read = changed.tables if changed else read_tables
    return _with_rows_anew(kept, read(anew, kept.keys()) if anew else {})


def _parts(begins: Iterable[int], names: Iterable[str]) -> dict[int, dict[str, bytes]]:
    """Packed tables by block, in one statement: no block is seen half written, or without its rows."""
    parts: dict[int, dict[str, bytes]] = {}
    holding = FactPart.objects.filter(block__first_account__in=begins, block__made_by=digest(), name__in=names)
    rows = holding.order_by("block__first_account")
    for begin, name, content in rows.values_list("block__first_account", "name", "content"):
        parts.setdefault(begin, {})[name] = bytes(content)
    return parts


def _of(table: pd.DataFrame, account_ids: Any) -> pd.DataFrame:
    return table[table["account_id"].isin(account_ids)]


def _with_rows_anew(kept: Tables, read: Tables) -> Tables:
    """Rows read from the fact tables among those kept, in the order in which all would have been read."""
    if not read:
        return {name: table.reset_index(drop=True) for name, table in kept.items()}
    return {
        name: pd.concat([table, read[name]]).sort_values("account_id", kind="stable", ignore_index=True)
        if len(read[name]) and len(table)
        else (read[name] if len(read[name]) else table.reset_index(drop=True))
        for name, table in kept.items()
    }


def _forget_if_told() -> None:
    """Everything may have changed: whoever is about to write a block now finds it gone."""
    told = list(FactChange.objects.filter(account_id=None).values_list("pk", flat=True))
    if told:
        with transaction.atomic():
            FactBlock.objects.all().delete()
            FactChange.objects.filter(pk__in=told).delete()


def _refresh_block(begin: int, account_ids: list[int]) -> None:
    block, _made = FactBlock.objects.get_or_create(first_account=begin)
    notes, made_by = _notes(account_ids), digest()
    if notes.everything:
        return  # told since; the next night forgets and fills
    if block.version == 0 or block.made_by != made_by:
        _write(block, notes, made_by, read_tables(account_ids))
    elif len(notes.numbers) > TOLERATED_SHARE * len(account_ids):
        _write(block, notes, made_by, _tables(account_ids, NAMES))


def _write(block: FactBlock, notes: Notes, made_by: str, tables: Tables) -> None:
    with transaction.atomic():
        unchanged = FactBlock.objects.filter(pk=block.pk, version=block.version)
        if not unchanged.update(version=F("version") + 1, made_by=made_by):
            return
        FactPart.objects.filter(block=block).delete()
        FactPart.objects.bulk_create(
            FactPart(block=block, name=name, content=_pack(tables[name]))
            for name in NAMES
            if len(tables[name]) or name == FEEDS  # a block without any fact is one all the same
        )
        seen = [number for numbers in notes.numbers.values() for number in numbers]
        FactChange.objects.filter(pk__in=seen).delete()


def _pack(table: pd.DataFrame) -> bytes:
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, arrow.schema, options=COMPRESSED) as stream:
        stream.write_table(arrow)
    return bytes(sink.getvalue().to_pybytes())


def _unpack(name: str, contents: Iterable[bytes]) -> pd.DataFrame:
    columns = KEPT_COLUMNS[name]
    tables = [pa.ipc.open_stream(content).read_all() for content in contents]
    raw = pa.concat_tables(tables).to_pandas() if tables else pd.DataFrame(columns=list(columns))
    return raw.astype(columns)
