"""Requests for quotation and technical consultations, open or decided."""

from accounts_app.importing.account_keys import keep_stored, resolve_staged, take_latest
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, CURRENCY, Field, Is, Kind
from accounts_app.importing.money import money_columns, settle_money
from accounts_app.importing.people import CONTACT_ID, resolve_contact
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import INQUIRIES
from accounts_app.importing.upsert import Column, Target, Write, mark_changed, upsert
from accounts_app.models import Inquiry

KIND = Kind(
    "inquiries",
    "inquiries",
    (
        ACCOUNT,
        ACCOUNT_NAME,
        Field("number", Is.KEY, required=True, limit=80),
        Field("asked_on", Is.DAY, required=True),
        Field("contact"),
        Field("kind", Is.WORD, vocabulary="inquiry kind"),
        Field("title"),
        Field("outcome", Is.WORD, vocabulary="inquiry outcome"),
        Field("decided_on", Is.DAY, ahead=True),  # of an open one: the day on which it is expected
        Field("awarded_to", limit=120),
        Field("amount", Is.AMOUNT),
        CURRENCY,
    ),
    key="number",
)


def load_inquiries(load: Load) -> str:
    """Load rows that are inquiries; returns the staged field that names the item of a row."""
    resolve_staged(load)
    resolve_contact(load)
    keep_stored(
        load,
        INQUIRIES,
        *("kind", "title", "outcome", "decided_on", "awarded_to"),
        contact="contact_id = t.contact_id",
        amount="amount = t.amount, currency = t.currency",
    )
    _settle_outcome(load)
    settle_money(load, "amount", "asked_on")
    take_latest(load)
    upsert(load, Target(Inquiry), _columns(load))
    mark_changed(load)
    return "number"


def _settle_outcome(load: Load) -> None:
    """An open inquiry has no day of decision: systems write an expected one there."""
    load.run("UPDATE import_stage SET outcome = 'open' WHERE outcome IS NULL")
    load.run("UPDATE import_stage SET decided_on = NULL WHERE outcome = 'open'")
    load.reject(
        "s.outcome <> 'open' AND s.decided_on IS NULL",
        column="decided_on",
        value="''",
        reason="s.outcome || ', but no day on which it was decided'",
    )
    load.reject(
        "s.decided_on < s.asked_on",
        column="decided_on",
        value="s.decided_on",
        reason="'decided before it was asked, on ' || s.asked_on",
    )
    load.reject(
        "s.decided_on > %(today)s::date + 1",
        column="decided_on",
        value="s.decided_on",
        reason="'lies in the future, so it cannot be ' || s.outcome",
    )


def _columns(load: Load) -> list[Column]:
    known_decided = (
        f"CASE WHEN i.decided_on IS NULL THEN NULL ELSE coalesce(t.decided_known_on, {load.known_from('i.decided_on')})"
        " END"
    )
    return [
        Column("account_id", "i.account_id"),
        Column("contact_id", CONTACT_ID),
        Column("number", "i.number", Write.ONCE),
        Column("title", "coalesce(i.title, '')"),
        Column("kind", "coalesce(i.kind, t.kind, 'quotation')"),
        Column("asked_on", "i.asked_on"),
        Column("outcome", "i.outcome"),
        Column("decided_on", "i.decided_on"),
        Column("decided_known_on", known_decided, Write.FOLLOWS),
        Column("awarded_to", "coalesce(i.awarded_to, '')"),
        *money_columns("amount", "reporting_amount", "asked_on"),
        Column("known_on", load.known_from("i.asked_on"), Write.ONCE),
    ]
