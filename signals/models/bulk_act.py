from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class BulkAct(models.Model):
    """One change made to many accounts at once, with what each of them was before, so that it can be taken back."""

    UNDO_WITHIN = timedelta(days=1)

    class Kind(models.TextChoices):
        OWNER = "owner", _("Change owner")
        TIER = "tier", _("Change tier")
        SNOOZE = "snooze", _("Snooze alerts")
        PLAN = "plan", _("Plan a contact")
        ALERTS = "alerts", _("Act on alerts")

    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulk_acts")
    at = models.DateTimeField(db_default=Now())
    said = models.CharField(max_length=300, help_text=_("What was done, in words."))
    # One object an account: {"account": id} with "before" and "after", or with the rows that were made or changed.
    items = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("owner", "tier", "snooze", "plan", "alerts")), name="bulk_act_kind"
            ),
        )

    def __str__(self) -> str:
        return self.said

    def may_be_undone(self, *, now: datetime) -> bool:
        return self.undone_at is None and bool(self.items) and now - self.at <= self.UNDO_WITHIN
