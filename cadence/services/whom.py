"""Whom to call at an account: the level that was not met longest, and of its people the one we know best."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts_app.models import Account, Contact, Level
from accounts_app.templatetags.formats import age
from accounts_app.views.contact import with_last_met

# Who decides stands first where two levels were not met for as long.
FROM_THE_TOP = (Level.EXECUTIVE, Level.MANAGEMENT, Level.OPERATIONAL)


@dataclass(frozen=True)
class Suggestion:
    """A person to call, and why this one."""

    contact: Contact
    reason: str


def suggestions(accounts: Sequence[Account], today: dt.date) -> dict[int, Suggestion]:
    """Somebody for each account that has anybody, in one statement; accounts without people are left out."""
    people = with_last_met(Contact.objects.filter(account__in=accounts, left_on=None))
    by_account: dict[int, list[Contact]] = {}
    for contact in people.annotate(strength=Max("links__strength")).order_by("pk"):
        by_account.setdefault(contact.account_id, []).append(contact)
    return {pk: _best(contacts, today) for pk, contacts in by_account.items()}


def _best(contacts: list[Contact], today: dt.date) -> Suggestion:
    met = {level: _last_met([one for one in contacts if one.level == level]) for level in FROM_THE_TOP}
    present = [level for level in FROM_THE_TOP if any(one.level == level for one in contacts)]
    level = min(present, key=lambda one: (met[one] or dt.date.min, FROM_THE_TOP.index(one)))
    chosen = min((one for one in contacts if one.level == level), key=_standing_with_us)
    return Suggestion(chosen, _reason(level, met[level], today, is_only_level=len(present) == 1))


def _standing_with_us(contact: Contact) -> tuple[int, bool, int]:
    """The strongest link first, then the main contact."""
    return -(vars(contact)["strength"] or 0), not contact.primary, contact.pk


def _last_met(contacts: Sequence[Contact]) -> dt.date | None:
    days = [day for one in contacts if (day := vars(one)["last_met_on"])]
    return max(days, default=None)


def _reason(level: Level, met_on: dt.date | None, today: dt.date, *, is_only_level: bool) -> str:
    if met_on is None:
        return _("{level} level: no meeting on record").format(level=level.label)
    said = _("met {days} ago") if is_only_level else _("{level} level: not met for {days}")
    return said.format(level=level.label, days=age((today - met_on).days))
