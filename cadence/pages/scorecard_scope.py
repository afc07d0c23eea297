"""Whose scorecard somebody sees: managers their own, leaders and administrators their teams', others sums of teams."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts_app.access import WHO_ACT
from accounts_app.models import Role, Team, User
from cadence.models import ScorecardPolicy

# Sums of fewer people tell of single ones: where a works council wants no single figure, and where a reader may see
# none. A team of one person is that person's card.
LEAST_PEOPLE = 5
LEAST_FOR_READERS = 2


@dataclass(frozen=True)
class Scope:
    """What a reader sees while the switch stands as it does."""

    user: User
    team_level_only: bool

    @classmethod
    def of(cls, user: User) -> "Scope":
        return cls(user, ScorecardPolicy.the().team_level_only)

    @property
    def is_own_only(self) -> bool:
        return self.user.role == Role.ACCOUNT_MANAGER

    @property
    def by_team(self) -> bool:
        """Whether only sums of teams are shown; who has a card sees that, and could take the own figures from a sum."""
        return not self.is_own_only and (self.team_level_only or self.user.role not in WHO_ACT)

    @property
    def sees_all_teams(self) -> bool:
        return self.user.role == Role.ADMINISTRATOR

    @property
    def least_people(self) -> int:
        return LEAST_PEOPLE if self.team_level_only else LEAST_FOR_READERS

    def people(self) -> QuerySet[User]:
        """Whose figures may be seen one by one."""
        if self.user.role not in WHO_ACT:
            return User.objects.none()
        if self.is_own_only or self.team_level_only:
            return User.objects.filter(pk=self.user.pk)
        if self.sees_all_teams:
            return User.objects.all()
        return User.objects.filter(pk=self.user.pk) | User.objects.filter(
            pk__in=User.objects.filter(teams__in=self.user.teams.values("pk")).values("pk")
        )

    def teams(self) -> QuerySet[Team]:
        return Team.objects.all() if self.sees_all_teams else Team.objects.filter(pk__in=self.user.teams.values("pk"))
