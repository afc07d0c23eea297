"""What binds the customer and us: term, notice, renewal, value a year."""

import re

from accounts_app.importing.account_keys import keep_stored, resolve_staged, take_latest
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, CURRENCY, Field, Is, Kind
from accounts_app.importing.money import money_columns, settle_money
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import CONTRACTS
from accounts_app.importing.upsert import Column, Target, Write, mark_changed, upsert
from accounts_app.models import Contract

KIND = Kind(
    "contracts",
    "contracts",
    (
        ACCOUNT,
        ACCOUNT_NAME,
        Field("number", Is.KEY, required=True, limit=80),
        Field("title"),
        Field("starts_on", Is.DAY, required=True, ahead=True),
        Field("ends_on", Is.DAY, ahead=True, endless=True),
        Field("notice_days", Is.QUANTITY),
        Field("no_cause", Is.WORD, vocabulary="flag"),
        Field("auto_renews", Is.WORD, vocabulary="flag"),
        Field("renewal_months", Is.QUANTITY),
        Field("notice_received_on", Is.DAY),
        Field("annual_value", Is.AMOUNT),
        CURRENCY,
    ),
    key="number",
)
# A header may count in other units; a contract's month of notice is taken as 30 days.
_NOTICE_UNITS = ((r"week|woche|semaine", 7), (r"month|monat|mois", 30))
_RENEWAL_UNITS = ((r"year|jahr|\ban(s|n[ée]es?)?\b", 12),)
_LONGEST_NOTICE = 1500  # days, as the table has it
_LONGEST_RENEWAL = 120  # months


def load_contracts(load: Load) -> str:
    """Load rows that are contracts; returns the staged field that names the item of a row."""
    resolve_staged(load)
    keep_stored(
        load,
        CONTRACTS,
        *("title", "ends_on", "notice_days", "renewal_months", "notice_received_on"),
        no_cause="no_cause = t.no_cause::text",
        auto_renews="auto_renews = t.auto_renews::text",
        annual_value="annual_value = t.annual_value, currency = t.currency",
    )
    _convert(load, "notice_days", _NOTICE_UNITS)
    _convert(load, "renewal_months", _RENEWAL_UNITS)
    _settle_term(load)
    _settle_renewal(load)
    settle_money(load, "annual_value", "starts_on")
    take_latest(load)
    upsert(load, Target(Contract), _columns(load))
    mark_changed(load)
    return "number"


def _convert(load: Load, field: str, units: tuple[tuple[str, int], ...]) -> None:
    """Notice of 3 under a header that says months is not three days."""
    if field not in load.present:
        return
    header = load.header(field)
    for pattern, times in units:
        if re.search(pattern, header, re.IGNORECASE):
            load.run(f"UPDATE import_stage SET {field} = {field} * {times}")
            load.notes.append(f"The column {header} was multiplied by {times} for {field.replace('_', ' ')}.")


def _settle_term(load: Load) -> None:
    load.reject(
        "s.ends_on < s.starts_on",
        column="ends_on",
        value="s.ends_on",
        reason="'ends before it starts, on ' || s.starts_on",
    )
    load.reject(
        f"s.notice_days NOT BETWEEN 0 AND {_LONGEST_NOTICE} OR s.notice_days <> trunc(s.notice_days)",
        column="notice_days",
        value="trim_scale(s.notice_days)",
        reason=f"'not a whole number of days from 0 to {_LONGEST_NOTICE}'",
    )


def _settle_renewal(load: Load) -> None:
    """Months without a word on renewal mean that it renews; of one that does not renew they say nothing."""
    if "auto_renews" not in load.present and "renewal_months" in load.present:
        load.run("UPDATE import_stage SET auto_renews = (coalesce(renewal_months, 0) > 0)::text")
    load.run("UPDATE import_stage SET renewal_months = NULL WHERE NOT coalesce(auto_renews, 'f')::boolean")
    load.reject(
        "s.auto_renews::boolean AND s.renewal_months IS NULL",
        column="renewal_months",
        value="''",
        reason="'renews by itself, but not by how many months'",
    )
    load.reject(
        f"s.renewal_months NOT BETWEEN 1 AND {_LONGEST_RENEWAL} OR s.renewal_months <> trunc(s.renewal_months)",
        column="renewal_months",
        value="trim_scale(s.renewal_months)",
        reason=f"'not a whole number of months from 1 to {_LONGEST_RENEWAL}'",
    )


def _columns(load: Load) -> list[Column]:
    known_notice = (
        "CASE WHEN i.notice_received_on IS NULL THEN NULL "
        f"ELSE coalesce(t.notice_received_known_on, {load.known_from('i.notice_received_on')}) END"
    )
    return [
        Column("account_id", "i.account_id"),
        Column("number", "i.number", Write.ONCE),
        Column("title", "coalesce(i.title, '')"),
        Column("starts_on", "i.starts_on"),
        Column("ends_on", "i.ends_on"),
        Column("notice_days", "coalesce(i.notice_days, 0)::smallint"),
        Column("no_cause", "coalesce(i.no_cause, 'f')::boolean"),
        Column("auto_renews", "coalesce(i.auto_renews, 'f')::boolean"),
        Column("renewal_months", "i.renewal_months::smallint"),
        Column("notice_received_on", "i.notice_received_on"),
        Column("notice_received_known_on", known_notice, Write.FOLLOWS),
        *money_columns("annual_value", "reporting_annual_value", "starts_on"),
        # Signed before it starts: one that starts tomorrow is known today.
        Column("known_on", f"least({load.known_from('i.starts_on')}, %(today)s::date)", Write.ONCE),
    ]
