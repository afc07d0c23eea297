import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_app.models.feed import Feed, ImportBatch


class UploadQuerySet(models.QuerySet["Upload"]):
    def pending(self) -> Self:
        return self.filter(state__in=(Upload.State.WAITING, Upload.State.RUNNING))

    def free(self) -> Self:
        """What a worker may claim: not begun, or begun by one that did not keep its lease (by the database's clock)."""
        expired = Q(state=Upload.State.RUNNING, lease_until__lt=Now())
        return self.filter(Q(state=Upload.State.WAITING) | expired)

    def with_attempts_left(self) -> Self:
        return self.filter(attempts__lt=F("attempts_allowed"))

    def idle(self) -> Self:
        return self.exclude(state__in=(Upload.State.WAITING, Upload.State.RUNNING))

    def older_than(self, days: int) -> Self:
        return self.filter(uploaded_at__lt=Now() - timedelta(days=days))

    def in_hand(self) -> Self:
        """Not imported yet."""
        return self.filter(batch=None)


class Upload(models.Model):
    """A file handed in through the browser on its way to an import, and the ledger of the work on it (docs/adr/0004).

    It is read (preview), tried (dry run) and imported; what the import made of it is in its batch.
    """

    class Step(models.TextChoices):
        PREVIEW = "preview", _("Reading")
        DRY_RUN = "dry_run", _("Dry run")
        IMPORT = "import", _("Import")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    MAX_ATTEMPTS = 3

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="uploads")
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    size = models.PositiveBigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())
    corrects = models.ForeignKey(
        ImportBatch,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="corrections",
        help_text=_("The import whose rejected rows these are."),
    )
    options = models.JSONField(default=dict, help_text=_("What was said about the file."))
    preview = models.JSONField(null=True, blank=True, help_text=_("What reading it found."))
    trial = models.JSONField(null=True, blank=True, help_text=_("What the dry run with these options found."))
    batch = models.OneToOneField(ImportBatch, models.CASCADE, null=True, blank=True, related_name="upload")

    step = models.CharField(max_length=10, choices=Step, default=Step.PREVIEW)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # Counted over all steps and never reset: it is what fences a late worker off.
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_allowed = models.PositiveSmallIntegerField(default=MAX_ATTEMPTS)
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    phase = models.CharField(max_length=20, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        indexes = (
            models.Index(fields=("sent_at",), condition=Q(state__in=("waiting", "running")), name="upload_pending"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(step__in=("preview", "dry_run", "import")), name="upload_step_known"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running", "done", "failed", "cancelled")), name="upload_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False), name="upload_running_has_lease"
            ),
            models.CheckConstraint(
                condition=Q(batch=None) | Q(step="import", state="done"), name="upload_batch_only_when_imported"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name} ({self.kind})"

    @property
    def is_pending(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def may_be_imported(self) -> bool:
        """A dry run with these very options has ended, and nothing is under way."""
        return self.batch_id is None and self.trial is not None and not self.is_pending

    def option(self, name: str, default: Any = "") -> Any:
        return self.options.get(name, default)
