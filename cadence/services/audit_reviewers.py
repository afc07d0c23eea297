"""Who reviews which account: those who act in its team, evenly, and nobody an own account."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from accounts_app.models import Absence, Account, Membership
from cadence.models import Audit
from cadence.services.audit_roles import OWN

# Who is away for more than half of the days in which the answers are due is no reviewer, if anybody else is there.
TOO_LONG_AWAY = 0.5


@dataclass(frozen=True)
class Reviewers:
    """Who may review, how much each of them has to review already, and who is away."""

    of_team: Mapping[int, Collection[int]]
    load: Counter[int]
    away: Collection[int]

    @classmethod
    def between(cls, first: dt.date, last: dt.date) -> "Reviewers":
        """Whoever acts in a team, with the audits still to be answered and the days away."""
        teams = defaultdict[int, list[int]](list)
        members = Membership.objects.filter(user__is_active=True, user__role__in=OWN).order_by("user")
        for team, user in members.values_list("team", "user"):
            teams[team].append(user)
        waiting = Audit.objects.filter(state=Audit.State.OPEN, reviewer__isnull=False)
        return cls(teams, Counter(waiting.values_list("reviewer_id", flat=True)), away_between(first, last))

    def assign(self, accounts: Iterable[Account]) -> dict[int, int | None]:
        """Of each account its reviewer; None where nobody of the team may be it."""
        return {account.pk: self.take(account) for account in accounts}

    def take(self, account: Account) -> int | None:
        """The one least loaded, rather somebody who is there, rather somebody who is not the deputy."""
        team = self.of_team.get(account.team_id, ()) if account.team_id else ()
        found = [user for user in team if user != account.owner_id]
        if not found:
            return None
        best = min(found, key=lambda user: (user in self.away, user == account.deputy_id, self.load[user], user))
        self.load[best] += 1
        return best


def away_between(first: dt.date, last: dt.date) -> set[int]:
    """The users who are away for most of these days; days on record twice count once."""
    days = defaultdict[int, set[int]](set)
    spells = Absence.objects.filter(colleague__user__isnull=False, from_day__lte=last, until_day__gte=first)
    for user, begins, ends in spells.values_list("colleague__user", "from_day", "until_day"):
        days[user].update(range(max(begins, first).toordinal(), min(ends, last).toordinal() + 1))
    length = (last - first).days + 1
    return {user for user, gone in days.items() if len(gone) > TOO_LONG_AWAY * length}
