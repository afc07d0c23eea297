"""The review with the customer: what is prepared, who took part, what was said, and what came of it."""

import datetime as dt
from typing import Any, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account, Colleague, Contact, Initiative, Interaction, Level, Promise
from accounts_app.scope import ScopedQuerySet
from cadence.review_questions import QUESTIONS


def _followed(**chosen: Any) -> Any:
    """Follow removals too: an answer taken out stays in the trail."""
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **chosen)


class ReviewSection(models.TextChoices):
    """The parts of what the customer sees, in their order."""

    GOALS = "goals", _("What you want to achieve")
    METRICS = "metrics", _("The figures you watch")
    SERVICE = "service", _("How we served you")
    BROUGHT = "brought", _("What we brought you")
    PROMISES = "promises", _("What we promised")
    OPEN = "open", _("What is open")
    QUESTIONS = "questions", _("What we would like to hear from you")
    NEXT = "next", _("What comes next")


class DiscoveryQuestionQuerySet(models.QuerySet["DiscoveryQuestion"]):
    def active(self) -> Self:
        return self.filter(active=True)


@_followed()
class DiscoveryQuestion(models.Model):
    """A question put to somebody of a level; one that was asked is never reworded, only retired."""

    level = models.CharField(max_length=20, choices=Level)
    text = models.CharField(max_length=300)
    active = models.BooleanField(default=True)

    objects = DiscoveryQuestionQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("level", "text"),
                name="discovery_question_once",
                violation_error_message=_("This question is in the library already."),
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="discovery_question_level_known"),
            models.CheckConstraint(condition=~Q(text=""), name="discovery_question_says_something"),
        )

    def __str__(self) -> str:
        return self.text

    @classmethod
    def library(cls) -> DiscoveryQuestionQuerySet:
        """All questions; the first ones come with the product."""
        if not cls.objects.exists():
            rows = [cls(level=level, text=text) for level, texts in QUESTIONS.items() for text in texts]
            cls.objects.bulk_create(rows, ignore_conflicts=True)
        return cls.objects.all()


class ReviewQuerySet(ScopedQuerySet["Review"]):
    def to_come(self) -> Self:
        return self.filter(stage__in=(Review.Stage.DRAFT, Review.Stage.PREPARED))


@_followed(exclude=["log"])
class Review(models.Model):
    """A talk with the customer about a period: prepared, held, closed."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        PREPARED = "prepared", _("Prepared")
        HELD = "held", _("Held")
        CLOSED = "closed", _("Closed")

    account = models.ForeignKey(Account, models.CASCADE, related_name="reviews")
    title = models.CharField(max_length=120, help_text=_("The customer reads it on the first page."))
    from_day = models.DateField()
    until_day = models.DateField(help_text=_("The last day the review is about."))
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT)
    planned_on = models.DateField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    channel = models.CharField(max_length=10, choices=Interaction.Channel, default=Interaction.Channel.VISIT)
    contacts = models.ManyToManyField(Contact, blank=True, related_name="reviews")
    colleagues = models.ManyToManyField(Colleague, blank=True, related_name="reviews")
    agenda = models.TextField(blank=True, help_text=_("A line for each point; the customer reads it."))
    questions = models.ManyToManyField(DiscoveryQuestion, blank=True, related_name="reviews")
    left_out = ArrayField(
        models.CharField(max_length=10, choices=ReviewSection), default=list, blank=True,
        help_text=_("Sections the customer shall not see."),
    )  # fmt: skip
    outcome = models.TextField(blank=True, help_text=_("What came of it, for ourselves."))
    # The contact it was planned and logged as, and what logging it did, so that it can be taken back.
    interaction = models.OneToOneField(
        Interaction, models.SET_NULL, null=True, blank=True, related_name="review", editable=False
    )
    log = models.JSONField(null=True, blank=True, editable=False)
    initiatives = models.ManyToManyField(Initiative, blank=True, related_name="reviews")
    promises = models.ManyToManyField(Promise, blank=True, related_name="reviews")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("-until_day", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("account",), condition=Q(stage__in=("draft", "prepared")), name="review_one_under_way"
            ),
            models.CheckConstraint(condition=Q(from_day__lte=F("until_day")), name="review_period_forward"),
            models.CheckConstraint(
                condition=Q(stage__in=("draft", "prepared"), held_on=None)
                | Q(stage__in=("held", "closed"), held_on__isnull=False),
                name="review_day_fits_stage",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=("visit", "call", "video", "mail", "event")), name="review_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    left_out__contained_by=[
                        "goals",
                        "metrics",
                        "service",
                        "brought",
                        "promises",
                        "open",
                        "questions",
                        "next",
                    ]
                ),
                name="review_sections_known",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_to_come(self) -> bool:
        return self.stage in (Review.Stage.DRAFT, Review.Stage.PREPARED)

    @property
    def meets_on(self) -> dt.date | None:
        """The day it was held; before that the day of its plan, which can be moved like every other plan."""
        if self.held_on or not self.is_planned:
            return self.held_on or self.planned_on
        return self.interaction.planned_on if self.interaction else None

    @property
    def is_planned(self) -> bool:
        """Whether a contact stands in the plans for it."""
        return self.interaction is not None and self.interaction.state == Interaction.State.PLANNED

    @property
    def is_closed(self) -> bool:
        return self.stage == Review.Stage.CLOSED


class ReviewAnswerQuerySet(ScopedQuerySet["ReviewAnswer"]):
    account_path = "review__account__"


@_followed()
class ReviewAnswer(models.Model):
    """What somebody said to a question, the question as it was asked."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="answers")
    level = models.CharField(max_length=20, choices=Level, blank=True)
    question = models.CharField(max_length=300)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="review_answers")
    said = models.TextField()

    objects = ReviewAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(question="") & ~Q(said=""), name="review_answer_says_something"),
            models.CheckConstraint(condition=Q(level__in=["", *Level.values]), name="review_answer_level_known"),
        )

    def __str__(self) -> str:
        return self.question
