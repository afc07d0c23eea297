"""Whether customers would recommend us; an empty score is one who was asked and did not answer."""

from accounts_app.importing.account_keys import derive_keys, keep_stored, resolve_staged, take_latest
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, Field, Is, Kind
from accounts_app.importing.people import CONTACT_ID, resolve_contact
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import SURVEYS
from accounts_app.importing.upsert import Column, Target, Write, mark_changed, upsert
from accounts_app.models import SurveyAnswer

KIND = Kind(
    "surveys",
    "surveys",
    (
        ACCOUNT,
        ACCOUNT_NAME,
        Field("contact"),
        Field("asked_on", Is.DAY, required=True, stand_in="answered_on"),
        Field("answered_on", Is.DAY),
        Field("score", Is.QUANTITY),
        Field("comment", limit=100_000),
        Field("key", Is.KEY),
    ),
    key="key",
    one_of=(("score",),),
)


def load_surveys(load: Load) -> str:
    """Load rows that are survey answers; returns the staged field that names the item of a row."""
    load.reject(
        "s.score NOT BETWEEN 0 AND 10 OR s.score <> trunc(s.score)",
        column="score",
        value="trim_scale(s.score)",
        reason="'not a whole number from 0 to 10'",
    )
    _settle_days(load)
    resolve_staged(load)
    resolve_contact(load)
    derive_keys(load, "concat_ws(':', account, asked_on, lower(contact))")
    keep_stored(load, SURVEYS, "comment", contact="contact_id = t.contact_id")
    take_latest(load)
    upsert(load, Target(SurveyAnswer), _columns(load))
    mark_changed(load)
    return "key"


def _settle_days(load: Load) -> None:
    """A file with one day only means by it both: asked and, where there is a score, answered."""
    if "answered_on" not in load.present:
        load.run("UPDATE import_stage SET answered_on = asked_on WHERE score IS NOT NULL")
    elif load.header("answered_on") == load.header("asked_on"):
        load.run("UPDATE import_stage SET answered_on = NULL WHERE score IS NULL")
    load.reject(
        "s.answered_on IS NULL AND s.score IS NOT NULL",
        column="answered_on",
        value="''",
        reason="'a score, but no day on which it was given'",
    )
    load.reject(
        "s.answered_on IS NOT NULL AND s.score IS NULL",
        column="score",
        value="''",
        reason="'answered on ' || s.answered_on || ', but no score'",
    )
    load.reject(
        "s.answered_on < s.asked_on",
        column="answered_on",
        value="s.answered_on",
        reason="'answered before it was asked, on ' || s.asked_on",
    )


def _columns(load: Load) -> list[Column]:
    known_answered = (
        "CASE WHEN i.answered_on IS NULL THEN NULL "
        f"ELSE coalesce(t.answered_known_on, {load.known_from('i.answered_on')}) END"
    )
    return [
        Column("account_id", "i.account_id"),
        Column("contact_id", CONTACT_ID),
        Column("asked_on", "i.asked_on"),
        Column("answered_on", "i.answered_on"),
        Column("answered_known_on", known_answered, Write.FOLLOWS),
        Column("score", "i.score::smallint"),
        Column("comment", "coalesce(i.comment, '')"),
        Column("known_on", load.known_from("i.asked_on"), Write.ONCE),
    ]
