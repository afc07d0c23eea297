from django.conf import settings
from django.db import models


class DigestChoice(models.Model):
    """Which digests a user wants by mail. Nobody gets one unasked: no row means none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="digest_choice"
    )
    daily = models.BooleanField(default=False)
    weekly = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Digests of {self.user_id}"
