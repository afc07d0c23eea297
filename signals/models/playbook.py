from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_app.scope import ScopedQuerySet
from signals.models.alert import Alert


class PlaybookQuerySet(models.QuerySet["Playbook"]):
    def in_force(self) -> Self:
        """The newest version of each signal's playbook."""
        return self.order_by("signal", "-version").distinct("signal")


class Playbook(models.Model):
    """One version of what to do when a signal alarms; never changed, only followed by the next."""

    class Act(models.TextChoices):
        """The page of the product by which a step is done."""

        NONE = "", _("none")
        LOG_CONTACT = "log_contact", _("Log a contact")
        PLAN_CONTACT = "plan_contact", _("Plan a contact")
        LOG_INCIDENT = "log_incident", _("Log an incident")

    signal = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    # Each {"key", "text", "act"}: the key stays when the words change, so that a tick finds its step again.
    steps = models.JSONField(default=list)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PlaybookQuerySet.as_manager()

    class Meta:
        ordering = ("signal", "-version")
        constraints = (models.UniqueConstraint(fields=("signal", "version"), name="playbook_version_once"),)

    def __str__(self) -> str:
        return f"{self.signal} v{self.version}"

    def step(self, key: str) -> dict[str, Any] | None:
        return next((step for step in self.steps if step["key"] == key), None)


class PlaybookTickQuerySet(ScopedQuerySet["PlaybookTick"]):
    account_path = "alert__account__"


class PlaybookTick(models.Model):
    """A step somebody did for one alert, in the words it had then: a later playbook changes nothing of it."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="ticks")
    playbook = models.ForeignKey(Playbook, models.PROTECT, related_name="ticks")
    key = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="playbook_ticks")
    at = models.DateTimeField(db_default=Now())
    # What was taken back stays, with who did it: two people work on one alert.
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PlaybookTickQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("alert", "key"), condition=Q(undone_at=None), name="playbook_step_ticked_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="playbook_tick_undone_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.alert}: {self.text}"
