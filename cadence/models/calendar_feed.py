from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class CalendarFeed(models.Model):
    """The secret address at which a user's calendar program reads what is planned. Shown once, stored hashed."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="calendar_feed"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_read_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"Calendar of {self.user_id}"
