"""Incidents; where a number repeats, its rows are states of one incident and the last holds."""

from accounts_app.importing.account_keys import resolve_staged, take_latest
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, Field, Is, Kind
from accounts_app.importing.staging import Load
from accounts_app.importing.upsert import Column, Target, Write, column, mark_changed, upsert
from accounts_app.models import Incident

from .pauses import PAUSES_CHANGED, PAUSES_KEPT, stage_pauses, write_pauses

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
        Field("resolution", limit=100_000),
        Field("note", limit=100_000),
        Field("paused_from", Is.MOMENT),
        Field("paused_until", Is.MOMENT),
        Field("pause_reason"),
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
    paused = "paused_from" in load.present
    if paused:
        stage_pauses(load)
    take_latest(load, "changed_at DESC NULLS LAST, row_no DESC")
    target = Target(Incident, also_changed=PAUSES_CHANGED, kept=PAUSES_KEPT) if paused else Target(Incident)
    upsert(load, target, _columns(load))
    if paused:
        write_pauses(load)
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
        # Of a long story the beginning is kept: the resolution is a line in lists.
        column(load, "resolution", "left(coalesce(i.resolution, ''), 300)", field="resolution", default="''"),
        column(load, "note", "coalesce(i.note, '')", field="note", default="''"),
        Column("known_on", load.known_from(opened_on), Write.ONCE),
    ]
