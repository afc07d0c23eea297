from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cadence.models.outbox import OutgoingMail


class DigestChoice(models.Model):
    """Which digests a user wants by mail. Nobody gets one unasked: no row means none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="digest_choice"
    )
    daily = models.BooleanField(default=False)
    weekly = models.BooleanField(default=False)
    # Who chooses at noon gets the first one the next morning, not a minute later.
    chosen_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"Digests of {self.user_id}"


class Digest(models.Model):
    """The digest of a date for one user: made once, whoever asks how often; without a mail there was nothing to say."""

    class Kind(models.TextChoices):
        DAILY = "daily"
        WEEKLY = "weekly"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    kind = models.CharField(max_length=6, choices=Kind)
    day = models.DateField()
    # What happened until then was told; the next one tells what came after.
    told_until = models.DateTimeField()
    mail = models.OneToOneField(OutgoingMail, models.SET_NULL, null=True, related_name="digest")

    class Meta:
        ordering = ("-day",)
        constraints = (
            models.UniqueConstraint(fields=("user", "kind", "day"), name="digest_once_a_date"),
            models.CheckConstraint(condition=Q(kind__in=("daily", "weekly")), name="digest_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.day} {self.user_id}"
