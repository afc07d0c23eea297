"""How a new review begins: about the time since the last one, with the usual people, points and questions."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from accounts_app.models import Account, Colleague, Contact, Interaction, Level, User
from cadence.models import DiscoveryQuestion, Review

QUESTIONS_A_LEVEL = 2
LONGEST = dt.timedelta(days=400)


def new_review(account: Account, today: dt.date) -> Review:
    """A review of the time since the last one, else of the last full quarter; on the day already planned."""
    until_day = _quarter_begin(today) - dt.timedelta(1)
    last = account.reviews.order_by("-until_day").values_list("until_day", flat=True).first()
    follows = last is not None and last < until_day <= last + LONGEST
    from_day = last + dt.timedelta(1) if last and follows else _quarter_begin(until_day)
    plans = Interaction.objects.planned().filter(account=account, purpose=Interaction.Purpose.REVIEW, review=None)
    plan = plans.filter(planned_on__gte=today).order_by("planned_on", "pk").first()
    return Review(
        account=account,
        title=_("Business review {period}").format(period=_period_name(from_day, until_day)),
        from_day=from_day,
        until_day=until_day,
        planned_on=plan.planned_on if plan else None,
        channel=plan.channel if plan else Interaction.Channel.VISIT,
        agenda=usual_agenda(),
    )


def usual_agenda() -> str:
    points = (
        _("What you want to achieve, and where your figures stand"),
        _("How we served you"),
        _("What we promised, and what is done"),
        _("What you expect of the months to come"),
        _("What we agree"),
    )
    return "\n".join(points)


def usual_people(account: Account, user: User) -> dict[str, list[Any]]:
    """Their main contacts, ours who look after them, and the first questions of each level."""
    questions = list(DiscoveryQuestion.library().active())
    first = [
        question.pk
        for level in Level.values
        for question in [one for one in questions if one.level == level][:QUESTIONS_A_LEVEL]
    ]
    ours = Colleague.objects.filter(user__in=[pk for pk in (account.owner_id, user.pk) if pk])
    theirs = Contact.objects.filter(account=account, primary=True, left_on=None)
    return {"contacts": _keys(theirs), "colleagues": _keys(ours), "questions": first}


def _keys(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _quarter_begin(day: dt.date) -> dt.date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _period_name(first: dt.date, last: dt.date) -> str:
    begin, end = (f"Q{(day.month + 2) // 3} {day.year}" for day in (first, last))
    return begin if begin == end else f"{begin} – {end}"
