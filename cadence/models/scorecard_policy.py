import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class ScorecardPolicy(models.Model):
    """Whether single people's figures are shown at all; a works council may want sums of teams only."""

    team_level_only = models.BooleanField(
        _("show sums of teams only"),
        default=False,
        help_text=_("Teams of fewer than five people are hidden, and nobody opens another's scorecard."),
    )

    class Meta:
        verbose_name_plural = "scorecard policy"
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="scorecard_policy_is_one"),)

    def __str__(self) -> str:
        return "Scorecard policy"

    @classmethod
    def the(cls) -> "ScorecardPolicy":
        return cls.objects.get_or_create(pk=1)[0]
