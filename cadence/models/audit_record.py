"""Who signed an audit, and what it said then. Frozen by triggers of the database (`cadence/frozen_audits.sql`)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_app.scope import ScopedQuerySet
from cadence.models.audit import Audit


class AuditSignatureQuerySet(ScopedQuerySet["AuditSignature"]):
    account_path = "audit__account__"


class AuditSignature(models.Model):
    """One signature: the owner's freezes, the leader's makes it final or, sent back, voids the owner's."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        LEADER = "leader", _("Leader")

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=8, choices=Role)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(db_default=Now())
    content_hash = models.CharField(max_length=64, help_text=_("Of what was signed, as canonical JSON."))
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    voided_reason = models.CharField(max_length=300, blank=True)

    objects = AuditSignatureQuerySet.as_manager()

    class Meta:
        ordering = ("signed_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("audit", "role"), condition=Q(voided_at=None), name="audit_signature_once_a_role"
            ),
            models.CheckConstraint(condition=Q(role__in=("owner", "leader")), name="audit_signature_role_known"),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, voided_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(voided_reason=""),
                name="audit_signature_voided_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.audit_id} {self.role} {self.user_id}"


class AuditRecordQuerySet(ScopedQuerySet["AuditRecord"]):
    account_path = "audit__account__"


class AuditRecord(models.Model):
    """A signed audit as it was shown, in a chain: each holds the hash of the one before. Only ever added to."""

    number = models.PositiveBigIntegerField(unique=True)
    audit = models.OneToOneField(Audit, models.PROTECT, related_name="record")
    version = models.PositiveSmallIntegerField(help_text=_("Of the form of the content."))
    content = models.TextField(help_text=_("Canonical JSON; people stand in it as ids."))
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)
    signed_at = models.DateTimeField()

    objects = AuditRecordQuerySet.as_manager()

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number}: {self.hash[:12]}"
