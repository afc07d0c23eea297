"""The digests of a date: made once each, however often asked for; put into the outbox where there is something to say.

Nothing here waits for an hour to strike. A beat asks every minute; from half past six of the company's clock until the
date is over what is missing is made, so that a missed slot, two beats and a clock change do no harm.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts_app.access import WHO_ACT
from accounts_app.models import Company, User
from accounts_app.public_holidays import Holidays
from cadence.models import Digest, DigestChoice
from cadence.pages.digest import content, letter, zone_of
from cadence.schedule import Diary
from cadence.services import outbox

logger = logging.getLogger(__name__)

SENT_FROM: Final = dt.time(6, 30)
MONDAY: Final = 0


def ensure_digests(now: dt.datetime) -> int:
    """Make every digest of this date that is wanted and not made yet; returns how many."""
    company = Company.the()
    zone = zone_of(company)
    today = timezone.localdate(now, zone)
    slot = dt.datetime.combine(today, SENT_FROM, tzinfo=zone)
    if now < slot:
        return 0
    return sum(
        _made(user, kind, now, company) for kind in _kinds(today, company) for user in _waiting(kind, today, slot)
    )


def choose(user: User, *, daily: bool, weekly: bool) -> None:
    """Keep what a user wants; what is newly chosen begins with the next date."""
    chosen = {"daily": daily, "weekly": weekly}
    if DigestChoice.objects.filter(user=user, **chosen).exists():
        return
    DigestChoice.objects.update_or_create(user=user, defaults={**chosen, "chosen_at": timezone.now()})


def _kinds(day: dt.date, company: Company) -> Iterator[Digest.Kind]:
    """The weekly one on Mondays, the daily one on days on which the company works."""
    if day.weekday() == MONDAY:
        yield Digest.Kind.WEEKLY
    if is_workday(day, company):
        yield Digest.Kind.DAILY


def is_workday(day: dt.date, company: Company) -> bool:
    """Whether the company works: mail that is of no use on a day off waits for the next."""
    return Diary(Holidays.of([company.country])).suits(day)


def _waiting(kind: Digest.Kind, day: dt.date, slot: dt.datetime) -> list[User]:
    """Who wants this digest and has none of this date; who takes both gets one mail on a Monday."""
    kinds: list[Digest.Kind] = [kind] if kind == Digest.Kind.WEEKLY else [kind, Digest.Kind.WEEKLY]
    made = Digest.objects.filter(user=OuterRef("user"), kind__in=kinds, day=day)
    wanted = DigestChoice.objects.filter(~Exists(made), chosen_at__lt=slot, **{kind.value: True})
    users = User.objects.filter(pk__in=wanted.values("user"), is_active=True, role__in=WHO_ACT)
    return list(users.order_by("pk"))


def _made(user: User, kind: Digest.Kind, now: dt.datetime, company: Company) -> bool:
    """Make one digest; one that fails does not keep the others from it, and is tried again a minute later."""
    try:
        with transaction.atomic():
            return _make(user, kind, now, company)
    except Exception:
        logger.exception("The %s digest of user %d was not made", kind, user.pk)
        return False


def _make(user: User, kind: Digest.Kind, now: dt.datetime, company: Company) -> bool:
    said = content(user, kind, now=now, company=company)
    digest, is_mine = Digest.objects.get_or_create(user=user, kind=kind, day=said.today, defaults={"told_until": now})
    if not is_mine:  # another worker was faster
        return False
    if not said.is_empty:
        key = f"digest:{kind}:{user.pk}:{said.today}"
        digest.mail = outbox.post(letter(said), key=key, recipient=user.email, user=user)
        digest.save(update_fields=["mail"])
    return True
