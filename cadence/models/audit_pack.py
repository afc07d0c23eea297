from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cadence.models.audit import AuditCycle


class AuditPackQuerySet(models.QuerySet["AuditPack"]):
    def pending(self) -> Self:
        return self.filter(state__in=(AuditPack.State.WAITING, AuditPack.State.RUNNING))

    def free(self) -> Self:
        """What a worker may claim: not begun, or begun by one that did not keep its lease (by the database's clock)."""
        expired = Q(state=AuditPack.State.RUNNING, lease_until__lt=Now())
        return self.filter(Q(state=AuditPack.State.WAITING) | expired)

    def with_attempts_left(self) -> Self:
        return self.filter(attempts__lt=AuditPack.MAX_ATTEMPTS)

    def out_of_date(self) -> Self:
        ended = self.exclude(state__in=(AuditPack.State.WAITING, AuditPack.State.RUNNING))
        return ended.filter(asked_at__lt=Now() - AuditPack.KEPT)


class AuditPack(models.Model):
    """A cycle's audits as one PDF, as far as the asker sees them; and the ledger of the work on it (docs/adr/0004)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("In progress")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    MAX_ATTEMPTS = 3
    KEPT = timedelta(days=7)

    cycle = models.ForeignKey(AuditCycle, models.CASCADE, related_name="packs")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0, help_text=_("Accounts gathered."))
    total = models.PositiveIntegerField(default=0)
    audits = ArrayField(models.BigIntegerField(), default=list, help_text=_("Whose pages are in it."))
    # Never reset: it is what fences a late worker off.
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    file = models.FileField(upload_to="audit-packs/", blank=True, db_default="")

    objects = AuditPackQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = (
            models.Index(fields=("sent_at",), condition=Q(state__in=("waiting", "running")), name="audit_pack_pending"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("cycle", "asked_by"),
                condition=Q(state__in=("waiting", "running")),
                name="audit_pack_one_under_way",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running", "done", "failed", "cancelled")),
                name="audit_pack_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False), name="audit_pack_running_has_lease"
            ),
            models.CheckConstraint(
                condition=Q(state="done") & ~Q(file="") | ~Q(state="done") & Q(file=""),
                name="audit_pack_done_has_file",
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="audit_pack_done_fits"),
        )

    def __str__(self) -> str:
        return f"{self.cycle_id} for {self.asked_by_id}: {self.state}"

    @property
    def is_pending(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_setting(self) -> bool:
        """Everything is gathered; the pages are being set."""
        return self.state == self.State.RUNNING and 0 < self.total == self.done
