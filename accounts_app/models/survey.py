from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts_app.models.account import Account
from accounts_app.models.feed import Fact, ending_is_known
from accounts_app.models.person import Contact
from accounts_app.models.trail import track_typed_in
from accounts_app.scope import ScopedQuerySet


@track_typed_in()
class SurveyAnswer(Fact):
    """Would they recommend us, 0 to 10; or the silence after we asked."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="survey_answers")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="survey_answers")
    asked_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    answered_known_on = models.DateField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("0 to 10; empty: did not answer."))
    comment = models.TextField(blank=True)

    objects = ScopedQuerySet["SurveyAnswer"].as_manager()

    class Meta(Fact.Meta):
        abstract = False
        ordering = ("-asked_on", "-pk")
        indexes = (models.Index(fields=("account", "asked_on"), name="survey_of_account_by_day"),)
        constraints = (
            models.UniqueConstraint(fields=("feed", "external_key"), name="survey_answer_key_once"),
            models.CheckConstraint(
                condition=Q(score=None, answered_on=None)
                | Q(
                    score__isnull=False,
                    answered_on__isnull=False,
                    score__lte=10,
                    answered_on__gte=F("asked_on"),
                ),
                name="survey_answer_scored",
            ),
            models.CheckConstraint(
                condition=ending_is_known("answered_on", "answered_known_on"), name="survey_answer_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.asked_on}"
