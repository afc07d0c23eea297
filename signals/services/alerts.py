"""What people do with alerts. Each action keeps what was there before it, so that the last one can be undone."""

import datetime as dt
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts_app.models import User
from signals.models import Alert, AlertAction

# What an action may change, and an undo brings back.
KEPT = ("state", "snoozed_until", "snoozed_level", "outcome", "cause", "closed_on", "rearmed")
DAYS = ("snoozed_until", "closed_on", "released_on")
UNDO_WITHIN = timedelta(days=1)
LONGEST_SNOOZE = timedelta(days=366)


def acknowledge(alert: Alert, *, by: User) -> AlertAction:
    """Say that somebody is on it."""
    with transaction.atomic():
        held = _unclosed(alert)
        return _act(held, AlertAction(kind=AlertAction.Kind.ACKNOWLEDGE, by=by), _waking(Alert.State.ACKNOWLEDGED))


def snooze(alert: Alert, *, by: User, until: dt.date, reason: str, today: dt.date) -> AlertAction:
    """Put it aside until a day, unless its level breaks the snooze before."""
    if not today < until <= today + LONGEST_SNOOZE:
        raise ValidationError({"until": _("Choose a day from tomorrow on, within a year.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this can wait.")})
    with transaction.atomic():
        held = _unclosed(alert)
        changes = {"state": Alert.State.SNOOZED, "snoozed_until": until, "snoozed_level": held.level}
        action = AlertAction(kind=AlertAction.Kind.SNOOZE, by=by, until=until, reason=reason.strip())
        return _act(held, action, changes)


def resolve(
    alert: Alert, *, by: User, outcome: Alert.Outcome, today: dt.date, cause: str = "", note: str = ""
) -> AlertAction:
    """Close it with what it was; it opens anew only after its level was below the lower line in between."""
    if outcome == Alert.Outcome.REAL and not cause:
        raise ValidationError({"cause": _("Say what the cause was.")})
    if outcome != Alert.Outcome.REAL and cause:
        raise ValidationError({"cause": _("Only a real alert has a cause.")})
    with transaction.atomic():
        held = _unclosed(alert)
        closing = {"outcome": outcome, "cause": cause, "closed_on": today, "rearmed": False}
        action = AlertAction(kind=AlertAction.Kind.RESOLVE, by=by, outcome=outcome, cause=cause, reason=note.strip())
        return _act(held, action, _waking(Alert.State.RESOLVED) | closing)


def release(alert: Alert, *, by: User, today: dt.date) -> AlertAction:
    """Take it from the waiting list; it counts in the manager's week like any other that is shown."""
    with transaction.atomic():
        held = _unclosed(alert)
        if held.released_on is not None:
            raise ValidationError(_("This alert is shown already."))
        return _act(held, AlertAction(kind=AlertAction.Kind.RELEASE, by=by), {"released_on": today})


def last_undoable(alert: Alert, *, now: datetime) -> AlertAction | None:
    """The last action that stands, if it is recent enough and nothing has changed the alert since."""
    # Over all(), newest first, so that lists which have fetched the actions ask no more.
    standing = (one for one in alert.actions.all() if not one.undone and one.kind != AlertAction.Kind.UNDO)
    last = next(standing, None)
    recent = last if last and now - last.at <= UNDO_WITHIN else None
    return recent if recent and recent.after == _kept(alert, recent.after) else None


def undo(alert: Alert, *, by: User, now: datetime) -> AlertAction:
    """Take the last action back, whoever did it."""
    refusal = ValidationError(_("There is nothing to undo: the alert has changed since, or it is too long ago."))
    try:
        with transaction.atomic():
            held = Alert.objects.select_for_update().get(pk=alert.pk)
            last = last_undoable(held, now=now)
            if last is None:
                raise refusal
            AlertAction.objects.filter(pk=last.pk).update(undone=True)
            return _act(held, AlertAction(kind=AlertAction.Kind.UNDO, by=by), _restored(last.before))
    except IntegrityError:  # a new alert has been opened for the same signal meanwhile
        raise refusal from None


def _unclosed(alert: Alert) -> Alert:
    held: Alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if not held.is_unclosed:
        raise ValidationError(_("This alert is closed already."))
    return held


def _waking(state: Alert.State) -> dict[str, Any]:
    return {"state": state, "snoozed_until": None, "snoozed_level": None}


def _act(alert: Alert, action: AlertAction, changes: dict[str, Any]) -> AlertAction:
    kept = {*KEPT, *changes}
    action.before = _kept(alert, kept)
    for name, value in changes.items():
        setattr(alert, name, value)
    alert.save(update_fields=list(changes))
    action.alert, action.after = alert, _kept(alert, kept)
    action.save()
    action.refresh_from_db(fields=["at"])
    return action


def _kept(alert: Alert, names: Iterable[str]) -> dict[str, Any]:
    values = {name: getattr(alert, name) for name in names}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def _restored(before: dict[str, Any]) -> dict[str, Any]:
    return before | {name: parse_date(before[name]) if before[name] else None for name in DAYS if name in before}
