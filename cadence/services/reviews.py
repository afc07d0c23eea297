"""A review with the customer begun, changed, held and closed, together with the contact it is planned and logged as."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts_app.models import Account, Colleague, Contact, Interaction, User
from accounts_app.services.facts import ChangedMeanwhileError, lock_account, stamp
from accounts_app.services.interaction_corrections import correct, move, void
from accounts_app.services.interaction_snapshot import fingerprint
from accounts_app.services.interactions import Plan, Receipt, Told, log_contact, plan_contact, take_back
from cadence.models import Review

REVIEW = Interaction.Purpose.REVIEW
People = Mapping[str, Collection[Any]]


@transaction.atomic
def begin(review: Review, people: People, *, by: User, today: dt.date) -> None:
    """Begin to prepare a review; with a day it stands in the plans at once."""
    account = lock_account(review.account_id, by=by)
    if account.status == Account.Status.FORMER:
        raise ValidationError(_("This is a former customer: there is nobody to review with."))
    if Review.objects.filter(account=account).to_come().exists():
        raise ValidationError(_("A review of this account is being prepared already."))
    review.made_by = by
    review.save()
    _set_people(review, people)
    _settle_plan(review, by=by, today=today)


@transaction.atomic
def change(review: Review, fields: Collection[str], people: People, *, seen: str, by: User, today: dt.date) -> None:
    """Write these fields, unless somebody else wrote since it was `seen`; the contact behind it follows."""
    with _held(review, by=by, seen=seen) as row:
        if row.is_closed:
            raise ValidationError(_("This review is closed: reopen it first."))
        before = (row.meets_on, row.channel)
        for name in fields:
            setattr(row, name, getattr(review, name))
        row.save()
        _set_people(row, people)
        if row.is_to_come and ((row.planned_on, row.channel) != before or _lost_its_plan(row, today)):
            _settle_plan(row, by=by, today=today)
        elif not row.is_to_come:
            _settle_log(row, by=by, today=today)


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """How the review took place."""

    held_on: dt.date
    channel: str
    contacts: Collection[Contact]
    colleagues: Collection[Colleague]
    outcome: str


@transaction.atomic
def hold(review: Review, meeting: Meeting, *, seen: str, by: User, today: dt.date) -> None:
    """Say that it took place: the contact is logged, or the one that was planned becomes it."""
    with _held(review, by=by, seen=seen) as row:
        if not row.is_to_come:
            raise ValidationError(_("This review has been held already."))
        if meeting.held_on > today:
            raise ValidationError({"held_on": _("This day is still to come.")})
        if meeting.held_on < row.from_day:
            raise ValidationError({"held_on": _("This is before the time the review is about.")})
        _set_people(row, {"contacts": meeting.contacts, "colleagues": meeting.colleagues})
        row.stage, row.held_on, row.channel = Review.Stage.HELD, meeting.held_on, meeting.channel
        row.outcome = meeting.outcome
        # Somebody may have logged the planned contact itself: then it is not counted a second time.
        if row.interaction is None or row.interaction.state != Interaction.State.DONE:
            row.log = asdict(_log(row, meeting, by=by, today=today))
            row.interaction_id = row.log["interaction"]
        row.save()


@transaction.atomic
def not_held(review: Review, *, by: User) -> None:
    """Take holding back: the contact is a plan again, or gone; what was written down stays."""
    with _held(review, by=by) as row:
        if row.stage != Review.Stage.HELD:
            raise ValidationError(_("Only a review that was held and is not closed can be taken back."))
        if Review.objects.filter(account=row.account_id).to_come().exists():
            raise ValidationError(_("The next review of this account is being prepared already."))
        if row.log:
            take_back(Receipt(**row.log), by=by)
            was_planned = row.log["was"] is not None
            row.interaction_id = row.log["interaction"] if was_planned else None
        row.stage, row.held_on, row.log = Review.Stage.PREPARED, None, None
        row.save()


@transaction.atomic
def move_to(review: Review, stage: Review.Stage, *, by: User) -> None:
    """Between draft and prepared, and between held and closed; the rest needs more than a press."""
    pairs = ({Review.Stage.DRAFT, Review.Stage.PREPARED}, {Review.Stage.HELD, Review.Stage.CLOSED})
    with _held(review, by=by) as row:
        if not any({Review.Stage(row.stage), stage} <= pair for pair in pairs):
            raise ValidationError(_("This cannot follow what the review is now: look at it again."))
        row.stage = stage
        row.save(update_fields=["stage"])


@transaction.atomic
def drop(review: Review, *, by: User) -> None:
    """Remove a review that is not held; its plan is voided."""
    with _held(review, by=by) as row:
        if not row.is_to_come:
            raise ValidationError(_("A review that was held is not removed."))
        if row.interaction and row.is_planned:
            void(row.interaction, by=by, seen=fingerprint(row.interaction), reason=_("The review was called off."))
        row.delete()


@contextmanager
def _held(review: Review, *, by: User, seen: str = "") -> Iterator[Review]:
    """The review, while nobody else writes anything of its account."""
    lock_account(review.account_id, by=by)
    row = Review.objects.select_related("interaction", "account").select_for_update(of=("self",)).get(pk=review.pk)
    if seen and stamp(row) != seen:
        raise ChangedMeanwhileError(row)
    yield row


def _set_people(review: Review, people: People) -> None:
    for contact in people.get("contacts", ()):
        if contact.account_id != review.account_id:
            raise ValidationError({"contacts": _("Choose people of this account.")})
    for name, rows in people.items():
        getattr(review, name).set(rows)


def _settle_plan(review: Review, *, by: User, today: dt.date) -> None:
    """Bring the contact in the plans in line with the day; one planned for a review anyway is taken for it."""
    plan = review.interaction if review.is_planned else None
    if review.planned_on is None:
        if plan:
            void(plan, by=by, seen=fingerprint(plan), reason=_("The review has no day any more."))
        review.interaction = None
    else:
        plan = plan or _plan_without_review(review.account_id)
        wanted = Plan(planned_on=review.planned_on, channel=review.channel, purpose=REVIEW)
        review.interaction = _planned(review, wanted, plan, by=by, today=today)
    review.save(update_fields=["interaction"])


def _lost_its_plan(review: Review, today: dt.date) -> bool:
    """Whether a day to come has no contact in the plans any more, because somebody voided it."""
    has_contact = review.interaction and review.interaction.state in (Interaction.State.PLANNED, Interaction.State.DONE)
    return bool(review.planned_on and review.planned_on >= today and not has_contact)


def _plan_without_review(account_id: int) -> Interaction | None:
    plans = Interaction.objects.planned().filter(account=account_id, purpose=REVIEW, review=None)
    return plans.order_by("planned_on", "pk").first()


def _planned(review: Review, wanted: Plan, plan: Interaction | None, *, by: User, today: dt.date) -> Interaction:
    if plan is None:
        return plan_contact([review.account], by=by, today=today, **vars(wanted))[0]
    if (plan.planned_on, plan.channel) != (wanted.planned_on, wanted.channel):
        kept = replace(wanted, value_item=plan.value_item)
        move(plan, kept, by=by, seen=fingerprint(plan), today=today)
    return Interaction.objects.get(pk=plan.pk)


def _log(review: Review, meeting: Meeting, *, by: User, today: dt.date) -> Receipt:
    told = Told(
        happened_on=meeting.held_on,
        channel=meeting.channel,
        purpose=REVIEW,
        note=meeting.outcome,
        value_item=review.interaction.value_item if review.interaction and review.is_planned else None,
        contacts=meeting.contacts,
        colleagues=meeting.colleagues,
    )
    planned = review.interaction if review.is_planned else None
    return log_contact(review.account, told, by=by, today=today, planned=planned)


def _settle_log(review: Review, *, by: User, today: dt.date) -> None:
    """Let the logged contact say who took part and what came of it, as the review does now."""
    logged = review.interaction
    if logged is None or logged.state != Interaction.State.DONE or not review.log:
        return
    kept = ("happened_on", "channel", "purpose", "initiator", "tone", "value_item", "reaction")
    told = Told(
        **{name: getattr(logged, name) for name in kept},
        note=review.outcome,
        contacts=list(review.contacts.all()),
        colleagues=list(review.colleagues.all()),
    )
    correct(logged, told, by=by, seen=fingerprint(logged), today=today)
    # What is taken back later is the contact as it stands now.
    review.log["seen"] = fingerprint(Interaction.objects.get(pk=logged.pk))
    review.save(update_fields=["log"])
