"""Contacts put right afterwards: corrected, moved, voided. Nothing is deleted; the trigger keeps what was replaced."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts_app.models import OWN_FEED, Interaction, User
from accounts_app.models.interaction import InteractionQuerySet
from accounts_app.services.changes import mark_changed
from accounts_app.services.interaction_snapshot import fingerprint
from accounts_app.services.interactions import Plan, Told, check_told, tell, void_row


class ChangedMeanwhileError(ValidationError):
    """Somebody else wrote to the row after the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this contact meanwhile. Nothing was overwritten; save again to put yours in its place.")
        )


def correctable(interactions: InteractionQuerySet) -> InteractionQuerySet:
    """What was logged here: what came from a feed is corrected there, or the next import would undo it."""
    return interactions.filter(feed__name=OWN_FEED, state__in=(Interaction.State.DONE, Interaction.State.ATTEMPTED))


def voidable(interactions: InteractionQuerySet) -> InteractionQuerySet:
    """What was logged here, and every plan, wherever it came from: a plan nobody will keep must not stand."""
    return correctable(interactions) | interactions.planned()


def correct(interaction: Interaction, told: Told, *, by: User, seen: str, today: dt.date) -> None:
    """Write what really happened; whose contact it was, and when it was first known, stay."""
    with _held(interaction, correctable(Interaction.objects.all()), by=by, seen=seen) as held:
        check_told(held.account, told, today=today)
        tell(held, told, by=None, today=today)


def move(interaction: Interaction, plan: Plan, *, by: User, seen: str, today: dt.date) -> None:
    """Give a plan another day, or another form; the day it was due stays."""
    if plan.planned_on < today:
        raise ValidationError({"planned_on": _("This day has passed: choose today or a day to come.")})
    with _held(interaction, Interaction.objects.planned(), by=by, seen=seen) as held:
        held.planned_on, held.channel, held.purpose = plan.planned_on, plan.channel, plan.purpose
        held.value_item = plan.value_item
        held.save(update_fields=["planned_on", "channel", "purpose", "value_item"])


def void(interaction: Interaction, *, by: User, seen: str, reason: str) -> None:
    """Let it count no more, and say why."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it does not count.")})
    with _held(interaction, voidable(Interaction.objects.all()), by=by, seen=seen) as held:
        void_row(held, reason.strip())


@contextmanager
def _held(interaction: Interaction, rows: InteractionQuerySet, *, by: User, seen: str) -> Iterator[Interaction]:
    """The row, locked and as the writer saw it; the signals hear of the change."""
    with transaction.atomic(), pghistory.context(user=by.pk):
        locked = Interaction.objects.select_for_update().get(pk=interaction.pk)
        if fingerprint(locked) != seen or not rows.filter(pk=locked.pk).exists():
            raise ChangedMeanwhileError
        yield locked
        mark_changed([locked.account_id])
