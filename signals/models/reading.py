from django.db import models
from django.db.models import Q

from accounts_app.models import Account
from accounts_app.scope import ScopedQuerySet


class Reading(models.Model):
    """What one signal says of one account now; past ones are replayed from facts."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="readings")
    signal = models.CharField(max_length=40)
    as_of = models.DateField()
    ticket = models.BigIntegerField()
    status = models.CharField(max_length=24)
    level = models.FloatField(null=True)
    value = models.FloatField(null=True)
    baseline = models.FloatField(null=True)
    details = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)

    objects = ScopedQuerySet["Reading"].as_manager()

    class Meta:
        ordering = ("account", "signal")
        constraints = (
            models.UniqueConstraint(fields=("account", "signal"), name="reading_once"),
            models.CheckConstraint(
                condition=Q(level=None) | Q(status="ok", level__gte=0, level__lte=1), name="reading_level_only_if_ok"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.signal} {self.as_of}"
