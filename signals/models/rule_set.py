import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class RuleSet(models.Model):
    """One version of the weights and lines by which readings become risk; never changed, only followed by the next."""

    version = models.PositiveIntegerField(unique=True)
    weights = models.JSONField(help_text="The rules as signals.compute.risk reads them.")
    learned = models.JSONField(
        default=dict,
        db_default={},
        help_text="How many outcomes the weights were learned from, and the interval of each; empty: not learned.",
    )
    reason = models.CharField(max_length=300, blank=True, db_default="")
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-version",)
        # A replay uses exactly the rules of its version.
        triggers = (pgtrigger.Protect(name="keep_versions", operation=pgtrigger.Update | pgtrigger.Delete),)
        constraints = (
            models.CheckConstraint(condition=Q(made_by=None) | ~Q(reason=""), name="rule_set_of_a_person_has_reason"),
        )

    def __str__(self) -> str:
        return f"v{self.version}"
