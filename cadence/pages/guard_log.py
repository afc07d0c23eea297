"""Who came and who left on either side of an account, and when: the changes of the guard."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Account, Contact, Ownership
from accounts_app.templatetags.formats import day_text

MOST_SHOWN = 40
THEIRS, OURS = gettext_lazy("Theirs"), gettext_lazy("Ours")
BECAME = {Ownership.Duty.OWNER: gettext_lazy("became owner"), Ownership.Duty.DEPUTY: gettext_lazy("became deputy")}
STOPPED = {
    Ownership.Duty.OWNER: gettext_lazy("stopped being owner; nobody took over"),
    Ownership.Duty.DEPUTY: gettext_lazy("stopped being deputy"),
}


@dataclass(frozen=True)
class Change:
    day: dt.date
    side: str | Promise
    who: str
    what: str | Promise
    detail: str
    # Whether this opened a gap that nobody has closed.
    is_open: bool = False
    # Of whom to say who follows.
    contact: int | None = None


def guard_log(account: Account, contacts: Iterable[Contact], ownerships: Iterable[Ownership]) -> list[Change]:
    """All changes that are known, the newest first; contacts come with their successor, ownerships with the user."""
    people, duties = list(contacts), list(ownerships)
    changes = [change for one in people for change in _of_contact(one, people)]
    changes += [change for one in duties for change in _of_duty(one, duties, account)]
    return sorted(changes, key=lambda change: change.day, reverse=True)[:MOST_SHOWN]


def read_guard_log(account: Account) -> list[Change]:
    contacts = Contact.objects.filter(account=account).select_related("successor")
    duties = Ownership.objects.filter(account=account).select_related("user")
    return guard_log(account, contacts, duties)


def _of_contact(contact: Contact, people: list[Contact]) -> Iterator[Change]:
    name = contact.name or _("a person without name")
    if contact.since:
        before = ", ".join(sorted(one.name for one in people if one.successor_id == contact.pk and one.name))
        detail = _("follows {name}").format(name=before) if before else contact.title
        yield Change(contact.since, THEIRS, name, gettext_lazy("came"), detail)
    after = contact.successor.name if contact.successor else ""
    follows = _("{name} follows").format(name=after) if after else _("no successor known")
    if contact.left_on:
        yield Change(contact.left_on, THEIRS, name, gettext_lazy("left"), follows, not after, contact.pk)
    elif contact.leaving_known_on:
        last = day_text(contact.leaving_on) if contact.leaving_on else ""
        told = _("announced to leave on {day}").format(day=last) if last else _("announced to leave")
        yield Change(contact.leaving_known_on, THEIRS, name, told, follows, not after, contact.pk)


def _of_duty(duty: Ownership, duties: list[Ownership], account: Account) -> Iterator[Change]:
    same = [one for one in duties if one.duty == duty.duty]
    before = next((one.user.name for one in same if one.until_day == duty.from_day), "")
    detail = _("after {name}").format(name=before) if before else ""
    yield Change(duty.from_day, OURS, duty.user.name, BECAME[Ownership.Duty(duty.duty)], detail)
    if duty.until_day and not any(one.from_day == duty.until_day for one in same):
        is_open = duty.duty == Ownership.Duty.OWNER and account.owner_id is None
        yield Change(duty.until_day, OURS, duty.user.name, STOPPED[Ownership.Duty(duty.duty)], "", is_open=is_open)
