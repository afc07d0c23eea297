from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """A mail that is to leave, written in the transaction that wants it sent; a worker sends it, once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    key = models.CharField(max_length=120, unique=True, help_text=_("What this mail is: the same twice is one."))
    message_id = models.CharField(max_length=200, unique=True)
    recipient = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="outgoing_mails",
        help_text=_("Whom it is written for, where that is one of us."),
    )  # fmt: skip
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    attachments = models.JSONField(default=list, blank=True, help_text=_("Of each: name, type and text."))
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    send_after = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("send_after",), condition=Q(state="waiting"), name="outgoing_mail_waiting"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "sent", "failed")), name="outgoing_mail_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="outgoing_mail_sent_when"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"
