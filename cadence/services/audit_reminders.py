"""Reminders of audits: to whose turn it is, before the day it is due and each week after it, one mail a person and day.

An audit keeps the day it was last reminded of, and the mail's key names person and day: asked twice, or by two workers,
a reminder is one. Nobody is reminded on days off, and who is away is not; a deputy signs meanwhile.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Company, Membership, Role, User
from cadence.models import Audit, AuditPolicy
from cadence.pages.digest import zone_of
from cadence.services import outbox
from cadence.services.audit_roles import acts, signs_for_owner
from cadence.services.digests import SENT_FROM, is_workday

EVERY_DAYS: Final = 7
REMINDER_LOCK: Final = 7_314_006


@dataclass(frozen=True)
class Turn:
    """What waits of an audit, until when, and for whom."""

    audit: Audit
    what: str
    due_on: dt.date
    users: tuple[User, ...]

    @property
    def url(self) -> str:
        return settings.BASE_URL + reverse("cadence:audit", args=(self.audit.cycle.name, self.audit.account_id))


def remind(now: dt.datetime) -> int:
    """Post what is to be reminded of today; returns how many mails."""
    company = Company.the()
    zone = zone_of(company)
    today = timezone.localdate(now, zone)
    if now < dt.datetime.combine(today, SENT_FROM, tzinfo=zone) or not is_workday(today, company):
        return 0
    follow_owners()
    release_reviewers()
    with transaction.atomic(), timezone.override(zone):
        return _post(today) if _hold() else 0


def follow_owners() -> int:
    """Let audits in progress be signed by who owns the account now; who reviewed it and owns it now reviews no more."""
    rows = Audit.objects.filter(state=Audit.State.OPEN).values_list("pk", "owner", "account__owner", "reviewer")
    found = [(pk, owner, reviewer) for pk, before, owner, reviewer in rows if before != owner]
    for pk, owner, reviewer in found:
        values = {"owner": owner} | ({"reviewer": None} if owner == reviewer else {})
        Audit.objects.filter(pk=pk, state=Audit.State.OPEN).update(**values)
    return len(found)


def release_reviewers() -> None:
    """Who may no longer see an account, as after a change of team, reviews it no more and reads of it in no mail."""
    waiting = Audit.objects.filter(state=Audit.State.OPEN)
    for reviewer in User.objects.filter(pk__in=waiting.values("reviewer"), is_active=True):
        seen = Account.objects.visible_to(reviewer).values("pk")
        waiting.filter(reviewer=reviewer).exclude(account__in=seen).update(reviewer=None)


def _hold() -> bool:
    """Another worker that is at it does it all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [REMINDER_LOCK])
        return bool(cursor.fetchone()[0])


def _post(today: dt.date) -> int:
    by_user, days_before = defaultdict[User, list[Turn]](list), AuditPolicy.the().remind_days
    for turn in _turns(today):
        if _is_wanted(turn, today, days_before):
            for user in turn.users:
                by_user[user].append(turn)
    for user, turns in by_user.items():
        key = f"audit-reminder:{user.pk}:{today}"
        outbox.post(_letter(user, turns, today), key=key, recipient=user.email, user=user)
    reminded = {turn.audit.pk for turns in by_user.values() for turn in turns}
    Audit.objects.filter(pk__in=reminded).update(reminded_on=today)
    return len(by_user)


def _is_wanted(turn: Turn, today: dt.date, days_before: int) -> bool:
    """Once in the days before it is due, then on the first day after it and each week."""
    last = turn.audit.reminded_on
    if today <= turn.due_on:
        begins = turn.due_on - dt.timedelta(days=days_before)
        return days_before > 0 and today >= begins and (last is None or last < begins)
    return last is None or last <= turn.due_on or (today - last).days >= EVERY_DAYS


def _turns(today: dt.date) -> list[Turn]:
    rows = Audit.objects.under_way().select_related(
        "cycle__questions", "account__owner", "account__deputy", "account__team", "reviewer"
    )
    given = Count("answers")
    audits = list(rows.defer("evidence").annotate(given=given).order_by("cycle", "account__sort_name", "pk"))
    leaders = Leaders.of({audit.account.team_id for audit in audits if audit.account.team_id})
    return [turn for audit in audits if (turn := _turn(audit, leaders, today)).users]


@dataclass(frozen=True)
class Leaders:
    """Who leads each team, and the administrators, who are asked where nobody else may."""

    of_team: Mapping[int, list[User]]
    administrators: list[User]

    @classmethod
    def of(cls, teams: Iterable[int]) -> "Leaders":
        found = defaultdict[int, list[User]](list)
        leading = Membership.objects.filter(
            user__is_active=True, user__role=Role.SALES_LEADER, team__in=list(teams)
        ).select_related("user")
        for one in leading.order_by("user__pk"):
            found[one.team_id].append(one.user)
        administrators = User.objects.filter(is_active=True, role=Role.ADMINISTRATOR).order_by("pk")
        return cls(found, list(administrators))

    def sign(self, audit: Audit) -> tuple[User, ...]:
        """Never who owns the account."""
        team = self.of_team.get(audit.account.team_id, []) if audit.account.team_id else []
        owners = {audit.owner_id, audit.account.owner_id}
        found = tuple(one for one in team if one.pk not in owners)
        return found or tuple(one for one in self.administrators if one.pk not in owners)


def _turn(audit: Audit, leaders: Leaders, today: dt.date) -> Turn:
    lead = leaders.sign(audit)
    if audit.state == Audit.State.OWNER_SIGNED:
        return Turn(audit, _("the owner has signed; sign it or send it back"), audit.cycle.due_on, lead)
    if not acts(audit.reviewer):
        return Turn(audit, _("nobody reviews it; name a reviewer"), audit.cycle.answers_due_on, lead)
    asked, given = len(audit.cycle.questions.questions), audit.given  # type: ignore[attr-defined]
    if given < asked or not audit.judged_band:
        told = _("{given} of {asked} questions are answered").format(given=given, asked=asked)
        reviewer = (audit.reviewer,) if audit.reviewer else ()
        return Turn(audit, told, audit.cycle.answers_due_on, reviewer)
    signers = tuple(signs_for_owner(audit, today))
    if not signers:
        return Turn(audit, _("nobody can sign for it; name an owner of the account"), audit.cycle.due_on, lead)
    # The deputy is in it only where the owner is not here.
    return Turn(audit, _("all is answered; read and sign it"), audit.cycle.due_on, signers[-1:])


def _letter(user: User, turns: list[Turn], today: dt.date) -> outbox.Letter:
    late = sum(turn.due_on < today for turn in turns)
    subject = ngettext("{n} audit waits for you", "{n} audits wait for you", len(turns)).format(n=len(turns))
    if late:
        subject += ngettext(", {n} overdue", ", {n} overdue", late).format(n=late)
    context = {"user": user, "turns": turns, "today": today, "company": Company.the(), "base": settings.BASE_URL}
    text = render_to_string("cadence/audit_reminder.txt", context)
    return outbox.Letter(subject=subject, text=text, headers={"Auto-Submitted": "auto-generated"})
