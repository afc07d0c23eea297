"""Many contacts planned at once, each on its own day, and taken back at once."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts_app.models import Account, Interaction, User
from accounts_app.services.changes import mark_changed
from accounts_app.services.entry import entered
from accounts_app.services.interaction_snapshot import PEOPLE, fingerprint

ROWS_A_STATEMENT = 2000


@dataclass(frozen=True, kw_only=True)
class ContactToCome:
    """A contact to plan with one account: when, how, and who is to make it."""

    account_id: int
    by_id: int
    planned_on: dt.date
    due_on: dt.date
    channel: str
    purpose: str


@transaction.atomic
def plan_each(contacts: Sequence[ContactToCome], *, today: dt.date) -> list[Interaction]:
    """Plan them all or none; of accounts that the caller holds and may change."""
    if any(one.planned_on < today for one in contacts):
        raise ValidationError(_("A day to plan has passed: choose today or a day to come."))
    provenance = entered(today)
    rows = [
        Interaction(**provenance | {"external_key": str(uuid.uuid4())}, **vars(one), state=Interaction.State.PLANNED)
        for one in contacts
    ]
    planned = Interaction.objects.bulk_create(rows, batch_size=ROWS_A_STATEMENT)
    mark_changed(one.account_id for one in contacts)
    return planned


def fingerprints(interactions: Sequence[Interaction]) -> dict[int, str]:
    """What each says, in a constant number of statements."""
    prefetch_related_objects(interactions, *PEOPLE)
    return {one.pk: fingerprint(one) for one in interactions}


@transaction.atomic
def take_back_plans(seen: Mapping[int, str], *, by: User) -> set[int]:
    """Void the plans that are still as they were seen, of accounts this person may change; which ones."""
    held = Interaction.objects.planned().filter(pk__in=seen, account__in=Account.objects.editable_by(by))
    plans = list(held.select_for_update(of=("self",)).order_by("pk"))
    same = {pk for pk, now in fingerprints(plans).items() if now == seen[pk]}
    reason = _("Taken back by {name} after planning.").format(name=by)
    Interaction.objects.filter(pk__in=same).update(state=Interaction.State.VOIDED, void_reason=reason[:200])
    return same
