"""Accounts, or parts of their business, gone: why, where to, what they were worth a year."""

from accounts_app.importing.account_keys import derive_keys, keep_stored, resolve_staged, take_latest
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, CURRENCY, Field, Is, Kind
from accounts_app.importing.money import money_columns, settle_money
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import LOSSES
from accounts_app.importing.upsert import Column, Target, Write, mark_changed, upsert
from accounts_app.models import Loss

KIND = Kind(
    "losses",
    "losses",
    (
        ACCOUNT,
        ACCOUNT_NAME,
        Field("lost_on", Is.DAY, required=True),
        Field("reason", Is.WORD, required=True, vocabulary="loss reason"),
        Field("part", limit=120),
        Field("went_to", limit=120),
        Field("annual_amount", Is.AMOUNT),
        CURRENCY,
        Field("note", limit=100_000),
        Field("key", Is.KEY),
    ),
    key="key",
)


def load_losses(load: Load) -> str:
    """Load rows that are losses; returns the staged field that names the item of a row."""
    resolve_staged(load)
    derive_keys(load, "concat_ws(':', account, lost_on, lower(part))")
    keep_stored(
        load,
        LOSSES,
        *("part", "went_to", "note"),
        annual_amount="annual_amount = t.annual_amount, currency = t.currency",
    )
    settle_money(load, "annual_amount", "lost_on")
    take_latest(load)
    upsert(
        load,
        Target(Loss),
        [
            Column("account_id", "i.account_id"),
            Column("lost_on", "i.lost_on"),
            Column("part", "coalesce(i.part, '')"),
            Column("reason", "i.reason"),
            Column("went_to", "coalesce(i.went_to, '')"),
            *money_columns("annual_amount", "reporting_annual_amount", "lost_on"),
            Column("note", "coalesce(i.note, '')"),
            Column("known_on", load.known_from("i.lost_on"), Write.ONCE),
        ],
    )
    mark_changed(load)
    return "key"
