"""When somebody last looked at the portfolio: what has happened since is told on top of it."""

from datetime import datetime, timedelta

from django.db.models import F

from accounts_app.models import User
from signals.models import PortfolioVisit

# Who was away this long begins a new visit; coffee and a meeting belong to the same one.
AWAY = timedelta(hours=4)
# The end of a visit is known to the minute: not every press of a filter is written down.
PRECISION = timedelta(minutes=1)


def seen(user: User, *, now: datetime) -> datetime | None:
    """Note that the user looks at the portfolio now; the moment since which changes are told, None the first time."""
    row = PortfolioVisit.objects.filter(user=user)
    visit = row.first()
    if visit is None:
        PortfolioVisit.objects.bulk_create([PortfolioVisit(user=user, seen_at=now)], ignore_conflicts=True)
        return None
    if now - visit.seen_at < PRECISION:
        return visit.since_at
    # Two pages opened at once: the second finds that the visit has begun.
    if now - visit.seen_at >= AWAY and row.filter(seen_at=visit.seen_at).update(since_at=F("seen_at"), seen_at=now):
        return visit.seen_at
    row.filter(seen_at__lt=now).update(seen_at=now)
    return visit.since_at


def mark_read(user: User, *, now: datetime) -> None:
    """Nothing up to now is told again."""
    PortfolioVisit.objects.update_or_create(user=user, defaults={"seen_at": now, "since_at": now})
