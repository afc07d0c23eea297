"""What people do with incidents: each act is one transaction on the locked row, and counts its version on.

An act names the version its form was opened on. Where somebody was faster it is refused (`ChangedMeanwhile`) and
nothing is written; what stands in the way of the act itself is a `ValidationError` at the field it concerns.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pghistory
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts_app.incident_history import UNDO, LastAct, last_act
from accounts_app.models import Account, Incident, IncidentPause, User
from accounts_app.services.changes import mark_changed
from accounts_app.services.entry import entered

# What an act may change; saved as one, so that every act is one version.
KEPT = (
    "title",
    "kind",
    "severity",
    "note",
    "acknowledged_at",
    "resolved_at",
    "resolved_known_on",
    "resolution",
)
UNDO_WITHIN = timedelta(hours=1)
# Before this no incident can have been opened that anybody still logs; also keeps moments within every zone's years.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)


class ChangedMeanwhile(Exception):  # noqa: N818 - it names what happened, not a fault
    """Somebody saved this incident after the form was opened."""


def past_moment(moment: datetime, now: datetime) -> datetime:
    """Refuse a moment at which nothing can have happened that somebody logs now."""
    if moment > now:
        raise ValidationError(_("This moment lies in the future."))
    if moment < EARLIEST:
        raise ValidationError(_("Give a moment since the year 2000."))
    return moment


def log(
    *,
    account: Account,
    title: str,
    kind: str,
    severity: str,
    by: User,
    now: datetime,
    today: date,
    opened_at: datetime | None = None,
) -> Incident:
    """Open an incident, now or at an earlier moment, under a number of Vigil's own."""
    if not title.strip():
        raise ValidationError({"title": _("Say in one line what is wrong.")})
    opened_at = _past(opened_at or now, now, "opened_at")
    with pghistory.context(user=by.pk), transaction.atomic():
        pk = _next_key()
        incident = Incident.objects.create(
            pk=pk,
            number=f"V-{pk:06d}",
            account=account,
            title=title.strip(),
            kind=kind,
            severity=severity,
            opened_at=opened_at,
            **entered(today),
        )
        mark_changed([account.pk])
    return incident


def acknowledge(incident: Incident, *, version: int, by: User, now: datetime) -> None:
    """Say that somebody is on it."""
    with _held(incident, version=version, by=by) as row:
        _refuse_resolved(row)
        if row.acknowledged_at:
            raise ValidationError(_("It is acknowledged already."))
        row.acknowledged_at = max(now, row.opened_at)


def pause(incident: Incident, *, version: int, by: User, reason: str, now: datetime) -> None:
    """Let the clock stand from now on, such as while waiting for the customer."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the clock stands.")})
    with _held(incident, version=version, by=by) as row:
        _refuse_resolved(row, "reason")
        if row.current_pause:
            raise ValidationError({"reason": _("The clock stands already.")})
        IncidentPause.objects.create(incident=row, from_at=_after_pauses(row, now), reason=reason.strip())


def resume(incident: Incident, *, version: int, by: User, now: datetime) -> None:
    """Let the clock run again."""
    with _held(incident, version=version, by=by) as row:
        _refuse_resolved(row)
        if row.current_pause is None:
            raise ValidationError(_("The clock is running: there is no pause to end."))
        _end(row.current_pause, now)


def update(incident: Incident, *, version: int, by: User, changes: Mapping[str, str]) -> None:
    """Write severity, kind, title and note, as far as `changes` names them."""
    if not changes.get("title", "-").strip():
        raise ValidationError({"title": _("Say in one line what is wrong.")})
    with _held(incident, version=version, by=by) as row:
        for name in ("severity", "kind", "title", "note"):
            setattr(row, name, changes.get(name, getattr(row, name)).strip())


def resolve(
    incident: Incident,
    *,
    version: int,
    by: User,
    resolution: str,
    now: datetime,
    today: date,
    resolved_at: datetime | None = None,
) -> None:
    """Stop the clock, now or at an earlier moment; a pause that is running ends."""
    if not resolution.strip():
        raise ValidationError({"resolution": _("Say what was done.")})
    resolved_at = _past(resolved_at or now, now, "resolved_at")
    with _held(incident, version=version, by=by) as row:
        _refuse_resolved(row, "resolution")
        # A form gives whole minutes: within the minute of its opening it is meant as resolved at once.
        if resolved_at + MINUTE <= row.opened_at:
            raise ValidationError({"resolved_at": _("It was opened later than this.")})
        row.resolved_at, row.resolved_known_on = max(resolved_at, row.opened_at), today
        row.resolution = resolution.strip()
        if row.current_pause:
            _end(row.current_pause, now)


def reopen(incident: Incident, *, version: int, by: User) -> None:
    """Let the clock run on as though it had never been resolved; what was done then stays in the history."""
    with _held(incident, version=version, by=by) as row:
        if row.is_open:
            raise ValidationError(_("It is open."))
        row.resolved_at, row.resolved_known_on, row.resolution = None, None, ""


def undo(incident: Incident, *, version: int, by: User, now: datetime) -> None:
    """Take the last act back, if it was one's own and is not long ago; an undone log leaves only its history."""
    with _held(incident, version=version, by=by, act=UNDO) as row:
        last = last_act(row)
        if last is None or last.user_id != by.pk or last.is_undo or now - last.at > UNDO_WITHIN:
            raise ValidationError(_("There is nothing of yours to undo, or it is too long ago."))
        if last.before is None:
            row.delete()
            return
        for name in KEPT:
            setattr(row, name, last.before[name])
        _restore_pauses(last)


@contextmanager
def _held(incident: Incident, *, version: int, by: User, **said: str) -> Iterator[Incident]:
    """Lock the row as it is now, refuse an older version, and write what the act made of it.

    Always written, also where only a pause was touched: a trigger counts the version at every UPDATE.
    """
    with pghistory.context(user=by.pk, **said), transaction.atomic():
        row = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        if row.version != version:
            raise ChangedMeanwhile
        yield row
        if row.pk:
            row.save(update_fields=KEPT)
        mark_changed([row.account_id])


def _next_key() -> int:
    """The key of the next incident, from the sequence of the table: no two get the same, so neither number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_app_incident', 'id'))")
        return int(cursor.fetchone()[0])


def _past(moment: datetime, now: datetime, field: str) -> datetime:
    try:
        return past_moment(moment, now)
    except ValidationError as refusal:
        raise ValidationError({field: refusal}) from None


def _refuse_resolved(row: Incident, field: str | None = None) -> None:
    if not row.is_open:
        text = _("It is resolved already: reopen it first.")
        raise ValidationError({field: text} if field else text)


def _after_pauses(row: Incident, now: datetime) -> datetime:
    """From when the clock can stand: pauses never overlap, not even by the difference of two servers' clocks."""
    return max([now, *(one.until_at for one in row.pauses.all() if one.until_at)])


def _end(pause: IncidentPause, now: datetime) -> None:
    pause.until_at = max(now, pause.from_at + INSTANT)
    pause.save(update_fields=["until_at"])


def _restore_pauses(last: LastAct) -> None:
    """A pause that was begun is gone again; one that was ended runs on."""
    IncidentPause.objects.filter(pk__in=last.pauses_begun).delete()
    IncidentPause.objects.filter(pk__in=last.pauses_ended).update(until_at=None)
