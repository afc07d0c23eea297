"""Spans in which the clock of an incident stood still, brought by its rows; what people paused here stays."""

from accounts_app.importing.staging import Load
from accounts_app.importing.tables import INCIDENTS, PAUSES

_STORED = f"{INCIDENTS} t JOIN {PAUSES} p ON p.incident_id = t.id"
_SPAN = "tstzrange({0}, {1}, '[)')"


def stage_pauses(load: Load) -> None:
    """Make import_pause of the spans in the stage, by incident and first moment; reject what cannot be."""
    load.reject(
        "s.paused_from IS NULL AND s.paused_until IS NOT NULL",
        column="paused_until",
        value="s.paused_until",
        reason="'a pause that ends, but no moment at which it began'",
    )
    load.reject(
        "s.paused_until <= s.paused_from",
        column="paused_until",
        value="s.paused_until",
        reason="'the pause ends before it begins, at ' || s.paused_from",
    )
    load.reject(
        "s.paused_from < s.opened_at",
        column="paused_from",
        value="s.paused_from",
        reason="'paused before it was opened, at ' || s.opened_at",
    )
    _take_spans(load)
    _reject_overlaps(load)
    load.run("DROP TABLE import_pause")
    _take_spans(load)


def _take_spans(load: Load) -> None:
    load.run(
        """
        CREATE TEMP TABLE import_pause ON COMMIT DROP AS
        SELECT DISTINCT ON (number, paused_from) number, row_no, paused_from AS from_at, paused_until AS until_at,
               coalesce(pause_reason, 'Paused') AS reason
        FROM import_stage WHERE paused_from IS NOT NULL
        ORDER BY number, paused_from, changed_at DESC NULLS LAST, row_no DESC
        """
    )


def _reject_overlaps(load: Load) -> None:
    staged, stored = _SPAN.format("s.paused_from", "s.paused_until"), _SPAN.format("p.from_at", "p.until_at")
    load.reject(
        f"""
        s.paused_from IS NOT NULL AND EXISTS (
            SELECT 1 FROM import_pause p
            WHERE p.number = s.number AND p.from_at < s.paused_from AND {staged} && {stored})
        """,
        column="paused_from",
        value="s.paused_from",
        reason="'this pause overlaps another one of the incident in the file'",
    )
    load.reject(
        f"""
        s.paused_from IS NOT NULL AND EXISTS (
            SELECT 1 FROM {_STORED} WHERE t.feed_id = %(feed)s AND t.external_key = s.number AND {staged} && {stored}
            AND NOT EXISTS (SELECT 1 FROM import_pause n WHERE n.number = s.number AND n.from_at = p.from_at))
        """,
        column="paused_from",
        value="s.paused_from",
        reason="'this pause overlaps one that is on record'",
    )


PAUSES_CHANGED = f"""EXISTS (
    SELECT 1 FROM import_pause n LEFT JOIN {PAUSES} p ON p.incident_id = t.id AND p.from_at = n.from_at
    WHERE n.number = i.number AND (p.id IS NULL OR p.until_at IS DISTINCT FROM n.until_at OR p.reason <> n.reason))"""
PAUSES_KEPT = f"""jsonb_build_object('pauses', (
    SELECT coalesce(jsonb_agg(jsonb_build_array(p.from_at, p.until_at, p.reason) ORDER BY p.from_at), '[]')
    FROM {PAUSES} p WHERE p.incident_id = t.id))"""


def write_pauses(load: Load) -> None:
    """Write the spans of incidents that were created or updated; those that get shorter first, to make room."""
    load.run(
        f"""
        CREATE TEMP TABLE import_span ON COMMIT DROP AS
        SELECT t.id AS incident_id, p.id, n.from_at, n.until_at, n.reason FROM import_diff d
        JOIN {INCIDENTS} t ON t.feed_id = %(feed)s AND t.external_key = d.external_key
        JOIN import_pause n ON n.number = d.external_key
        LEFT JOIN {PAUSES} p ON p.incident_id = t.id AND p.from_at = n.from_at WHERE d.fate <> 'unchanged'
        """
    )
    changed = f"""
        UPDATE {PAUSES} p SET until_at = s.until_at, reason = s.reason FROM import_span s
        WHERE s.id = p.id AND (p.until_at IS DISTINCT FROM s.until_at OR p.reason <> s.reason)
    """
    load.run(f"{changed} AND coalesce(s.until_at, 'infinity') <= coalesce(p.until_at, 'infinity')")
    load.run(changed)
    load.run(
        f"""
        INSERT INTO {PAUSES} (incident_id, from_at, until_at, reason)
        SELECT incident_id, from_at, until_at, reason FROM import_span WHERE id IS NULL ORDER BY incident_id, from_at
        """
    )
