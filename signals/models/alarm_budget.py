from collections.abc import Iterable

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Assumption of the design: a manager can follow up five alerts a week.
USUAL_BUDGET = 5
LARGEST_BUDGET = 100


@pghistory.track()
class AlarmBudget(models.Model):
    """How many alerts a manager is shown in seven days; the row without a manager holds for all who have none."""

    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="alarm_budgets"
    )
    weekly = models.PositiveSmallIntegerField(default=USUAL_BUDGET)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("manager",), nulls_distinct=False, name="alarm_budget_once"),
            models.CheckConstraint(
                condition=Q(weekly__gte=1, weekly__lte=LARGEST_BUDGET), name="alarm_budget_in_range"
            ),
        )

    def __str__(self) -> str:
        return f"{self.manager or _('everybody else')}: {self.weekly}"


class Budgets:
    """The budgets in force, read once."""

    def __init__(self, rows: Iterable[tuple[int | None, int]]) -> None:
        self.own = dict(rows)

    @classmethod
    def read(cls) -> "Budgets":
        return cls(AlarmBudget.objects.values_list("manager_id", "weekly"))

    @property
    def usual(self) -> int:
        return self.own.get(None, USUAL_BUDGET)

    def of(self, manager: int | None) -> int:
        """Accounts without an owner share one budget, the usual one."""
        return self.own.get(manager, self.usual)
