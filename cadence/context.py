"""What the menu of every page shows of the day's work."""

import datetime as dt
from collections.abc import Callable
from functools import cache

from django.http import HttpRequest
from django.utils import timezone

from accounts_app.access import WHO_ACT
from accounts_app.context import company_of
from accounts_app.scope import Audience, audience_of
from accounts_app.unchanged import kept_while_unchanged
from cadence.pages.agenda import OVERDUE, TODAY, Desk, counts


def today_count(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """Who waits for the reader today or longer; counted only where a page shows its menu and does not know it."""

    @cache
    def counted() -> int:
        user = request.user
        if not user.is_authenticated or user.role not in WHO_ACT:
            return 0
        return _waiting_for(audience_of(user), company_of(request).day_of(timezone.now()))

    return {"today_count": counted}


@kept_while_unchanged
def _waiting_for(audience: Audience, today: dt.date) -> int:
    found = counts(Desk.of(audience.member, today, ""))
    return found[OVERDUE] + found[TODAY]
