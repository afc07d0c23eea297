from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Role, User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def kept(self) -> Self:
        return self.filter(deleted_at=None)

    def visible_to(self, user: User) -> Self:
        """The own ones and those that others share; a shared one shows everybody the own accounts only."""
        return self.kept().filter(Q(owner=user) | Q(shared=True))

    def with_start_of(self, user: User) -> Self:
        """Each row with whether this user's portfolio begins with it; the own ones first."""
        starts = StartView.objects.filter(view=OuterRef("pk"), user=user)
        return self.annotate(is_start=Exists(starts)).select_related("owner").order_by(Lower("name"), "pk")


class SavedView(models.Model):
    """A named address of the portfolio: what narrows it and its order, never whose accounts somebody may see."""

    RESTORE_WITHIN = timedelta(days=1)
    LONGEST_QUERY = 600

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True, help_text=_("The address after its question mark."))
    shared = models.BooleanField(_("show it to everybody"), default=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                "owner", Lower("name"), condition=Q(deleted_at=None), name="saved_view_name_once_a_person"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
        )

    def __str__(self) -> str:
        return self.name

    def may_be_changed_by(self, user: User) -> bool:
        return self.owner_id == user.pk or user.role == Role.ADMINISTRATOR

    def may_be_restored_by(self, user: User, *, now: datetime) -> bool:
        """Within a day; one that is back already may be pressed back again."""
        is_recent = self.deleted_at is None or now - self.deleted_at <= self.RESTORE_WITHIN
        return is_recent and (self.owner_id == user.pk or (self.shared and user.role == Role.ADMINISTRATOR))


class StartView(models.Model):
    """The view with which the portfolio begins for one user."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="start_view")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="starts")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.view_id}"
