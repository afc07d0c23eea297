"""A planned contact as an invitation: a file to hand on, or a mail to those who are to come."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import formataddr

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts_app.models import Company, Interaction, User
from cadence.calendar import Entry, Invitation, Person, invitation
from cadence.models import OutgoingMail
from cadence.services.calendar_feeds import host, planned_entry, with_changes
from cadence.services.outbox import Attachment, Letter, one_line, post

FILE_NAME = "invitation.ics"
TYPE = "text/calendar; method=REQUEST"


@dataclass(frozen=True)
class Guest:
    """Somebody who can be invited: one of us, or a contact."""

    key: str
    person: Person
    user: User | None = None


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """When the planned contact is to take place: at a moment, or some time on its day."""

    plan: Interaction
    starts_at: dt.datetime | None
    length: dt.timedelta


def guests(plan: Interaction, reader: User) -> list[Guest]:
    """The reader, our people who take part or answer for the account, and the planned contacts who have an address."""
    ours = {user.pk: user for user in [reader, *_ours(plan)] if user.is_active and user.email}
    named = plan.contacts.filter(left_on=None).exclude(email="").order_by("name")
    return [
        *(Guest(f"user-{pk}", Person(one_line(user.name), user.email), user) for pk, user in ours.items()),
        *(Guest(f"contact-{one.pk}", Person(one_line(one.name), one.email)) for one in named),
    ]


def as_file(meeting: Meeting, *, by: User, company: Company, now: dt.datetime) -> bytes:
    """What a customer may read: no word on what is to be brought, no way into Vigil."""
    return _file(meeting, _outward(meeting, company, now), by, (Person(one_line(by.name), by.email),))


@transaction.atomic
def send(
    meeting: Meeting, to: Sequence[Guest], *, by: User, company: Company, now: dt.datetime, key: str
) -> list[OutgoingMail]:
    """Invite each by a mail of its own; `key` names the press, which sends once however often it arrives."""
    people = tuple(guest.person for guest in to)
    mails = []
    for guest in to:
        entry = _inward(meeting, now) if guest.user else _outward(meeting, company, now)
        file = _file(meeting, entry, by, people)
        letter = Letter(
            subject=entry.summary,
            text=_words(meeting, entry, by),
            headers={"Reply-To": formataddr((one_line(by.name), by.email))},
            attachments=(Attachment(name=FILE_NAME, type=TYPE, text=file.decode()),),
        )
        name = f"invitation:{key}:{guest.key}"
        mails.append(post(letter, key=name, recipient=guest.person.email, user=guest.user))
    return mails


def _ours(plan: Interaction) -> Iterator[User]:
    yield from (colleague.user for colleague in plan.colleagues.select_related("user") if colleague.user)
    yield from (user for user in (plan.by, plan.account.owner, plan.account.deputy) if user)


def _file(meeting: Meeting, entry: Entry, by: User, people: tuple[Person, ...]) -> bytes:
    organizer = Person(one_line(by.name), by.email)
    return invitation(
        Invitation(entry=entry, organizer=organizer, invited=people, starts_at=meeting.starts_at, length=meeting.length)
    )


def _inward(meeting: Meeting, now: dt.datetime) -> Entry:
    known = planned_entry(with_changes(Interaction.objects.filter(pk=meeting.plan.pk)).get())
    return _entry(meeting, now, known.summary, known.description, known.url)


def _outward(meeting: Meeting, company: Company, now: dt.datetime) -> Entry:
    plan = meeting.plan
    words = _("{channel}: {us} and {them}")
    said = words.format(channel=plan.get_channel_display(), us=company.name, them=plan.account.name)
    return _entry(meeting, now, said)


def _entry(meeting: Meeting, now: dt.datetime, summary: str, description: str = "", url: str = "") -> Entry:
    plan = meeting.plan
    return Entry(
        uid=f"invitation-{plan.pk}@{host()}",
        day=plan.planned_on or now.date(),
        summary=one_line(summary),
        description=description,
        url=url,
        changed_at=now,
        # Each invitation replaces the one before, whether the day changed or only the hour.
        sequence=max(0, int((now - plan.recorded_at).total_seconds())),
    )


def _words(meeting: Meeting, entry: Entry, by: User) -> str:
    when = date_format(entry.day, "l j F Y")
    if meeting.starts_at:
        when += f", {meeting.starts_at:%H:%M} ({meeting.starts_at.tzinfo})"
    lines = [entry.summary, when, entry.description, _("Invited by {name}.").format(name=one_line(by.name))]
    return "\n\n".join(line for line in lines if line) + "\n"
