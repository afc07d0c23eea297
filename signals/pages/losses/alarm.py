"""Said to whoever leads: so many of the largest accounts were lost within so many months."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Loss, Role, User
from signals.models import LossAlarm
from signals.pages.notices import Notice

ROLES_TOLD = {Role.SALES_LEADER, Role.ADMINISTRATOR, Role.READ_ONLY}
MOST_NAMED = 5
MONTHS_A_YEAR = 12


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of an earlier month, or its last one where that month is shorter."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 - months, MONTHS_A_YEAR)
    following = dt.date(year + (month + 1) // MONTHS_A_YEAR, (month + 1) % MONTHS_A_YEAR + 1, 1)
    return min(dt.date(year, month + 1, 1) + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))


def loss_alarm(user: User, today: dt.date) -> list[Notice]:
    """One notice, or none: counted and named are the accounts this reader sees, ranked among all of the company.

    A whole account counts, once, and no more once it was won back.
    """
    if user.role not in ROLES_TOLD:
        return []
    alarm = LossAlarm.the()
    lost = Loss.objects.visible_to(user).whole().with_won_back()
    counted = lost.filter(
        lost_on__gt=months_before(today, alarm.months),
        lost_on__lte=today,
        post_mortem__rank_before__lte=alarm.largest,
        won_back_on=None,  # type: ignore[misc]  # annotated
    ).order_by("post_mortem__rank_before", "pk")
    # By account: two may bear one name, and one that was lost twice is one account.
    names = list(dict(counted.values_list("account", "account__name")).values())
    return [Notice(_text(names, alarm), "danger")] if len(names) >= alarm.losses else []


def _text(names: list[str], alarm: LossAlarm) -> str:
    more = len(names) - MOST_NAMED
    rest = ngettext("{n} more", "{n} more", more).format(n=more) if more > 0 else ""
    words = _("{n} of the {largest} largest accounts were lost in {months} months: {names}.")
    one = _("{n} of the {largest} largest accounts was lost in {months} months: {names}.")
    return (one if len(names) == 1 else words).format(
        n=len(names),
        largest=alarm.largest,
        months=alarm.months,
        names=", ".join([*names[:MOST_NAMED], *([rest] if rest else [])]),
    )
