"""Exchange rates. Amounts that were fixed at a rate of their day stay as they are."""

from accounts_app.importing.fields import Field, Is, Kind
from accounts_app.importing.staging import Load
from accounts_app.importing.upsert import Column, Target, upsert
from accounts_app.models import ExchangeRate

KIND = Kind(
    "rates",
    "rates",
    (
        Field("currency", Is.CURRENCY, required=True),
        Field("valid_on", Is.DAY, required=True),
        Field("rate", Is.PRICE),
        Field("inverse", Is.PRICE),
        Field("source", limit=120),
    ),
    key="key",
    one_of=(("rate", "inverse"),),
)
_LARGEST = "1e9"


def load_rates(load: Load) -> str:
    """Load rows that are rates; returns the staged field that names the item of a row."""
    load.run("ALTER TABLE import_stage ADD key text")
    load.run("UPDATE import_stage SET key = currency || ':' || valid_on")
    _reject(load)
    load.run(
        """
        CREATE TEMP TABLE import_item ON COMMIT DROP AS
        SELECT DISTINCT ON (key) key AS external_key, currency, valid_on, round(rate, 8)::numeric(18,8) AS rate, source
        FROM import_stage ORDER BY key, row_no DESC
        """
    )
    target = Target(
        ExchangeRate,
        match="t.currency = i.currency AND t.valid_on = i.valid_on",
        identity=(),
        account="id",  # a rate is no account's
        batched=False,
    )
    source = "coalesce(i.source, '')" if "source" in load.present else "coalesce(t.source, '')"
    upsert(
        load,
        target,
        [
            Column("currency", "i.currency"),
            Column("valid_on", "i.valid_on"),
            Column("rate", "i.rate"),
            Column("source", source),
        ],
    )
    return "key"


def _reject(load: Load) -> None:
    load.reject(
        "s.currency = %(company_currency)s",
        column="currency",
        value="s.currency",
        reason="'the company''s own currency, whose rate is always 1'",
    )
    column = "rate" if "rate" in load.present else "inverse"
    load.reject("s.rate IS NULL AND s.inverse IS NULL", column=column, value="''", reason="'no rate'")
    load.reject(
        "coalesce(s.rate, s.inverse) <= 0",
        column=column,
        value="trim_scale(coalesce(s.rate, s.inverse))",
        reason="'a rate must be greater than 0'",
    )
    load.run("UPDATE import_stage SET rate = 1 / inverse WHERE rate IS NULL")
    load.reject(
        f"round(s.rate, 8) = 0 OR s.rate >= {_LARGEST}",
        column=column,
        value="trim_scale(coalesce(s.inverse, s.rate))",
        reason="'beyond any rate expected here'",
    )
