"""A contact who leaves: who follows, the hand-over contact with whoever follows, and all of it taken back."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts_app.models import Account, Colleague, Contact, Interaction, Link, Promise, User
from accounts_app.services import facts
from accounts_app.services.changes import mark_changed
from accounts_app.services.hand_over_contacts import Meeting, drop_untouched, plan_meetings

UNDO_SECONDS = 30 * 60
_SALT = "contact-departure"
_DAYS = ("left_on", "left_known_on", "leaving_on", "leaving_known_on")


@dataclass(frozen=True, kw_only=True)
class Following:
    """Who follows somebody, if a person not yet known here, and the day of the hand-over contact; None plans none."""

    new_name: str = ""
    new_level: str = ""
    hand_over_on: dt.date | None = None


@dataclass(frozen=True)
class Departure:
    """What was done, so that it can be taken back: plain values, for a signed address."""

    contact: int
    seen: str
    before: dict[str, Any]
    created: int | None = None
    created_seen: str = ""
    plan: int | None = None
    planned_on: dt.date | None = None

    def is_one(self) -> bool:
        """Whether anything was said about somebody's going."""
        return bool(self.before)


@transaction.atomic
def change_contact(
    contact: Contact, fields: Iterable[str], following: Following, *, seen: str, by: User, today: dt.date
) -> Departure:
    """Write these fields, add who follows, and plan the hand-over: all of it, or nothing where somebody was quicker."""
    account = facts.lock_account(contact.account_id, by=by)
    was = Contact.objects.get(pk=contact.pk)
    created = _add_successor(contact, following, by=by, today=today) if following.new_name else None
    if created:
        contact.successor = created
    facts.change(contact, fields, seen=seen, by=by, today=today)
    now = Contact.objects.select_related("successor").get(pk=contact.pk)
    before = _what_changed(was, now)
    if not before:
        return Departure(contact.pk, "", {})
    plan = _plan(account, now, following.hand_over_on, by=by, today=today)
    return Departure(
        contact.pk,
        facts.stamp(now),
        before,
        created.pk if created else None,
        facts.stamp(created) if created else "",
        plan,
        following.hand_over_on if plan else None,
    )


def ticket_of(done: Departure) -> str:
    content = [done.contact, done.seen, done.before, done.created, done.created_seen, done.plan]
    return signing.dumps(content, salt=_SALT, compress=True)


@transaction.atomic
def take_back(ticket: str, account: Account, *, by: User) -> None:
    """Undo what was said of somebody's going. Where somebody has changed the person since, nothing is touched.

    Raises
    ------
    django.core.signing.BadSignature
        For a ticket that is not ours; SignatureExpired for one that is too old.
    Contact.DoesNotExist
        Where it is about nobody of this account.
    django.core.exceptions.ValidationError
        Where the person was changed since.
    """
    done = Departure(*signing.loads(ticket, salt=_SALT, max_age=UNDO_SECONDS))
    facts.lock_account(account.pk, by=by)
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=done.contact, account=account)
    if facts.stamp(contact) != done.seen:
        raise ValidationError(_("{name} was changed since, so nothing was taken back.").format(name=contact.name))
    for name, value in done.before.items():
        setattr(contact, name, parse_date(value) if name in _DAYS and value else value)
    contact.save(update_fields=[name.removesuffix("_id") for name in done.before])
    if done.plan is not None:
        drop_untouched([done.plan], reason=_("Taken back by {name} with the departure.").format(name=by))
    _remove_untouched(done)
    mark_changed([account.pk])


def has_hand_over(contact: Contact) -> bool:
    """Whether a contact with whoever follows is planned already."""
    return Interaction.objects.planned().filter(contacts=contact).exists()


def would_go_round(contact: Contact, successor: Contact) -> bool:
    """Whether following the successors from here leads back to the person who leaves."""
    follows = dict(Contact.objects.filter(account=contact.account_id).values_list("pk", "successor"))
    passed: set[int] = set()
    at: int | None = successor.pk
    while at is not None and at not in passed:
        if at == contact.pk:
            return True
        passed.add(at)
        at = follows.get(at)
    return False


def _add_successor(contact: Contact, following: Following, *, by: User, today: dt.date) -> Contact:
    """Checked again under the lock: two people at once must not make the same person twice."""
    here = Contact.objects.filter(account=contact.account_id, left_on=None, name__iexact=following.new_name)
    if here.exists():
        raise ValidationError({"new_successor": _("Somebody of this name is known here already: choose them above.")})
    new = Contact(account_id=contact.account_id, name=following.new_name, level=following.new_level)
    new.role, new.title = contact.role, contact.title
    facts.add(new, by=by, today=today)
    return new


def _plan(account: Account, contact: Contact, day: dt.date | None, *, by: User, today: dt.date) -> int | None:
    successor = contact.successor
    if successor is None or day is None or has_hand_over(successor):
        return None
    stays = contact.left_on is None
    words = (
        _("Hand-over: {name} introduces {successor} before leaving.")
        if stays
        else _("Hand-over: {successor} follows {name}.")
    )
    meeting = Meeting(
        account=account,
        planned_on=day,
        note=words.format(name=contact.name, successor=successor.name),
        contacts=[successor, contact] if stays else [successor],
        colleagues=list(Colleague.objects.filter(user=account.owner_id)) if account.owner_id else (),
    )
    return plan_meetings([meeting], by=by, today=today)[account.pk]


def _what_changed(was: Contact, now: Contact) -> dict[str, Any]:
    """The earlier values of what was said about the person's going."""
    changed = {
        name: getattr(was, name) for name in (*_DAYS, "successor_id") if getattr(was, name) != getattr(now, name)
    }
    return {name: str(value) if isinstance(value, dt.date) else value for name, value in changed.items()}


def _remove_untouched(done: Departure) -> None:
    """Take out whoever was added with the departure, unless anything else is known of them by now."""
    created = Contact.objects.filter(pk=done.created).first() if done.created else None
    if created is None or facts.stamp(created) != done.created_seen:
        return
    met = Interaction.objects.filter(contacts=created).exclude(pk=done.plan or 0)
    known = (met, Link.objects.filter(contact=created), Promise.objects.filter(contact=created), created.predecessors)
    if not any(rows.exists() for rows in known):
        created.delete()
