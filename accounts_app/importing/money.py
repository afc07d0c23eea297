"""What an amount was worth in the company's currency on its day; a missing rate is a reject, never 1."""

from .staging import Load
from .tables import RATES
from .upsert import Column, Write

_LARGEST = "1e13"  # where `services.money` draws the line as well


def settle_money(load: Load, amount: str, day: str) -> None:
    """Give staged rows with an amount their currency and the rate of their day, or reject them.

    Parameters
    ----------
    load
        The import; its stage gets a column `rate`.
    amount, day
        Staged fields: the amount, and the day whose rate fixes its worth.
    """
    load.run("ALTER TABLE import_stage ADD rate numeric")
    _settle_currency(load, amount)
    _settle_rate(load, amount, day)
    load.reject(
        f"abs(s.{amount}) >= {_LARGEST} OR abs(s.{amount} * s.rate) >= {_LARGEST}",
        column=amount,
        value=f"s.{amount}",
        reason="'larger than any amount expected here'",
    )


def _settle_currency(load: Load, amount: str) -> None:
    load.run(
        f"""
        UPDATE import_stage SET {amount} = round({amount}, 2), currency = CASE WHEN {amount} IS NOT NULL
            THEN coalesce(nullif(currency, ''), nullif(%(currency)s, ''), nullif(%(feed_currency)s, '')) END
        """
    )
    load.reject(
        f"s.{amount} IS NOT NULL AND s.currency IS NULL",
        column="currency",
        value="''",
        reason="'no currency: the row, --currency and the feed name none'",
    )
    load.reject(
        f"s.{amount} IS NOT NULL AND %(company_currency)s = ''",
        column=amount,
        value=f"s.{amount}",
        reason="'the company has no reporting currency yet; load orders first, or name it'",
    )


def _settle_rate(load: Load, amount: str, day: str) -> None:
    load.run(
        f"""
        UPDATE import_stage s SET rate = CASE WHEN s.currency = %(company_currency)s THEN 1 ELSE (
            SELECT r.rate FROM {RATES} r WHERE r.currency = s.currency AND r.valid_on <= s.{day}
            ORDER BY r.valid_on DESC LIMIT 1) END
        WHERE s.{amount} IS NOT NULL
        """
    )
    load.reject(
        f"s.{amount} IS NOT NULL AND s.rate IS NULL",
        column="currency",
        value="s.currency",
        reason=f"'no rate from ' || s.currency || ' to ' || %(company_currency)s || ' on ' || s.{day}",
    )


def fixed_worth(worth: str, amount: str, day: str, otherwise: str) -> str:
    """SQL: the stored worth while amount, currency and day stay; a rate that came later changes nothing."""
    same = f"t.{amount} = i.{amount} AND t.currency = i.currency AND t.{day} = i.{day}"
    return f"CASE WHEN {same} THEN t.{worth} ELSE {otherwise} END"


def money_columns(amount: str, worth: str, day: str) -> list[Column]:
    """The amount, its currency and its worth, of rows that `settle_money` has seen."""
    return [
        Column(amount, f"i.{amount}::numeric(16,2)"),
        Column("currency", "coalesce(i.currency, '')"),
        Column(
            worth,
            fixed_worth(worth, amount, day, f"round(i.{amount} * i.rate, 2)::numeric(16,2)"),
            Write.FOLLOWS,
        ),
    ]
