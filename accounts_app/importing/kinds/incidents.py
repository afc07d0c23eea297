"""Incidents; where a number repeats, its rows are states of one incident and the last holds."""

from accounts_app.importing.account_keys import JOIN_KEY, resolve_staged
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, Field, Is, Kind
from accounts_app.importing.staging import Load
from accounts_app.importing.upsert import Column, Target, Write, column, mark_changed, upsert
from accounts_app.models import Incident

KIND = Kind(
    "incidents",
    "incidents",
    (
        ACCOUNT,
        ACCOUNT_NAME,
        Field("number", Is.KEY, required=True, limit=80),
        Field("title"),
        Field("kind", Is.WORD, vocabulary="incident kind", other="complaint"),
        Field("severity", Is.WORD, vocabulary="severity"),
        Field("opened_at", Is.MOMENT, required=True),
        Field("acknowledged_at", Is.MOMENT),
        Field("resolved_at", Is.MOMENT),
        Field("closed_at", Is.MOMENT),
        Field("changed_at", Is.MOMENT),
        Field("state", Is.WORD, vocabulary="incident state", other="open"),
    ),
    key="number",
)


def load_incidents(load: Load) -> str:
    """Load rows that are incidents or their states; returns the staged field that names the item of a row."""
    load.run(
        """
        UPDATE import_stage SET resolved_at = coalesce(closed_at, CASE WHEN state = 'closed' THEN changed_at END)
        WHERE resolved_at IS NULL
        """
    )
    load.reject(
        "s.state = 'closed' AND s.resolved_at IS NULL",
        column="resolved_at",
        value="''",
        reason="'closed, but no day on which'",
    )
    load.reject(
        "s.resolved_at < s.opened_at",
        column="resolved_at",
        value="s.resolved_at",
        reason="'resolved before it was opened, at ' || s.opened_at",
    )
    load.reject(
        "s.acknowledged_at < s.opened_at",
        column="acknowledged_at",
        value="s.acknowledged_at",
        reason="'acknowledged before it was opened, at ' || s.opened_at",
    )
    resolve_staged(load)
    load.run(
        f"""
        CREATE TEMP TABLE import_item ON COMMIT DROP AS
        SELECT l.*, l.number AS external_key, k.account_id
        FROM (SELECT DISTINCT ON (number) * FROM import_stage ORDER BY number, changed_at DESC NULLS LAST,
            row_no DESC) l
        {JOIN_KEY.format(account="l.account")}
        """
    )
    upsert(load, Target(Incident), _columns(load))
    mark_changed(load)
    return "number"


def _columns(load: Load) -> list[Column]:
    opened_on = "(i.opened_at AT TIME ZONE %(zone)s)::date"
    resolved_on = "(i.resolved_at AT TIME ZONE %(zone)s)::date"
    known_resolved = (
        "CASE WHEN i.resolved_at IS NULL THEN NULL "
        f"ELSE coalesce(t.resolved_known_on, {load.known_from(resolved_on)}) END"
    )
    return [
        Column("account_id", "i.account_id"),
        Column("number", "i.number", Write.ONCE),
        column(load, "title", "coalesce(i.title, t.title, i.number)", field="title", default="i.number"),
        column(load, "kind", "coalesce(i.kind, t.kind, 'complaint')", field="kind", default="'complaint'"),
        column(load, "severity", "coalesce(i.severity, t.severity, 'minor')", field="severity", default="'minor'"),
        Column("opened_at", "i.opened_at"),
        column(load, "acknowledged_at", "i.acknowledged_at", field="acknowledged_at", default="NULL::timestamptz"),
        Column("resolved_at", "i.resolved_at"),
        Column("resolved_known_on", known_resolved, Write.FOLLOWS),
        Column("known_on", load.known_from(opened_on), Write.ONCE),
    ]
