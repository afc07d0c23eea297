"""What happened to an incident, read from its audit trail: who did what, and when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts_app.models import Incident, User
from accounts_app.templatetags.formats import moment_text

# What the context of an act says where it takes another one back.
UNDO = "undo"
SHOWN_NOTE = 200


@dataclass(frozen=True)
class Entry:
    """One act: everything that one person wrote at once."""

    at: datetime
    by: str
    version: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class LastAct:
    """What an undo must know; `before` is None where the act logged the incident."""

    at: datetime
    user_id: int | None
    is_undo: bool
    before: dict[str, Any] | None
    pauses_begun: tuple[int, ...]
    pauses_ended: tuple[int, ...]


def history_of(incident: Incident) -> list[Entry]:
    """Read all acts, the last first."""
    events = [None, *_events(incident)]
    pauses = _by_context(_pause_events(incident))
    names = _names(event for event in events if event)
    told = [_entry(before, event, pauses.pop(event.pgh_context_id, []), names) for before, event in pairwise(events)]
    return [entry for entry in reversed(told) if entry.words]


def changes_since(incident: Incident, version: int) -> list[Entry]:
    """Read what was done after `version`, the last first."""
    return [entry for entry in history_of(incident) if entry.version > version]


def last_act(incident: Incident) -> LastAct | None:
    """Read the act that made the present version, if the trail has it."""
    events = [event for event in _events(incident) if event.version >= incident.version - 1]
    if not events or events[-1].version != incident.version:
        return None
    before, event = (events[-2] if len(events) > 1 else None), events[-1]
    if before is None and event.pgh_label != "insert":
        return None
    said = _said(event)
    pauses = _by_context(_pause_events(incident)).get(event.pgh_context_id, [])
    return LastAct(
        at=event.pgh_created_at,
        user_id=said.get("user"),
        is_undo=said.get("act") == UNDO,
        before=vars(before) if before else None,
        pauses_begun=tuple(one.id for one in pauses if one.pgh_label == "insert"),
        pauses_ended=tuple(one.id for one in pauses if one.pgh_label == "update" and one.until_at),
    )


def _events(incident: Incident) -> QuerySet[Any]:
    model: Any = apps.get_model("accounts_app", "IncidentEvent")
    rows: QuerySet[Any] = model.objects.filter(pgh_obj_id=incident.pk)
    return rows.select_related("pgh_context").order_by("pgh_id")


def _pause_events(incident: Incident) -> QuerySet[Any]:
    model: Any = apps.get_model("accounts_app", "IncidentPauseEvent")
    rows: QuerySet[Any] = model.objects.filter(incident_id=incident.pk)
    return rows.order_by("pgh_id")


def _by_context(events: Iterable[Any]) -> dict[UUID | None, list[Any]]:
    grouped: dict[UUID | None, list[Any]] = {}
    for event in events:
        grouped.setdefault(event.pgh_context_id, []).append(event)
    return grouped


def _said(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _names(events: Iterable[Any]) -> dict[int, str]:
    users = {_said(event).get("user") for event in events}
    return {user.pk: user.get_short_name() for user in User.objects.filter(pk__in=users - {None})}


def _entry(before: Any, event: Any, pauses: list[Any], names: dict[int, str]) -> Entry:
    said = _said(event)
    words = [*_changes(before, event), *(_pause_words(one) for one in pauses)]
    if said.get("act") == UNDO:
        words = [_("Took the last step back"), *words]
    # Without a person it came with a file, or by the administration.
    return Entry(event.pgh_created_at, names.get(said.get("user") or 0, ""), event.version, tuple(words))


def _changes(before: Any, event: Any) -> Iterator[str]:
    """Say how two versions differ."""
    if before is None:
        yield _beginning(event)
        return
    if event.acknowledged_at != before.acknowledged_at:
        yield _("Acknowledged") if event.acknowledged_at else _("Not acknowledged")
    if event.severity != before.severity:
        yield _("Severity {before} → {after}").format(
            before=before.get_severity_display(), after=event.get_severity_display()
        )
    if event.kind != before.kind:
        yield _("Kind {before} → {after}").format(before=before.get_kind_display(), after=event.get_kind_display())
    if event.title != before.title:
        yield _("Now called “{title}”, before “{before}”").format(title=event.title, before=before.title)
    if event.note != before.note:
        note = Truncator(event.note).chars(SHOWN_NOTE)
        yield _("Note: “{note}”").format(note=note) if note else _("Note removed")
    yield from _resolution_words(before, event)


def _beginning(event: Any) -> str:
    if event.pgh_label != "insert":
        return _("Changed before the history began")
    return _("Logged") if _said(event).get("user") else _("Came in")


def _resolution_words(before: Any, event: Any) -> Iterator[str]:
    if (event.resolved_at, event.resolution) == (before.resolved_at, before.resolution):
        return
    if event.resolved_at is None:
        yield _("Reopened")
    else:
        at = moment_text(event.resolved_at)
        yield _("Resolved {at}: “{resolution}”").format(at=at, resolution=event.resolution)


def _pause_words(event: Any) -> str:
    if event.pgh_label == "delete":
        return _("The pause never was")
    if event.pgh_label == "insert" and not event.until_at:
        return _("Paused: “{reason}”").format(reason=event.reason)
    return _("Clock running again") if event.until_at else _("Paused again: “{reason}”").format(reason=event.reason)
