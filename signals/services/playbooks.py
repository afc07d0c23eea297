"""Playbooks: what to do when a signal alarms, in versions, and the steps ticked off for one alert."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.models import Role, User
from signals.models import Alert, Playbook, PlaybookTick

ROLES_THAT_WRITE = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})
MOST_STEPS = 8
LONGEST_STEP = 300

Step = dict[str, Any]


def in_force() -> dict[str, Playbook]:
    """The playbook of each signal, by its key."""
    return {playbook.signal: playbook for playbook in Playbook.objects.in_force()}


def save(signal: str, steps: Sequence[Step], *, by: User, seen_version: int) -> Playbook | None:
    """Make the next version of a signal's playbook, or None where it says the same as before.

    Refused if somebody made one since `seen_version` was read.
    """
    if by.role not in ROLES_THAT_WRITE:
        raise PermissionDenied
    named = [{"key": step["key"] or secrets.token_hex(4), "text": step["text"], "act": step["act"]} for step in steps]
    newest = Playbook.objects.filter(signal=signal).order_by("-version").first()
    version = newest.version if newest else 0
    if version == seen_version and newest and newest.steps == named:
        return None
    refusal = ValidationError(_("Somebody changed this playbook meanwhile. Look at it anew; nothing was written."))
    if version != seen_version:
        raise refusal
    try:
        with transaction.atomic():
            return Playbook.objects.create(signal=signal, version=version + 1, steps=named, made_by=by)
    except IntegrityError:  # both pressed at the same moment
        raise refusal from None


def tick(alert: Alert, key: str, *, by: User) -> PlaybookTick:
    """Say that a step is done; of two people at once the first did it."""
    playbook = Playbook.objects.filter(signal=alert.signal).order_by("-version").first()
    step = playbook.step(key) if playbook else None
    if playbook is None or step is None:
        raise ValidationError(_("This step is no longer in the playbook."))
    with transaction.atomic():
        held = Alert.objects.select_for_update(no_key=True).get(pk=alert.pk)
        if not held.is_unclosed:
            raise ValidationError(_("This alert is closed already."))
        before = held.ticks.filter(key=key, undone_at=None).first()
        return before or PlaybookTick.objects.create(alert=held, playbook=playbook, key=key, text=step["text"], by=by)


def untick(alert: Alert, key: str, *, by: User) -> None:
    """Take a tick back; who set it and who took it back stays known."""
    taken = PlaybookTick.objects.filter(alert=alert, key=key, undone_at=None)
    if not taken.update(undone_at=timezone.now(), undone_by=by):
        raise ValidationError(_("This step is not ticked off."))
