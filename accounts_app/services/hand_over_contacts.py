"""Contacts planned because somebody leaves, on either side; and dropped again while nobody has touched them."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts_app.models import Account, Colleague, Contact, Interaction, User
from accounts_app.services.changes import mark_changed
from accounts_app.services.entry import entered
from accounts_app.services.interactions import due_days, void_row

LATEST = dt.timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A visit to come, with whom of both sides, and why."""

    account: Account
    planned_on: dt.date
    note: str
    contacts: Sequence[Contact] = ()
    colleagues: Sequence[Colleague] = ()


@transaction.atomic
def plan_meetings(meetings: Sequence[Meeting], *, by: User, today: dt.date) -> dict[int, int]:
    """Plan them all, in as many statements for one as for a hundred; returns the plan of each account by its id."""
    for meeting in meetings:
        check_day(meeting.planned_on, today=today)
    due, provenance = due_days([one.account for one in meetings]), entered(today)
    rows = [
        Interaction(
            account=one.account,
            **provenance | {"external_key": str(uuid.uuid4())},
            state=Interaction.State.PLANNED,
            planned_on=one.planned_on,
            due_on=due[one.account.pk],
            channel=Interaction.Channel.VISIT,
            purpose=Interaction.Purpose.PROACTIVE,
            note=one.note,
            by=by,
        )
        for one in meetings
    ]
    planned = Interaction.objects.bulk_create(rows)
    _invite(Interaction.contacts.through, "contact", zip(planned, [one.contacts for one in meetings], strict=True))
    _invite(
        Interaction.colleagues.through, "colleague", zip(planned, [one.colleagues for one in meetings], strict=True)
    )
    mark_changed(one.account.pk for one in meetings)
    return {row.account_id: row.pk for row in planned}


def check_day(day: dt.date, *, today: dt.date) -> None:
    if day < today:
        raise ValidationError(_("This day has passed: choose today or a day to come."))
    if day > today + LATEST:
        raise ValidationError(_("Choose a day within a year."))


@transaction.atomic
def drop_untouched(plans: Collection[int], *, reason: str) -> int:
    """Void what is still planned as it was; what somebody moved, kept or dropped since stays. Returns how many went."""
    changed = Interaction.pgh_event_model.objects.filter(pgh_obj__in=plans).values("pgh_obj")  # type: ignore[attr-defined]
    untouched = Interaction.objects.planned().filter(pk__in=plans).exclude(pk__in=changed)
    dropped = list(untouched.select_for_update(of=("self",)).order_by("pk"))
    for plan in dropped:
        void_row(plan, reason)
    mark_changed(plan.account_id for plan in dropped)
    return len(dropped)


def _invite(
    through: type[models.Model],
    side: str,
    guests: Iterable[tuple[Interaction, Sequence[Contact] | Sequence[Colleague]]],
) -> None:
    through._default_manager.bulk_create(  # noqa: SLF001  Django's documented way
        through(interaction_id=plan.pk, **{f"{side}_id": one.pk}) for plan, invited in guests for one in invited
    )
