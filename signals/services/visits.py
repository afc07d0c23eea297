"""When somebody last looked at the portfolio or at an account: what has happened since is told there."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from accounts_app.models import Account, User
from signals.models import AccountVisit, PortfolioVisit

# Who was away this long begins a new visit; coffee and a meeting belong to the same one.
AWAY = timedelta(hours=4)
# The end of a visit is known to these minutes: not every press of a filter is written down. What came meanwhile is told
# once more, never left out.
PRECISION = timedelta(minutes=10)


def seen(user: User, *, now: datetime) -> datetime | None:
    """Note that the user looks at the portfolio now; the moment since which changes are told, None the first time."""
    return _seen(PortfolioVisit.objects.filter(user=user), PortfolioVisit(user=user, seen_at=now), now)


def seen_account(user: User, account: Account, *, now: datetime) -> datetime | None:
    """The same for the page of one account."""
    rows = AccountVisit.objects.filter(user=user, account=account)
    return _seen(rows, AccountVisit(user=user, account=account, seen_at=now), now)


def last_seen(user: User, account: Account) -> datetime | None:
    """Since when this account's changes are told to the user: the end of the visit before this one, of either page."""
    own = AccountVisit.objects.filter(user=user, account=account).values_list("since_at", flat=True).first()
    return own or PortfolioVisit.objects.filter(user=user).values_list("since_at", flat=True).first()


def _seen(row: QuerySet[Any], new: PortfolioVisit | AccountVisit, now: datetime) -> datetime | None:
    visit = row.first()
    if visit is None:
        type(new).objects.bulk_create([new], ignore_conflicts=True)  # type: ignore[list-item]
        return None
    since: datetime | None = visit.since_at
    if now - visit.seen_at < PRECISION:
        return since
    # Two pages opened at once: the second finds that the visit has begun.
    if now - visit.seen_at >= AWAY and row.filter(seen_at=visit.seen_at).update(since_at=F("seen_at"), seen_at=now):
        return visit.seen_at  # type: ignore[no-any-return]
    row.filter(seen_at__lt=now).update(seen_at=now)
    return since


def mark_read(user: User, *, now: datetime) -> None:
    """Nothing up to now is told again."""
    PortfolioVisit.objects.update_or_create(user=user, defaults={"seen_at": now, "since_at": now})
